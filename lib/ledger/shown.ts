/**
 * Reading what was written: right after a write ConnectWise may answer as if it had not taken place
 * (docs/facts/connectwise.md, "Reading after a write"). A plan made from such an answer would create the same
 * additions again and bill them twice.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type LedgerChange, recentWrites } from '#db/ledger/changes.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Addition } from '#lib/billing/types.ts'
import type { ListedAdditions, ListedItems } from '#lib/connectwise/values.ts'
import type { LedgerContext } from './context.ts'

/** ConnectWise was seen to need 2.5 s; one that needs longer than this is given up, and looked at again later. */
const MOST_PATIENCE_MS = 10_000
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 1_000

/** How long one reading waits for a write to be shown. */
export const patienceMs = ({ settings }: Pick<LedgerContext, 'settings'>): number =>
  Math.min(2 * settings.connectWiseTimeoutMs, MOST_PATIENCE_MS)

/** How long after a write an answer without it is taken for a stale one; later it is believed. */
export const maybeUnseenMs = (ctx: Pick<LedgerContext, 'settings'>): number => 6 * patienceMs(ctx)

/** ConnectWise still answers as if these additions had not been written. */
export class NotShown extends ProductError {
  override readonly name = 'NotShown'
  readonly additionIds: readonly number[]

  constructor(additionIds: readonly number[]) {
    super('connectwise-stale', `It concerns the additions ${additionIds.join(', ')}.`)
    this.additionIds = additionIds
  }
}

/**
 * The agreement's additions, read again until they show what was written to them of late. Throws `NotShown` where they do
 * not in time.
 */
export const readAdditions = async (ctx: LedgerContext, agreementId: number): Promise<ListedAdditions> => {
  const { db, organisationId, program, connectWise } = ctx
  const writes = await recentWrites(db, organisationId, program.slug, agreementId, maybeUnseenMs(ctx))
  let unseen: number[] = []
  const listed = await readUntil(ctx, async () => {
    const read = await connectWise.additions(agreementId)
    // One that is there and cannot be read is named as such; waiting would not make it readable.
    const unreadable = new Set(read.unreadable.map(({ id }) => id))
    unseen = unseenAdditions(writes, read.additions).filter((id) => !unreadable.has(id))
    return { read, isShown: unseen.length === 0 }
  })
  if (unseen.length > 0) throw new NotShown(unseen)
  return listed
}

/**
 * Catalog items by id, read again while one is missing: an item that additions use cannot be deleted. What is still missing
 * in the end is left out.
 */
export const readItems = (ctx: LedgerContext, ids: readonly number[]): Promise<ListedItems> =>
  readUntil(ctx, async () => {
    const read = await ctx.connectWise.catalogByIds(ids)
    const found = new Set([...read.items, ...read.unreadable].map(({ id }) => id))
    return { read, isShown: ids.every((id) => found.has(id)) }
  })

/** Whether the catalog shows the item, or comes to in time. */
export const isItemShown = async (ctx: LedgerContext, id: number): Promise<boolean> => {
  const { items, unreadable } = await readItems(ctx, [id])
  return [...items, ...unreadable].some((each) => each.id === id)
}

const readUntil = async <T>(
  ctx: LedgerContext,
  read: () => Promise<{ readonly read: T; readonly isShown: boolean }>,
): Promise<T> => {
  const until = performance.now() + patienceMs(ctx)
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const answer = await read()
    if (answer.isShown || performance.now() + pauseMs > until) return answer.read
    await pause(pauseMs)
  }
}

/** Additions that were read as they stood before one of the writes; `writes` are oldest first. */
export const unseenAdditions = (writes: readonly LedgerChange[], read: readonly Addition[]): number[] => {
  const found = new Map(read.map((each) => [each.id, each]))
  const byAddition = Map.groupBy(writes, (each) => each.additionId)
  return [...byAddition].flatMap(([id, ofOne]) => {
    if (id === null) return []
    const now = found.get(id) ?? null
    const written = ofOne.at(-1)?.after ?? null
    const isOld = ofOne.some(({ before }) => isDeepStrictEqual(before, now))
    return isOld && !isDeepStrictEqual(written, now) ? [id] : []
  })
}
