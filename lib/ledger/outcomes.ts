/** What a run did, read from the plans and the ledger. */
import type { Database } from '#db/client.ts'
import { changesOfItem, changesOfMonths, type LedgerChange } from '#db/ledger/changes.ts'
import {
  type MonthKey,
  type OldRound,
  type Round,
  type RoundKey,
  roundsOf,
  roundsOfMonths,
} from '#db/runs/run-periods.ts'
import type { Period } from '#lib/billing/types.ts'
import { outcomeOf, type PeriodOutcome, periodOutcomeSchema } from './outcome.ts'

type ItemKey = Pick<RoundKey, 'runId' | 'agreementId'>

/** Each month of an agreement of a run, oldest first. */
export const outcomesOf = async (
  db: Database,
  organisationId: string,
  item: ItemKey,
): Promise<PeriodOutcome[]> => {
  const rounds = await roundsOf(db, organisationId, item)
  if (rounds.length === 0) return []
  const rows = Map.groupBy(await changesOfItem(db, organisationId, item), ({ period }) => period)
  return [...Map.groupBy(rounds, ({ period }) => period)].map(([period, ofPeriod]) =>
    shown(ofPeriod, rows.get(period) ?? []),
  )
}

/** One month of it; `null` before its first plan. */
export const outcomeOfPeriod = async (
  db: Database,
  organisationId: string,
  item: ItemKey & { readonly period: Period },
): Promise<{ readonly rounds: readonly (Round | OldRound)[]; readonly outcome: PeriodOutcome } | null> => {
  const rounds = await roundsOf(db, organisationId, item)
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
  const [rounds, rows] = await Promise.all([
    roundsOfMonths(db, organisationId, months),
    changesOfMonths(db, organisationId, months),
  ])
  const changes = Map.groupBy(rows, monthKey)
  return new Map(
    [...Map.groupBy(rounds, monthKey)].map(([key, ofMonth]) => [key, shown(ofMonth, changes.get(key) ?? [])]),
  )
}

export const monthKey = ({
  runId,
  agreementId,
  period,
}: Pick<LedgerChange, 'runId' | 'agreementId'> & { readonly period: string | null }): string =>
  `${runId}/${agreementId}/${period}`

/** A plan that an earlier version of the product stored has its outcomes in it. */
const shown = (
  rounds: readonly (Round | OldRound)[],
  rows: Parameters<typeof outcomeOf>[1],
): PeriodOutcome => {
  const old = rounds.findLast((round) => round.format === 'outcome')
  if (old !== undefined) return periodOutcomeSchema.parse(old.plan)
  return outcomeOf(
    rounds.filter((round) => round.format === 'plan'),
    rows,
  )
}
