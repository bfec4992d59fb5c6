/** Annual terms billed at once, over the API: the option, invoices of before, and the One-Time agreement of a customer (J9, E2, A5). */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings, tenantId } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { agreementsSchema } from './schemas/connectwise.ts'
import {
  type Customer,
  customersSchema,
  oneTimeClearedSchema,
  oneTimeMappedSchema,
} from './schemas/customers.ts'
import { inboxSchema } from './schemas/inbox.ts'
import { invoiceSchema, invoicesSchema } from './schemas/invoices.ts'
import { programSchema } from './schemas/programs.ts'
import { renewalsSchema } from './schemas/renewals.ts'
import { addAgreement, annualFile, issueAnnual } from './testing/annual-world.ts'
import { type ApiWorld, type CallApi } from './testing/api-world.ts'
import { mapCustomer, startOrganisation, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const coho = place('coho')
const fabrikam = place('fabrikam')
const inCoho = { customer: { name: 'Coho Winery', domain: 'cohowinery.example' } }
const inFabrikam = {
  customer: { name: 'Fabrikam', domain: 'fabrikam.example' },
  subscriptionId: '0d5c1c9e-0000-4000-8000-000000000902',
}

function place(key: string) {
  const found = demoMappings().find((each) => each.tenantId === tenantId(key))
  if (found === undefined) throw new Error(`The demo maps ${key}`)
  return found
}

let world: ApiWorld
let api: CallApi
let oneTime: number
let old: string
const today = new Date().toISOString().slice(0, 10)
const thisMonth = {
  year: Number(today.slice(0, 4)),
  month: Number(today.slice(5, 7)),
  billingPeriodStart: today,
}

beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await world.issueNextInvoice()
  old = await issueAnnual(world, annualFile(inCoho), {
    year: 2026,
    month: 4,
    billingPeriodStart: '2026-04-18',
  })
  await work()
  oneTime = addAgreement(world, coho.agreementId)
})
afterAll(() => world.stop())

const customerOf = async (id: string): Promise<Customer> => {
  const { customers } = await readAnswer(api, customersSchema, 'GET', `${P}/customers?page=1`)
  const found = customers.find((each) => each.tenantId === id)
  if (found === undefined) throw new Error('The customer is listed')
  return found
}
const invoiceOf = async (id: string) =>
  (await readAnswer(api, invoicesSchema, 'GET', '/api/invoices')).invoices.find((each) => each.id === id)
const putOneTime = (over: object = {}, tenant = coho.tenantId) =>
  api('PUT', `${P}/customers/${tenant}/one-time-mapping`, {
    body: { companyId: coho.companyId, agreementId: oneTime, syncEnabled: false, ...over },
  })
const mapped = async (over: object = {}, tenant = coho.tenantId) =>
  oneTimeMappedSchema.parse(await (await putOneTime(over, tenant)).json())
const waiting = async () =>
  (await readAnswer(api, inboxSchema, 'GET', '/api/inbox?kind=annual-waits')).groups.flatMap(
    ({ items }) => items,
  )

