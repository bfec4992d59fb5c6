/**
 * A small partner, drawn from a seed: five customers on four agreements, whose subscriptions between them need every kind of
 * write in May 2026, and whose April is synced already when a look begins.
 */
import { programs } from '#lib/programs/registry.ts'
import type { ConnectWiseSeed } from '#standin/connectwise/seed.ts'
import type { Records } from '#standin/connectwise/store.ts'
import { catalogItem, tinySeed } from '#standin/connectwise/testing.ts'
import { type Draws, drawsFor } from '#standin/generator/draws.ts'
import { type History, monthlyTerm, noTerm, type SubscriptionEvent } from '#standin/prism/history.ts'
import type { PrismSeed } from '#standin/prism/seed.ts'
import { partner, product, quantity, start, tenant } from '#standin/prism/testing.ts'

export interface Customer {
  readonly tenantId: string
  readonly name: string
  readonly domain: string
  readonly companyId: number
  readonly agreementId: number
}

export interface SmallPartner {
  readonly customers: readonly Customer[]
  readonly histories: readonly History[]
  readonly prism: (clientId: string) => PrismSeed
  /** `records`: what ConnectWise holds instead of what it holds at first. */
  readonly connectWise: (companyId: string, records?: Records) => ConnectWiseSeed
}

export const program = programs[0]?.slug ?? ''
/** Of the one standard invoice of May, and of the credit note beside it. */
export const invoiceOfMay = '90002'
export const invoiceOfApril = '90001'
export const creditNote = '90003'

/** Names that a CSV has to quote, and one that is not ASCII. The last two share an agreement. */
const customers: readonly Customer[] = [
  ['Coho Winery', 30],
  ['Café Fabrikam', 31],
  ['Wingtip "Toys", Ltd', 32],
  ['Lucerne Publishing', 33],
  ['Lucerne Print', 33],
].map(([name, agreementId], at) => ({
  tenantId: `7d3f0000-0000-4000-8000-00000000000${at + 1}`,
  name: String(name),
  domain: `customer-${at + 1}.example`,
  companyId: 10 + Number(agreementId) - 30,
  agreementId: Number(agreementId),
}))

export const agreementIds: readonly number[] = [...new Set(customers.map(({ agreementId }) => agreementId))]

/** Not in the catalog at first: its only subscription begins in May. */
const newProduct = 'e'
const azurePlan = { ...product('d'), name: 'Azure plan', unit: 'Usage-based' as const }
const products = [
  product('a'),
  product('b', '7.35', '9'),
  product('c', '20', '25', [{ from: '2026-05-11', cost: '21.5', rrp: '26' }]),
  azurePlan,
  product(newProduct, '4.1', '5'),
  product('f', '90', '99'),
]
export const skus: readonly string[] = products.map(({ sku }) => sku)
export const newSku = newProduct.toUpperCase()

const catalogIds: Readonly<Record<string, number>> = { A: 40, B: 41, C: 42, D: 43 }
/** An item and an addition that a person made and that are no concern of PRISM's. */
const handMade = { itemId: 49, additionId: 900 }

export function smallPartner(seed: number): SmallPartner {
  const histories = customers.flatMap((customer, at) =>
    historiesOf(customer, at, drawsFor(seed, 'tenant', at)),
  )
  return {
    customers,
    histories,
    prism: (clientId) => ({
      partners: [
        partner({
          clients: [{ clientId, clientSecret: 'secret' }],
          products,
          tenants: customers.map(({ tenantId, name, domain }) => tenant(tenantId, name, domain)),
          histories,
          extraInvoices: [credit(histories)],
        }),
      ],
    }),
    connectWise: (companyId, records = startingRecords()) => tinySeed(records, { companyId }),
  }
}

function historiesOf({ tenantId }: Customer, at: number, draws: Draws): History[] {
  const licences = (number: number, ...events: SubscriptionEvent[]): History => ({
    kind: 'licences',
    subscriptionId: `5b5c0000-0000-4000-8000-0000000000${at + 1}${number}`,
    tenantId,
    term: monthlyTerm,
    events,
  })
  const found = [licences(1, ...steady(draws, at === 0 ? 'step' : null))]
  if (draws.chance(60)) found.push(licences(2, ...steady(draws, null)))
  if (at === 1) found.push(licences(3, start(draws.whole(1, 9), '2026-05-12', newProduct)))
  if (at === 2) found.push(azure(tenantId, draws))
  return found
}

type InMay = 'nothing' | 'step' | 'steps' | 'end' | 'ended before' | 'start'

