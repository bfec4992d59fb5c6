/** A One-Time agreement over the API: its plan, its sync, its pod, and answers about lines of annual invoices (J9). */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { previewSchema, undoPreviewSchema } from '#lib/billing/plan-money.ts'
import { demoMappings, tenantId } from '../../standin/data/index.ts'
import { answersSchema } from './schemas/answers.ts'
import { auditSchema } from './schemas/audit.ts'
import { companyContentSchema } from './schemas/company.ts'
import { customerMonthDetailSchema, customerMonthsSchema } from './schemas/customer-months.ts'
import { inboxSchema } from './schemas/inbox.ts'
import { agreementMonthSchema, agreementMonthsSchema, podContentSchema } from './schemas/pod.ts'
import { addAgreement, annualFile, issueAnnual } from './testing/annual-world.ts'
import { type ApiWorld, type CallApi } from './testing/api-world.ts'
import { startOrganisation, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const found = demoMappings().find((each) => each.tenantId === tenantId('coho'))
if (found === undefined) throw new Error('The demo maps coho')
const coho = found
const csv = annualFile({ customer: { name: 'Coho Winery', domain: 'cohowinery.example' } })
const today = new Date().toISOString().slice(0, 10)
const month = today.slice(0, 7)
const issued = {
  year: Number(today.slice(0, 4)),
  month: Number(today.slice(5, 7)),
  billingPeriodStart: today,
}

let world: ApiWorld
let api: CallApi
let oneTime: number
let first: string
let again: string
beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await world.issueNextInvoice()
  await work()
  await api('PUT', P, { body: { annualTermsAtOnce: true } })
  oneTime = addAgreement(world, coho.agreementId)
  first = await issueAnnual(world, csv, issued)
  await work()
  await api('PUT', `${P}/customers/${coho.tenantId}/one-time-mapping`, {
    body: { companyId: coho.companyId, agreementId: oneTime, syncEnabled: true },
  })
})
afterAll(() => world.stop())

const of = (path: string) => `${P}/agreements/${oneTime}${path}`
const pod = () => readAnswer(api, podContentSchema, 'GET', `/api/hosted/agreements/${oneTime}`)
const asked = async () =>
  (await readAnswer(api, inboxSchema, 'GET', '/api/inbox?kind=annual-line')).groups.flatMap(
    ({ items }) => items,
  )
const lineOf = async (says: 'carry' | 'leave' | null) => {
  const [item] = await asked()
  const body = item?.actions.find(({ id }) => id === 'carry-line')?.body
  if (body === null || body === undefined) throw new Error('Nothing is asked')
  return { ...body, says }
}
const additions = () => world.connectWise.store.additionsOf(oneTime)

describe('a One-Time agreement', () => {
  it('has a plan by annual invoice, with its money, and nothing is written by asking for it [J9]', async () => {
    const plan = await readAnswer(api, previewSchema, 'GET', of('/plan'))
    expect(plan).toMatchObject({
      agreementId: oneTime,
      periods: [{ invoiceId: first, annual: { issuedOn: today }, totals: { invoiced: { price: '1200' } } }],
      money: { change: { price: '1200' }, next: null },
    })
    expect(additions()).toEqual([])
  })

  it('is synced when a person asks, and its pod names the invoice; it is no customer’s green bill [J9, H1]', async () => {
    expect((await api('POST', of('/sync'))).status).toBe(202)
    await work()
    expect(additions()).toMatchObject([{ quantity: 5, unitPrice: 240 }])
    expect(await pod()).toMatchObject({
      state: 'mapped',
      isOneTime: true,
      agreement: { id: oneTime },
      tenants: [{ id: coho.tenantId, syncs: true }],
      result: { status: 'Success', periods: [{ invoiceId: first, annual: { issuedOn: today } }] },
    })
    const months = await readAnswer(
      api,
      agreementMonthsSchema,
      'GET',
      `/api/hosted/agreements/${oneTime}/months`,
    )
    expect(months.months).toMatchObject([{ period: month, annual: { invoiceId: first, issuedOn: today } }])
    const path = `/api/hosted/agreements/${oneTime}/months/${month}`
    expect(await readAnswer(api, agreementMonthSchema, 'GET', `${path}?invoiceId=${first}`)).toMatchObject({
      outcome: { invoiceId: first, subscriptions: [{ kind: 'annual', annualLines: [{ quantity: '5' }] }] },
    })
    expect(await refusal(api('GET', path))).toMatchObject({ code: 'not-found' })
    const company = await readAnswer(
      api,
      companyContentSchema,
      'GET',
      `/api/hosted/companies/${coho.companyId}`,
    )
    expect(company.agreements.find(({ id }) => id === oneTime)).toMatchObject({
      isOneTime: true,
      findings: [],
      proof: { annual: { invoiceId: first }, invoiced: '1200', billed: '1200' },
    })
  })

  it('is among the customer’s months by its name, apart from the month [J9, H1]', async () => {
    const path = `${P}/customers/${coho.tenantId}/months`
    const { months } = await readAnswer(api, customerMonthsSchema, 'GET', path)
    expect(months).toMatchObject([
      { period: month, annual: { invoiceId: first }, billed: { price: '1200' }, isBilled: false },
    ])
    const opened = `${path}/${month}?agreementId=${oneTime}&invoiceId=${first}`
    expect(await readAnswer(api, customerMonthDetailSchema, 'GET', opened)).toMatchObject({
      outcome: { invoiceId: first },
    })
  })

  it('of nobody has neither a plan nor a sync [J9]', async () => {
    const other = `${P}/agreements/${oneTime + 1}`
    expect(await refusal(api('GET', `${other}/plan`))).toMatchObject({ code: 'not-mapped' })
    expect(await refusal(api('POST', `${other}/sync`))).toMatchObject({ code: 'not-mapped' })
  })
})

