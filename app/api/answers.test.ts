/** What people answer, through the API, with a second organisation beside it: nobody answers for the other (F5, F12, F18). */
import { and, desc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '#db/client.ts'
import { readings } from '#db/ledger/tables.ts'
import { confirmationsOf } from '#db/mappings/confirmations.ts'
import { invoiceLines } from '#db/prism/invoice-tables.ts'
import { roundsOf } from '#db/runs/run-periods.ts'
import { runs } from '#db/runs/tables.ts'
import { monthEnd, nextDay } from '#lib/billing/days.ts'
import { noSubscription } from '#lib/billing/keys.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { answeredSchema, answersSchema, billedSchema } from './schemas/answers.ts'
import { auditSchema } from './schemas/audit.ts'
import { skippedSchema, unskippedSchema } from './schemas/customers.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { runSchema } from './schemas/runs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  operatorSecret,
  routeFiles,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { anotherOrganisation, connect, mapCustomer, switchSyncOn } from './testing/organisation.ts'
import { done, isAnsweringRoute, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PROGRAM = 'microsoft-csp'
const P = `/api/programs/${PROGRAM}`
const [coho, other] = demoMappings()
if (coho === undefined || other === undefined) throw new Error('The demo maps at least two customers')
const AGREEMENT = `${P}/agreements/${coho.agreementId}`
const COHO = `${P}/customers/${coho.tenantId}`

let world: ApiWorld
let api: CallApi
let stranger: CallApi
let runId: string
let additionId: number
let subscriptionId: string
let organisationId: string
const item = () => ({ runId, agreementId: coho.agreementId })
const db = async (): Promise<Database> => (await import('#app/process/process.ts')).server().db

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  await world.issueNextInvoice()
  await mapCustomer(api, coho)
  runId = (await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)).runId
  await settled()
  const [made] = await (await db()).select().from(runs).where(eq(runs.id, runId))
  organisationId = made?.organisationId ?? ''
  const months = await outcomesOf(await db(), organisationId, item())
  const row = months[0]?.subscriptions.find(({ kind }) => kind === 'subscription')
  subscriptionId = row?.subscriptionId ?? ''
  additionId = row?.applied.find(({ additionId: id }) => id !== null)?.additionId ?? 0
  expect([subscriptionId.length > 0, additionId > 0]).toEqual([true, true])

  stranger = (await anotherOrganisation()).api
})
afterAll(() => world.stop())

const answers = () => readAnswer(api, answersSchema, 'GET', `${AGREEMENT}/answers`)
const audited = async (): Promise<string[]> =>
  (await readAnswer(api, auditSchema, 'GET', '/api/audit')).events.map(({ action }) => action)

