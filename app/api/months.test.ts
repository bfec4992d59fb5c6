/** A month of an organisation with customers in every kind of trouble, over the API: its equation, accepting, closing (J5, G1). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { putSecondProofs } from '#db/invoicing/second-proofs.ts'
import { amount, decimal, pair, subtractPair, sumPairs, zeroPair } from '#lib/billing/decimal.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { lastLinkOf, type MailServer, startMailServer } from '#lib/notify/testing/mail-server.ts'
import { demoMappings, tenantId } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { acceptedSchema, closedSchema, monthSchema } from './schemas/months.ts'
import { programSchema } from './schemas/programs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  operatorSecret,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { customer, type InboxWorld, inboxWorld, type PrismWorld, prismWorld } from './testing/inbox-world.ts'
import { anotherOrganisation, connect, joined, switchSyncOn, work } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const period = '2026-04' as Period
const MONTH = `${P}/months/${period}`
const OWNER = 'owner@northwind.example'
let world: ApiWorld
let api: CallApi
let mail: MailServer
let of: InboxWorld
let prism: PrismWorld

beforeAll(async () => {
  mail = await startMailServer()
  world = await startApiWorld({
    OPERATOR_SECRET: operatorSecret,
    SMTP_URL: mail.url,
    MAIL_FROM: 'pod@northwind.example',
  })
  api = await asOwner()
  await connect(world, api)
  of = inboxWorld({ api, connectWise: world.connectWise, settled, work })
  prism = prismWorld(world.prism)
  await switchSyncOn(api)
  await prism.issue()
  await work()
})
afterAll(async () => {
  await world.stop()
  await mail.close()
})

const month = (query = '') => readAnswer(api, monthSchema, 'GET', `${MONTH}${query}`)
const database = async () => (await import('#app/process/process.ts')).server().db
const organisationId = async (): Promise<string> => {
  const { rows } = await (await database()).execute<{ id: string }>(
    sql`SELECT id FROM organisations WHERE name <> 'Adventure Works'`,
  )
  return rows[0]?.id ?? ''
}
/** What PRISM's file comes to, added up here. */
const fileTotal = async (): Promise<string> => {
  const { rows } = await (await database()).execute<{ price: string }>(
    sql`SELECT trim_scale(sum(price))::text AS price FROM invoice_lines l JOIN invoices i ON i.organisation_id = l.organisation_id
      AND i.id = l.invoice_id WHERE i.state = 'ready' AND i.period = ${period} AND l.organisation_id = ${await organisationId()}`,
  )
  return rows[0]?.price ?? ''
}
const term = (shown: Awaited<ReturnType<typeof month>>, name: string) =>
  shown.equation.terms.find((each) => each.term === name)
const pairOf = (value: { price: string; cost?: string | undefined }) =>
  pair({ price: value.price, cost: value.cost ?? '' } as never)

/** The equation to the last decimal, and the same in another way. */
const isExact = async (shown: Awaited<ReturnType<typeof month>>): Promise<void> => {
  const { invoiced, billed, terms } = shown.equation
  const named = sumPairs(terms.map(({ amount: value }) => pairOf(value)))
  const left = subtractPair(subtractPair(pairOf(invoiced), pairOf(billed)), named)
  expect(amount(left)).toEqual(amount(zeroPair))
  const { provedMonth, requireInvoice } = await import('#lib/months/month.ts')
  const db = await database()
  const id = await organisationId()
  const { of: key, total } = await requireInvoice(
    db,
    { organisationId: id, program: 'microsoft-csp' },
    period,
  )
  const proved = await provedMonth(db, id, key, total)
  expect(Object.fromEntries(terms.map((each) => [each.term, each.amount]))).toEqual(proved.terms)
  expect(billed).toEqual(proved.billed)
}

/** Made anew from all that is stored, the index is the same. */
const indexIsWhatIsStored = async (): Promise<void> => {
  const { indexOlderMonths } = await import('#lib/sync/month-index.ts')
  const db = await database()
  const read = async () =>
    (await db.execute(sql`SELECT * FROM month_bills ORDER BY organisation_id, period, agreement_id`)).rows
  const before = await read()
  expect(before.length).toBeGreaterThan(5)
  await db.execute(sql`DELETE FROM month_bills`)
  const ctx = { organisationId: await organisationId(), program: 'microsoft-csp' }
  expect(await indexOlderMonths(db, ctx, 1000)).toBe(false)
  expect(await read()).toEqual(before)
}

const mailedLink = (): string => lastLinkOf(mail)

const mapped = ['coho', 'wideworld', 'trey', 'messenger', 'phone', 'contoso', 'southridge'] as const

