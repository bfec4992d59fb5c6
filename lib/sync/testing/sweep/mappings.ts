/**
 * Mappings that together need every kind of change in one scheduled sync of May: create, end, update of Azure's amounts,
 * delete and end where a mapping has moved, a catalog item that two agreements need, keep and adopt; increases, decreases,
 * a price split, annual terms that are left alone, billing in advance.
 */
import type { Row } from '#standin/connectwise/records.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import type { History } from '#standin/prism/history.ts'
import { annualTermBilledMonthly, noTerm } from '#standin/prism/history.ts'
import { licences, partner, product, quantity, start, tenant } from '#standin/prism/testing.ts'

/** One customer: what it has in PRISM, its agreement, and what stands there before. */
export interface Customer {
  readonly tenantId: string
  readonly agreementId: number
  /** Where it is mapped to since April. */
  readonly movedTo: number | null
  /** It is synced for the first time in May. */
  readonly isNew: boolean
  readonly isInAdvance: boolean
  readonly histories: readonly History[]
  /** Additions that are on the agreement from the beginning, and such that come before May is synced. */
  readonly before: readonly Row[]
  readonly beforeMay: readonly Row[]
}

const firstAgreement = 100
const agreementsEach = 2

type Kind = (at: number, own: Own) => Partial<Customer> & Pick<Customer, 'histories'>

/** What differs from customer to customer of the same kind. */
interface Own {
  readonly agreementId: number
  /** A subscription of it. */
  readonly sub: (name: string, history: ReturnType<typeof licences>) => History
  readonly id: (name: string) => string
  /** An addition that somebody made by hand. */
  readonly addition: (nth: number, fields: Readonly<Record<string, unknown>>) => Row
}

const steps: Kind = (at, { sub }) => ({
  histories: [
    sub('up', licences(start(5 + at), quantity(8 + at, '2026-05-16'))),
    sub('gone', licences(start(3 + at, '2025-06-01', 'c'), { kind: 'end', on: '2026-05-01' })),
    sub('new', licences(start(2 + at, '2026-05-10', 'd'))),
  ],
})

const prices: Kind = (at, { sub }) => ({
  histories: [
    sub('split', licences(start(4 + at, '2025-06-01', 'p'), quantity(7 + at, '2026-05-20'))),
    sub('also-new', licences(start(4 + at, '2026-05-05', 'd'))),
  ],
})

const azure: Kind = (at, { sub, id, addition }) => {
  const subscriptionId = id('azure')
  return {
    histories: [
      {
        kind: 'azure',
        subscriptionId,
        tenantId: tenantOf(at),
        term: noTerm,
        productId: 'azure',
        startedOn: '2025-06-01',
        usage: { '2026-04': { cost: '100.10', rrp: '120.12' }, '2026-05': { cost: '90.5', rrp: '108.6' } },
      },
      sub('down', licences(start(9 + at, '2025-06-01', 'c'), quantity(6 + at, '2026-05-11'))),
    ],
    beforeMay: [
      addition(1, {
        product: { id: 45 },
        quantity: 1,
        unitCost: 80,
        unitPrice: 96,
        serialNumber: subscriptionId,
        effectiveDate: '2026-05-01T00:00:00Z',
        cancelledDate: '2026-05-31T00:00:00Z',
      }),
    ],
  }
}

const inAdvance: Kind = (at, { sub }) => ({
  isInAdvance: true,
  histories: [
    sub('twice', licences(start(9 + at), quantity(7 + at, '2026-05-06'), quantity(8 + at, '2026-05-21'))),
    sub('later', licences(start(1 + at, '2026-05-12', 'c'))),
  ],
})

const moving: Kind = (at, { agreementId, sub }) => ({
  movedTo: agreementId + 1,
  histories: [
    sub('goes', licences(start(6 + at), quantity(5 + at, '2026-04-20'))),
    sub('ends', licences(start(2 + at, '2025-06-01', 'c'), { kind: 'end', on: '2026-05-11' })),
  ],
})