describe('an answer about an addition', () => {
  const path = () => `${AGREEMENT}/additions/${additionId}/answer`

  it('is kept, replaced, listed with who gave it, taken back, and audited [F5]', async () => {
    const said = { additionId, answer: 'nobody', subscriptionId: null, endsOn: null, follows: 'soon' }
    expect(await readAnswer(api, answeredSchema, 'PUT', path(), { answer: 'nobody' })).toEqual(said)
    const ends = { answer: 'ends', endsOn: '2026-12-31' }
    expect(await readAnswer(api, answeredSchema, 'PUT', path(), ends)).toMatchObject(ends)
    expect((await answers()).answers).toMatchObject([
      { additionId, answer: 'ends', endsOn: '2026-12-31', by: expect.stringContaining('@') },
    ])
    const whose = { answer: 'subscription', subscriptionId: subscriptionId.toUpperCase() }
    expect(await readAnswer(api, answeredSchema, 'PUT', path(), whose)).toMatchObject({
      subscriptionId: subscriptionId.toLowerCase(),
    })
    await done(api, 'DELETE', path())
    expect((await answers()).answers).toEqual([])
    expect((await refusal(api('DELETE', path()))).code).toBe('not-found')
    const actions = await audited()
    expect(actions.filter((each) => each === 'answer-addition')).toHaveLength(3)
    expect(actions.filter((each) => each === 'take-answer-back')).toHaveLength(1)
  })

  it('says in words what is missing or wrong, field by field [H6]', async () => {
    const fieldsOf = async (body: object) => (await refusal(api('PUT', path(), { body }))).fields
    expect(await fieldsOf({ answer: 'ends' })).toMatchObject([{ field: 'endsOn' }])
    expect(await fieldsOf({ answer: 'ends', endsOn: '2026-11-29' })).toMatchObject([
      { field: 'endsOn', message: 'Enter the last day of a month, for example 2026-11-30.' },
    ])
    expect(await fieldsOf({ answer: 'subscription' })).toMatchObject([{ field: 'subscriptionId' }])
    expect(await fieldsOf({ answer: 'perhaps' })).toMatchObject([{ field: 'answer' }])
    const invoiced = await refusal(api('PUT', path(), { body: { answer: 'ends', endsOn: '2020-01-31' } }))
    expect(invoiced).toMatchObject({
      code: 'request-invalid',
      detail: expect.stringContaining('has invoiced'),
    })
  })

  it('is refused for what is not there, and for what is another organisation’s', async () => {
    const code = async (by: CallApi, method: string, at: string, body?: object) =>
      (await refusal(by(method, at, { body }))).code
    const nobody = { answer: 'nobody' }
    expect(await code(api, 'PUT', `${AGREEMENT}/additions/999999/answer`, nobody)).toBe('not-found')
    expect(await code(api, 'PUT', `${P}/agreements/${other.agreementId}/additions/1/answer`, nobody)).toBe(
      'not-found',
    )
    expect(await code(api, 'PUT', path(), { answer: 'subscription', subscriptionId: 'nothing' })).toBe(
      'not-found',
    )
    await readAnswer(api, answeredSchema, 'PUT', path(), nobody)
    expect(await code(stranger, 'PUT', path(), { answer: 'stays' })).toBe('not-found')
    expect(await code(stranger, 'DELETE', path())).toBe('not-found')
    expect(await code(stranger, 'GET', `${AGREEMENT}/answers`)).toBe('not-found')
    expect((await answers()).answers).toMatchObject([{ additionId, answer: 'nobody' }])
    await done(api, 'DELETE', path())
  })
})

describe('an answer about an invoice of ConnectWise’s [2a, Days billed]', () => {
  let through: string
  const path = (id = additionId, day = through) => `${AGREEMENT}/additions/${id}/billed/${day}`
  /** ConnectWise has invoiced one month more since the newest reading, and nothing tells how it billed the addition. */
  beforeAll(async () => {
    const database = await db()
    const [newest] = await database
      .select()
      .from(readings)
      .where(eq(readings.agreementId, coho.agreementId))
      .orderBy(desc(readings.id))
    if (!newest?.nextInvoiceDate) throw new Error('The sync has kept a reading')
    through = monthEnd(newest.nextInvoiceDate)
    await database
      .update(readings)
      .set({ doubts: [{ additionId, after: null }] })
      .where(eq(readings.id, newest.id))
    const { organisationId: of, agreementId, additions, firstReadAt, lastReadAt } = newest
    const times = { firstReadAt, lastReadAt }
    const nextInvoiceDate = nextDay(monthEnd(newest.nextInvoiceDate))
    await database
      .insert(readings)
      .values({ organisationId: of, agreementId, additions, ...times, nextInvoiceDate })
  })

  it('is kept, replaced, listed with who gave it, taken back, and audited', async () => {
    const said = { additionId, through, billed: 'before' }
    expect(await readAnswer(api, billedSchema, 'PUT', path(), { billed: 'before' })).toEqual({
      ...said,
      follows: 'soon',
    })
    await readAnswer(api, billedSchema, 'PUT', path(), { billed: 'after' })
    expect((await answers()).billed).toMatchObject([
      { ...said, billed: 'after', by: expect.stringContaining('@') },
    ])
    await done(api, 'DELETE', path())
    expect((await answers()).billed).toEqual([])
    expect((await refusal(api('DELETE', path()))).code).toBe('not-found')
    const actions = await audited()
    expect(actions.filter((each) => each === 'answer-billed')).toHaveLength(2)
    expect(actions.filter((each) => each === 'take-billed-back')).toHaveLength(1)
  })

  it('is refused where nothing is in doubt, for another word, and for who cannot see the agreement', async () => {
    const body = { billed: 'before' }
    const codeOf = async (by: CallApi, at: string) => (await refusal(by('PUT', at, { body }))).code
    expect(await codeOf(api, path(999999))).toBe('not-found')
    expect(await codeOf(api, path(additionId, '2020-01-31'))).toBe('not-found')
    expect(await codeOf(api, path(additionId, 'never'))).toBe('not-found')
    expect(await codeOf(stranger, path())).toBe('not-found')
    const wrong = await refusal(api('PUT', path(), { body: { billed: 'perhaps' } }))
    expect(wrong.fields).toMatchObject([{ field: 'billed' }])
    await readAnswer(api, billedSchema, 'PUT', path(), body)
    expect((await refusal(stranger('DELETE', path()))).code).toBe('not-found')
    expect((await answers()).billed).toHaveLength(1)
    await done(api, 'DELETE', path())
  })
})