describe('a month', () => {
  it('is nothing but unmapped before anybody is mapped, to the cent of the file [J5]', async () => {
    const shown = await month()
    expect(shown.equation.invoiced.price).toBe(await fileTotal())
    expect(shown.equation).toMatchObject({ billed: { price: '0' } })
    expect(shown.equation.terms.map((each) => each.term)).toEqual(['unmapped'])
    expect(shown.standing.counts.agrees).toBe(0)
    expect(shown.blockers).toMatchObject([{ is: 'unmapped', filter: { term: 'unmapped' } }])
    expect(shown.rows.some(({ needs }) => needs)).toBe(false)
    await isExact(shown)
  })

  it('has each trouble as a term, with the customers that have it, what is wrong first [J5]', async () => {
    for (const key of mapped) await of.map(key)
    await work()
    const shown = await month()
    await isExact(shown)
    expect(shown.equation.invoiced.price).toBe(await fileTotal())
    expect(decimal(shown.equation.billed.price).gt(0)).toBe(true)
    expect(shown.equation.terms.map((each) => each.term)).toEqual(
      expect.arrayContaining(['failed', 'unmapped', 'annual']),
    )
    expect(term(shown, 'unexplained')).toBeUndefined()
    const states = shown.rows.map(({ state }) => state)
    const rank = ['failed', 'waits', 'open', 'differs', 'agrees']
    expect(states).toEqual([...states].sort((a, b) => rank.indexOf(a) - rank.indexOf(b)))
    expect(shown.rows[0]).toMatchObject({ state: 'failed' })
    expect(shown.rows[0]?.message).toBeTruthy()
    const coho = shown.rows.find(({ customers }) => customers[0]?.id === tenantId('coho'))
    expect(coho).toMatchObject({ state: 'agrees', terms: [], difference: { price: '0' } })
    const { customers, counts, proved } = shown.standing
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(customers)
    expect(decimal(proved).gt(0)).toBe(true)
    await indexIsWhatIsStored()
  })

  it('is filtered by a term and a state, searched, and given as a file [J5]', async () => {
    const all = await month()
    const annual = await month('?term=annual')
    expect(annual.total).toBe(term(all, 'annual')?.bills)
    expect(annual.rows.map(({ customers }) => customers[0]?.name)).toContain('Wide World Importers')
    expect(annual.equation).toEqual(all.equation)
    const found = await month('?search=coho')
    expect(found.rows.map(({ customers }) => customers[0]?.name)).toEqual(['Coho Winery'])
    expect((await month('?state=agrees')).rows.every(({ state }) => state === 'agrees')).toBe(true)
    expect((await month('?term=nothing-like-it')).total).toBe(0)
    const csv = await (await api('GET', `${MONTH}/csv`)).text()
    expect(csv.split('\r\n')[0]).toContain('Customer,Company,Agreement,State,Invoiced,Billed,Difference')
    expect(csv.trimEnd().split('\r\n')).toHaveLength(all.total + 1)
    expect(csv).toContain('Not mapped')
  })

  it('names Sync that is off, and customers that are never mapped, as their own terms [J5]', async () => {
    const before = await month()
    const { path, place } = customer('southridge')
    await of.good('PUT', `${path}/mapping`, { ...place, syncEnabled: false })
    const unmapped = before.rows.find(({ terms }) => terms[0]?.term === 'unmapped')
    const [never] = unmapped?.customers ?? []
    await of.good('PUT', `${P}/customers/${never?.id}/never`, { reason: 'one of ours' })
    const after = await month()
    await isExact(after)
    expect(term(after, 'neverMapped')?.amount).toEqual(unmapped?.invoiced)
    const gap = subtractPair(
      pairOf(term(before, 'unmapped')?.amount ?? expect.fail()),
      pairOf(term(after, 'unmapped')?.amount ?? expect.fail()),
    )
    expect(amount(gap)).toEqual(unmapped?.invoiced)
  })
})

const accept = (body: object) => readAnswer(api, acceptedSchema, 'POST', `${MONTH}/accept`, body)

