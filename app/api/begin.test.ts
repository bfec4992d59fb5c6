/**
 * How customers begin, as their owner and a stranger ask for it (E6; docs/billing-rules.md, "First sync").
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { decimal, money as moneyOf } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { beginningSchema, begunSchema, mappedCustomerSchema } from './schemas/customers.ts'
import { inboxSchema } from './schemas/inbox.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { missedSchema, programSchema } from './schemas/programs.ts'
import { runSchema } from './schemas/runs.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import { anotherOrganisation, scheduledCall, startOrganisation, syncMonths } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')
const { tenantId, ...place } = coho
const COHO = `${P}/customers/${tenantId}`
const BEGINNING = `${COHO}/beginning?agreementId=${coho.agreementId}`

let world: ApiWorld
let api: CallApi
let theirs: CallApi
beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  theirs = (await anotherOrganisation()).api
  await syncMonths(world, 1)
  await invoiced()
})
afterAll(() => world.stop())

const invoiced = () =>
  fetch(`${world.connectWise.url}/control/agreements/${place.agreementId}/invoice`, { method: 'POST' })
const map = (more: object) =>
  readAnswer(api, mappedCustomerSchema, 'PUT', `${COHO}/mapping`, { ...place, syncEnabled: true, ...more })
const questionsOf = async (runId: string | null) => {
  const run = await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
  const rows = run.customers.flatMap(({ periods }) => periods.flatMap(({ subscriptions }) => subscriptions))
  return rows.map(({ waits, begins }) => waits?.question ?? begins ?? null)
}
/** All months that are skipped, as the inbox has them. */
const skippedRows = async () => {
  const pages = []
  for (let page = 1; page <= 20; page += 1) {
    const { groups } = await readAnswer(api, inboxSchema, 'GET', `/api/inbox?cause=skipped&page=${page}`)
    const items = groups.flatMap((group) => group.items)
    if (items.length === 0) break
    pages.push(...items)
  }
  return pages
}
const acts = async () =>
  (await readAnswer(api, auditSchema, 'GET', '/api/audit')).events.map(({ action }) => action)

describe('how a customer begins', () => {
  it('is told before it is mapped: which month, whether it is invoiced, how much [E6]', async () => {
    expect(await readAnswer(api, beginningSchema, 'GET', BEGINNING)).toEqual({
      months: [{ period: '2026-04', price: expect.stringMatching(/^[1-9]\d*(\.\d+)?$/) }],
      isFirst: true,
      isInvoiced: true,
      alsoBilled: [],
      begin: null,
      byDefault: 'next',
      findings: [],
    })
    expect(await refusal(api('GET', `${COHO}/beginning?agreementId=x`))).toMatchObject({
      code: 'request-invalid',
    })
    expect(await refusal(api('GET', `${COHO}/beginning?agreementId=99999`))).toMatchObject({
      code: 'not-found',
    })
  })

  it('is asked about, and one answer for all that wait syncs them [E6]', async () => {
    await map({})
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)
    await settled()
    expect([...new Set(await questionsOf(runId))]).toEqual(['first-sync'])
    expect(await readAnswer(theirs, begunSchema, 'POST', `${P}/begin`, { begin: 'catch-up' })).toEqual({
      tenantIds: [],
      runId: null,
    })
    const answered = await readAnswer(api, begunSchema, 'POST', `${P}/begin`, { begin: 'next' })
    await settled()
    expect(answered.tenantIds).toEqual([tenantId])
    expect([...new Set(await questionsOf(answered.runId))]).toEqual(['2026-05'])
    expect(await acts()).toContain('choose-begin')
    expect(await readAnswer(api, begunSchema, 'POST', `${P}/begin`, { begin: 'next' })).toEqual({
      tenantIds: [],
      runId: null,
    })
    expect(await readAnswer(api, beginningSchema, 'GET', BEGINNING)).toMatchObject({
      months: [],
      isFirst: false,
      begin: 'next',
    })
  })

  it('is refused for a customer of somebody else, or none [I2]', async () => {
    for (const [who, id] of [
      [theirs, tenantId],
      [api, '00000000-0000-4000-8000-000000000000'],
    ] as const) {
      const body = { tenantIds: [id], begin: 'elsewhere' }
      expect(await refusal(who('POST', `${P}/begin`, { body }))).toMatchObject({ code: 'not-mapped' })
    }
    expect(await refusal(theirs('GET', BEGINNING))).toMatchObject({ code: 'not-found' })
    const begin = 'later'
    expect(await refusal(api('POST', `${P}/begin`, { body: { begin } }))).toMatchObject({
      code: 'request-invalid',
    })
    expect(await readAnswer(api, beginningSchema, 'GET', BEGINNING)).toMatchObject({ begin: 'next' })
  })
})

