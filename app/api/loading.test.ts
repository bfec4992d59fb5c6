/** A large invoice file comes in over several calls, and the pages say how far it is (G5; decision 092). */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { organisationIds } from '#db/directory/organisations.ts'
import { askForLoads } from '#db/prism/invoice-loads.ts'
import { loadInvoice } from '#lib/intake/load-invoice.ts'
import { loadingSchema } from './schemas/invoices.ts'
import { type ApiWorld, type CallApi, call, settled } from './testing/api-world.ts'
import { startOrganisation } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const program = 'microsoft-csp'
let world: ApiWorld
let api: CallApi
beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await settled()
})
afterAll(() => world.stop())

const loading = async () => (await readAnswer(api, loadingSchema, 'GET', '/api/invoices/loading')).loading

/** PRISM's newest invoice, its file as long as many customers make it. */
const issueLong = async (lines: number) => {
  await world.issueNextInvoice()
  const { server } = await import('#app/process/process.ts')
  const { db } = server()
  const organisationId = (await organisationIds(db))[0] ?? ''
  const { syncContextOf } = await import('#app/process/worker.ts')
  const ctx = await syncContextOf(organisationId, program, 'Scheduled')
  const { records } = await ctx.prism.invoices()
  const latest = records.reduce((last, each) => (each.period > last.period ? each : last))
  const { id: prismInvoiceId, ...listed } = latest
  const address = `${world.prism.url}/control/invoices/${prismInvoiceId}/csv`
  const [header, line] = (await (await fetch(address)).text()).split('\n')
  await fetch(address, { method: 'PUT', body: [header, ...Array(lines).fill(line)].join('\n') })
  await askForLoads(db, organisationId, program, [{ prismInvoiceId, ...listed }])
  return { ctx, prismInvoiceId, period: listed.period }
}

describe('an invoice file that is being read', () => {
  it('is listed with its lines so far from call to call, and no more once it is in [G5]', async () => {
    expect(await loading()).toEqual([])
    const { ctx, prismInvoiceId, period } = await issueLong(12_000)
    const input = { prismInvoiceId }
    const shown = { prismInvoiceId, period, isWhole: false }
    expect(await loading()).toEqual([{ ...shown, lines: 0 }])
    const late = { ...ctx, until: new Date(0) }
    expect(await loadInvoice({ ctx: late, input })).toEqual({ againInMs: 0 })
    expect(await loading()).toEqual([{ ...shown, lines: 5_000 }])
    await loadInvoice({ ctx: late, input })
    await loadInvoice({ ctx: late, input })
    expect(await loading()).toEqual([{ ...shown, lines: 12_000, isWhole: true }])
    expect(await loadInvoice({ ctx, input })).toBe('done')
    expect(await loading()).toEqual([])
  })

  it('is told to nobody who is not signed in', async () => {
    expect((await call('GET', '/api/invoices/loading')).status).toBe(401)
  })
})