describe('annual terms billed at once', () => {
  it('are off, as in the guide: their invoices are listed with the amount and carried nowhere [J9]', async () => {
    expect(await readAnswer(api, programSchema, 'GET', P)).toMatchObject({
      annualTermsAtOnce: false,
      annualInvoices: { since: null, leftOut: { invoices: 1, price: '1200' } },
    })
    expect(await invoiceOf(old)).toMatchObject({
      state: 'annual',
      totalPrice: '1200',
      atOnce: { is: 'off', issuedOn: '2026-04-18', takenBy: null },
    })
    expect((await customerOf(coho.tenantId)).annual).toEqual({ isOn: false, mapping: null, waits: null })
    expect((await customerOf(fabrikam.tenantId)).annual).toBeNull()
    expect(await refusal(api('POST', `/api/invoices/${old}/take`))).toMatchObject({ code: 'conflict' })
    expect(await waiting()).toEqual([])
  })

  it('are carried from the day on which they are switched on, and say what is left out then [J9]', async () => {
    const on = await readAnswer(api, programSchema, 'PUT', P, { annualTermsAtOnce: true })
    const since = on.annualInvoices.since
    expect(on).toMatchObject({
      annualTermsAtOnce: true,
      annualInvoices: { leftOut: { invoices: 1, price: '1200' } },
    })
    expect(since).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(await readAnswer(api, programSchema, 'PUT', P, { annualTermsAtOnce: true })).toEqual(on)
    expect(await invoiceOf(old)).toMatchObject({ atOnce: { is: 'before', since } })
    const off = await readAnswer(api, programSchema, 'PUT', P, { annualTermsAtOnce: false })
    expect(off.annualInvoices).toMatchObject({ since: null, leftOut: { invoices: 1 } })
    await readAnswer(api, programSchema, 'PUT', P, { annualTermsAtOnce: true })
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(
      events.filter(({ action }) => action === 'change-program').map(({ detail }) => detail),
    ).toContainEqual({
      before: { annualTermsAtOnce: null },
      after: { annualTermsAtOnce: since },
    })
  })

  it('of before are taken over one by one, and left again as long as nothing of them is written [J9]', async () => {
    const taken = await readAnswer(api, invoiceSchema, 'POST', `/api/invoices/${old}/take`)
    expect(taken.atOnce).toMatchObject({
      is: 'carried',
      takenBy: 'owner@northwind.example',
      isWritten: false,
    })
    expect((await customerOf(coho.tenantId)).annual).toMatchObject({ isOn: true, waits: '1200' })
    expect((await refusal(api('POST', `/api/invoices/${old}/take`))).detail).toContain('taken over already')
    const left = await readAnswer(api, invoiceSchema, 'DELETE', `/api/invoices/${old}/take`)
    expect(left.atOnce).toMatchObject({ is: 'before', takenBy: null })
    expect((await refusal(api('DELETE', `/api/invoices/${old}/take`))).detail).toContain('Nobody')
    expect((await refusal(api('POST', '/api/invoices/nothing/take'))).code).toBe('not-found')
    const month = (await readAnswer(api, invoicesSchema, 'GET', '/api/invoices')).invoices.find(
      ({ state }) => state === 'ready',
    )
    expect((await refusal(api('POST', `/api/invoices/${month?.id}/take`))).detail).toContain(
      'no annual invoice',
    )
  })
})

describe('the One-Time agreement of a customer', () => {
  it('is offered with what speaks against each agreement, those of the month included [A5][E4]', async () => {
    await mapCustomer(api, coho)
    const path = `/api/connectwise/companies/${coho.companyId}/agreements`
    const { agreements } = await readAnswer(api, agreementsSchema, 'GET', `${path}?carries=annual`)
    const codes = new Map(agreements.map(({ id, findings }) => [id, findings.map(({ code }) => code)]))
    expect(codes.get(oneTime)).toEqual([])
    expect(codes.get(coho.agreementId)).toEqual(['not-one-time', 'prorated', 'bills-by-the-month'])
  })

  it('is refused with each rule that speaks against it, and its remedy [A5]', async () => {
    const refused = async (over: object, tenant?: string) => {
      const problem = await refusal(putOneTime(over, tenant))
      expect(problem).toMatchObject({ code: 'agreement-unsuitable', status: 422 })
      return problem.detail
    }
    const said = await refused({ agreementId: coho.agreementId })
    expect(said).toContain('billing cycle is “Monthly”')
    expect(said).toContain('prorates')
    expect(said).toContain('It bills Coho Winery by the month')
    const ended = addAgreement(world, coho.agreementId, {
      endDate: '2026-04-30T00:00:00Z',
      noEndingDateFlag: false,
    })
    expect(await refused({ agreementId: ended })).toContain('ended')
    const dollars = addAgreement(world, coho.agreementId, {
      currency: { id: 9, name: 'New Zealand dollar (NZD)' },
    })
    expect(await refused({ agreementId: dollars })).toMatch(/NZD/)
    expect(await refused({ companyId: fabrikam.companyId })).toContain('has to be of the same company')
    expect(await refused({ companyId: fabrikam.companyId }, fabrikam.tenantId)).toContain('belongs to Coho')
    expect((await refusal(putOneTime({ agreementId: 999_999 }))).code).toBe('not-found')
    expect((await refusal(putOneTime({}, 'nobody'))).code).toBe('not-found')
  })

  it('is mapped beside the monthly one, which the month cannot take then [J9][E2]', async () => {
    expect(await mapped()).toMatchObject({
      oneTime: { agreementId: oneTime, agreementName: 'Annual licences', syncEnabled: false },
      left: null,
    })
    const { annual, mapping } = await customerOf(coho.tenantId)
    expect(mapping?.agreementId).toBe(coho.agreementId)
    expect(annual?.mapping).toMatchObject({ agreementId: oneTime, companyName: 'Coho Winery Pty Ltd' })
    const toIt = { companyId: coho.companyId, agreementId: oneTime, syncEnabled: true }
    const refused = await refusal(api('PUT', `${P}/customers/${coho.tenantId}/mapping`, { body: toIt }))
    expect(refused).toMatchObject({ code: 'agreement-unsuitable' })
    expect(refused.detail).toContain('It carries the annual invoices of Coho Winery')
  })

  it('moves and is cleared, and what people did is on record [J9]', async () => {
    const other = addAgreement(world, coho.agreementId, { name: 'Annual licences 2' })
    expect((await mapped({ agreementId: other })).oneTime).toMatchObject({ agreementId: other })
    const path = `${P}/customers/${coho.tenantId}/one-time-mapping`
    expect(await readAnswer(api, oneTimeClearedSchema, 'DELETE', path)).toEqual({ left: null })
    expect((await refusal(api('DELETE', path))).code).toBe('not-mapped')
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    const told = events.filter(({ action }) => action.endsWith('one-time')).map(({ action }) => action)
    expect(told).toEqual(['unmap-one-time', 'map-one-time', 'map-one-time'])
  })
})

