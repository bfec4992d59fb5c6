/** Case 20: a big answer that ConnectWise cannot give. */
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Secret } from '#lib/base/secrets.ts'
import { type Answer, startTestServer, type TestServer } from '#lib/base/testing/test-server.ts'
import { type ConnectWiseSettings, createConnectWiseClient } from './client.ts'
import { createPageSizes, largestPage, pageSizes, smallerPage } from './page-size.ts'
import { type Page, type PageRequest, readAll } from './paging.ts'

let server: TestServer
afterEach(() => server?.close())

const addition = (id: number) => ({
  id,
  product: { id: 40 },
  quantity: 1,
  unitPrice: 2,
  unitCost: 1,
  billCustomer: 'Billable',
})
interface Asked {
  readonly pageSize: number
  readonly pageId: number
}

/** A ConnectWise of 2,600 additions that answers with `fail`'s answer where that gives one. */
async function listing(
  fail: (asked: Asked, count: number) => Answer | null,
  more: Partial<ConnectWiseSettings> = {},
) {
  const ids = Array.from({ length: 2_600 }, (_, at) => at + 1)
  const asked: Asked[] = []
  server = await startTestServer(({ path }) => {
    const query = new URLSearchParams(path.split('?')[1])
    const one = { pageSize: Number(query.get('pageSize')), pageId: Number(query.get('pageId')) }
    asked.push(one)
    const failed = fail(one, asked.length)
    if (failed !== null) return failed
    const rows = ids.filter((id) => id > one.pageId).slice(0, one.pageSize)
    const link = `<http://x/?pageSize=${one.pageSize}&pageId=${rows.at(-1)}>; rel="next"`
    return { headers: { link }, body: rows.map(addition) }
  })
  const client = createConnectWiseClient({
    site: server.url,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'ours',
    codebase: 'v2025_1',
    guard: server.guard,
    retries: { tries: 4, firstWaitMs: 1, longestWaitMs: 10 },
    ...more,
  })
  const read = async () => (await client.additions(30)).additions.map(({ id }) => id)
  return { client, read, ids, asked, sizes: () => asked.map(({ pageSize }) => pageSize) }
}

