/** Reading a whole list (facts/connectwise-api 6): forward-only by `Link`, else by page number. */

/** One page of a list; `link` is the `Link` header, `undefined` where the answer had none. */
export interface Page<T> {
  readonly rows: readonly T[]
  readonly link: string | undefined
}

export type PageRequest =
  | { readonly pageSize: number; readonly pageId: number }
  | { readonly pageSize: number; readonly page: number }

/** The server's own limit; more is silently cut to it. */
export const largestPage = 1000
/** No list of ours is near this; one that is would never end. */
export const mostPages = 10_000

export class EndlessList extends Error {
  override readonly name = 'EndlessList'
}

/**
 * All rows. A page shorter than asked is the last. A full first page without any `Link` header means that the server does
 * not know forward-only paging, so the rest is read by number.
 */
export async function readAll<T>(
  fetchPage: (request: PageRequest) => Promise<Page<T>>,
  pageSize: number = largestPage,
): Promise<T[]> {
  const rows: T[] = []
  let pageId = 0
  for (let page = 1; page <= mostPages; page += 1) {
    const { rows: found, link } = await fetchPage({ pageSize, pageId })
    rows.push(...found)
    if (found.length < pageSize) return rows
    if (link === undefined && page === 1) return [...rows, ...(await readNumbered(fetchPage, pageSize))]
    const next = nextPageId(link ?? '')
    // An empty Link ends the list; one that does not move on would be read for ever.
    if (next === null || next <= pageId) return rows
    pageId = next
  }
  throw new EndlessList(`more than ${mostPages} pages`)
}

/** Pages 2 and on. */
async function readNumbered<T>(
  fetchPage: (request: PageRequest) => Promise<Page<T>>,
  pageSize: number,
): Promise<T[]> {
  const rows: T[] = []
  for (let page = 2; page <= mostPages; page += 1) {
    const { rows: found } = await fetchPage({ pageSize, page })
    rows.push(...found)
    if (found.length < pageSize) return rows
  }
  throw new EndlessList(`more than ${mostPages} pages`)
}

/** The `pageId` of the link with rel="next"; `null` where there is none. */
export function nextPageId(link: string): number | null {
  const next = link.split(/,\s*(?=<)/).find((part) => /;\s*rel="?next"?/i.test(part))
  const id = /[?&]pageId=(\d+)/i.exec(next ?? '')?.[1]
  return id === undefined ? null : Number(id)
}
