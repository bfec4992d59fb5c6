import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestPage } from './page-size.ts'
import { nextPageId, type Page, type PageRequest, readAll } from './paging.ts'

/** A list of `total` ids from 1, with gaps, as a server that knows forward-only paging. */
function forwardOnly(total: number, lastLink: string | undefined = '') {
  const ids = Array.from({ length: total }, (_, index) => (index + 1) * 3)
  const asked: PageRequest[] = []
  const fetchPage = async (request: PageRequest): Promise<Page<number>> => {
    asked.push(request)
    const after = 'pageId' in request ? request.pageId : 0
    const rows = ids.filter((id) => id > after).slice(0, request.pageSize)
    const link = `<https://x/y?pageSize=${request.pageSize}&pageId=${rows.at(-1)}>; rel="next"`
    return { rows, link: rows.length === 0 ? lastLink : link, pageSize: request.pageSize }
  }
  return { ids, asked, fetchPage }
}

function numbered(total: number) {
  const ids = Array.from({ length: total }, (_, index) => index + 1)
  const asked: PageRequest[] = []
  const fetchPage = async (request: PageRequest): Promise<Page<number>> => {
    asked.push(request)
    const page = 'page' in request ? request.page : 1
    const rows = ids.slice((page - 1) * request.pageSize, page * request.pageSize)
    return { rows, link: undefined, pageSize: request.pageSize }
  }
  return { ids, asked, fetchPage }
}

const largest = () => largestPage

describe('reading a whole list', () => {
  it('goes forward by Link, and takes a page shorter than asked for the last', async () => {
    const { ids, asked, fetchPage } = forwardOnly(2_500)
    expect(await readAll(fetchPage, largest)).toEqual(ids)
    expect(asked).toEqual([
      { pageSize: 1000, pageId: 0 },
      { pageSize: 1000, pageId: 3000 },
      { pageSize: 1000, pageId: 6000 },
    ])
  })

  it('goes by page number where the server gives no Link at all', async () => {
    const { ids, asked, fetchPage } = numbered(2_500)
    expect(await readAll(fetchPage, largest)).toEqual(ids)
    expect(asked.slice(1)).toEqual([
      { pageSize: 1000, page: 2 },
      { pageSize: 1000, page: 3 },
    ])
  })

  it('gives every row once, whatever the number of rows and the size of a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (total, size, forward) => {
          const { ids, fetchPage } = forward ? forwardOnly(total) : numbered(total)
          expect(await readAll(fetchPage, () => size)).toEqual(ids)
        },
      ),
    )
  })

  it('ends where the Link does not move on', async () => {
    let asked = 0
    const rows = await readAll(
      async () => {
        asked += 1
        return { rows: [7], link: '<https://x?pageId=7>; rel="next"', pageSize: 1 }
      },
      () => 1,
    )
    expect([rows, asked]).toEqual([[7, 7], 2])
  })

  it('ends at its cap, with an error', async () => {
    await expect(
      readAll(
        async () => ({ rows: [1], link: undefined, pageSize: 1 }),
        () => 1,
      ),
    ).rejects.toThrowError(/pages/)
  })
})

describe('a Link header', () => {
  it.each([
    ['<https://x/y?pageSize=50&pageId=51>; rel="next"', 51],
    ['<https://x?pageId=1>; rel="first", <https://x?a=b,c&pageId=9>; rel=next', 9],
    ['<https://x?page=2>; rel="next"', null],
    ['<https://x?pageId=4>; rel="last"', null],
    ['', null],
  ])('%s leads to %s', (link, next) => expect(nextPageId(link)).toBe(next))
})