describe('closing a month', () => {
  it('is refused while somebody is not mapped or a difference is not accepted, and says which [J5]', async () => {
    const shown = await month()
    const body = { billed: shown.equation.billed.price }
    const refused = await refusal(api('POST', `${MONTH}/close`, { body }))
    expect(refused).toMatchObject({ code: 'conflict' })
    for (const { says } of shown.blockers) expect(refused.detail).toContain(says)
  })

  it('takes differences that are accepted by name and note, one by one and many at once, and taken back [J5]', async () => {
    const open = await month('?state=to-accept')
    const one = open.rows.find(({ state }) => state !== 'open') ?? expect.fail('Something differs')
    const named = { bill: one.bill, difference: one.difference.price }
    for (const [body, code] of [
      [{ note: ' ', bills: [named] }, 'request-invalid'],
      [{ note: 'x' }, 'request-invalid'],
      [{ note: 'x', bills: [{ ...named, difference: '0.01' }] }, 'conflict'],
      [{ note: 'x', all: { state: 'to-accept', count: open.total + 1 } }, 'conflict'],
    ] as const)
      expect(await refusal(api('POST', `${MONTH}/accept`, { body }))).toMatchObject({ code })
    expect((await month()).accepted).toBe(0)
    expect(await accept({ note: 'agreed with them', bills: [named] })).toEqual({ count: 1 })
    const row = (await month('?state=accepted')).rows[0]
    expect(row).toMatchObject({ bill: one.bill, accepted: { note: 'agreed with them', by: OWNER } })
    await readAnswer(api, acceptedSchema, 'POST', `${MONTH}/take-back`, { bills: [one.bill] })
    expect((await month()).accepted).toBe(0)
    const all = { note: 'known since March', all: { state: 'to-accept', count: open.total } }
    expect(await accept(all)).toEqual({ count: open.total })
    const after = await month()
    expect([after.toAccept, after.accepted]).toEqual([0, open.total])
    expect(after.blockers.map(({ is }) => is)).toEqual(['unmapped'])
  })

  it('keeps its figures, is told once by mail, and is noted with who [J5]', async () => {
    await readAnswer(api, programSchema, 'PUT', P, { emails: ['clerk@northwind.example'] })
    for (;;) {
      const { rows } = await month('?term=unmapped')
      if (rows.length === 0) break
      for (const { customers } of rows)
        for (const { id } of customers)
          await of.good('PUT', `${P}/customers/${id}/never`, { reason: 'not ours' })
    }
    const open = await month()
    expect(open.toAccept).toBeGreaterThan(0)
    await accept({ note: 'never ours', all: { state: 'to-accept', count: open.toAccept } })
    const ready = await month()
    expect(ready.blockers).toEqual([])
    const body = { billed: ready.equation.billed.price }
    expect(await refusal(api('POST', `${MONTH}/close`, { body: { billed: '1' } }))).toMatchObject({
      code: 'conflict',
    })
    const both = await Promise.all([1, 2].map(() => api('POST', `${MONTH}/close`, { body })))
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409])
    const good = both.find(({ status }) => status === 200)
    expect(closedSchema.parse(await good?.json()).closedBy).toBe(OWNER)
    const closed = await month()
    expect(closed.closing).toMatchObject({ closedBy: OWNER, changedCount: 0, billed: ready.equation.billed })
    await work()
    const told = mail.received.filter(({ raw }) => raw.includes('month was closed'))
    expect(told).toHaveLength(1)
    expect(told[0]?.raw).toContain(`/programs/microsoft-csp/months/${period}`)
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit?action=close-month')
    expect(events).toMatchObject([{ actor: OWNER, action: 'close-month', subject: period }])
    expect(
      await refusal(api('POST', `${MONTH}/take-back`, { body: { bills: [ready.rows[0]?.bill] } })),
    ).toMatchObject({
      code: 'conflict',
    })
  })

  it('is not for who only looks, nor for anybody of another organisation [B6, I2]', async () => {
    await of.good('POST', '/api/people/invitations', { email: 'viewer@northwind.example', role: 'viewer' })
    const viewer = await joined(mailedLink())
    expect((await readAnswer(viewer, monthSchema, 'GET', MONTH)).closing).not.toBeNull()
    for (const [verb, body] of [
      ['accept', { note: 'x', all: { count: 1 } }],
      ['take-back', { bills: ['agreement/1'] }],
      ['close', { billed: '1' }],
      ['reopen', { reason: 'x' }],
    ] as const)
      expect(await refusal(viewer('POST', `${MONTH}/${verb}`, { body }))).toMatchObject({
        code: 'not-allowed',
      })
    const stranger = (await anotherOrganisation(mailedLink)).api
    expect(await refusal(stranger('GET', MONTH))).toMatchObject({ code: 'not-found' })
    expect(await refusal(stranger('POST', `${MONTH}/close`, { body: { billed: '1' } }))).toMatchObject({
      code: 'not-found',
    })
    expect(await refusal(stranger('POST', `${MONTH}/reopen`, { body: { reason: 'x' } }))).toMatchObject({
      code: 'conflict',
    })
  })

  it('that changes afterwards says so with each figure, goes on syncing, and is opened and closed anew [J5]', async () => {
    const coho = demoMappings().find((each) => each.tenantId === tenantId('coho'))
    const [first] = prism.issued
    const dropped = (lines: readonly string[]) => {
      const at = lines.findIndex((line) => line.includes('coho'))
      return lines.filter((_, index) => index !== at)
    }
    await prism.issueAgain(first ?? '', period, dropped)
    await work()
    const { invoices } = (await (await api('GET', '/api/invoices')).json()) as {
      invoices: { id: string; state: string; period: string }[]
    }
    const held = invoices.find((each) => each.state === 'held' && each.period === period)
    await of.good('POST', `/api/invoices/${held?.id}/pick`)
    const picked = await month()
    await isExact(picked)
    expect(picked.closing?.changedCount).toBe(1)
    expect(picked.closing?.changed[0]).toMatchObject({
      bill: `agreement/${coho?.agreementId}`,
      customer: 'Coho Winery',
    })
    await work()
    const synced = await month()
    await isExact(synced)
    expect(synced.closing?.changedCount).toBeGreaterThan(0)
    expect(synced.equation.invoiced).not.toEqual(synced.closing?.invoiced)
    expect(await refusal(api('POST', `${MONTH}/reopen`, { body: { reason: '' } }))).toMatchObject({
      code: 'request-invalid',
    })
    await done(api, 'POST', `${MONTH}/reopen`, { reason: 'PRISM issued it again' })
    expect(await refusal(api('POST', `${MONTH}/reopen`, { body: { reason: 'x' } }))).toMatchObject({
      code: 'conflict',
    })
    const open = await month()
    expect(open.closing).toBeNull()
    expect(open.history[0]?.reopened).toMatchObject({ by: OWNER, reason: 'PRISM issued it again' })
    if (open.toAccept > 0)
      await accept({ note: 'as before', all: { state: 'to-accept', count: open.toAccept } })
    await readAnswer(api, closedSchema, 'POST', `${MONTH}/close`, {
      billed: (await month()).equation.billed.price,
    })
    expect((await month()).history).toHaveLength(2)
    await indexIsWhatIsStored()
  })

  it('keeps what ConnectWise had invoiced by then, and says what it invoices otherwise since [J5, J6]', async () => {
    const agreementId = demoMappings().find((each) => each.tenantId === tenantId('coho'))?.agreementId ?? 0
    const before = await month()
    expect(before.closing?.second).toMatchObject({ compared: 0, differ: 0, changed: 0 })
    await done(api, 'POST', `${MONTH}/reopen`, { reason: 'ConnectWise invoiced it' })
    const compared = async (invoiced: string, terms: Record<string, string>) => {
      const proof = {
        period,
        state: 'compared' as const,
        since: period,
        invoiced: invoiced as Money,
        billedSoFar: '100' as Money,
        invoicedSoFar: invoiced as Money,
        terms: terms as Record<string, Money>,
        doubts: [],
        expectedNext: null,
        forecast: null,
        noForecast: null,
        provedAt: new Date(),
      }
      await putSecondProofs(await database(), await organisationId(), 'microsoft-csp', agreementId, [proof])
    }
    await compared('100', {})
    await readAnswer(api, closedSchema, 'POST', `${MONTH}/close`, {
      billed: (await month()).equation.billed.price,
    })
    const row = async () => (await month()).rows.find((each) => each.bill === `agreement/${agreementId}`)
    const closed = await month()
    expect(closed.closing?.second).toEqual({
      all: before.closing?.second.all,
      compared: 1,
      differ: 0,
      changed: 0,
    })
    expect((await row())?.closedSecond).toEqual({ invoiced: '100', terms: [], isOther: false })
    const other = closed.rows.find((each) => each.bill !== `agreement/${agreementId}`)
    expect(other?.closedSecond).toBeNull()
    await compared('90', { amended: '-10' })
    expect((await month()).closing?.second).toMatchObject({ compared: 1, differ: 0, changed: 1 })
    expect((await row())?.closedSecond).toEqual({ invoiced: '100', terms: [], isOther: true })
    // Closed anew it is kept with its reason, and an invoice that is gone is another one.
    await done(api, 'POST', `${MONTH}/reopen`, { reason: 'It was changed' })
    expect((await row())?.closedSecond).toBeNull()
    await readAnswer(api, closedSchema, 'POST', `${MONTH}/close`, {
      billed: (await month()).equation.billed.price,
    })
    expect((await row())?.closedSecond).toEqual({
      invoiced: '90',
      terms: [{ term: 'amended', amount: '-10' }],
      isOther: false,
    })
    expect((await month()).closing?.second).toMatchObject({ differ: 1, changed: 0 })
    await putSecondProofs(await database(), await organisationId(), 'microsoft-csp', agreementId, [])
    expect((await row())?.closedSecond?.isOther).toBe(true)
  })

  it('without an invoice is not found, and no month at all is none', async () => {
    for (const path of ['2026-12', '2026-13', 'april'])
      expect(await refusal(api('GET', `${P}/months/${path}`))).toMatchObject({ code: 'not-found' })
  })
})

it('has had a good answer of every endpoint of its own', () => {
  const own = 'programs/[program]/months/[period]'
  const verbs = ['accept', 'close', 'csv', 'reopen', 'take-back'].map((verb) => `${own}/${verb}`)
  expect(notAnswered([own, ...verbs])).toEqual([])
})
