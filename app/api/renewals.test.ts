/** What is coming of annual terms (J12): from PRISM's list and its invoice to the page, and what a person says of it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { daysLater } from '#lib/renewals/terms.ts'
import { renewalsSchema } from './schemas/renewals.ts'
import { type ApiWorld, type CallApi } from './testing/api-world.ts'
import { customer, type InboxWorld } from './testing/inbox-world.ts'
import { startWithInvoice } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const { tenantId } = customer('wideworld')
let world: ApiWorld
let api: CallApi
let stranger: CallApi
let of: InboxWorld

beforeAll(async () => {
  ;({ world, api, stranger, of } = await startWithInvoice())
})
afterAll(() => world.stop())

const renewals = async (within = '90', as = api) =>
  readAnswer(as, renewalsSchema, 'GET', `${P}/renewals?within=${within}`)
const say = (id: string, endsOn: string | null, as = api) =>
  as('PUT', `${P}/subscriptions/${id}/term-end`, { body: { endsOn } })
/** The annual term of the customer that the demo has one of. */
const annual = async () => {
  const { unbilled } = await renewals()
  const found = unbilled.items.find((each) => each.tenantId === tenantId)
  if (found === undefined) throw new Error('The customer has no annual term')
  return found
}

describe('renewals [J12]', () => {
  it('names what annual terms cost that no agreement bills, and why', async () => {
    expect(await annual()).toMatchObject({ customer: 'Wide World Importers', why: 'motion-off' })
    await of.good('PUT', P, { annualTermsMonthly: true })
    expect(await annual()).toMatchObject({ why: 'not-mapped' })
    await of.map('wideworld', { syncEnabled: false })
    expect(await annual()).toMatchObject({ why: 'sync-off' })
    await of.map('wideworld')
    expect((await renewals()).unbilled.items.filter((each) => each.tenantId === tenantId)).toEqual([])
  })

  it('counts a term from its first purchase, and follows what a person says of it instead', async () => {
    await of.good('PUT', P, { annualTermsMonthly: false })
    const { subscriptionId } = await annual()
    const { today } = await renewals()
    const soon = daysLater(today, 10)
    const counted = (await renewals()).renewals.items.find((each) => each.subscriptionId === subscriptionId)
    await done(api, 'PUT', `${P}/subscriptions/${subscriptionId}/term-end`, { endsOn: soon })
    const said = await renewals('30')
    expect(said.renewals.items).toContainEqual(
      expect.objectContaining({ subscriptionId, endsOn: soon, isSaid: true, billedBy: 'month', months: 12 }),
    )
    expect(said.counts['30']).toBe(said.renewals.count)
    // Another spelling of the id is the same subscription.
    await done(api, 'PUT', `${P}/subscriptions/${subscriptionId.toUpperCase()}/term-end`, { endsOn: null })
    const after = (await renewals()).renewals.items.find((each) => each.subscriptionId === subscriptionId)
    expect(after).toEqual(counted)
  })

  it('tells the price to come from today’s price list', async () => {
    const { subscriptionId, product } = await annual()
    const { today } = await renewals()
    await done(api, 'PUT', `${P}/subscriptions/${subscriptionId}/term-end`, { endsOn: daysLater(today, 20) })
    const found = await renewals('30')
    const renewal = found.renewals.items.find((each) => each.subscriptionId === subscriptionId)
    const { products } = (await (
      await api('GET', `${P}/products?search=${encodeURIComponent(product.replace(' (NCE Product)', ''))}`)
    ).json()) as {
      products: { name: string; unitPrice: string }[]
    }
    const [listed] = products
    expect(Number(renewal?.next?.price)).toBeCloseTo(Number(listed?.unitPrice) * Number(renewal?.quantity), 2)
    expect(Number(found.monthly.next.price)).toBeGreaterThan(0)
  })

  it('finds seats that a look sees added, and says until when they can be given back', async () => {
    expect((await renewals()).giveBacks.items).toEqual([])
    const { subscriptionId } = await annual()
    const state = (await (await fetch(`${world.prism.url}/control/state`)).json()) as { today: string }
    const added = await fetch(`${world.prism.url}/control/subscriptions/${subscriptionId}/quantity`, {
      method: 'POST',
      body: JSON.stringify({ quantity: 99, from: state.today }),
    })
    expect(added.status).toBe(200)
    await of.work()
    const { giveBacks, today } = await renewals()
    expect<unknown[]>(giveBacks.items).toEqual([
      expect.objectContaining({ subscriptionId: subscriptionKey(subscriptionId), tenantId }),
    ])
    const [found] = giveBacks.items
    const { seats, until } = found ?? { seats: '0', until: today }
    expect(Number(seats)).toBeGreaterThan(0)
    expect(until >= daysLater(today, 5) && until <= daysLater(today, 7)).toBe(true)
    await of.work()
    expect((await renewals()).giveBacks.count).toBe(1)
  })

  it('are one table to keep, CSV or JSON, each list with its name', async () => {
    const path = `${P}/renewals/csv?within=90`
    const csv = await (await api('GET', path)).text()
    expect(csv.split('\r\n')[0]).toBe(
      'List,Customer,Product,Subscription,Quantity,Until,Months of the term,Amounts are of,Now,Next,Difference,Of it for the extension,Why',
    )
    const rows = (await (await api('GET', `${path}&as=json`)).json()) as Record<string, string>[]
    const all = await renewals()
    const count = (list: string) => rows.filter((row) => row['List'] === list).length
    expect(count('Ends')).toBe(all.renewals.count)
    expect(count('Can still be given back')).toBe(all.giveBacks.count)
    expect(count('Billed nowhere')).toBe(all.unbilled.count)
    expect(all.giveBacks.count).toBeGreaterThan(0)
    const [first] = all.unbilled.items
    expect(rows).toContainEqual(
      expect.objectContaining({ List: 'Billed nowhere', Customer: first?.customer, Product: first?.product }),
    )
  })

  it('refuses days that are none, and says nothing of subscriptions that nobody knows', async () => {
    const { subscriptionId } = await annual()
    expect(await refusal(say(subscriptionId, '2026-02-30'))).toMatchObject({ status: 400 })
    expect(await refusal(say(subscriptionId, 'soon'))).toMatchObject({ status: 400 })
    expect(await refusal(say('no-such-one', '2027-01-31'))).toMatchObject({ status: 404 })
    expect(await refusal(say('%00', '2027-01-31'))).toMatchObject({ status: 404 })
    expect(await refusal(api('GET', `${P}/renewals?within=31`))).toMatchObject({ status: 400 })
  })

  it('are an organisation’s own', async () => {
    const { subscriptionId } = await annual()
    expect(await refusal(say(subscriptionId, '2027-01-31', stranger))).toMatchObject({ status: 404 })
    expect(await renewals('90', stranger)).toMatchObject({
      renewals: { count: 0 },
      unbilled: { count: 0 },
      giveBacks: { count: 0 },
    })
  })
})