const timeout = {
  status: 500,
  body: { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' },
}
const cutInside: Answer = (response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('[{"id": 1', () => response.destroy())
}
const tooBig: Answer = { body: `[${'{"x": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},'.repeat(20_000)}{}]` }
const slow: Answer = (response) => void wait(2_000).then(() => response.end('[]'))

describe('a page that ConnectWise cannot give', () => {
  it.each([
    ['an error', timeout, [1000, 1000, 250]],
    ['a connection that is cut', 'cut' as const, [1000, 1000, 250]],
    ['an answer that is cut', cutInside, [1000, 1000, 250]],
    ['413', { status: 413 }, [1000, 250]],
    ['an answer over our limit', tooBig, [1000, 250]],
    ['none in time', slow, [1000, 250]],
  ])(
    'because of %s is asked for smaller, and so are those after it; nothing is lost or doubled',
    async (_what, answer, first) => {
      const limits = { mostBytes: 512 * 1024, timeoutMs: answer === slow ? 150 : 5_000 }
      const { read, ids, sizes, asked } = await listing(
        ({ pageSize }) => (pageSize > 250 ? answer : null),
        limits,
      )
      expect(await read()).toEqual(ids)
      expect(sizes()).toEqual([...first, ...Array(10).fill(250)])
      const before = asked.length
      expect(await read()).toEqual(ids)
      expect(asked.slice(before).every(({ pageSize }) => pageSize === 250)).toBe(true)
    },
  )

  it('in the middle of a list goes on after the last row that was read', async () => {
    const { read, ids, asked } = await listing(({ pageSize, pageId }) =>
      pageId >= 1_000 && pageSize > 50 ? timeout : null,
    )
    expect(await read()).toEqual(ids)
    expect(asked.slice(1, 6)).toEqual([
      { pageSize: 1000, pageId: 1000 },
      { pageSize: 1000, pageId: 1000 },
      { pageSize: 250, pageId: 1000 },
      { pageSize: 50, pageId: 1000 },
      { pageSize: 50, pageId: 1050 },
    ])
  })

  it('once is asked for again in its size: an error may pass', async () => {
    const { read, ids, sizes } = await listing((_asked, count) => (count === 1 ? timeout : null))
    expect(await read()).toEqual(ids)
    expect(sizes()).toEqual([1000, 1000, 1000, 1000])
  })

  it.each([
    ['in no size', timeout, [1000, 1000, 250, 50], 500],
    ['because it is refused', { status: 403 }, [1000], 403],
  ])('%s is an error, after as many tries as any read has', async (_what, answer, tried, status) => {
    const { client, sizes } = await listing(() => answer)
    await expect(client.additions(30)).rejects.toMatchObject({ status })
    expect(sizes()).toEqual(tried)
  })

  it('because it is too large in every size says so', async () => {
    const { client, sizes } = await listing(() => tooBig, { mostBytes: 512 * 1024 })
    await expect(client.additions(30)).rejects.toMatchObject({
      code: 'connectwise-unreadable',
      outcome: 'unreachable',
      message: "ConnectWise's answer is larger than 524288 bytes.",
    })
    expect(sizes()).toEqual([1000, 250, 50])
  })
})

describe('an answer over a limit', () => {
  it('leaves a write unknown, sent once', async () => {
    const { client, asked } = await listing(() => tooBig, { mostBytes: 1024 })
    await expect(client.deleteAddition(30, 1)).rejects.toMatchObject({ outcome: 'unknown', status: null })
    await expect(client.patchAddition(30, 1, {})).rejects.toMatchObject({ outcome: 'unknown' })
    expect(asked).toHaveLength(2)
  })

  it('that is cut after its status leaves a write unknown, not refused', async () => {
    const { client } = await listing(() => cutInside)
    await expect(client.patchAddition(30, 1, {})).rejects.toMatchObject({ outcome: 'unknown', status: null })
  })

  it('takes the tries of a read together no longer than twice the time of one', async () => {
    const trickle: Answer = (response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }
    const { client, asked } = await listing(() => trickle, { timeoutMs: 200 })
    const started = performance.now()
    await expect(client.agreement(30)).rejects.toMatchObject({
      code: 'connectwise-unreachable',
      message: expect.stringMatching(/^ConnectWise's answer did not come within \d+ ms\.$/),
    })
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(asked.length).toBeLessThanOrEqual(3)
  })
})

describe('the size of a page', () => {
  it('of a page by number begins where the larger one began', () => {
    expect(smallerPage({ pageSize: 1000, page: 3 })).toEqual({ pageSize: 250, page: 9 })
    expect(smallerPage({ pageSize: 250, page: 9 })).toEqual({ pageSize: 50, page: 41 })
    expect(smallerPage({ pageSize: 50, page: 41 })).toBeNull()
    expect(smallerPage({ pageSize: 1000, pageId: 7 })).toEqual({ pageSize: 250, pageId: 7 })
  })

  it('is remembered, and forgotten after an hour', () => {
    let now = 0
    const sizes = createPageSizes(() => now)
    sizes.gave(250)
    now += 59 * 60_000
    expect(sizes.largest()).toBe(250)
    now += 60_000
    expect(sizes.largest()).toBe(largestPage)
  })

  it('may shrink anywhere in a list: every row comes once', async () => {
    const scene = fc.record({
      total: fc.nat(3_500),
      isForward: fc.boolean(),
      /** By request: the size that the server can give. */
      able: fc.array(fc.constantFrom(...pageSizes), { maxLength: 12 }),
      isRemembered: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(scene, async ({ total, isForward, able, isRemembered }) => {
        const ids = Array.from({ length: total }, (_, at) => (at + 1) * 3)
        let known: number = largestPage
        let count = 0
        const fetchPage = async (asked: PageRequest): Promise<Page<number>> => {
          let page = asked
          const most = able[count++] ?? 50
          while (page.pageSize > most) page = smallerPage(page) ?? expect.fail('no smaller page')
          if (isRemembered) known = Math.min(known, page.pageSize)
          const { pageSize } = page
          if ('page' in page) expect(Number.isInteger(page.page)).toBe(true)
          const rows =
            'page' in page
              ? ids.slice((page.page - 1) * pageSize, page.page * pageSize)
              : ids.filter((id) => id > (page as { pageId: number }).pageId).slice(0, pageSize)
          const link = isForward ? `<https://x?pageId=${rows.at(-1)}>; rel="next"` : undefined
          return { rows, link, pageSize }
        }
        expect(await readAll(fetchPage, () => known)).toEqual(ids)
      }),
      { numRuns: 150 },
    )
  })
})
