/** Switches that mean what they say: the contract agreement, Sync off while a sync goes on, the currency, and the guards (F14, F16, B1, F18). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { connectionSchema } from './schemas/connections.ts'
import { mappedCustomerSchema } from './schemas/customers.ts'
import { invoicesSchema } from './schemas/invoices.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { contractAgreementsSchema, programSchema } from './schemas/programs.ts'
import { runSchema, runsSchema } from './schemas/runs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  operatorSecret,
  owner,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { anotherOrganisation, mapCustomer, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const PROGRAM = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')
const COHO = `${PROGRAM}/customers/${coho.tenantId}`
const { tenantId: _, ...mapping } = coho
const PRISM = '/api/connections/prism'

let world: ApiWorld
let api: CallApi
const database = async () => (await import('#app/process/process.ts')).server().db
beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
})
afterAll(() => world.stop())

describe('the currency of PRISM’s connection [B1]', () => {
  it('is free to change while nothing is behind it', async () => {
    await readAnswer(api, connectionSchema, 'PUT', PRISM, { ...world.prismInput, currency: 'NZD' })
    const shown = await readAnswer(api, connectionSchema, 'PUT', PRISM, world.prismInput)
    expect(shown.settings['currency']).toBe('AUD')
  })

  it('asks once customers are mapped, says how many, and does it where that is meant', async () => {
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/connectwise', world.connectWiseInput)
    await switchSyncOn(api)
    await mapCustomer(api, coho)
    await world.issueNextInvoice()
    await scheduledCall()
    const other = { ...world.prismInput, currency: 'NZD' }
    expect(await refusal(api('PUT', PRISM, { body: other }))).toMatchObject({
      status: 409,
      code: 'currency-change-asks',
      detail: expect.stringMatching(/^1 customer is mapped and [1-9]\d* months? (was|were) synced in AUD\./),
    })
    // The same currency, with other credentials, asks nothing.
    await readAnswer(api, connectionSchema, 'PUT', PRISM, world.prismInput)
    const changed = await readAnswer(api, connectionSchema, 'PUT', PRISM, { ...other, confirm: true })
    expect(changed.settings['currency']).toBe('NZD')
    await readAnswer(api, connectionSchema, 'PUT', PRISM, { ...world.prismInput, confirm: true })
  })

  it('is remembered over a disconnection', async () => {
    await api('DELETE', PRISM)
    const other = { ...world.prismInput, currency: 'NZD' }
    expect(await refusal(api('PUT', PRISM, { body: other }))).toMatchObject({ code: 'currency-change-asks' })
    await readAnswer(api, connectionSchema, 'PUT', PRISM, world.prismInput)
  })

  it('of another organisation is its own', async () => {
    const { api: theirs } = await anotherOrganisation()
    const other = { ...world.prismInput, currency: 'NZD' }
    const shown = await readAnswer(theirs, connectionSchema, 'PUT', PRISM, other)
    expect(shown.settings['currency']).toBe('NZD')
    await theirs('DELETE', PRISM)
  })
})

describe('the contract agreement [F14]', () => {
  it('that PRISM does not list is refused and not kept', async () => {
    const { agreements } = await readAnswer(
      api,
      contractAgreementsSchema,
      'GET',
      `${PROGRAM}/contract-agreements`,
    )
    const [only] = agreements
    expect(await refusal(api('PUT', PROGRAM, { body: { contractAgreementId: 'nope' } }))).toMatchObject({
      status: 409,
      code: 'contract-agreement-unclear',
      detail: "PRISM lists no contract agreement 'nope' for Microsoft CSP.",
    })
    const stored = await readAnswer(api, programSchema, 'GET', PROGRAM)
    expect(stored.contractAgreementId).toBe(only?.id)
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { contractAgreementId: only?.id ?? '' })
  })
})

describe('Sync that is switched off while a sync goes on [F16]', () => {
  const slow = () => world.connectWise.faults.add([{ kind: 'latency', ms: 400, path: '*/additions*' }])
  const started = async () => {
    await world.issueNextInvoice()
    slow()
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)
    return runId
  }
  const ended = async (runId: string) => {
    await settled()
    world.connectWise.faults.clear()
    return readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
  }

  it('for the customer ends it, and the run says why and who', async () => {
    const runId = await started()
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${COHO}/mapping`, { ...mapping, syncEnabled: false })
    const writes = async () => {
      const { rows } = await (await database()).execute(
        sql`SELECT 1 FROM changes WHERE run_id = ${runId} AND outcome <> 'pending'`,
      )
      return rows.length
    }
    expect(await ended(runId)).toMatchObject({
      status: 'Warning',
      customers: [
        { status: 'Warning', message: `Stopped by ${owner.email}: Sync of Coho Winery was switched off` },
      ],
    })
    expect(await writes()).toBeLessThanOrEqual(1)
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${COHO}/mapping`, { ...mapping, syncEnabled: true })
  })

  it('for the program ends it, and the run says why and who', async () => {
    const runId = await started()
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { enabled: false })
    expect(await ended(runId)).toMatchObject({
      status: 'Warning',
      note: `Stopped by ${owner.email}: Sync of Microsoft CSP was switched off`,
    })
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { enabled: true })
  })

  it('carries on with the next look once it is on again', async () => {
    await api('POST', `${COHO}/sync`)
    await settled()
    const { customers } = (await (await api('GET', `${PROGRAM}/customers?search=coho`)).json()) as {
      customers: { lastResult: { status: string } }[]
    }
    expect(customers[0]?.lastResult.status).not.toBe('Error')
  })
})