describe('a yes to what waits', () => {
  /** As a late month leaves it behind: the last round says so. Returns how to take it back. */
  const leaveWaiting = async (invoiceId: string | null) => {
    const opened = await db()
    const rounds = await roundsOf(opened, organisationId, item())
    const row = sql`row->>'subscriptionId' = ${subscriptionId}`
    const waits = JSON.stringify({ waits: { question: 'late', changes: [] } })
    await opened.execute(sql`
      UPDATE run_periods SET plan = plan
        || jsonb_build_object('invoiceId', coalesce(${invoiceId}, plan->>'invoiceId'))
        || jsonb_build_object('subscriptions', (
             SELECT jsonb_agg(CASE WHEN ${row} THEN row || ${waits}::jsonb ELSE row END ORDER BY at)
             FROM jsonb_array_elements(plan->'subscriptions') WITH ORDINALITY AS rows(row, at)))
      WHERE run_id = ${runId} AND agreement_id = ${coho.agreementId}`)
    return async () => {
      for (const { round, plan } of rounds)
        await opened.execute(sql`
          UPDATE run_periods SET plan = ${JSON.stringify(plan)}::jsonb
          WHERE run_id = ${runId} AND agreement_id = ${coho.agreementId} AND round = ${round}`)
    }
  }
  const path = () => `/api/runs/${runId}/confirm`
  const stored = async () => confirmationsOf(await db(), organisationId, PROGRAM, coho.agreementId)

  it('is refused where nothing waits, and by who cannot see the run [F18]', async () => {
    expect((await refusal(api('POST', path()))).code).toBe('conflict')
    expect((await refusal(stranger('POST', path()))).code).toBe('not-found')
  })

  it('does not count for an invoice that another one has replaced', async () => {
    const takeBack = await leaveWaiting('replaced')
    expect(await refusal(api('POST', path()))).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('Another invoice is in use'),
    })
    expect(await stored()).toEqual([])
    await takeBack()
  })

  it('is noted for what it names and nothing else, syncs the agreement, and is audited', async () => {
    await leaveWaiting(null)
    const named = { agreementId: coho.agreementId, subscriptionId, question: 'late' }
    expect((await refusal(stranger('POST', path(), { body: named }))).code).toBe('not-found')
    expect((await refusal(api('POST', path(), { body: { ...named, question: 'guard' } }))).code).toBe(
      'conflict',
    )
    expect((await refusal(api('POST', path(), { body: { ...named, period: '2020-01' } }))).code).toBe(
      'conflict',
    )
    const started = await readAnswer(api, startedRunSchema, 'POST', path(), named)
    expect(started.runId).not.toBe(runId)
    await settled()
    expect(await stored()).toMatchObject([{ subscriptionId: subscriptionId.toLowerCase(), question: 'late' }])
    expect((await answers()).confirmed).toMatchObject([
      { subscriptionId: subscriptionId.toLowerCase(), by: expect.stringContaining('@') },
    ])
    expect(await audited()).toContain('confirm-waiting')
  })

  it('without a body is one to all of the run that waits', async () => {
    await readAnswer(api, startedRunSchema, 'POST', path())
    await settled()
    expect(await stored()).toHaveLength(1)
  })
})

