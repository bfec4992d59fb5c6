/** A month whose plans are packed is synced again as if they were not: an invoice of it that came again, and a customer's months (J14, F1). */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoMappings } from '../../standin/data/index.ts'
import { invoicesSchema } from './schemas/invoices.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { type ApiWorld, type CallApi, settled } from './testing/api-world.ts'
import { mapCustomer, startOrganisation, work } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')

let world: ApiWorld
let boss: CallApi
beforeAll(async () => {
  ;({ world, api: boss } = await startOrganisation())
  await mapCustomer(boss, coho)
  await world.issueNextInvoice()
  await work()
})
afterAll(() => world.stop())

const sync = async (): Promise<string> => {
  const { runId } = await readAnswer(boss, startedRunSchema, 'POST', `${P}/customers/${coho.tenantId}/sync`)
  await settled()
  await work()
  return runId
}
const textOf = async (path: string): Promise<string> => (await boss('GET', path)).text()

describe('a month whose plans are packed', () => {
  it('shows the same, is synced once more, and takes an invoice that came again [J14][F1]', async () => {
    const first = await sync()
    await sync()
    const pages = [
      `/api/runs/${first}`,
      `/api/runs/${first}/csv`,
      `${P}/customers/${coho.tenantId}/months/2026-04`,
    ]
    const before = await Promise.all(pages.map(textOf))
    const { server } = await import('#app/process/process.ts')
    const { organisationIds } = await import('#db/directory/organisations.ts')
    const { removalsOf } = await import('#db/keeping/removals.ts')
    const { removeOld } = await import('#lib/keeping/remove-old.ts')
    const { db } = server()
    const [organisationId = ''] = await organisationIds(db)
    const later = new Date('2032-01-01')
    await removeOld({ ctx: { db, organisationId, now: () => later, until: new Date('2032-01-02') } })
    const packed = (await removalsOf(db, organisationId)).find(({ rule }) => rule === 'plans')
    expect(packed?.total).toBeGreaterThan(1)
    expect(await Promise.all(pages.map(textOf))).toEqual(before)

    const id = (await readAnswer(boss, invoicesSchema, 'GET', '/api/invoices')).invoices[0]?.id ?? ''
    await world.reissueInvoice(id)
    expect((await boss('POST', `/api/invoices/${id}/read-again?program=microsoft-csp`)).status).toBe(200)
    await work()
    const { invoices } = await readAnswer(boss, invoicesSchema, 'GET', '/api/invoices')
    const reissue = invoices.find(({ state }) => state === 'held')
    expect(reissue?.reasonCode).toBe('reissue')
    expect((await boss('POST', `/api/invoices/${reissue?.id}/pick?program=microsoft-csp`)).status).toBe(200)
    const again = await sync()
    const { customers } = JSON.parse(await textOf(`/api/runs/${again}`))
    expect(customers[0]).toMatchObject({ agreementId: coho.agreementId })
    expect(['No Change', 'Success', 'Warning']).toContain(customers[0].status)
    expect(customers[0].periods[0]).toMatchObject({ period: '2026-04', invoiceId: reissue?.id })
    // What was before is still there to be read.
    expect(await textOf(pages[0] ?? '')).toBe(before[0])
  })
})