describe('an annual invoice without an agreement to go to', () => {
  it('waits in the inbox with its amount, until the customer has one that syncs [J1][J9]', async () => {
    const id = await issueAnnual(
      world,
      annualFile({ ...inFabrikam, seats: 2, first: today, last: '2030-01-01' }),
      thisMonth,
    )
    await work()
    expect(await invoiceOf(id)).toMatchObject({ state: 'annual', atOnce: { is: 'carried' } })
    const [item, ...others] = await waiting()
    expect(others).toEqual([])
    expect(item).toMatchObject({
      says: `Annual invoice ${id} charges Fabrikam, and no One-Time agreement carries it`,
      money: { amount: '480', per: 'once' },
      of: { tenant: { id: fabrikam.tenantId } },
    })
    expect((await customerOf(fabrikam.tenantId)).annual).toMatchObject({ waits: '480' })
    expect(item?.actions).toEqual([])
    const unbilled = async () =>
      (await readAnswer(api, renewalsSchema, 'GET', `${P}/renewals?within=90`)).unbilled.items.filter(
        ({ tenantId: whose }) => whose === fabrikam.tenantId,
      )
    expect(await unbilled()).toMatchObject([{ why: 'no-one-time-agreement', charged: { price: '480' } }])
    await mapCustomer(api, fabrikam)
    const agreementId = addAgreement(world, fabrikam.agreementId)
    const [now] = await waiting()
    const action = now?.actions.find((each) => each.id === 'map-one-time')
    expect(action).toMatchObject({ choose: { field: 'agreementId', from: 'one-time-agreements' } })
    const address = (action?.endpoint ?? '')
      .replace('{program}', 'microsoft-csp')
      .replace('{tenantId}', fabrikam.tenantId)
    const [method = '', path = ''] = address.split(' ')
    const body = { ...action?.body, agreementId }
    expect((await api(method, path, { body })).status).toBe(200)
    expect(await waiting()).toEqual([])
    expect(await unbilled()).toEqual([])
    expect((await customerOf(fabrikam.tenantId)).annual).toMatchObject({
      waits: null,
      mapping: { agreementId, syncEnabled: true },
    })
  })
})

describe('an annual invoice that PRISM gives again with other content', () => {
  it('waits in the inbox beside the one in use, and is used once a person picks it [F1][J1][J9]', async () => {
    const csv = annualFile({ ...inCoho, seats: 4 })
    await fetch(`${world.prism.url}/control/invoices/${old}/csv`, { method: 'PUT', body: csv })
    await readAnswer(api, invoiceSchema, 'POST', `/api/invoices/${old}/read-again`)
    await work()
    const held = async () =>
      (await readAnswer(api, inboxSchema, 'GET', '/api/inbox?kind=invoice-held')).groups
    const [group] = await held()
    expect(group).toMatchObject({ says: `Annual invoice ${old} waits for a pick` })
    expect(group?.items[0]).toMatchObject({
      money: { amount: '960' },
      compared: {
        held: { id: `${old}-2`, totalPrice: '960' },
        other: { id: old, isInUse: true, totalPrice: '1200' },
        differences: [{ customer: 'Coho Winery', held: '960', other: '1200' }],
      },
    })
    const picked = await readAnswer(api, invoiceSchema, 'POST', `/api/invoices/${old}-2/pick`)
    expect(picked).toMatchObject({ state: 'annual', totalPrice: '960' })
    expect(await invoiceOf(old)).toMatchObject({ state: 'superseded' })
    expect(await held()).toEqual([])
  })
})
