import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import { csvField } from '#app/http/csv.ts'
import { organisationByPublicId } from '#db/directory/organisations.ts'
import { replaceSetAside } from '#db/prism/set-aside.ts'
import { version } from '#lib/base/version.ts'
import { previewSchema } from '#lib/billing/plan-money.ts'
import { demoMappings, subscriptionId } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { companyContentSchema } from './schemas/company.ts'
import { connectionSchema, connectionsSchema } from './schemas/connections.ts'
import { agreementsSchema, companiesSchema } from './schemas/connectwise.ts'
import {
  beginningSchema,
  begunSchema,
  customersSchema,
  mappedCustomerSchema,
  mappingWritesSchema,
  nextPeriodSchema,
  skippedSchema,
} from './schemas/customers.ts'
import { installedPodsSchema } from './schemas/hosted-setups.ts'
import { invoiceSchema, invoicesSchema, type ShownInvoice } from './schemas/invoices.ts'
import {
  documentSchema,
  healthSchema,
  startedRunSchema,
  stoppedRunSchema,
  stoppedRunsSchema,
} from './schemas/jobs.ts'
import { consequencesSchema } from './schemas/leaving.ts'
import { membersSchema } from './schemas/members.ts'
import { podContentSchema, podSessionSchema } from './schemas/pod.ts'
import { problemSchema } from './schemas/problem.ts'
import { contractAgreementsSchema, missedSchema, programSchema } from './schemas/programs.ts'
import { runAgreementSchema, runSchema, runsSchema } from './schemas/runs.ts'
import { organisationOptionsSchema, sessionSchema } from './schemas/session.ts'
import { companySuggestionsSchema, mappingSuggestionsSchema } from './schemas/suggestions.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  routeFiles,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { customer } from './testing/inbox-world.ts'
import { scheduledCall } from './testing/organisation.ts'
import {
  done,
  isAccountRoute,
  isAnsweringRoute,
  isFactorRoute,
  isPreparingRoute,
  isPrismRoute,
  isTellingRoute,
  readAnswer,
  refusal,
} from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let api: CallApi

const read = <S extends z.ZodType>(schema: S, method: string, path: string, body?: unknown) =>
  readAnswer(api, schema, method, path, body)

const PROGRAM = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')
const COHO = `${PROGRAM}/customers/${coho.tenantId}`

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
})
afterAll(() => world.stop())

