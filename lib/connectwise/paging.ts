/** Reading a whole list (docs/facts/connectwise.md, "Lists"): forward-only by `Link`, else by page number. */

/** One page of a list; `link` is the `Link` header, `undefined` where the answer had none. */
export interface Page<T> {
  readonly rows: readonly T[]
  readonly link: string | undefined
  /** The size it was given in; smaller than asked where ConnectWise could not give as much (`page-size.ts`). */
  readonly pageSize: number
}

export type PageRequest =
  | { readonly pageSize: number; readonly pageId: number }
  | { readonly pageSize: number; readonly page: number }

/** No list of ours is near this; one that is would never end. */
export const mostPages = 10_000

export class EndlessList extends Error {
  override readonly name = 'EndlessList'
}

/**
 * All rows. A page shorter than asked is the last. A full first page without any `Link` header means that the server does
 * not know forward-only paging, so the rest is read by number.
 * @param largest how many rows may be asked for now; it may shrink on the way, to a part of what it was
 */
export async function readAll<T>(
  fetchPage: (request: PageRequest) => Promise<Page<T>>,
  largest: () => number,
): Promise<T[]> {
  const rows: T[] = []
  let pageId = 0
  let size = largest()
  for (let page = 1; page <= mostPages; page += 1) {
    size = Math.min(size, largest())
    const found = await fetchPage({ pageSize: size, pageId })
    size = found.pageSize
    rows.push(...found.rows)
    if (found.rows.length < size) return rows
    if (found.link === undefined && page === 1)
      return [...rows, ...(await readNumbered(fetchPage, largest, size))]
    const next = nextPageId(found.link ?? '')
    // An empty Link ends the list; one that does not move on would be read for ever.
    if (next === null || next <= pageId) return rows
    pageId = next
  }
  throw new EndlessList(`more than ${mostPages} pages`)
}

/** What follows a first page of `first` rows. */
async function readNumbered<T>(
  fetchPage: (request: PageRequest) => Promise<Page<T>>,
  largest: () => number,
  first: number,
): Promise<T[]> {
  const rows: T[] = []
  let size = first
  let before = first
  for (let page = 2; page <= mostPages; page += 1) {
    size = Math.min(size, largest())
    const found = await fetchPage({ pageSize: size, page: before / size + 1 })
    size = found.pageSize
    before += size
    rows.push(...found.rows)
    if (found.rows.length < size) return rows
  }
  throw new EndlessList(`more than ${mostPages} pages`)
}

/** The `pageId` of the link with rel="next"; `null` where there is none. */
export function nextPageId(link: string): number | null {
  const next = link.split(/,\s*(?=<)/).find((part) => /;\s*rel="?next"?/i.test(part))
  const id = /[?&]pageId=(\d+)/i.exec(next ?? '')?.[1]
  return id === undefined ? null : Number(id)
}
