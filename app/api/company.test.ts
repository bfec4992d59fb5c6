/** What the company pod and tab are given (H2), over the API. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { type CompanyAgreement, type CompanyContent, companyContentSchema } from './schemas/company.ts'
import { mappedCustomerSchema } from './schemas/customers.ts'
import { podContentSchema } from './schemas/pod.ts'
import { type ApiWorld, asOwner, type CallApi, operatorSecret, startApiWorld } from './testing/api-world.ts'
import { anotherOrganisation, connect, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PROGRAM = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps several customers')
/** Two tenants that share one agreement. */
const litware = demoMappings().filter(
  (each, _, all) => all.filter(({ agreementId }) => agreementId === each.agreementId).length === 2,
)
const mappingOf = ({ companyId, agreementId }: typeof coho) => ({ companyId, agreementId, syncEnabled: true })

let world: ApiWorld
let api: CallApi
let theirs: CallApi

const company = (id: number, read = 'now', as = api): Promise<CompanyContent> =>
  readAnswer(as, companyContentSchema, 'GET', `/api/hosted/companies/${id}?read=${read}`)
const agreementIn = ({ agreements }: CompanyContent, id: number): CompanyAgreement => {
  const found = agreements.find((each) => each.id === id)
  if (found === undefined) throw new Error(`Agreement ${id} is not shown`)
  return found
}
const asked = async (): Promise<number> => {
  const report = (await (await fetch(`${world.connectWise.url}/control/requests`)).json()) as {
    total: number
  }
  return report.total
}

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
  theirs = (await anotherOrganisation()).api
  await connect(world, api)
  await world.issueNextInvoice()
  await switchSyncOn(api)
  await scheduledCall()
})
afterAll(() => world.stop())

describe('a company of which nothing is mapped', () => {
  it('shows its agreements, with what speaks against each [H2][E4][A5]', async () => {
    const content = await company(coho.companyId)
    expect(content).toMatchObject({ currency: 'AUD', isPrismConnected: true, problem: null, unreadable: [] })
    expect(content.readAt).not.toBeNull()
    expect(content.agreements.map(({ name, tenants, result }) => [name, tenants, result])).toEqual([
      ['Microsoft CSP', [], null],
      ['Managed Services Gold', [], null],
    ])
    const relecloud = await companyNamed('Relecloud')
    const against = relecloud.agreements.map(
      ({ findings }) =>
        findings?.filter(({ severity }) => severity === 'error').map(({ code }) => code) ?? null,
    )
    expect(against).toContainEqual([])
    expect(against.flat()).toEqual(expect.arrayContaining(['ended', 'not-prorated', 'contract-year']))
  })

  it('names the customer that it may be, why, and what PRISM invoices of it that nobody bills [H2][J7]', async () => {
    const { suggested } = await companyNamed('Relecloud')
    expect(suggested).toMatchObject([
      { customer: { name: 'Relecloud', mapping: null, firstSync: { period: '2026-04' } } },
    ])
    expect(suggested[0]?.reasons).not.toEqual([])
    expect(Number(suggested[0]?.price)).toBeGreaterThan(0)
  })

  it('is not found where ConnectWise has no such company [H2]', async () => {
    expect(await refusal(api('GET', '/api/hosted/companies/2000000'))).toMatchObject({ code: 'not-found' })
  })
})