describe('switching Sync on again', () => {
  it('names the months missed, and passes over all but the latest where that is chosen [E6]', async () => {
    await map({ syncEnabled: false })
    for (let month = 0; month < 3; month += 1) await world.issueNextInvoice()
    await scheduledCall()
    const { months } = await readAnswer(api, beginningSchema, 'GET', BEGINNING)
    expect(months.map(({ period }) => period)).toEqual(['2026-05', '2026-06', '2026-07'])

    await map({ missed: 'latest' })
    expect(await acts()).toContain('pass-over-months')
    const left = (await readAnswer(api, beginningSchema, 'GET', BEGINNING)).months
    expect(left).toEqual(months.slice(-1))
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)
    await settled()
    const run = await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
    expect(run).toMatchObject({ firstPeriod: '2026-07', lastPeriod: '2026-07' })
  })

  it('syncs all of them in order where nothing else is said [E6][F12]', async () => {
    await map({ syncEnabled: false })
    for (let month = 0; month < 2; month += 1) await world.issueNextInvoice()
    await scheduledCall()
    await map({})
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)
    await settled()
    const run = await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
    expect(run).toMatchObject({ firstPeriod: '2026-08', lastPeriod: '2026-09' })
  })
})

describe('switching the program’s Sync on again', () => {
  it('names what its customers missed, and passes over all but the latest where that is chosen [E6]', async () => {
    await readAnswer(api, programSchema, 'PUT', P, { enabled: false })
    for (let month = 0; month < 2; month += 1) await world.issueNextInvoice()
    await scheduledCall()
    const { months } = await readAnswer(api, missedSchema, 'GET', `${P}/missed`)
    expect(months.map(({ period, customers }) => [period, customers])).toEqual([
      ['2026-10', 1],
      ['2026-11', 1],
    ])
    expect(await refusal(theirs('PUT', P, { body: { missed: 'some' } }))).toMatchObject({
      code: 'request-invalid',
    })
    await readAnswer(theirs, programSchema, 'PUT', P, { enabled: true, missed: 'latest' })
    expect((await readAnswer(api, missedSchema, 'GET', `${P}/missed`)).months).toEqual(months)
    await readAnswer(api, programSchema, 'PUT', P, { enabled: true, missed: 'latest' })
    expect((await readAnswer(api, missedSchema, 'GET', `${P}/missed`)).months).toEqual([])
    expect((await readAnswer(api, beginningSchema, 'GET', BEGINNING)).months).toHaveLength(1)
  })
})

describe('passing over eight months', () => {
  it('names eight months with their amounts before and after, to the cent, and each can be taken back [E6, F12]', async () => {
    await map({ missed: 'latest' })
    await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)
    await settled()
    await map({ syncEnabled: false })
    const before = await skippedRows()
    for (let month = 0; month < 9; month += 1) await world.issueNextInvoice()
    await scheduledCall()
    const { months } = await readAnswer(api, beginningSchema, 'GET', BEGINNING)
    expect(months).toHaveLength(9)
    for (const { price } of months) expect(Number(price)).toBeGreaterThan(0)

    const { groups } = await readAnswer(api, inboxSchema, 'GET', '/api/inbox?kind=missed')
    // What PRISM invoiced: annual terms, which nothing would sync, included.
    const detail = groups[0]?.items[0]?.detail ?? ''
    for (const { period } of months) expect(detail).toMatch(new RegExp(`${monthName(period)} \\([\\d.]+\\)`))

    await map({ missed: 'latest' })
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit?action=pass-over-months')
    const { months: named } = z
      .object({ months: z.array(z.object({ period: z.string(), price: z.string() })) })
      .parse(events[0]?.detail)
    expect(named.map(({ period, price }) => ({ period, price }))).toEqual(months.slice(0, 8))

    const passed = (await skippedRows()).filter(({ key }) => before.every((each) => each.key !== key))
    expect(new Set(passed.map((row) => row.months?.from))).toEqual(
      new Set(months.slice(0, 8).map(({ period }) => period)),
    )
    for (const { period, price } of months.slice(0, 8)) {
      const own = passed.filter((row) => row.months?.from === period)
      const total = own.reduce((sum, { money }) => sum.plus(decimal(money?.amount ?? '0')), decimal('0'))
      expect([period, moneyOf(total)]).toEqual([period, price])
      expect(own.every(({ actions }) => actions.some(({ id }) => id === 'unskip'))).toBe(true)
    }
    expect((await readAnswer(theirs, inboxSchema, 'GET', '/api/inbox?kind=skipped')).total).toBe(0)
  })
})

describe('the program’s way to begin', () => {
  it('is an option that is kept [E6]', async () => {
    expect(await readAnswer(api, programSchema, 'GET', P)).toMatchObject({ firstSync: 'next' })
    await readAnswer(api, programSchema, 'PUT', P, { firstSync: 'elsewhere' })
    expect(await readAnswer(api, programSchema, 'GET', P)).toMatchObject({ firstSync: 'elsewhere' })
    expect(await readAnswer(theirs, programSchema, 'GET', P)).toMatchObject({ firstSync: 'next' })
  })
})
