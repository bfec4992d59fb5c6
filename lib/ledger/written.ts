/** What a run wrote of each addition of an agreement, from its rows of the ledger: what an undo takes back (J2). */
import type { LedgerChange } from '#db/ledger/changes.ts'
import type { BySubscription } from '#lib/billing/keys.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Restored, UndoneKind, WrittenAddition } from '#lib/billing/undo-addition.ts'

export type WrittenRow = Pick<
  LedgerChange,
  'period' | 'subscriptionId' | 'kind' | 'intent' | 'outcome' | 'additionId' | 'before' | 'after'
>

const isDone = ({ outcome, kind }: WrittenRow): boolean =>
  outcome === 'done' && (kind === 'create' || kind === 'end' || kind === 'update' || kind === 'delete')

/** @param rows of one run and agreement, in order */
export const writtenBy = (rows: readonly WrittenRow[]): WrittenAddition[] => {
  const written = new Map<number, WrittenAddition>()
  for (const row of rows.filter(isDone)) {
    const { additionId, subscriptionId, kind } = row
    if (additionId === null) continue
    const known = written.get(additionId)
    written.set(additionId, {
      kind: kindOf(row),
      subscriptionId,
      additionId,
      before: known === undefined ? row.before : known.before,
      after: kind === 'delete' ? null : row.after,
    })
  }
  return [...written.values()]
}

const kindOf = ({ intent }: WrittenRow): UndoneKind => {
  const rule = 'reason' in intent ? intent.reason.rule : null
  if (rule === 'azure') return 'azure'
  return rule === 'answered' || rule === 'rounding' ? 'addition' : 'subscription'
}

/** By subscription the first month for which it was written; `''`: the agreement's Azure. */
export const firstWritten = (rows: readonly WrittenRow[]): BySubscription<Period> => {
  const first: Record<string, Period> = {}
  for (const { period, subscriptionId } of rows.filter(isDone))
    if (period !== '' && period < (first[subscriptionId] ?? '9999-12')) first[subscriptionId] = period
  return first
}

/** What was created. @param rows of an undo, in order */
export const restoredBy = (rows: readonly WrittenRow[]): Restored[] =>
  rows
    .filter(isDone)
    .flatMap(({ intent, subscriptionId }) =>
      intent.kind === 'create' ? [{ subscriptionId, draft: intent.addition }] : [],
    )
