/** What a run did, read from the plans and the ledger. */
import type { Database } from '#db/client.ts'
import { changesOfItem, changesOfMonths, type LedgerChange } from '#db/ledger/changes.ts'
import {
  type MonthKey,
  type OldRound,
  planKey,
  type Round,
  type RoundKey,
  roundsOf,
  roundsOfMonths,
} from '#db/runs/run-periods.ts'
import type { Period } from '#lib/billing/types.ts'
import { outcomeOf, type PeriodOutcome, periodOutcomeSchema } from './outcome.ts'

type ItemKey = Pick<RoundKey, 'runId' | 'agreementId'>
type Rounds = readonly (Round | OldRound)[]

/** The rounds of one month by what they belong together by: those of each annual invoice, and those of the month. */
const apart = <R extends Round | OldRound>(rounds: readonly R[]): R[][] => [
  ...Map.groupBy(rounds, (round) => `${round.period} ${planKey(round)}`).values(),
]

/** Each month of an agreement of a run, oldest first; of a One-Time agreement each annual invoice, as they were begun. */
export const outcomesOf = async (
  db: Database,
  organisationId: string,
  item: ItemKey,
): Promise<PeriodOutcome[]> => {
  const rounds = await roundsOf(db, organisationId, item)
  if (rounds.length === 0) return []
  const rows = Map.groupBy(await changesOfItem(db, organisationId, item), ({ period }) => period)
  return apart(rounds).map((together) => shown(together, rows.get(together[0]?.period ?? '') ?? []))
}

/** One month of it; `null` before its first plan. @param annualInvoiceId the annual invoice of that month, by PRISM's id */
export const outcomeOfPeriod = async (
  db: Database,
  organisationId: string,
  { annualInvoiceId = '', ...item }: ItemKey & { readonly period: Period; readonly annualInvoiceId?: string },
): Promise<{ readonly rounds: Rounds; readonly outcome: PeriodOutcome } | null> => {
  const all = await roundsOf(db, organisationId, item)
  const rounds = all.filter((round) => planKey(round) === annualInvoiceId)
  if (rounds.length === 0) return null
  return { rounds, outcome: shown(rounds, await changesOfItem(db, organisationId, item)) }
}

/** Several months, whichever runs they are of, by two queries; each as `monthKey` names it. */
export const outcomesOfMonths = async (
  db: Database,
  organisationId: string,
  months: readonly MonthKey[],
): Promise<ReadonlyMap<string, PeriodOutcome>> => {
  if (months.length === 0) return new Map()
  // One after the other, as it may be asked in a transaction.
  const rounds = await roundsOfMonths(db, organisationId, months)
  const rows = await changesOfMonths(db, organisationId, months)
  const changes = Map.groupBy(rows, monthOf)
  const together = Map.groupBy(rounds, (round) => monthKey({ ...round, planKey: planKey(round) }))
  return new Map(
    [...together].map(([key, of]) => [key, shown(of, of[0] ? (changes.get(monthOf(of[0])) ?? []) : [])]),
  )
}

const monthOf = ({
  runId,
  agreementId,
  period,
}: Pick<LedgerChange, 'runId' | 'agreementId'> & { readonly period: string | null }): string =>
  `${runId}/${agreementId}/${period}`

/** @param of.planKey of an annual invoice PRISM's id */
export const monthKey = (of: MonthKey & { readonly planKey: string }): string =>
  `${monthOf(of)}/${of.planKey}`

/** A plan that an earlier version of the product stored has its outcomes in it. */
const shown = (rounds: Rounds, rows: Parameters<typeof outcomeOf>[1]): PeriodOutcome => {
  const old = rounds.findLast((round) => round.format === 'outcome')
  if (old !== undefined) return periodOutcomeSchema.parse(old.plan)
  return outcomeOf(
    rounds.filter((round) => round.format === 'plan'),
    rows,
  )
}
