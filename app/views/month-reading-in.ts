/** Months that an earlier version of the product synced, which had no index of them. */
import { server } from '#app/process/process.ts'
import { indexOlderMonths } from '#lib/sync/month-index.ts'

/** Agreements that one request reads in. */
const AT_ONCE = 100

/** Programs of which nothing was left to read in: syncs write what comes. Another process looks once itself. */
const done = new Set<string>()

/** Reads some of them in; whether more are left. */
export async function isReadingIn(organisationId: string, program: string): Promise<boolean> {
  const key = `${organisationId}/${program}`
  if (done.has(key)) return false
  const isMore = await indexOlderMonths(server().db, { organisationId, program }, AT_ONCE)
  if (!isMore) done.add(key)
  return isMore
}
