/** Price rules over the API (J11): listed, previewed, set and removed, each organisation's own. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rulePreviewSchema, rulesSchema, savedRuleSchema } from './schemas/price-rules.ts'
import { programSchema } from './schemas/programs.ts'
import { type ApiWorld, type CallApi } from './testing/api-world.ts'
import { customer } from './testing/inbox-world.ts'
import { startWithInvoice } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const R = `${P}/price-rules`
const { tenantId } = customer('coho')
let world: ApiWorld
let api: CallApi
let stranger: CallApi

beforeAll(async () => {
  const begun = await startWithInvoice()
  world = begun.world
  api = begun.api
  stranger = begun.stranger
  await begun.of.map('coho')
  await begun.of.work()
})
afterAll(() => world.stop())

const plus = (percent: string) => ({ kind: 'cost-plus', percent })
const list = (query = '', as = api) => readAnswer(as, rulesSchema, 'GET', `${R}${query}`)
const put = (body: object) => readAnswer(api, savedRuleSchema, 'PUT', R, body)
const preview = (body: object) => readAnswer(api, rulePreviewSchema, 'POST', `${R}/preview`, body)

describe('price rules over the API [J11]', () => {
  it('are none, and off, before anybody makes one', async () => {
    expect(await list()).toMatchObject({ rules: [], count: 0, marginPercent: null })
  })

  it('are previewed with the month’s money, by what was read last', async () => {
    const found = await preview({ rule: { tenantId, terms: plus('50') } })
    expect(found).toMatchObject({ customers: 1, creates: 0, unread: 0, belowCost: 0 })
    expect(found.subscriptions).toBeGreaterThan(0)
    expect(found.now).toBe(found.changed)
    expect(Number(found.atRule)).toBeGreaterThan(Number(found.now))
    const [row] = found.rows
    expect(row).toMatchObject({ before: null, after: { scope: 'customer', terms: plus('50') } })
    const [price] = row?.prices ?? []
    expect(Number(price?.written)).toBeCloseTo(Number(price?.cost) * 1.5, 2)
    expect((await list()).count).toBe(0)
  })

  it('are set, changed, listed, searched, given as CSV and removed', async () => {
    const { rule } = await put({ tenantId, terms: plus('12.5') })
    expect(rule).toMatchObject({ customer: { id: tenantId }, product: null, scope: 'customer', from: null })
    // The same once more changes nothing.
    expect((await put({ tenantId, terms: plus('12.5') })).rule).toEqual(rule)
    expect(await preview({ rule: { tenantId, terms: plus('12.5') } })).toMatchObject({ subscriptions: 0 })
    const { rule: changed } = await put({ tenantId, terms: plus('15') })
    expect(changed.id).not.toBe(rule.id)
    await put({ terms: { kind: 'keep' } })
    expect((await list()).rules.map(({ scope }) => scope)).toEqual(['program', 'customer'])
    expect((await list('?search=plus 15')).rules.map(({ id }) => id)).toEqual([changed.id])
    expect((await list('?search=nothing like it')).count).toBe(0)
    const csv = await (await api('GET', `${R}/csv`)).text()
    expect(csv.split('\r\n')[2]).toContain(`${tenantId},,,,cost-plus,15,`)
    const removal = await preview({ remove: changed.id })
    expect(removal.rows[0]).toMatchObject({ before: { scope: 'customer' }, after: { scope: 'program' } })
    await done(api, 'DELETE', `${R}/${changed.id}`)
    expect((await refusal(api('DELETE', `${R}/${changed.id}`))).code).toBe('not-found')
    expect((await refusal(api('POST', `${R}/preview`, { body: { remove: changed.id } }))).code).toBe(
      'not-found',
    )
    expect((await list()).count).toBe(1)
  })

  it.each([
    [{ terms: plus('12.345') }, 'request-invalid'],
    [{ terms: plus('-1') }, 'request-invalid'],
    [{ terms: plus('1000.01') }, 'request-invalid'],
    [{ terms: { kind: 'fixed', unitPrice: '10.001' }, sku: 'x' }, 'request-invalid'],
    [{ terms: { kind: 'fixed', unitPrice: '10' } }, 'request-invalid'],
    [{ terms: plus('1'), sku: 'no such product' }, 'request-invalid'],
    [{ terms: plus('1'), from: '2026-13' }, 'request-invalid'],
    [{ terms: plus('1'), tenantId: 'nobody' }, 'not-found'],
  ])('refuse %j, and nothing is stored', async (body, code) => {
    const before = await list()
    expect((await refusal(api('PUT', R, { body }))).code).toBe(code)
    expect((await refusal(api('POST', `${R}/preview`, { body: { rule: body } }))).code).toBe(code)
    expect(await list()).toEqual(before)
  })

  it('are each organisation’s own', async () => {
    const [rule] = (await list()).rules
    expect((await list('', stranger)).count).toBe(0)
    expect((await refusal(stranger('DELETE', `${R}/${rule?.id}`))).code).toBe('not-found')
    expect((await refusal(stranger('PUT', R, { body: { tenantId, terms: plus('1') } }))).code).toBe(
      'not-found',
    )
    expect((await list()).count).toBe(1)
  })

  it('stand beside a margin that is a percentage, or off', async () => {
    for (const marginPercent of ['12.5', null])
      expect(await readAnswer(api, programSchema, 'PUT', P, { marginPercent })).toMatchObject({
        marginPercent,
      })
    for (const marginPercent of ['100', '-1', '1.234', 'x'])
      expect((await refusal(api('PUT', P, { body: { marginPercent } }))).code).toBe('request-invalid')
  })
})
