/** Seeds of both stand-ins for customers with one agreement each, and subscriptions of 10 licences at 12.00 each. */
import type { ConnectWiseSeed } from '#standin/connectwise/seed.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import type { History } from '#standin/prism/history.ts'
import type { PrismSeed } from '#standin/prism/seed.ts'
import { licences, partner, product, start, tenant } from '#standin/prism/testing.ts'

/** What a customer has, by subscription. */
export type Customers = readonly (readonly History[])[]

const firstAgreement = 100
/** The company that has all agreements. */
export const companyId = 10

/** By a customer's place among them, from 0. */
export const tenantOf = (at: number): string => `tenant-${at}`
export const agreementOf = (at: number): number => firstAgreement + at

/** `sub-<at>-0` and so on, of one product. */
export const subscriptions = (
  at: number,
  count: number,
  events: readonly Parameters<typeof licences>[0][] = [start(10)],
): History[] =>
  Array.from({ length: count }, (_, each) => ({
    ...licences(...events),
    subscriptionId: `sub-${at}-${each}`,
    tenantId: tenantOf(at),
  }))

/** 58 subscriptions on 15 agreements. */
export const fiftyEight: Customers = Array.from({ length: 15 }, (_, at) => subscriptions(at, at < 14 ? 4 : 2))

/** No agreement is invoiced before April 2026, whose usage PRISM's first invoice has. */
export const seedsOf = (customers: Customers): { prism: PrismSeed; connectWise: ConnectWiseSeed } => {
  const seed = tinySeed()
  const [agreement] = seed.records.agreements ?? []
  const [item] = seed.records.catalog ?? []
  const agreements = customers.map((_, at) => ({
    ...agreement,
    id: agreementOf(at),
    name: `Agreement ${at}`,
    nextInvoiceDate: '2026-04-01T00:00:00Z',
  }))
  const catalog = ['A', 'FREE'].map((sku, at) => ({
    ...item,
    id: 40 + at,
    identifier: sku,
    vendorSku: sku,
  }))
  return {
    prism: {
      partners: [
        partner({
          products: [product('a'), product('free', '0', '0')],
          tenants: customers.map((_, at) => tenant(tenantOf(at), `Customer ${at}`, `c${at}.example`)),
          histories: customers.flat(),
        }),
      ],
    },
    connectWise: { ...seed, records: { ...seed.records, agreements, catalog } },
  }
}