describe('a company with customers', () => {
  it('has what it never synced behind, and afterwards the proof that the agreement pod shows [H2][H1]', async () => {
    expect((await company(coho.companyId)).suggested).toMatchObject([
      { customer: { tenantId: coho.tenantId } },
    ])
    for (const each of [coho, ...litware])
      await readAnswer(
        api,
        mappedCustomerSchema,
        'PUT',
        `${PROGRAM}/customers/${each.tenantId}/mapping`,
        mappingOf(each),
      )
    const before = agreementIn(await company(coho.companyId), coho.agreementId)
    expect(before).toMatchObject({ result: null, proof: null, behind: { period: '2026-04' } })
    expect((await company(coho.companyId)).suggested).toEqual([])

    await scheduledCall()
    const content = await company(coho.companyId, 'stored')
    const after = agreementIn(content, coho.agreementId)
    const pod = await readAnswer(api, podContentSchema, 'GET', `/api/hosted/agreements/${coho.agreementId}`)
    if (pod.state !== 'mapped') throw new Error('Coho is mapped')
    expect(after.tenants).toEqual(pod.tenants)
    expect(after).toMatchObject({ behind: null, running: null, moved: [], causes: [], causeCount: 0 })
    expect(after.result?.runId).toBe(pod.result?.runId)
    expect(after.proof).toMatchObject({ period: '2026-04', verdict: { tone: 'good' }, waiting: 0 })
    expect(after.proof?.billed).toBe(pod.result?.periods[0]?.totals.billed.price)
    expect(JSON.stringify(content)).not.toContain('"cost"')
  })

  it('shows the tenants that share an agreement under it [H2][E2]', async () => {
    const [first, second] = litware
    if (first === undefined) throw new Error('Litware has two tenants')
    const { tenants } = agreementIn(await company(first.companyId, 'stored'), first.agreementId)
    expect(new Set(tenants.map(({ id }) => id))).toEqual(new Set([first.tenantId, second?.tenantId]))
    expect(tenants.every(({ syncs }) => syncs)).toBe(true)
  })

  it('says where a customer is mapped that it may be, too, and offers it last [H2][J7]', async () => {
    const [there] = litware
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${PROGRAM}/customers/${coho.tenantId}/mapping`, {
      companyId: there?.companyId,
      agreementId: there?.agreementId,
      syncEnabled: true,
      leave: true,
    })
    const { suggested } = await company(coho.companyId, 'stored')
    expect(suggested).toMatchObject([{ customer: { mapping: { companyId: there?.companyId } }, price: null }])
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${PROGRAM}/customers/${coho.tenantId}/mapping`, {
      ...mappingOf(coho),
      leave: true,
    })
    await scheduledCall()
  })

  it('is not behind with months that were synced on an agreement that the customer left [H2][E5]', async () => {
    const [there] = litware
    const path = `${PROGRAM}/customers/${coho.tenantId}/mapping`
    const gold = (await company(coho.companyId, 'stored')).agreements.find(
      ({ id }) => id !== coho.agreementId,
    )
    if (there === undefined || gold === undefined) throw new Error('Coho has a second agreement')
    await done(api, 'DELETE', `${path}?leave=true`)
    await readAnswer(api, mappedCustomerSchema, 'PUT', path, { ...mappingOf(coho), agreementId: gold.id })
    await scheduledCall()
    expect(agreementIn(await company(coho.companyId, 'stored'), gold.id).behind).toBeNull()
    await readAnswer(api, mappedCustomerSchema, 'PUT', path, { ...mappingOf(coho), leave: true })
    await scheduledCall()
  })

  it('is behind where an invoice has come that a customer’s sync has not taken up [H2][F1]', async () => {
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${PROGRAM}/customers/${coho.tenantId}/mapping`, {
      ...mappingOf(coho),
      syncEnabled: false,
    })
    await world.issueNextInvoice()
    await scheduledCall()
    expect(agreementIn(await company(coho.companyId, 'stored'), coho.agreementId).behind).toBeNull()
    const { server } = await import('#app/process/process.ts')
    const { mapping, putMapping } = await import('#db/mappings/mappings.ts')
    const stored = await mapping(server().db, await ownId(), 'microsoft-csp', coho.tenantId)
    if (stored === null) throw new Error('Coho is mapped')
    await putMapping(server().db, await ownId(), 'microsoft-csp', coho.tenantId, {
      ...mappingOf(coho),
    })
    const behind = agreementIn(await company(coho.companyId, 'stored'), coho.agreementId)
    expect(behind).toMatchObject({ behind: { period: '2026-05' }, proof: { period: '2026-04' } })
    await scheduledCall()
    expect(agreementIn(await company(coho.companyId, 'stored'), coho.agreementId)).toMatchObject({
      behind: null,
      proof: { period: '2026-05' },
    })
  })
})

describe('what is read of ConnectWise', () => {
  it('is the company and its agreements once, whoever opens it in the same moment, and nothing while it is only followed [H2]', async () => {
    const other = await companyId('Fabrikam')
    const before = await asked()
    await company(other, 'now')
    const first = (await asked()) - before
    expect(first).toBe(2)
    await company(other, 'now')
    await company(other, 'recent')
    await company(other, 'stored')
    expect((await asked()) - before).toBe(2)
  })

  it('is shown as it was stored, with its age and the reason, while ConnectWise does not answer [H2][J16]', async () => {
    const stored = await company(coho.companyId, 'stored')
    await aged(coho.companyId)
    world.connectWise.faults.add([{ kind: '500' }])
    try {
      const content = await company(coho.companyId, 'now')
      expect(content.problem?.message).toContain('ConnectWise')
      expect(content.problem?.remedy).not.toBe('')
      expect(Date.parse(content.readAt ?? '')).toBeLessThan(Date.parse(stored.readAt ?? ''))
      expect(content.agreements).toEqual(stored.agreements)
      // Never read, and mapped: what is stored of it, and nothing said of what only ConnectWise knows.
      const [{ companyId: unread, agreementId } = coho] = litware
      const { server } = await import('#app/process/process.ts')
      const { forgetCompanyReadings } = await import('#db/connections/company-readings.ts')
      await forgetCompanyReadings(server().db, await ownId())
      const never = await company(unread, 'now')
      expect(never.readAt).toBeNull()
      expect(agreementIn(never, agreementId)).toMatchObject({
        findings: null,
        type: '',
        proof: { verdict: {} },
      })
    } finally {
      world.connectWise.faults.clear()
    }
    expect(await company(coho.companyId, 'now')).toMatchObject({ problem: null })
  })

  it('says of an agreement that was deleted that it is gone, and what to do, also before a sync met that [H2][F13]', async () => {
    const [{ companyId: its, agreementId } = coho] = litware
    const { store } = world.connectWise
    const stored = store.get('agreements', agreementId)
    if (stored === undefined) throw new Error('The agreement is there')
    store.remove('agreements', agreementId, 'Ann')
    const gone = agreementIn(await company(its, 'now'), agreementId)
    expect(gone.findings).toMatchObject([
      {
        code: 'gone',
        severity: 'error',
        message: expect.stringMatching(/^The agreement is not in ConnectWise any more/),
        remedy: expect.stringMatching(/^Map its customers to another agreement/),
      },
    ])
    store.put('agreements', stored, 'Ann')
    await aged(its)
    expect(agreementIn(await company(its, 'now'), agreementId).findings).not.toMatchObject([{ code: 'gone' }])
  })

  it('is nobody else’s, and is forgotten with the connection [I2]', async () => {
    expect(await company(coho.companyId, 'now', theirs)).toMatchObject({
      readAt: null,
      agreements: [],
      isPrismConnected: false,
      problem: { message: 'ConnectWise is not connected yet.' },
    })
    await done(api, 'DELETE', '/api/connections/connectwise')
    for (const read of ['now', 'stored']) {
      const content = await company(coho.companyId, read)
      expect(content.readAt).toBeNull()
      expect(content.problem?.message).toBe('ConnectWise is not connected yet.')
      expect(agreementIn(content, coho.agreementId).proof).not.toBeNull()
    }
  })
})

async function companyId(name: string): Promise<number> {
  const answer = await api('GET', `/api/connectwise/companies?search=${encodeURIComponent(name)}`)
  const { companies } = (await answer.json()) as { companies: { id: number }[] }
  const [found] = companies
  if (found === undefined) throw new Error(`ConnectWise has no company ${name}`)
  return found.id
}

const companyNamed = async (name: string): Promise<CompanyContent> => company(await companyId(name))

async function ownId(): Promise<string> {
  const { server } = await import('#app/process/process.ts')
  const { organisations } = await import('../../db/schema.ts')
  const all = await server().db.select().from(organisations)
  return all.find(({ name }) => name !== 'Adventure Works')?.id ?? ''
}

/** An hour goes by. */
async function aged(id: number): Promise<void> {
  const { server } = await import('#app/process/process.ts')
  const { companyReading, putCompanyReading } = await import('#db/connections/company-readings.ts')
  const reading = await companyReading(server().db, await ownId(), id)
  if (reading === null) throw new Error('The company was read')
  const before = new Date(reading.readAt.getTime() - 3_600_000)
  await putCompanyReading(server().db, await ownId(), id, { ...reading, readAt: before })
}