/** What ran in April, and what happens to it in May. */
function steady(draws: Draws, wanted: InMay | null): SubscriptionEvent[] {
  const productId = draws.pick(['a', 'b', 'c'])
  const first = draws.whole(3, 9)
  const inMay =
    wanted ?? draws.weighted({ nothing: 3, step: 3, steps: 1, end: 1, 'ended before': 1, start: 1 })
  const began = draws.pick(['2025-06-01', '2026-04-01', '2026-04-12'])
  const day = `2026-05-${String(draws.whole(2, 15)).padStart(2, '0')}`
  const events: Readonly<Record<InMay, SubscriptionEvent[]>> = {
    nothing: [],
    step: [quantity(first + draws.pick([-2, -1, 1, 4]), day)],
    steps: [quantity(first + 3, day), quantity(first - 1, '2026-05-21')],
    end: [{ kind: 'end', on: day }],
    'ended before': [{ kind: 'end', on: '2026-05-01' }],
    start: [],
  }
  return [start(first, inMay === 'start' ? day : began, productId), ...events[inMay]]
}

function azure(tenantId: string, draws: Draws): History {
  const usage = () => ({ cost: `${draws.whole(20, 90)}.37`, rrp: `${draws.whole(91, 120)}.05` })
  return {
    kind: 'azure',
    subscriptionId: '5b5c0000-0000-4000-8000-0000000000a1',
    tenantId,
    term: noTerm,
    productId: azurePlan.productId,
    startedOn: '2026-01-01',
    usage: { '2026-04': usage(), '2026-05': usage() },
  }
}

/** A credit beside May's standard invoice, which is listed as ignored. */
function credit(histories: readonly History[]) {
  const [first] = histories
  if (first === undefined) throw new Error('A partner has subscriptions')
  const line = {
    subscriptionId: first.subscriptionId,
    tenantId: first.tenantId,
    offerName: 'Credit',
    first: '2026-05-01',
    last: '2026-05-31',
    unitPrice: '-10',
    unitPriceRrp: '-12',
    quantity: '1',
    billableRatio: '1',
    subTotal: '-10.00',
    subTotalRrp: '-12.00',
    term: monthlyTerm,
  }
  return { usage: '2026-05', programName: 'Microsoft CSP Credit', lines: [line] }
}

function startingRecords(): Records {
  const tiny = tinySeed().records
  const [agreement] = tiny.agreements ?? []
  const [company] = tiny.companies ?? []
  return {
    ...tiny,
    companies: agreementIds.map((id) => ({
      ...company,
      id: id - 20,
      identifier: `C${id}`,
      name: `Company ${id}`,
    })),
    agreements: agreementIds.map((id) => ({
      ...agreement,
      id,
      name: `Cloud ${id}`,
      company: { id: id - 20 },
      nextInvoiceDate: '2026-04-01T00:00:00Z',
    })),
    catalog: [
      ...Object.entries(catalogIds).map(([sku, id]) => catalogItem(id, `ITEM-${sku}`, sku)),
      catalogItem(handMade.itemId, 'SUPPORT', ''),
    ],
    additions: [
      {
        id: handMade.additionId,
        agreementId: agreementIds[0],
        product: { id: handMade.itemId },
        quantity: 1,
        unitCost: 50,
        unitPrice: 80,
        lessIncluded: 0,
        billCustomer: 'Billable',
        taxableFlag: true,
        effectiveDate: '2026-01-01T00:00:00Z',
      },
    ],
  }
}

/** What ConnectWise holds when May's look begins: April is invoiced, and somebody has changed a catalog item's amounts. */
export function atMay(records: Records): Records {
  return {
    ...records,
    agreements: (records.agreements ?? []).map((each) => ({
      ...each,
      nextInvoiceDate: '2026-05-01T00:00:00Z',
    })),
    catalog: (records.catalog ?? []).map((each) =>
      each.id === catalogIds.B ? { ...each, cost: 0.01, price: 0.02 } : each,
    ),
  }
}

/** The agreement of a subscription; `undefined` where no customer has it. */
export const agreementOfSubscription = (
  { histories, customers: all }: SmallPartner,
  subscriptionId: string,
): number | undefined => {
  const held = histories.find((each) => each.subscriptionId === subscriptionId)
  return all.find(({ tenantId }) => tenantId === held?.tenantId)?.agreementId
}

/** The agreements with a subscription that ever had the product. */
export const agreementsOfSku = (small: SmallPartner, sku: string): number[] => {
  const productId = sku.toLowerCase()
  const having = small.histories.filter((history) =>
    history.kind === 'licences'
      ? history.events.some((event) => 'productId' in event && event.productId === productId)
      : history.productId === productId,
  )
  return having.flatMap(({ subscriptionId }) => agreementOfSubscription(small, subscriptionId) ?? [])
}
