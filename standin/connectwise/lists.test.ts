import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTiny, tinySeed } from './testing.ts'

const companies = Array.from({ length: 1203 }, (_, index) => ({
  id: index + 1,
  identifier: `C${index + 1}`,
  name: `Company ${String(index + 1).padStart(4, '0')}`,
  city: index % 2 === 0 ? 'Perth' : 'Cairns',
  deletedFlag: index % 100 === 0,
  customFields: [{ id: 1, caption: 'Tier', value: index < 3 ? 'Gold' : null }],
  types: [{ id: 1, name: index === 4 ? 'Vendor' : 'Client' }],
}))

let connectWise: Awaited<ReturnType<typeof startTiny>>
beforeAll(async () => {
  connectWise = await startTiny(tinySeed({ companies, agreements: [], additions: [] }))
})
afterAll(() => connectWise.close())
const get = (query: string, headers: Record<string, string> = {}) =>
  connectWise.call('GET', `company/companies${query}`, undefined, headers)
const ids = (answer: Answer) => answer.body.map((row) => row.id)

describe('pages', () => {
  it('has 25 a page, at most 1000, and none past the end', async () => {
    expect((await get('')).body).toHaveLength(25)
    expect((await get('?pageSize=5000')).body).toHaveLength(1000)
    expect((await get('?page=50')).body).toEqual([])
  })

  it('links next and last, first and prev, as they exist', async () => {
    const rels = async (page: number) =>
      [
        ...((await get(`?pageSize=500&page=${page}`)).headers.get('link') ?? '').matchAll(
          /page=(\d+)>; rel="(\w+)"/g,
        ),
      ]
        .map(([, to, rel]) => `${rel} ${to}`)
        .sort()
    expect(await rels(1)).toEqual(['last 3', 'next 2'])
    expect(await rels(2)).toEqual(['first 1', 'last 3', 'next 3', 'prev 1'])
    expect(await rels(3)).toEqual(['first 1', 'prev 2'])
    expect((await get('?conditions=id=1')).headers.get('link')).toBeNull()
  })

  it('walks forward-only by pageId to an empty Link', async () => {
    const forward = { 'pagination-type': 'forward-only' }
    const seen: number[] = []
    let query = '?pageSize=500&pageId=0&conditions=city%3D%22Perth%22'
    for (let page = 0; page < 5; page++) {
      const answer = await get(query, forward)
      seen.push(...ids(answer))
      const link = answer.headers.get('link')
      if (link === '') break
      query = new URL(/<(.*)>; rel="next"/.exec(link ?? '')?.[1] ?? '').search
    }
    expect(seen).toEqual(companies.filter(({ city }) => city === 'Perth').map(({ id }) => id))
  })

  it('refuses orderBy with forward-only', async () => {
    expect((await get('?orderBy=name', { 'pagination-type': 'forward-only' })).status).toBe(400)
  })
})

describe('conditions, order and fields', () => {
  it('reads + as a space, as axios writes conditions', async () => {
    expect(ids(await get('?conditions=city%3D%22Perth%22+and+id+in+(1,2,3)'))).toEqual([1, 3])
  })

  it('counts under conditions', async () => {
    expect((await get('/count?conditions=deletedFlag=false')).body).toEqual({ count: 1190 })
    expect((await get('/count')).body).toEqual({ count: 1203 })
  })

  it('looks into arrays and custom fields', async () => {
    expect(ids(await get('?childConditions=types/name="Vendor"'))).toEqual([5])
    expect(ids(await get('?customFieldConditions=caption="Tier" AND value != null'))).toEqual([1, 2, 3])
  })

  it('orders by several fields', async () => {
    expect(ids(await get('?orderBy=city asc, name desc&pageSize=2'))).toEqual([1202, 1200])
  })

  it('gives the named fields only, _info when it is named', async () => {
    expect((await get('?fields=id,name&pageSize=1')).body).toEqual([{ id: 1, name: 'Company 0001' }])
    expect(Object.keys((await get('?fields=id,_info&pageSize=1')).body[0] ?? {})).toEqual(['id', '_info'])
  })

  it('selects by last update', async () => {
    expect((await get('/count?conditions=_info/lastUpdated>[2026-09-14T00:00:00Z]')).body.count).toBe(1203)
    expect((await get('/count?conditions=_info/lastUpdated>[2026-09-16]')).body.count).toBe(0)
  })

  it.each([
    '?conditions=deletedFlag=1',
    '?conditions=nosuchfield=1',
    '?conditions=name=',
    '?fields=id,nosuchfield',
    '?orderBy=nosuchfield',
    '?conditions=memberHash="x"',
  ])('answers 400 to %s', async (query) => {
    expect((await get(query)).status).toBe(400)
  })

  it('says what it expected instead of a value of the wrong type', async () => {
    const { body } = await get('?conditions=deletedFlag=1')
    expect(body.message).toMatch(
      /^Expected a boolean value, not a numeric\. String values should be enclosed/,
    )
  })
})