describe('a line of an annual invoice that may be billed already', () => {
  it('waits with its amount and what a yes would write, and nothing is written [J9]', async () => {
    again = await issueAnnual(world, csv, issued)
    await work()
    expect(additions()).toHaveLength(1)
    const [item] = await asked()
    expect(item).toMatchObject({
      money: { amount: '1200', per: 'once' },
      of: { tenant: { id: coho.tenantId }, agreement: { id: oneTime } },
      says: `Invoice ${first} has the same line already`,
      asked: { line: { why: 'twice', writes: [expect.stringMatching(/^\+5 at 240\.00, billed once on/)] } },
      actions: [{ id: 'carry-line' }, { id: 'leave-line' }],
    })
    expect((await pod()).todo).toMatchObject({ total: 1 })
  })

  it('is answered, taken back and answered otherwise, and the audit has each [J9]', async () => {
    const body = await lineOf('leave')
    expect((await api('PUT', of('/line-answers'), { body })).status).toBe(200)
    expect(await asked()).toEqual([])
    const said = () => readAnswer(api, answersSchema, 'GET', of('/answers'))
    expect((await said()).lines).toMatchObject([
      { says: 'leave', quantity: '5', price: '1200', isWritten: false, invoiceId: again },
    ])
    expect((await api('PUT', of('/line-answers'), { body: { ...body, says: null } })).status).toBe(200)
    expect((await said()).lines).toEqual([])
    expect(await refusal(api('PUT', of('/line-answers'), { body: { ...body, says: null } }))).toMatchObject({
      code: 'not-found',
    })
    expect((await api('PUT', of('/line-answers'), { body: { ...body, says: 'carry' } })).status).toBe(200)
    await api('POST', of('/sync'))
    await work()
    expect(additions()).toHaveLength(2)
    expect((await said()).lines).toMatchObject([{ says: 'carry', isWritten: true }])
    expect(await refusal(api('PUT', of('/line-answers'), { body: { ...body, says: null } }))).toMatchObject({
      code: 'conflict',
    })
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    const actions = events.map(({ action }) => action)
    expect(actions.filter((each) => each === 'answer-line')).toHaveLength(2)
    expect(actions).toContain('take-line-back')
  })

  it('that was never asked about cannot be answered [J9]', async () => {
    const [line] = (await readAnswer(api, answersSchema, 'GET', of('/answers'))).lines
    const body = { lineId: line?.lineId.replaceAll(/[0-9a-f]/g, 'a'), says: 'carry' }
    expect(await refusal(api('PUT', of('/line-answers'), { body }))).toMatchObject({ code: 'not-found' })
    expect(await refusal(api('PUT', of('/line-answers'), { body: { says: 'carry' } }))).toMatchObject({
      code: 'request-invalid',
    })
  })

  it('is given back once where its sync is undone, as the preview says [J2]', async () => {
    const content = await pod()
    const runId = content.state === 'mapped' ? content.undoes : null
    const path = `/api/runs/${runId}/agreements/${oneTime}/undo`
    expect(await readAnswer(api, undoPreviewSchema, 'GET', path)).toMatchObject({
      invoiceId: again,
      subscriptions: [{ changes: [{ kind: 'keep' }, { kind: 'create', addition: { quantity: '-1' } }] }],
      money: { change: { price: '-1200' } },
    })
  })
})

describe('what ConnectWise says of a One-Time agreement', () => {
  it('is read with its pod and each run: right once its own invoice holds the lines, and not before [J6, J9]', async () => {
    expect((await pod()).state).toBe('mapped')
    await work()
    const second = async () => {
      const content = await pod()
      return content.state === 'mapped' ? content.second : null
    }
    expect(await second()).toMatchObject({ tone: 'quiet' })
    const url = `${world.connectWise.url}/control/agreements/${oneTime}/invoice`
    expect((await fetch(url, { method: 'POST' })).ok).toBe(true)
    await api('POST', of('/sync'))
    await work()
    expect(await second()).toMatchObject({ tone: 'good', says: 'agrees', source: 'invoices', terms: [] })
    const company = await readAnswer(
      api,
      companyContentSchema,
      'GET',
      `/api/hosted/companies/${coho.companyId}`,
    )
    expect(company.agreements.find(({ id }) => id === oneTime)?.second).toMatchObject({ says: 'agrees' })
    const path = `${P}/customers/${coho.tenantId}/months`
    const { months } = await readAnswer(api, customerMonthsSchema, 'GET', path)
    expect(months).toContainEqual(
      expect.objectContaining({ isBilled: true, second: expect.objectContaining({ says: 'agrees' }) }),
    )
  })
})
