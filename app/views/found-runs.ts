/** Syncs by what is found in them, for History (G2). */
import type { FoundRuns } from '#app/api/schemas/runs.ts'
import { server } from '#app/process/process.ts'
import { type FoundItem, searchItems, wordsIn } from '#db/runs/found-in-runs.ts'
import { storeOlderFound } from '#lib/sync/found-in-runs.ts'

const PAGE_SIZE = 50
/** Older agreements of syncs that one search reads in. */
const AT_ONCE = 200

/** Programs of which nothing was left to read in: syncs write what comes. Another process looks once itself. */
const done = new Set<string>()

/** A page of them, the newest first; none without a word. */
export async function foundRuns(
  organisationId: string,
  { program, search, page, limit = PAGE_SIZE }: Asked,
): Promise<FoundRuns> {
  const { db } = server()
  const isReadingIn = await isMoreToRead(organisationId, program)
  const found = await searchItems(db, organisationId, program, {
    search,
    limit: limit + 1,
    offset: (page - 1) * limit,
  })
  const words = wordsIn(search)
  return {
    found: found.slice(0, limit).map((each) => shownItem(each, words)),
    page,
    hasMore: found.length > limit,
    isReadingIn,
  }
}

interface Asked {
  readonly program: string
  readonly search: string
  /** From 1. */
  readonly page: number
  readonly limit?: number
}

async function isMoreToRead(organisationId: string, program: string): Promise<boolean> {
  const key = `${organisationId}/${program}`
  if (done.has(key)) return false
  const isMore = await storeOlderFound(server().db, organisationId, program, AT_ONCE)
  if (!isMore) done.add(key)
  return isMore
}

function shownItem({ item, run }: FoundItem, words: readonly string[]): FoundRuns['found'][number] {
  const said = (item.points ?? []).find(({ message, product, sku, subscriptionId }) => {
    const text = [message, product, sku, subscriptionId].join('\n').toLowerCase()
    return words.some((word) => text.includes(word.toLowerCase()))
  })
  const [first] = item.points ?? []
  const point = said ?? first
  return {
    runId: run.id,
    createdAt: run.createdAt.toISOString(),
    trigger: run.trigger,
    actor: run.actor,
    agreementId: item.agreementId,
    companyName: item.companyName,
    agreementName: item.agreementName,
    status: item.status,
    firstPeriod: item.firstPeriod,
    lastPeriod: item.lastPeriod,
    message: point?.message ?? null,
    product: point?.product || null,
  }
}