describe('the JSON API, from an empty database to a synced customer', () => {
  it('answers that it is healthy, and who is signed in [B6][H6]', async () => {
    expect((await read(healthSchema, 'GET', '/api/health')).version).toBe(version)
    await read(documentSchema, 'GET', '/api/openapi.json')
    const docs = await api('GET', '/api/docs')
    expect([docs.status, docs.headers.get('location')]).toEqual([303, '/help/api'])
    const session = await read(sessionSchema, 'GET', '/api/session')
    expect(session.user.role).toBe('owner')
    await read(organisationOptionsSchema, 'PUT', '/api/organisation', { name: 'Northwind Traders' })
  })

  it('keeps credentials only after they were tried, and never shows a secret again [B3][B5]', async () => {
    const wrong = { ...world.prismInput, clientSecret: 'wrong' }
    const refused = await refusal(api('PUT', '/api/connections/prism', { body: wrong }))
    expect(refused.code).toMatch(/^prism-/)
    const before = await read(connectionsSchema, 'GET', '/api/connections')
    expect(before.connections.map(({ state }) => state)).toEqual(['never', 'never'])

    await read(connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
    await read(connectionSchema, 'PUT', '/api/connections/connectwise', world.connectWiseInput)
    await read(connectionSchema, 'POST', '/api/connections/prism/test')
    const after = await read(connectionsSchema, 'GET', '/api/connections')
    expect(after.connections.map(({ state }) => state)).toEqual(['connected', 'connected'])
    const shown = JSON.stringify(after)
    expect(shown).not.toContain(world.prismInput.clientSecret)
    expect(shown).not.toContain(world.connectWiseInput.privateKey)
  })

  it('keeps the options that a request leaves out, and a null switches a guard off [C2][C4]', async () => {
    const program = await read(programSchema, 'PUT', PROGRAM, { enabled: true, guards: { totalShare: null } })
    expect(program).toMatchObject({
      enabled: true,
      syncAzure: false,
      guards: { endedShare: 0.3, totalShare: null },
    })
    await read(programSchema, 'PUT', PROGRAM, { syncAzure: true })
    expect(await read(programSchema, 'GET', PROGRAM)).toMatchObject({ enabled: true, syncAzure: true })
    const found = await read(contractAgreementsSchema, 'GET', `${PROGRAM}/contract-agreements`)
    expect(found).toMatchObject({ agreements: [{ programName: 'Microsoft CSP Indirect' }], picked: null })
    const problem = await refusal(api('PUT', PROGRAM, { body: { emails: ['nobody'] } }))
    expect(problem).toMatchObject({ code: 'request-invalid', status: 400, fields: [{ field: 'emails.0' }] })
  })

  it('looks a tenant up that is not stored yet, and names what speaks against an agreement [A5][E2][E4]', async () => {
    await read(companiesSchema, 'GET', '/api/connectwise/companies?search=relecloud')
    const { companies } = await read(companiesSchema, 'GET', '/api/connectwise/companies?search=relecloud')
    const path = `/api/connectwise/companies/${companies[0]?.id}/agreements`
    const { agreements } = await read(agreementsSchema, 'GET', path)
    expect(
      agreements.filter(({ findings }) => findings.some(({ severity }) => severity === 'error')).length,
    ).toBeGreaterThan(3)
    const unfit = agreements.find(({ findings }) => findings.some(({ code }) => code === 'not-prorated'))
    const body = { companyId: companies[0]?.id, agreementId: unfit?.id, syncEnabled: true }
    const problem = await refusal(api('PUT', `${COHO}/mapping`, { body }))
    expect(problem).toMatchObject({ code: 'agreement-unsuitable', status: 422 })
    expect(problem.detail).toContain('does not prorate')

    const { tenantId: _, ...mapping } = { ...coho, syncEnabled: true }
    const mapped = await read(mappedCustomerSchema, 'PUT', `${COHO}/mapping`, mapping)
    expect(mapped).toMatchObject({ firstSync: null, mapping: { companyName: 'Coho Winery Pty Ltd' } })
    const { suggested } = await read(companySuggestionsSchema, 'GET', `${COHO}/suggestions`)
    expect(suggested.map(({ company }) => company.name)).toEqual(['Coho Winery Pty Ltd'])
    const unmapped = await read(mappingSuggestionsSchema, 'GET', `${PROGRAM}/suggestions`)
    expect(unmapped.customers.map(({ tenantId }) => tenantId)).not.toContain(coho.tenantId)

    const { leaving } = await read(consequencesSchema, 'GET', `${COHO}/mapping/consequences`)
    expect(leaving).toMatchObject({ agreementId: coho.agreementId, open: [] })
    expect(await read(missedSchema, 'GET', `${PROGRAM}/missed`)).toEqual({ months: [] })
    const beginning = `${COHO}/beginning?agreementId=${coho.agreementId}`
    expect(await read(beginningSchema, 'GET', beginning)).toMatchObject({ months: [], isFirst: true })
    expect(await read(begunSchema, 'POST', `${PROGRAM}/begin`, { begin: 'next' })).toEqual({
      tenantIds: [],
      runId: null,
    })
  })

  it('refuses to sync a customer that is not mapped [E2]', async () => {
    const stranger = demoMappings()[1]?.tenantId
    const problem = await refusal(api('POST', `${PROGRAM}/customers/${stranger}/sync`))
    expect(problem).toMatchObject({ code: 'not-mapped', status: 409 })
  })

  it('detects an invoice and syncs it by the scheduled call, and shows the run [F1][G3][H7]', async () => {
    await world.issueNextInvoice()
    const drained = await scheduledCall()
    expect(drained).toMatchObject({ invoicesDetected: 1, jobsLeft: 0 })
    const { invoices } = await read(invoicesSchema, 'GET', '/api/invoices')
    expect(invoices).toMatchObject([{ period: '2026-04', state: 'ready' }])
    const kept = await (await api('GET', '/api/invoices/csv')).text()
    expect(kept).toMatch(/^Invoice,Version,Usage month,Invoiced on,Kind,State,Why,Lines,Total,/)
    const rows = (await (await api('GET', '/api/invoices/csv?as=json')).json()) as Record<string, string>[]
    expect(rows).toMatchObject([{ 'Usage month': '2026-04', State: 'In use', Kind: 'Monthly' }])
    expect(Number(rows[0]?.['Total'])).toBe(Number(invoices[0]?.totalPrice))
    const { runs } = await read(runsSchema, 'GET', '/api/runs?kind=customers')
    expect(runs).toMatchObject([{ state: 'finished', status: 'Success', trigger: 'schedule' }])
    const run = await read(runSchema, 'GET', `/api/runs/${runs[0]?.id}`)
    expect(run.customers).toMatchObject([{ agreementId: coho.agreementId, status: 'Success' }])
    expect(run.progress).toEqual({ done: 1, total: 1 })
    const headings = await read(runSchema, 'GET', `/api/runs/${run.id}?detail=headings`)
    expect(headings).toEqual({ ...run, customers: run.customers.map((each) => ({ ...each, periods: [] })) })
    const path = `/api/runs/${run.id}/agreements/${coho.agreementId}`
    expect(await read(runAgreementSchema, 'GET', path)).toEqual(run.customers[0])
    expect((await api('GET', `/api/runs/${run.id}/agreements/1000000`)).status).toBe(404)
    const page = await read(customersSchema, 'GET', `${PROGRAM}/customers?search=coho&sort=-company`)
    expect(page.customers[0]).toMatchObject({ state: 'syncing', lastResult: { status: 'Success' } })
  })

  it('says what mapping a customer would write, before it is mapped, and writes nothing [E2][E6]', async () => {
    const { path, place } = customer('fabrikam')
    const asked = `/mapping/writes?companyId=${place.companyId}&agreementId=${place.agreementId}`
    const before = await read(mappingWritesSchema, 'GET', `${path}${asked}`)
    expect(before.writes.map(({ kind }) => kind)).toContain('create')
    const mapped = `${COHO}/mapping/writes?companyId=${coho.companyId}&agreementId=${coho.agreementId}`
    expect(await read(mappingWritesSchema, 'GET', mapped)).toEqual({ writes: [] })

    await read(mappedCustomerSchema, 'PUT', `${path}/mapping`, { ...place, syncEnabled: false })
    const { periods } = await read(previewSchema, 'GET', `${path}/plan`)
    const changes = periods.flatMap(({ catalogItems, subscriptions }) => [
      ...catalogItems,
      ...subscriptions.flatMap((row) => row.changes),
    ])
    const meant = changes.flatMap(({ kind }) => (kind === 'keep' ? [] : [{ kind }]))
    expect(before).toEqual({ writes: meant })
    expect((await api('DELETE', `${path}/mapping`)).ok).toBe(true)
  })

  it('previews nothing to write after a sync, and syncs by hand without writing [D5][F19]', async () => {
    const plan = await read(previewSchema, 'GET', `${COHO}/plan`)
    const kinds = plan.periods.flatMap(({ subscriptions }) =>
      subscriptions.flatMap(({ changes }) => changes.map(({ kind }) => kind)),
    )
    expect(new Set(kinds)).toEqual(new Set(['keep']))
    const [month] = plan.periods
    expect(plan.money).toMatchObject({
      months: [{ period: month?.period, after: month?.totals.billed, change: { price: '0' } }],
      next: { change: { cost: '0', price: '0' } },
    })
    const { runId } = await read(startedRunSchema, 'POST', `${COHO}/sync`)
    await settled()
    expect(await read(runSchema, 'GET', `/api/runs/${runId}`)).toMatchObject({
      status: 'No Change',
      trigger: 'hand',
    })
    expect(await read(stoppedRunSchema, 'POST', `/api/runs/${runId}/stop`)).toEqual({ stopping: false })
    expect(await read(stoppedRunsSchema, 'POST', `${PROGRAM}/stop`)).toEqual({ runIds: [] })
  })

  it('passes over a month with the amount shown, never a month that is good [F12]', async () => {
    const page = await read(podContentSchema, 'GET', `/api/hosted/agreements/${coho.agreementId}`)
    const subscription = page.state === 'mapped' ? page.result?.periods[0]?.subscriptions[0] : undefined
    const body = { subscriptionId: subscription?.subscriptionId, period: '2026-04' }
    expect(await refusal(api('POST', `${COHO}/skip`, { body }))).toMatchObject({ code: 'conflict' })
    await read(nextPeriodSchema, 'PUT', `${COHO}/next-period`, { first: '2026-04' })
    const { skipped } = await read(skippedSchema, 'POST', `${COHO}/skip`, body)
    expect(skipped).toEqual(subscription?.invoiced)
  })

  it('holds a re-issue until a person excludes or picks it, and picks nothing that is in use [F1]', async () => {
    const { invoices } = await read(invoicesSchema, 'GET', '/api/invoices')
    expect(await refusal(api('POST', `/api/invoices/${invoices[0]?.id}/pick`))).toMatchObject({
      code: 'conflict',
    })
    expect(await refusal(api('POST', '/api/invoices/nothing/pick'))).toMatchObject({ code: 'not-found' })

    await world.reissueInvoice(invoices[0]?.prismInvoiceId ?? '')
    await scheduledCall()
    const { invoices: now } = await read(invoicesSchema, 'GET', '/api/invoices')
    const held = now.find(({ state }) => state === 'held')
    expect(held).toMatchObject({ reasonCode: 'reissue', prismInvoiceId: invoices[0]?.prismInvoiceId })
    const excluded = await read(invoiceSchema, 'POST', `/api/invoices/${held?.id}/exclude`)
    expect(excluded).toMatchObject({ state: 'excluded', decidedBy: 'owner@northwind.example' })
    const picked = await read(invoiceSchema, 'POST', `/api/invoices/${held?.id}/pick`)
    expect(picked.state).toBe('ready')
  })

  it('has a refused invoice read again when a person asks, and lists what PRISM lists oddly [F1][J16]', async () => {
    const control = (method: string, path: string, body: string | null = null) =>
      fetch(`${world.prism.url}/control/invoices${path}`, { method, body })
    const { invoices: known } = await read(invoicesSchema, 'GET', '/api/invoices')
    const good = await (await control('GET', `/${known[0]?.prismInvoiceId}/csv`)).text()
    await control('POST', '', JSON.stringify({ usageYear: 2026, usageMonth: 12, csv: '<html>' }))
    await scheduledCall()
    const { invoices } = await read(invoicesSchema, 'GET', '/api/invoices')
    const refused = invoices.find(({ state }) => state === 'refused')
    expect(refused).toMatchObject({
      period: '2026-12',
      reason: 'it is a web page, not an invoice file',
      badLines: [],
    })
    await control('PUT', `/${refused?.id}/csv`, good)
    const again = await read(invoiceSchema, 'POST', `/api/invoices/${refused?.id}/read-again`)
    expect(again).toMatchObject({ id: refused?.id, state: 'held', reasonCode: 'out-of-month' })
    await settled()
    await read(invoiceSchema, 'POST', `/api/invoices/${refused?.id}/exclude`)

    const { server } = await import('#app/process/process.ts')
    const odd = [{ record: 'Credit note (77)', reason: 'UsageMonth is missing' }]
    const { organisation } = await read(sessionSchema, 'GET', '/api/session')
    const organisationId = (await organisationByPublicId(server().db, organisation.publicId))?.id ?? ''
    await replaceSetAside(server().db, organisationId, 'microsoft-csp', 'invoices', odd)
    expect((await read(invoicesSchema, 'GET', '/api/invoices')).invoices.at(-1)).toMatchObject({
      id: 'Credit note (77)',
      period: null,
      state: 'ignored',
      reasonCode: 'set-aside',
      reason: 'What PRISM lists of it is not complete: UsageMonth is missing.',
    })
    expect((await read(programSchema, 'GET', PROGRAM)).setAside).toEqual([{ list: 'invoices', ...odd[0] }])
  })

  it('lists lines that are no customer’s with their amount, and takes a person’s word on whose they are [F1]', async () => {
    const { invoices } = await read(invoicesSchema, 'GET', '/api/invoices')
    const used = invoices.find(({ state }) => state === 'ready')
    expect(used).toMatchObject({ openLines: [], unclaimed: null })
    const control = `${world.prism.url}/control/invoices`
    const file = await (await fetch(`${control}/${used?.prismInvoiceId}/csv`)).text()
    const [header = '', line = ''] = file.split('\n')
    const fields = line.split(',')
    const strange = [fields[0], 'nobody.example', 'sub-nobody', ...fields.slice(3)]
    strange[header.split(',').indexOf('CustomerName')] = 'Nobody Ltd'
    const csv = [header, strange.join(','), ''].join('\n')
    const body = JSON.stringify({ usageYear: 2026, usageMonth: 11, csv })
    const { InvoiceId } = (await (await fetch(control, { method: 'POST', body })).json()) as {
      InvoiceId: number
    }
    await scheduledCall()
    const path = `/api/invoices/${InvoiceId}/lines/SUB-NOBODY/owner`
    const open = async () => {
      const all = (await read(invoicesSchema, 'GET', '/api/invoices')).invoices
      return all.find(({ id }) => id === String(InvoiceId))
    }
    const [price, cost] = ['SubTotalRrp', 'SubTotal'].map(
      (column) => fields[header.split(',').indexOf(column)],
    )
    const lines = { subscriptionId: 'sub-nobody', customerName: 'Nobody Ltd', price, cost }
    expect(await open()).toMatchObject({
      openLines: [{ ...lines, is: 'unclaimed', customers: [] }],
      unclaimed: { price, cost },
    })
    const nobodys = await read(invoiceSchema, 'PUT', path, { tenantId: null })
    expect(nobodys).toMatchObject({ openLines: [{ ...lines, is: 'nobodys' }], unclaimed: null })
    const theirs = await read(invoiceSchema, 'PUT', path, { tenantId: coho.tenantId })
    expect(theirs).toMatchObject({ openLines: [], unclaimed: null })
    await settled()
    for (const [what, said, code] of [
      [path, { tenantId: 'nobody-at-all' }, 'not-found'],
      [path, {}, 'request-invalid'],
      [path.replace('NOBODY', 'x'), { tenantId: null }, 'not-found'],
    ] as const)
      expect(await refusal(api('PUT', what, { body: said }))).toMatchObject({ code })
    const { events } = await read(auditSchema, 'GET', '/api/audit?action=line-owner')
    expect(events.map(({ subject }) => subject)).toEqual(['sub-nobody', 'sub-nobody'])
  })

  it('says what becomes of a held invoice’s credits, and takes a person’s word on lines without a subscription [F1]', async () => {
    const { invoices } = await read(invoicesSchema, 'GET', '/api/invoices')
    const used = invoices.find(({ state }) => state === 'ready')
    expect(used?.heldCredits).toBeNull()
    const control = `${world.prism.url}/control/invoices/${used?.prismInvoiceId}/adjustments`
    const days = { first: '2026-04-10', last: '2026-04-20' }
    const amounts = { subTotal: '-8', subTotalRrp: '-10.50' }
    const named = { customerName: 'Nobody Ltd', domain: 'nowhere.example', offerName: 'Goodwill' }
    const lines = [
      { subscriptionId: subscriptionId('coho/premium'), ...days, ...amounts },
      { ...named, ...days, ...amounts },
    ]
    const again = await fetch(control, { method: 'POST', body: JSON.stringify({ lines }) })
    const { InvoiceId } = (await again.json()) as { InvoiceId: number }
    await scheduledCall()
    const held = async () => {
      const all = (await read(invoicesSchema, 'GET', '/api/invoices')).invoices
      return all.find(({ id }) => id === String(InvoiceId))
    }
    /** What nobody is known of, and how many credits there are in all. */
    const said = (of: Pick<ShownInvoice, 'heldCredits'> | undefined) => {
      const { carried, notCarried } = of?.heldCredits ?? { carried: { count: 0 }, notCarried: [] }
      return {
        nobodys: notCarried.find(({ why }) => why === 'nobodys')?.price ?? null,
        count: notCarried.reduce((all, { count }) => all + count, carried.count),
      }
    }
    const { nobodys: open, count } = said(await held())
    expect(open).toBe('-10.5')
    expect(await held()).toMatchObject({
      state: 'held',
      openLines: [{ is: 'unclaimed', offerName: 'Goodwill', customerName: 'Nobody Ltd', price: '-10.5' }],
    })
    const key = (await held())?.openLines[0]?.subscriptionId ?? ''
    const path = `/api/invoices/${InvoiceId}/lines/${key}/owner`
    const given = await read(invoiceSchema, 'PUT', path, { tenantId: coho.tenantId })
    expect(said(given)).toEqual({ nobodys: null, count })
    expect(given).toMatchObject({ openLines: [{ is: 'given', customers: ['Coho Winery'] }], unclaimed: null })
    const nobodys = await read(invoiceSchema, 'PUT', path, { tenantId: null })
    expect(said(nobodys)).toEqual({ nobodys: null, count: count - 1 })
    expect(nobodys).toMatchObject({ openLines: [{ is: 'nobodys' }] })
    await read(invoiceSchema, 'POST', `/api/invoices/${InvoiceId}/exclude`)
    await settled()
  })

  it('installs the pods and the tab once, whatever is asked twice [H5]', async () => {
    const first = await read(installedPodsSchema, 'POST', '/api/hosted/setups')
    const all = (state: string) => [
      { pod: 'agreement-pod', screen: 'agreement', state },
      { pod: 'company-pod', screen: 'company', state },
      { pod: 'company-tab', screen: 'company', state },
    ]
    expect(first.pods).toEqual(all('created'))
    const again = await read(installedPodsSchema, 'POST', '/api/hosted/setups')
    expect(again.pods).toEqual(all('unchanged'))
    await read(companyContentSchema, 'GET', `/api/hosted/companies/${coho.companyId}`)
  })
})

describe('the audit', () => {
  it('has who changed what, from what to what, the newest first, filtered and as CSV [A4][B5]', async () => {
    const all = await read(auditSchema, 'GET', '/api/audit')
    expect(all.next).toBeNull()
    const actions = all.events.map(({ action }) => action)
    expect(actions[0]).toBe('install-pods')
    expect(actions).toEqual(
      expect.arrayContaining(['connect-prism', 'map-customer', 'invoice-picked', 'skip-period']),
    )
    const [changed] = (await read(auditSchema, 'GET', '/api/audit?action=change-program&search=NORTHWIND'))
      .events
    expect(changed).toMatchObject({
      actor: 'owner@northwind.example',
      detail: { before: { syncAzure: false }, after: { syncAzure: true } },
    })
    expect((await read(auditSchema, 'GET', '/api/audit?search=%25')).events).toEqual([])
    expect((await read(auditSchema, 'GET', '/api/audit?until=2020-01-01')).events).toEqual([])
    expect(await refusal(api('GET', '/api/audit?from=yesterday'))).toMatchObject({ code: 'request-invalid' })

    const csv = await (await api('GET', '/api/audit/csv?action=connect-prism')).text()
    expect(csv.split('\r\n').length).toBe(3)
    expect(csv).toMatch(/^When \(UTC\),Who,What,About,Change,Subject,Request\r\n/)
    for (const secret of [world.prismInput.clientSecret, world.connectWiseInput.privateKey])
      expect(JSON.stringify(all) + csv).not.toContain(secret)
  })

  it('is no formula in a spreadsheet, whatever a name holds', () => {
    expect(csvField('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`)
    expect(csvField('a,b')).toBe('"a,b"')
    expect(csvField('plain')).toBe('plain')
    expect(csvField('-1.50')).toBe('-1.50')
    expect(csvField('-1+2')).toBe("'-1+2")
  })
})

describe('who may do what', () => {
  it('refuses everything but sign-in, health and pods’ sign-in without a session [H4]', async () => {
    for (const [method, path] of [
      ['GET', '/api/connections'],
      ['GET', `${PROGRAM}/customers`],
      ['GET', `/api/hosted/agreements/${coho.agreementId}`],
      ['POST', `${COHO}/sync`],
      ['GET', '/api/runs'],
      ['GET', '/api/cron/sync'],
    ] as const) {
      expect(await refusal(call(method, path)), path).toMatchObject({ code: 'sign-in-needed', status: 401 })
    }
  })

  it('refuses a change that another site sends with the person’s cookie [H4]', async () => {
    const answer = api('POST', `${COHO}/sync`, { headers: { origin: 'https://evil.example' } })
    expect(await refusal(answer)).toMatchObject({ code: 'not-allowed', status: 403 })
  })

  it('refuses a wrong password without saying whether the person exists [B6]', async () => {
    const wrong = { email: 'owner@northwind.example', password: 'wrong' }
    const nobody = { email: 'nobody@northwind.example', password: 'wrong' }
    const [first, second] = await Promise.all(
      [wrong, nobody].map((body) => refusal(call('POST', '/api/session', { body }))),
    )
    expect({ ...first, requestId: '' }).toEqual({ ...second, requestId: '' })
    expect(first?.code).toBe('sign-in-refused')
  })

  describe('a ConnectWise member', () => {
    const claimOf = (memberId: string, memberHash: string) => ({ memberId, memberHash, memberContext: 'web' })
    const signIn = async (claim: object) => {
      const { organisation } = await read(sessionSchema, 'GET', '/api/session')
      const record = { type: 'agreement', id: coho.agreementId }
      const answer = await call('POST', '/api/hosted/session', {
        body: { org: organisation.publicId, record, ...claim },
      })
      return { answer, org: organisation.publicId }
    }
    const member = async () => {
      const hash = await memberHash(world.connectWise.url)
      return signIn(claimOf(hash.memberId, hash.memberHash))
    }

    it('is verified, reads the pod by cookie and header or by token, and syncs by the token where that is allowed [H4]', async () => {
      const { answer, org } = await member()
      const session = podSessionSchema.parse(await answer.json())
      const set = answer.headers.getSetCookie()[0] ?? ''
      expect(set).toMatch(/^__Host-pod=.*; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned/)
      const cookie = set.split(';')[0] ?? ''
      const path = `/api/hosted/agreements/${coho.agreementId}`
      const seen = async (headers: Record<string, string>) => (await call('GET', path, { headers })).status
      expect(await seen({ cookie, 'x-prism-pod': org })).toBe(200)
      expect(await seen({ authorization: `Bearer ${session.token}` })).toBe(200)
      // A cookie alone, or with another organisation's pod around it, says nothing.
      expect(await seen({ cookie })).toBe(401)
      expect(await seen({ cookie, 'x-prism-pod': 'another' })).toBe(401)

      await read(membersSchema, 'PUT', '/api/members', { right: 'map-and-sync' })
      const sync = (headers: Record<string, string>) =>
        call('POST', `${COHO}/sync`, { headers: { 'x-prism-pod': org, ...headers } })
      expect((await sync({ cookie, origin: 'http://localhost:3000' })).status).toBe(403)
      const token = { authorization: `Bearer ${session.token}` }
      expect((await sync(token)).status).toBe(202)
      await settled()
      const back = await read(membersSchema, 'PUT', `/api/members/${session.member.id}`, { right: 'look' })
      expect(back).toEqual(await read(membersSchema, 'GET', '/api/members'))
      expect((await sync(token)).status).toBe(403)
      expect((await call('GET', '/api/connections', { headers: token })).status).toBe(403)
    })

    it('is refused with a colleague’s name, a wrong hash, or characters that would end the header [H4]', async () => {
      const { memberHash: hash, colleague } = await memberHash(world.connectWise.url)
      for (const claim of [claimOf(colleague, hash), claimOf('nobody', 'wrong'), claimOf('a;b', hash)]) {
        const { answer } = await signIn(claim)
        expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'sign-in-refused' })
      }
    })

    it('is not counted as refused while ConnectWise does not answer [H4]', async () => {
      world.connectWise.faults.add([{ kind: '500', path: '*/myMembers/info' }])
      const { answer } = await signIn(claimOf('someone', 'some-hash'))
      expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'connectwise-unreachable' })
      world.connectWise.faults.clear()
    })
  })
})