describe('what an invoice of a run charges of nobody known [2a, The proof]', () => {
  const unclaimed = async () => (await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)).unclaimed

  it('is named with the run, price and cost, until somebody says whose it is', async () => {
    expect(await unclaimed()).toEqual([])
    const database = await db()
    const { firstPeriod: period } = await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
    const [line] = await database
      .select()
      .from(invoiceLines)
      .where(and(eq(invoiceLines.organisationId, organisationId), eq(invoiceLines.tenantId, other.tenantId)))
    const { invoiceId = '', subscriptionId: id = noSubscription } = line ?? {}
    const own = and(eq(invoiceLines.invoiceId, invoiceId), eq(invoiceLines.subscriptionId, id))
    const charged = await database.select().from(invoiceLines).where(own)
    const total = (side: 'cost' | 'price') =>
      charged.reduce((sum, each) => sum + 100 * Number(each[side]), 0).toFixed(0)
    await database.update(invoiceLines).set({ tenantId: null }).where(own)
    const [found, ...others] = await unclaimed()
    expect([found?.invoiceId, found?.period, others]).toEqual([invoiceId, period, []])
    const { price = '', cost = '' } = found?.amount ?? {}
    expect([price, cost].map((each) => (100 * Number(each)).toFixed(0))).toEqual([
      total('price'),
      total('cost'),
    ])
    expect(total('price')).not.toBe('0')
    const path = `/api/invoices/${invoiceId}/lines/${encodeURIComponent(id)}/owner`
    await api('PUT', path, { body: { tenantId: null } })
    expect(await unclaimed(), 'said to be nobody’s').toEqual([])
    await api('PUT', path, { body: { tenantId: other.tenantId } })
    expect(await unclaimed()).toEqual([])
    await settled()
  })
})

describe('a skipped month', () => {
  it('is listed with its amount, and planned again once it is taken back [F12]', async () => {
    const [plan] = await outcomesOf(await db(), organisationId, item())
    const invoiced = plan?.subscriptions.find((row) => row.subscriptionId === subscriptionId)?.invoiced
    const body = { subscriptionId, period: plan?.period }
    expect((await refusal(api('POST', `${COHO}/unskip`, { body }))).code).toBe('not-found')
    await api('PUT', `${COHO}/next-period`, { body: { first: plan?.period } })
    expect((await readAnswer(api, skippedSchema, 'POST', `${COHO}/skip`, body)).skipped).toEqual(invoiced)
    expect((await answers()).skipped).toMatchObject([
      { tenantId: coho.tenantId, subscriptionId: subscriptionId.toLowerCase(), amount: invoiced },
    ])
    expect((await refusal(stranger('POST', `${COHO}/unskip`, { body }))).code).toBe('not-mapped')
    const back = await readAnswer(api, unskippedSchema, 'POST', `${COHO}/unskip`, body)
    expect(back.planned).toEqual(invoiced)
    expect((await answers()).skipped).toEqual([])
    expect(await audited()).toEqual(expect.arrayContaining(['skip-period', 'unskip-period']))
  })
})

it('has had a good answer of every endpoint of its own', () => {
  expect(notAnswered(routeFiles.filter(isAnsweringRoute))).toEqual([])
})