/** PRISM issues the next month, of Coho only with its first charged line; the invoice's id. */
async function issueShort(): Promise<string> {
  const { url } = world.prism
  const issued = await fetch(`${url}/control/invoices/next`, { method: 'POST', body: '{}' })
  const { invoiceId } = (await issued.json()) as { invoiceId: number }
  const path = `${url}/control/invoices/${invoiceId}/csv`
  const lines = (await (await fetch(path)).text()).split('\n')
  const ofCoho = lines.filter((line) => line.includes('Coho Winery'))
  const kept = ofCoho.find((line) => !line.includes(',409.2,') && !line.includes(',0,0,'))
  const body = lines.filter((line) => !ofCoho.includes(line) || line === kept).join('\n')
  await fetch(path, { method: 'PUT', body })
  return String(invoiceId)
}

describe('an invoice that lacks nearly everything of a customer [F18]', () => {
  const newest = async () =>
    (await readAnswer(api, invoicesSchema, 'GET', '/api/invoices')).invoices.find(
      ({ state }) => state === 'ready',
    )
  const latestRun = async () => {
    const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs?kind=customers')
    return readAnswer(api, runSchema, 'GET', `/api/runs/${runs[0]?.id}`)
  }

  it('is shown with what waits of it, on the run and with the invoices, until other settings judge it anew', async () => {
    await api('POST', `${COHO}/sync`)
    await settled()
    const id = await issueShort()
    await scheduledCall()
    const found = await newest()
    expect(found).toMatchObject({ id, guard: { waiting: { customers: 1, agreements: 1, after: '0' } } })
    const waiting = found?.guard?.waiting.subscriptions ?? 0
    expect(waiting).toBeGreaterThan(0)
    const run = await latestRun()
    expect(run).toMatchObject({
      status: 'Warning',
      guards: [{ invoiceId: id, waiting: { subscriptions: waiting } }],
    })
    const rows = run.customers[0]?.periods.at(-1)?.subscriptions ?? []
    expect(rows.filter(({ waits }) => waits?.question === 'guard').length).toBeGreaterThanOrEqual(waiting)
    expect(
      rows.flatMap(({ applied, waits }) =>
        waits ? applied.filter(({ outcome }) => outcome !== 'kept') : [],
      ),
    ).toEqual([])

    const guards = { endedShare: null, totalShare: null }
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { guards })
    expect((await newest())?.guard).toMatchObject({ waiting: { subscriptions: 0 } })
    await scheduledCall()
    const after = await latestRun()
    expect(after.id).not.toBe(run.id)
    expect(after.guards).toEqual([])
    expect(after.customers[0]?.periods.at(-1)?.subscriptions.some(({ waits }) => waits)).toBe(false)
  })
})
