/** The second proof of a One-Time agreement on both stand-ins (J6, J9): what ConnectWise's own engine invoiced against annual lines. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instanceRulesOf } from '#db/invoicing/instance-rules.ts'
import { type SecondProofRow, secondProofsOf } from '#db/invoicing/second-proofs.ts'
import type { Day, Money, Quantity } from '#lib/billing/types.ts'
import { invoiceOneTime, issueAnnual, startMappedOneTime } from '#lib/sync/testing/one-time-world.ts'
import { agreementId, detectAndSync, program, sync, type World } from '#lib/sync/testing/world.ts'
import type { InvoicingContext } from './context.ts'
import { readAgreement, readLists } from './read.ts'
import { verifyOrganisation } from './verify-organisation.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  ;({ world, organisationId } = await startMappedOneTime())
})
afterEach(() => world.close())

const context = async () => {
  const { connectWise } = await world.worker.clients(organisationId)
  const now = () => new Date(Date.now() + 60_000)
  return { db: world.db, organisationId, program, connectWise, now } satisfies InvoicingContext
}
const proofs = async (): Promise<readonly SecondProofRow[]> => {
  await readAgreement(await context(), agreementId)
  return secondProofsOf(world.db, organisationId, program, [agreementId])
}
const said = async () =>
  (await proofs()).map(({ period, state, invoiced, terms }) => ({ period, state, invoiced, terms }))
const changeLast = (change: object) =>
  fetch(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoices/last`, {
    method: 'PATCH',
    body: JSON.stringify(change),
    headers: { 'content-type': 'application/json' },
  })
const write = async () => (await world.worker.clients(organisationId)).connectWise
/** A person's own addition. */
const foreign = async (day: string) =>
  (await write()).createAddition(agreementId, {
    catalogItemId: 42,
    sku: '',
    serialNumber: '',
    quantity: '1' as Quantity,
    lessIncluded: '0' as Quantity,
    unitPrice: '75' as Money,
    unitCost: '50' as Money,
    effectiveDate: day as Day,
    cancelledDate: day as Day,
    billCustomer: 'Billable',
    taxable: false,
    invoiceDescription: 'Installation',
    invoiceGrouping: null,
  })
const may = (state: string, invoiced: string | null, terms = {}) => ({
  period: '2026-05',
  state,
  invoiced,
  terms,
})

describe('a One-Time agreement', () => {
  it('agrees once ConnectWise has invoiced what the annual lines say, and not before [J6, J9]', async () => {
    await issueAnnual(world, '2026-05-10', [{}, { subscriptionId: 'term-2', product: 'b', seats: 3 }])
    await detectAndSync(world, organisationId)
    expect(await said()).toEqual([may('not-invoiced', null)])
    await invoiceOneTime(world, '2026-05-31')
    expect(await said()).toEqual([may('compared', '960')])
    // A later sync reads it as invoiced, and says the same.
    await sync(world, organisationId)
    expect(await said()).toEqual([may('compared', '960')])
  })

  it('has each invoice of a month with credits, and what is still to come by name', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await invoiceOneTime(world, '2026-05-12')
    await issueAnnual(world, '2026-05-20', [{ seats: -2, first: '2026-05-20', totals: [-186.74, -233.42] }])
    await detectAndSync(world, organisationId)
    expect(await said()).toEqual([may('compared', '600', { carried: '233.42' })])
    await invoiceOneTime(world, '2026-06-01')
    const [month] = await proofs()
    expect(month).toMatchObject({ state: 'compared', terms: {}, invoiced: '366.58' })
    expect(month?.doubts).toEqual(['once', 'negative'])
  })

  it('says that its invoice was changed, that it lacks a line, and what else is on it', async () => {
    await issueAnnual(world, '2026-05-10', [{}, { subscriptionId: 'term-2', product: 'b', seats: 3 }])
    await foreign('2026-05-11')
    await detectAndSync(world, organisationId)
    await invoiceOneTime(world, '2026-05-31')
    expect(await said()).toEqual([may('compared', '1035', { others: '75' })])
    await changeLast({ by: -7.5 })
    expect(await said()).toEqual([may('compared', '1027.5', { others: '75', amended: '-7.5' })])
  })

  it('names by its lines what somebody changed, or added, after it was read last', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    const connectWise = await write()
    const { additions } = await connectWise.additions(agreementId)
    const [target] = additions
    if (target === undefined) throw new Error('It was written')
    await connectWise.patchAddition(agreementId, target.id, { unitPrice: '121' as Money })
    await foreign('2026-05-11')
    await invoiceOneTime(world, '2026-05-31')
    // 5 more of the term's item; the other item is on no addition that was read.
    expect(await said()).toEqual([may('compared', '680', { lines: '80' })])
  })

  it('says that an addition which somebody deleted before its invoice is not on it', async () => {
    await issueAnnual(world, '2026-05-10', [{}, { subscriptionId: 'term-2', product: 'b', seats: 3 }])
    await detectAndSync(world, organisationId)
    const [row] = world.connectWise.store
      .additionsOf(agreementId)
      .filter(({ serialNumber }) => serialNumber === 'term-2')
    world.connectWise.store.remove('additions', row?.id ?? 0, 'GClerk')
    await invoiceOneTime(world, '2026-05-31')
    expect(await said()).toEqual([may('compared', '600', { lost: '-360' })])
  })

  it('is read with the lists of a run, in two requests for all agreements', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await invoiceOneTime(world, '2026-05-31')
    const before = world.connectWise.requests.report().requests.length
    await readLists(await context())
    const { requests } = world.connectWise.requests.report()
    expect(requests.slice(before).map(({ path }) => path.split('/3.0')[1]?.split('?')[0])).toEqual([
      '/finance/agreementrecap/',
      '/finance/invoices',
    ])
    expect(await secondProofsOf(world.db, organisationId, program, [agreementId])).toMatchObject([
      { period: '2026-05', state: 'compared', invoiced: '600', terms: {} },
    ])
  })

  it('tells, verified, that each addition is billed once and whole [J13]', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await invoiceOneTime(world, '2026-05-31')
    await sync(world, organisationId)
    const verified = await verifyOrganisation(await context(), { most: 5, invoices: 4 })
    expect(verified).toMatchObject({ agreements: 1, invoices: 1, mayRead: true })
    const kept = await instanceRulesOf(world.db, organisationId)
    expect(kept.find(({ rule }) => rule === 'once')).toMatchObject({ verdict: 'holds' })
  })

  it('compares ConnectWise’s forecast of what is still to be invoiced', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    const url = `${world.addresses.connectWise}/control/clock`
    await fetch(url, { method: 'PUT', body: JSON.stringify({ today: '2026-05-31' }) })
    const [month] = await proofs()
    expect(month).toMatchObject({ state: 'not-invoiced', expectedNext: '600', forecast: '600' })
  })

  it('compares it by the lists of a run alone, once an invoice says what the agreement bills by itself', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await invoiceOneTime(world, '2026-05-12')
    await issueAnnual(world, '2026-06-20', [{ subscriptionId: 'term-2', seats: 1 }])
    await detectAndSync(world, organisationId)
    await fetch(`${world.addresses.connectWise}/control/clock`, {
      method: 'PUT',
      body: JSON.stringify({ today: '2026-06-30' }),
    })
    await readLists(await context())
    expect(await secondProofsOf(world.db, organisationId, program, [agreementId])).toMatchObject([
      { period: '2026-05', state: 'compared', terms: {} },
      { period: '2026-06', state: 'not-invoiced', expectedNext: '120', forecast: '120', noForecast: null },
    ])
  })
})
