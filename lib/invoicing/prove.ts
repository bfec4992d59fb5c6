/** The second proof of an agreement (J6), made anew from what is stored: its readings, its plans, and what ConnectWise says. */
import { annualMonths } from '#db/invoicing/annual-months.ts'
import { instanceRulesOf } from '#db/invoicing/instance-rules.ts'
import type { OwnForecast, OwnInvoiceRow } from '#db/invoicing/own-invoices.ts'
import { billedMonths, countedOf, type NewSecondProof, putSecondProofs } from '#db/invoicing/second-proofs.ts'
import { billedAnswersOf } from '#db/ledger/billed-answers.ts'
import type { StoredReading } from '#db/ledger/readings.ts'
import { addMonths, firstDay, periodOf } from '#lib/billing/days.ts'
import { invoicesBetween, type Reading, withBilledAnswers } from '#lib/billing/readings.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Day } from '#lib/billing/types.ts'
import type { InstanceRule, Verdicts } from '#lib/proof/billing-rules.ts'
import { nextInvoicePrice, secondProof } from '#lib/proof/second.ts'
import type { SecondFacts } from '#lib/proof/second-facts.ts'
import { proofFacts } from './prove-facts.ts'
import { proveOnce } from './prove-once.ts'
import { additionsOf, doubtsOf, noneSaid, type ProofScope, priceParts } from './prove-parts.ts'

export const verdictsOf = async (scope: Pick<ProofScope, 'db' | 'organisationId'>): Promise<Verdicts> =>
  Object.fromEntries(
    (await instanceRulesOf(scope.db, scope.organisationId)).map(({ rule, verdict }) => [
      rule as InstanceRule,
      verdict,
    ]),
  )

/** Compares every synced month of the agreement, or every month of its annual invoices, and stores what came of it. */
export const prove = async (scope: ProofScope, agreementId: number, verdicts: Verdicts): Promise<void> => {
  const { db, organisationId, program, now } = scope
  const annual = await annualMonths(db, organisationId, program, agreementId)
  if (annual.length > 0) return proveOnce(scope, agreementId, annual, verdicts)
  const months = await billedMonths(db, organisationId, program, agreementId)
  const [first] = months
  if (first === undefined) return
  const stored = await proofFacts(scope, agreementId, first.period)
  const { readings, newest, forecast, own, invoices, owned, nextInvoiceDate } = stored
  const counted = await countedOf(db, organisationId, program, agreementId)
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
    invoices: invoices.map((each) => priceParts(each, own, verdicts)),
  }
  const provedAt = now()
  const said = forecastOf(facts, forecast, newest, invoices, verdicts)
  const proofs = secondProof(facts).map((month): NewSecondProof => {
    const { depends: _, ...figures } = month
    const isNext = nextInvoiceDate !== null && periodOf(nextInvoiceDate) === month.period
    return {
      ...figures,
      doubts: doubtsOf(month, invoices, own, verdicts),
      ...(isNext ? said : noneSaid),
      provedAt,
    }
  })
  await putSecondProofs(db, organisationId, program, agreementId, proofs)
}

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

/** ConnectWise's forecast counts where exactly one period is unbilled, and it was read after the additions were. */
const forecastOf = (
  facts: SecondFacts,
  forecast: OwnForecast | null,
  newest: StoredReading | undefined,
  invoices: readonly OwnInvoiceRow[],
  verdicts: Verdicts,
): Pick<NewSecondProof, 'expectedNext' | 'forecast' | 'noForecast'> => {
  const expectedNext = nextInvoicePrice(facts)
  const none = (noForecast: string) => ({ expectedNext, forecast: null, noForecast })
  if (forecast === null) return none('ConnectWise was not asked for it yet')
  const { unbilledPeriods, readAt } = forecast
  if (newest !== undefined && readAt < newest.lastReadAt)
    return none('it was read before the agreement’s additions were read last')
  if (unbilledPeriods !== 1)
    return none(
      unbilledPeriods === null
        ? 'ConnectWise does not say how many periods are unbilled'
        : `${unbilledPeriods === 0 ? 'no period is' : `${unbilledPeriods} periods are`} unbilled, and it is of one`,
    )
  return { expectedNext, ...additionsOf(forecast, expectedNext, invoices, verdicts) }
}
