/** The second proof of an agreement (J6), made anew from what is stored: its readings, its plans, and what ConnectWise says. */
import { instanceRulesOf } from '#db/invoicing/instance-rules.ts'
import {
  type OwnForecast,
  type OwnInvoiceRow,
  ownForecastsOf,
  ownInvoicesOf,
} from '#db/invoicing/own-invoices.ts'
import { billedMonths, countedOf, type NewSecondProof, putSecondProofs } from '#db/invoicing/second-proofs.ts'
import { billedAnswersOf } from '#db/ledger/billed-answers.ts'
import { ownedAdditions } from '#db/ledger/changes.ts'
import { readingsOf, type StoredReading } from '#db/ledger/readings.ts'
import { addMonths, firstDay, periodOf } from '#lib/billing/days.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import { invoicesBetween, type Reading, withBilledAnswers } from '#lib/billing/readings.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Day, Money } from '#lib/billing/types.ts'
import type { InstanceRule, Verdicts } from '#lib/proof/billing-rules.ts'
import { nextInvoicePrice, secondProof } from '#lib/proof/second.ts'
import type { OwnInvoice, SecondFacts } from '#lib/proof/second-facts.ts'
import type { InvoicingContext } from './context.ts'

type Scope = Pick<InvoicingContext, 'db' | 'organisationId' | 'program' | 'now'>

const sinceEver = '1900-01-01' as Day

export const verdictsOf = async (scope: Pick<Scope, 'db' | 'organisationId'>): Promise<Verdicts> =>
  Object.fromEntries(
    (await instanceRulesOf(scope.db, scope.organisationId)).map(({ rule, verdict }) => [
      rule as InstanceRule,
      verdict,
    ]),
  )

/** Compares every synced month of the agreement, and stores what came of it. */
export const prove = async (scope: Scope, agreementId: number, verdicts: Verdicts): Promise<void> => {
  const { db, organisationId, program, now } = scope
  const months = await billedMonths(db, organisationId, program, agreementId)
  const [first] = months
  if (first === undefined) return
  const readings = await readingsOf(db, organisationId, agreementId, sinceEver)
  const newest = readings.at(-1)
  const [forecast = null] = await ownForecastsOf(db, organisationId, [agreementId])
  const invoices = await ownInvoicesOf(db, organisationId, [agreementId], first.period)
  const nextInvoiceDate = laterDate(forecast?.nextInvoiceDate ?? null, newest?.nextInvoiceDate ?? null)
  const owned = await ownedAdditions(db, organisationId, program, agreementId)
  const counted = await countedOf(db, organisationId, program, agreementId)
  const own = forecast?.own ?? null
  const facts: SecondFacts = {
    // Of an addition without a date it is not known when it began: it was there before.
    agreement: { startDate: firstDay(addMonths(first.period, -1)) },
    months,
    read: withBilledAnswers(
      invoicesBetween(withInvoiceSince(readings, nextInvoiceDate)),
      await billedAnswersOf(db, organisationId, agreementId),
    ),
    readFrom: readings[0] === undefined ? null : invoicedThrough(readings[0]),
    additions: newest?.additions ?? [],
    nextInvoiceDate,
    counted: new Set([...counted, ...owned.map(({ additionId }) => additionId)]),
    created: new Set(owned.flatMap(({ additionId, created }) => (created ? [additionId] : []))),
    invoices: invoices.map((each) => asInvoice(each, own, verdicts)),
  }
  const provedAt = now()
  const isHeaderClear = invoices.every(({ agreementAmount }) => decimal(agreementAmount).eq(0))
  const said = forecastOf(facts, forecast, newest)
  const proofs = secondProof(facts).map((month): NewSecondProof => {
    const { depends, ...figures } = month
    const isNext = nextInvoiceDate !== null && periodOf(nextInvoiceDate) === month.period
    const isTold = month.state === 'compared' || month.state === 'blind'
    return {
      ...figures,
      doubts: [
        ...(isTold && !isHeaderClear ? ['header'] : []),
        // Nothing settles it but asking for the agreement by itself.
        ...(isTold && verdicts.header === 'fails' && own === null ? ['own-amount'] : []),
        ...depends,
      ],
      ...(isNext ? said : noneSaid),
      provedAt,
    }
  })
  await putSecondProofs(db, organisationId, program, agreementId, proofs)
}

const noneSaid = { expectedNext: null, forecast: null, noForecast: null } as const

const laterDate = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a > b ? a : b)

/** What was invoiced since the last reading is taken to be as it was read then. */
const withInvoiceSince = (readings: readonly StoredReading[], nextInvoiceDate: Day | null): Reading[] => {
  const last = readings.at(-1)
  const isSince =
    last !== undefined &&
    nextInvoiceDate !== null &&
    last.nextInvoiceDate !== null &&
    nextInvoiceDate > last.nextInvoiceDate
  return isSince ? [...readings, { nextInvoiceDate, additions: last.additions }] : [...readings]
}

/** Where the header counts additions in the agreement's amount, they are the total less what the agreement bills by itself. */
const asInvoice = (row: OwnInvoiceRow, own: Money | null, verdicts: Verdicts): OwnInvoice => {
  const isTogether = verdicts.header === 'fails'
  const part = (products: Money, subtotal: Money): Money =>
    isTogether ? money(decimal(subtotal).minus(own ?? '0')) : money(decimal(products))
  return {
    id: row.id,
    number: row.number,
    period: row.period,
    price: part(row.productTotal, row.subtotal),
    firstPrice: part(row.firstProductTotal, row.firstSubtotal),
    items: row.items === null ? null : [...row.items],
  }
}

/** ConnectWise's forecast counts where exactly one period is unbilled, and it was read after the additions were. */
const forecastOf = (
  facts: SecondFacts,
  forecast: OwnForecast | null,
  newest: StoredReading | undefined,
): Pick<NewSecondProof, 'expectedNext' | 'forecast' | 'noForecast'> => {
  const expectedNext = nextInvoicePrice(facts)
  const none = (noForecast: string) => ({ expectedNext, forecast: null, noForecast })
  if (forecast === null) return none('ConnectWise was not asked for it yet')
  const { unbilledPeriods, nextInvoiceAmount, additions, own, readAt } = forecast
  if (newest !== undefined && readAt < newest.lastReadAt)
    return none('it was read before the agreement’s additions were read last')
  if (unbilledPeriods !== 1)
    return none(
      unbilledPeriods === null
        ? 'ConnectWise does not say how many periods are unbilled'
        : `${unbilledPeriods === 0 ? 'no period is' : `${unbilledPeriods} periods are`} unbilled, and it is of one`,
    )
  if (additions !== null) return { expectedNext, forecast: additions, noForecast: null }
  if (nextInvoiceAmount === null) return none('ConnectWise gives no amount')
  if (own === null) return none('it holds what the agreement bills by itself, and that is not read')
  return { expectedNext, forecast: money(decimal(nextInvoiceAmount).minus(own)), noForecast: null }
}
