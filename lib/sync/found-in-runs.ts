/** What syncs found that an earlier version of the product recorded: it is told by their plans and the ledger, and stored once. */
import type { Database } from '#db/client.ts'
import { itemsWithoutWords, putFound } from '#db/runs/found-in-runs.ts'
import type { RunItem } from '#db/runs/runs.ts'
import { type RunPoint, runPointsOf, wordsOf } from '#lib/billing/run-points.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'

/** Stores what the finished sync of an agreement found, made anew. */
export const storeFound = async (
  db: Database,
  organisationId: string,
  item: RunItem,
): Promise<readonly RunPoint[]> => {
  const { status, message, detail, remedy } = item
  const months = await outcomesOf(db, organisationId, item)
  const failure =
    status === 'Error' && message !== null ? { message, detail: detail ?? '', remedy: remedy ?? '' } : null
  const points = runPointsOf(months, failure)
  await putFound(db, organisationId, item, { points, words: wordsOf(months, points) })
  return points
}

/** Reads some older syncs in, the newest first, so that a search finds them. @returns whether there may be more */
export const storeOlderFound = async (
  db: Database,
  organisationId: string,
  program: string,
  most: number,
): Promise<boolean> => {
  const items = await itemsWithoutWords(db, organisationId, program, most)
  for (const item of items) await storeFound(db, organisationId, item)
  return items.length === most
}
