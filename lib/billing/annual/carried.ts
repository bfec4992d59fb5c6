/**
 * What our ledger has written of each line. The additions of a line have turns: the first carries it, the second takes it back where a
 * corrected invoice does not have it any more, the third carries it again. Odd: the line is carried; even: it is not.
 */
import { type CountedAddition, hold } from '../additions.ts'
import type { CarriedLine, Lot, UnreadableAddition } from '../types.ts'
import type { AnnualSituation } from './annual-situation.ts'
import { identityKey } from './line-identity.ts'
import { isEdited } from './line-money.ts'

/** An addition of a line: as it is now, `null` where ConnectWise holds it no more. */
export interface Turn {
  readonly is: CarriedLine
  readonly additionId: number
  readonly lots: readonly Lot[]
  readonly held: CountedAddition | null
  /** It is there, and cannot be read. */
  readonly unreadable: UnreadableAddition | null
}

export const isCarriedBy = (turns: readonly Turn[]): boolean => (turns.at(-1)?.is.turn ?? 0) % 2 === 1

/** It is carried, and its addition bills it as it was written: a person may have given back by hand what a credit takes back. */
export const isBilledBy = (turns: readonly Turn[]): boolean => {
  const latest = turns.at(-1)
  return latest !== undefined && isCarriedBy(turns) && !isEdited(latest)
}

/** By the key of each line that anything was written of, its turns, the first one first. */
export const turnsByLine = (situation: AnnualSituation): ReadonlyMap<string, readonly Turn[]> => {
  const { agreement, additions, owned, unreadableAdditions = [] } = situation
  const there = new Map(additions.map((addition) => [addition.id, addition]))
  const unreadable = new Map(unreadableAdditions.map((each) => [each.id, each]))
  const turns = owned.flatMap((own): Turn[] => {
    const { additionId, carries, lots } = own
    if (carries === undefined) return []
    const addition = there.get(additionId)
    const held = addition === undefined ? null : hold(addition, agreement, own)
    return [{ is: carries, additionId, lots, held, unreadable: unreadable.get(additionId) ?? null }]
  })
  const byLine = Map.groupBy(turns, ({ is }) => identityKey(is))
  for (const all of byLine.values()) all.sort((a, b) => a.is.turn - b.is.turn || a.additionId - b.additionId)
  return byLine
}
