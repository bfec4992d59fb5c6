/**
 * How many rows a page is asked for: as many as ConnectWise gives, and fewer where it cannot give that many (an error, a cut,
 * an answer over our limits). What it could not give is remembered for the connection, and forgotten after a while.
 */
import type { PageRequest } from './paging.ts'

/** Each is a part of the one before, so that a page by number begins at a page of the smaller size, too. 1000 is ConnectWise's own limit. */
export const pageSizes = [1000, 250, 50] as const
export const largestPage = pageSizes[0]

/** So long after it gave only smaller pages, large ones are asked for again. */
const rememberedMs = 60 * 60_000

/** The first part of the same page in the next smaller size; `null` where there is none. */
export function smallerPage(request: PageRequest): PageRequest | null {
  const pageSize = pageSizes.find((size) => size < request.pageSize && request.pageSize % size === 0)
  if (pageSize === undefined) return null
  if ('pageId' in request) return { pageSize, pageId: request.pageId }
  return { pageSize, page: ((request.page - 1) * request.pageSize) / pageSize + 1 }
}

export interface PageSizes {
  largest(): number
  /** A page was given in this size after a larger one was not. */
  gave(size: number): void
}

export function createPageSizes(now: () => number = Date.now): PageSizes {
  let known: { readonly size: number; readonly until: number } | null = null
  return {
    largest: () => (known !== null && now() < known.until ? known.size : largestPage),
    gave(size) {
      known = { size, until: now() + rememberedMs }
    },
  }
}

const ofConnections = new Map<string, PageSizes>()

/** Those of a connection in this process, whichever of its clients asks. */
export function pageSizesOf(connection: string): PageSizes {
  const known = ofConnections.get(connection) ?? createPageSizes()
  ofConnections.set(connection, known)
  return known
}