const beginning: Kind = (at, { sub, id, addition }) => ({
  isNew: true,
  histories: [
    sub('kept', licences(start(5 + at))),
    sub('taken', licences(start(4 + at, '2025-06-01', 'c'), quantity(6 + at, '2026-05-18'))),
    sub('annual', { ...licences(start(3, '2026-01-10', 'p')), term: annualTermBilledMonthly }),
  ],
  before: [
    addition(1, {
      product: { id: 40 },
      quantity: 5 + at,
      unitCost: 10,
      unitPrice: 12,
      serialNumber: id('kept'),
    }),
    addition(2, { product: { id: 42 }, quantity: 4 + at, unitCost: 20, unitPrice: 25 }),
    addition(3, {
      product: { id: 43 },
      quantity: 3,
      unitCost: 33,
      unitPrice: 44,
      serialNumber: id('annual'),
    }),
  ],
})

const kinds: readonly Kind[] = [steps, prices, azure, inAdvance, moving, beginning]
/** As many as there are kinds: each once. */
export const fewest = kinds.length

const tenantOf = (at: number): string => `tenant-${at}`

const byHand = {
  lessIncluded: 0,
  billCustomer: 'Billable',
  taxableFlag: true,
  effectiveDate: '2026-01-01T00:00:00Z',
}

/** So many customers, the kinds in turn, no two with the same quantities. */
export const customersOf = (count: number): Customer[] =>
  Array.from({ length: count }, (_, at) => {
    const agreementId = firstAgreement + agreementsEach * at
    const id = (name: string): string => `${at}-${name}`
    const own: Own = {
      agreementId,
      id,
      sub: (name, history) => ({ ...history, subscriptionId: id(name), tenantId: tenantOf(at) }),
      addition: (nth, fields) => ({ ...byHand, ...fields, id: 9000 + 10 * at + nth, agreementId }),
    }
    const kind = kinds[at % kinds.length]
    if (kind === undefined) throw new Error('There is no kind of customer')
    return {
      tenantId: tenantOf(at),
      agreementId,
      movedTo: null,
      isNew: false,
      isInAdvance: false,
      before: [],
      beforeMay: [],
      ...kind(at, own),
    }
  })

export const agreementsOf = (customers: readonly Customer[]): number[] =>
  customers.flatMap(({ agreementId, movedTo }) => (movedTo === null ? [agreementId] : [agreementId, movedTo]))

const priced = [
  product('a'),
  product('c', '20', '25'),
  product('p', '20', '25', [{ from: '2026-05-15', cost: '22', rrp: '27' }]),
  product('d', '7.35', '9'),
  { ...product('azure', '0', '0'), name: 'Azure plan', unit: 'Usage-based' as const },
]

/** PRISM of these customers; product D is not in ConnectWise's catalog. */
export const prismSeedOf = (customers: readonly Customer[]) => ({
  partners: [
    partner({
      products: priced,
      tenants: customers.map(({ tenantId }) =>
        tenant(tenantId, `Customer ${tenantId}`, `${tenantId}.example`),
      ),
      histories: customers.flatMap(({ histories }) => histories),
    }),
  ],
})

export const connectWiseSeedOf = (customers: readonly Customer[]) => {
  const seed = tinySeed()
  const [agreement] = seed.records.agreements ?? []
  const [item] = seed.records.catalog ?? []
  const agreements = customers.flatMap(({ agreementId, movedTo, isInAdvance }) =>
    [agreementId, movedTo].flatMap((id) =>
      id === null
        ? []
        : [
            {
              ...agreement,
              id,
              name: `Agreement ${id}`,
              nextInvoiceDate: '2026-04-01T00:00:00Z',
              periodType: isInAdvance ? 'Future' : 'Current',
            },
          ],
    ),
  )
  const catalog = Object.entries({ A: 40, C: 42, P: 43, AZURE: 45 }).map(([vendorSku, id]) => ({
    ...item,
    id,
    identifier: `ITEM-${vendorSku}`,
    vendorSku,
  }))
  const additions = customers.flatMap(({ before }) => before)
  return { ...seed, records: { ...seed.records, agreements, catalog, additions } }
}
