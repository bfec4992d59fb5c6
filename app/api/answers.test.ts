/** What people answer, through the API, with a second organisation beside it: nobody answers for the other (F5, F12, F18). */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '#db/client.ts'
import { confirmationsOf } from '#db/mappings/confirmations.ts'
import { runItem, updateItem } from '#db/runs/runs.ts'
import { runs } from '#db/runs/tables.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { answeredSchema, answersSchema } from './schemas/answers.ts'
import { auditSchema } from './schemas/audit.ts'
import { skippedSchema, unskippedSchema } from './schemas/customers.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { createdOrganisationSchema } from './schemas/people.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  routeFiles,
  settled,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'
import { done, isAnsweringRoute, readAnswer, refusal, routesNotRead } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const operatorSecret = 'operator-secret-of-the-test'
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
const db = async (): Promise<Database> => (await import('#app/process/process.ts')).server().db

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
  await api('PUT', '/api/connections/prism', { body: world.prismInput })
  await api('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
  await api('PUT', P, { body: { enabled: true } })
  await world.issueNextInvoice()
  const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
  await api('PUT', `${P}/customers/${tenantId}/mapping`, { body: mapping })
  runId = (await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)).runId
  await settled()
  const [made] = await (await db()).select().from(runs).where(eq(runs.id, runId))
  organisationId = made?.organisationId ?? ''
  const item = await runItem(await db(), organisationId, runId, coho.agreementId)
  const row = item?.plans[0]?.subscriptions.find(({ kind }) => kind === 'subscription')
  subscriptionId = row?.subscriptionId ?? ''
  additionId = row?.applied.find(({ additionId: id }) => id !== null)?.additionId ?? 0
  expect([subscriptionId.length > 0, additionId > 0]).toEqual([true, true])

  const body = { name: 'Adventure Works', ownerEmail: 'owner@adventure.example' }
  const theirs = await call('POST', '/api/organisations', {
    headers: { authorization: `Bearer ${operatorSecret}` },
    body,
  })
  const { link } = createdOrganisationSchema.parse(await theirs.json()).invitation
  const token = new URL(link ?? '').hash.slice(1)
  stranger = withSessionOf(
    await call('POST', '/api/session/invitation', {
      body: { token, name: '', password: 'a-long-password' },
    }),
  )
})
afterAll(() => world.stop())

const answers = () => readAnswer(api, answersSchema, 'GET', `${AGREEMENT}/answers`)
const audited = async (): Promise<string[]> =>
  (await readAnswer(api, auditSchema, 'GET', '/api/audit')).events.map(({ action }) => action)

describe('an answer about an addition', () => {
  const path = () => `${AGREEMENT}/additions/${additionId}/answer`

  it('is kept, replaced, listed with who gave it, taken back, and audited [F5]', async () => {
    const said = { additionId, answer: 'nobody', subscriptionId: null, endsOn: null }
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

describe('a yes to what waits', () => {
  /** As a late month leaves it behind. */
  const leaveWaiting = async (invoiceId: string | null) => {
    const item = await runItem(await db(), organisationId, runId, coho.agreementId)
    const plans = (item?.plans ?? []).map((plan) => ({
      ...plan,
      invoiceId: invoiceId ?? plan.invoiceId,
      subscriptions: plan.subscriptions.map((row) =>
        row.subscriptionId === subscriptionId
          ? { ...row, waits: { question: 'late' as const, changes: [] } }
          : row,
      ),
    }))
    await updateItem(await db(), organisationId, runId, coho.agreementId, { plans })
    return item?.plans ?? []
  }
  const path = () => `/api/runs/${runId}/confirm`
  const stored = async () => confirmationsOf(await db(), organisationId, PROGRAM, coho.agreementId)

  it('is refused where nothing waits, and by who cannot see the run [F18]', async () => {
    expect((await refusal(api('POST', path()))).code).toBe('conflict')
    expect((await refusal(stranger('POST', path()))).code).toBe('not-found')
  })

  it('does not count for an invoice that another one has replaced', async () => {
    const plans = await leaveWaiting('replaced')
    expect(await refusal(api('POST', path()))).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('Another invoice is in use'),
    })
    expect(await stored()).toEqual([])
    await updateItem(await db(), organisationId, runId, coho.agreementId, { plans })
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

describe('a skipped month', () => {
  it('is listed with its amount, and planned again once it is taken back [F12]', async () => {
    const item = await runItem(await db(), organisationId, runId, coho.agreementId)
    const plan = item?.plans[0]
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

it('has read an answer of every route by its schema', () => {
  expect(routesNotRead(routeFiles.filter(isAnsweringRoute))).toEqual([])
})
