/**
 * Agreements that ended wrong are looked at again by themselves (docs/applying.md, "Jobs and time"), so that what was mended in ConnectWise clears without
 * a press; one that is found as it was leaves nothing in the history.
 */
import type { Database } from '#db/client.ts'
import { changesOfItem } from '#db/ledger/changes.ts'
import { lastFinishedItem, type RunItem } from '#db/runs/runs.ts'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import type { Finding, Status } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import type { Ending } from './endings.ts'

const HOUR_MS = 60 * 60 * 1000
/** After an unknown outcome, and where a system was out of reach, the first time (docs/applying.md, "Unknown outcomes"). */
const soonMs = HOUR_MS / 4
const hourlyForMs = 3 * 24 * HOUR_MS

export interface LooksAgain {
  /** `null`: with the next invoice. */
  readonly lookAgainAt: Date | null
  /** Since when each sync has ended so. */
  readonly lookingSince: Date | null
}

/** When an agreement is looked at again by itself. @param since when it ended so first, `null` where the one before did not */
export const looksAgain = (
  endedAt: Date,
  status: Status,
  { lookAgain = false, isStopped = false }: Pick<Ending, 'lookAgain' | 'isStopped'>,
  since: Date | null,
): LooksAgain => {
  if (!lookAgain && (status !== 'Error' || isStopped)) return { lookAgainAt: null, lookingSince: null }
  const lookingSince = since ?? endedAt
  const lastsMs = endedAt.getTime() - lookingSince.getTime()
  const afterMs = lookAgain && lastsMs < soonMs ? soonMs : lastsMs < hourlyForMs ? HOUR_MS : 24 * HOUR_MS
  return { lookAgainAt: new Date(endedAt.getTime() + afterMs), lookingSince }
}

/** The first of several, as customers of one agreement are looked at together. */
export const firstSince = (all: readonly { readonly lookingSince: Date | null }[]): Date | null =>
  all.reduce<Date | null>(
    (first, { lookingSince: each }) => (each !== null && (first === null || each < first) ? each : first),
    null,
  )

interface Found {
  readonly message: string | null
  readonly months: readonly PeriodOutcome[]
}

type Item = Pick<RunItem, 'runId' | 'agreementId' | 'program'>

/** Whether something of an item was written, or may have been: what was refused again is not. */
export const hasWritten = async (db: Database, organisationId: string, item: Item): Promise<boolean> =>
  (await changesOfItem(db, organisationId, item)).some(
    ({ outcome }) => outcome !== 'refused' && outcome !== 'not-sent',
  )

/** Whether an agreement of which nothing was written was found as its last finished sync left it: the same is wrong and waits. */
export const isFoundAsBefore = async (
  db: Database,
  organisationId: string,
  item: Item,
  found: Found,
): Promise<boolean> => {
  const before = await lastFinishedItem(db, organisationId, item.program, item.agreementId)
  if (before === null) return false
  const months = await outcomesOf(db, organisationId, before)
  return wrongIn({ message: before.message, months }) === wrongIn(found)
}

const wrongIn = ({ message, months }: Found): string => {
  const wrong = months.flatMap(({ period, findings, subscriptions }) => [
    ...errorsOf(findings).map((said) => `${period}: ${said}`),
    ...subscriptions.flatMap(({ subscriptionId: id, findings: own, waits, askedLines = [] }) => [
      ...errorsOf(own).map((said) => `${period} ${id}: ${said}`),
      ...(waits === undefined ? [] : [`${period} ${id} waits: ${waits.question}`]),
      ...askedLines.map(({ line, why }) => `${period} ${id} asks: ${why} ${identityKey(line)} ${line.turn}`),
    ]),
  ])
  return JSON.stringify([message, wrong.sort()])
}

const errorsOf = (all: readonly Finding[]): string[] =>
  all.flatMap(({ severity, message }) => (severity === 'error' ? [message] : []))
