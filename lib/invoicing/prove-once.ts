/** The second proof of a One-Time agreement (J6, J9), made anew from what is stored: its readings, its plans, and what ConnectWise says. */
import type { AnnualMonth } from '#db/invoicing/annual-months.ts'
import type { OwnForecast, OwnInvoiceRow } from '#db/invoicing/own-invoices.ts'
import { type NewSecondProof, putSecondProofs } from '#db/invoicing/second-proofs.ts'
import type { StoredReading } from '#db/ledger/readings.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import type { Day, Money, OwnedAddition, Period } from '#lib/billing/types.ts'
import type { Verdicts } from '#lib/proof/billing-rules.ts'
import {
  isAnyLater,
  nextOncePrice,
  type OnceFacts,
  type OnceInvoice,
  onceProof,
} from '#lib/proof/second-once.ts'
import { proofFacts } from './prove-facts.ts'
import { additionsOf, doubtsOf, laterDate, noneSaid, type ProofScope, priceParts } from './prove-parts.ts'

/** Compares every month in which annual invoices were issued, and stores what came of it. */
export const proveOnce = async (
  scope: ProofScope,
  agreementId: number,
  annual: readonly AnnualMonth[],
  verdicts: Verdicts,
): Promise<void> => {
  const { db, organisationId, program, now } = scope
  const [first] = annual
  if (first === undefined) return
  const read = await proofFacts(scope, agreementId, first.period)
  const { forecast, own, invoices: stored, owned } = read
  const readings = read.readings.flatMap((each) =>
    each.nextInvoiceDate === null ? [] : [{ ...each, nextInvoiceDate: each.nextInvoiceDate }],
  )
  const invoices = stored
    .map((row) => asInvoice(row, readings, own, verdicts))
    .sort((a, b) => (a.day === b.day ? a.id - b.id : a.day < b.day ? -1 : 1))
  const newest = readings.at(-1)
  const facts: OnceFacts = {
    // Of an addition without a date it is not known when it began: it was there before.
    agreement: { startDate: firstDay(first.period) },
    months: byMonth(annual),
    invoices,
    readFirst: readings[0] ?? null,
    additions: newest?.additions ?? [],
    nextInvoiceDate: laterDate(forecast?.nextInvoiceDate ?? null, newest?.nextInvoiceDate ?? null),
    monthOf: monthsOfLines(owned, annual),
  }
  const provedAt = now()
  const proofs = onceProof(facts)
  const last = proofs.findLast(({ state }) => state === 'not-invoiced')
  const said = forecastOf(facts, forecast, newest, provedAt, stored, verdicts)
  await putSecondProofs(
    db,
    organisationId,
    program,
    agreementId,
    proofs.map(
      ({ depends, ...figures }): NewSecondProof => ({
        ...figures,
        doubts: doubtsOf({ ...figures, depends }, stored, own, verdicts),
        // The next invoice has all that is open.
        ...(figures.period === last?.period ? said : noneSaid),
        provedAt,
      }),
    ),
  )
}

const byMonth = (annual: readonly AnnualMonth[]): OnceFacts['months'] =>
  [...Map.groupBy(annual, ({ period }) => period)].map(([period, of]) => ({
    period,
    billed: money(sum(of.map(({ billed }) => decimal(billed)))),
  }))

/** An addition counts for the month of the invoice whose line it carries. */
const monthsOfLines = (
  owned: readonly OwnedAddition[],
  annual: readonly AnnualMonth[],
): ReadonlyMap<number, Period> => {
  const periods = new Map(annual.map(({ invoiceId, period }) => [invoiceId, period]))
  return new Map(
    owned.flatMap(({ additionId, carries }): [number, Period][] => {
      const period = carries === undefined ? undefined : periods.get(carries.invoiceId)
      return period === undefined ? [] : [[additionId, period]]
    }),
  )
}

/** It bills what was read last before it: while nothing of its day was invoiced. */
const asInvoice = (
  row: OwnInvoiceRow,
  readings: readonly (StoredReading & { readonly nextInvoiceDate: Day })[],
  own: Money | null,
  verdicts: Verdicts,
): OnceInvoice => {
  const day = row.date ?? (row.madeAt?.toISOString().slice(0, 10) as Day | undefined) ?? lastDay(row.period)
  const before = readings.findLast(({ nextInvoiceDate }) => nextInvoiceDate <= day)
  return { ...priceParts(row, own, verdicts), day, additions: before?.additions ?? null }
}

/** ConnectWise's forecast counts where it was read after the additions were, and all that is open begins by the day on which it was. */
const forecastOf = (
  facts: OnceFacts,
  forecast: OwnForecast | null,
  newest: StoredReading | undefined,
  provedAt: Date,
  invoices: readonly OwnInvoiceRow[],
  verdicts: Verdicts,
): Pick<NewSecondProof, 'expectedNext' | 'forecast' | 'noForecast'> => {
  const day = (forecast?.readAt ?? provedAt).toISOString().slice(0, 10) as Day
  const expectedNext = nextOncePrice(facts, day)
  const none = (noForecast: string) => ({ expectedNext, forecast: null, noForecast })
  if (forecast === null) return none('ConnectWise was not asked for it yet')
  if (newest !== undefined && forecast.readAt < newest.lastReadAt)
    return none('it was read before the agreement’s additions were read last')
  if (isAnyLater(facts, day)) return none('an addition begins later than it was read')
  return { expectedNext, ...additionsOf(forecast, expectedNext, invoices, verdicts) }
}