it('lets go of a mapping, of both connections and of the session [B3][B6][E5]', async () => {
  await done(api, 'DELETE', `/api/programs/microsoft-csp/customers/${coho.tenantId}/mapping?leave=true`)
  for (const kind of ['prism', 'connectwise']) await done(api, 'DELETE', `/api/connections/${kind}`)
  const { connections } = await read(connectionsSchema, 'GET', '/api/connections')
  expect(connections.map(({ state }) => state)).toEqual(['never', 'never'])
  await done(api, 'DELETE', '/api/session')
  expect((await refusal(api('GET', '/api/session'))).code).toBe('sign-in-needed')
})

it('has had a good answer of every endpoint that has no test file of its own', () => {
  const hasOwnTests = (file: string) =>
    [
      'metrics',
      'organisation/deletion',
      'organisation/export',
      'search',
      'hosted/setups',
      'invoices/loading',
      'invoices/[id]/take',
      'programs/[program]/customers/[tenantId]/one-time-mapping',
      'programs/[program]/agreements/[agreementId]/plan',
      'programs/[program]/agreements/[agreementId]/sync',
      'programs/[program]/agreements/[agreementId]/line-answers',
      'connectwise/scan',
      'connectwise/verify',
      'connectwise/scan/stop',
      'runs/csv',
      'runs/found',
      'runs/found/csv',
      'runs/[id]/csv',
      'programs/[program]/companies-without-customer',
      'programs/[program]/renewals',
      'programs/[program]/renewals/csv',
      'programs/[program]/subscriptions/[subscriptionId]/term-end',
      'inbox',
      'inbox/csv',
      'programs/[program]/confirm',
      'programs/[program]/customers/[tenantId]/left/[agreementId]',
    ].includes(file) ||
    /customers\/\[tenantId\]\/(months|events)/.test(file) ||
    file.endsWith('/undo') ||
    file.includes('/mutes') ||
    file.startsWith('programs/[program]/months/') ||
    file.includes('/price/') ||
    file.includes('/price-rules') ||
    file.endsWith('/edits') ||
    /\/(mappings\/|customers\/(sync|switch|questions|answers|match))|\/never$/.test(file) ||
    file.startsWith('hosted/agreements/[id]/')
  const others = [
    hasOwnTests,
    isFactorRoute,
    isAccountRoute,
    isAnsweringRoute,
    isPrismRoute,
    isPreparingRoute,
    isTellingRoute,
  ]
  expect(notAnswered(routeFiles.filter((file) => !others.some((is) => is(file))))).toEqual([])
})

/** A member of the stand-in with the hash that proves it, and a colleague. */
async function memberHash(url: string): Promise<{ memberId: string; memberHash: string; colleague: string }> {
  const session = (await (await fetch(`${url}/host/session`)).json()) as { members: { identifier: string }[] }
  const [first, second] = session.members
  const path = `${url}/host/members/${first?.identifier}/authentication`
  const claim = (await (await fetch(path)).json()) as { memberid: string; memberHash: string }
  return { memberId: claim.memberid, memberHash: claim.memberHash, colleague: second?.identifier ?? '' }
}
