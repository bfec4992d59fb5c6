/**
 * An invented customer seen from both sides: the tenant with its subscriptions in PRISM, the company with its agreement
 * and additions in ConnectWise. Both seeds are made from the same list, so they cannot drift apart.
 */
import {
  type AzureUsage,
  type History,
  type LicenceHistory,
  monthlyTerm,
  noTerm,
  type SubscriptionEvent,
  type Term,
} from '#standin/prism/history.ts'
import { subscriptionId, tenantId } from './ids.ts'
import { type ProductKey, products } from './products.ts'

export interface Customer {
  /** Short name in ids, e.g. `coho`. */
  readonly key: string
  readonly tenant: { readonly name: string; readonly domain: string }
  readonly histories: readonly History[]
  readonly company: CompanySeed
  /**
   * `steady`: syncs in full, each cent explained. `trouble`: shows an error or waits for a person.
   * `unmapped`: the demo maps it to nothing.
   */
  readonly group: 'steady' | 'trouble' | 'unmapped'
}

export interface CompanySeed {
  readonly identifier: string
  readonly name: string
  readonly city: string
  /** The first one is what the demo maps the tenant to. */
  readonly agreements: readonly AgreementSeed[]
}

/** Fields left out have the usual values of `connectwise-seed.ts`. */
export interface AgreementSeed {
  readonly name: string
  readonly inAdvance?: true
  readonly nextInvoiceDate?: string
  readonly startDate?: string
  readonly billStartDate?: string
  readonly endDate?: string
  readonly billingCycle?: 'Quarterly' | 'One-Time'
  readonly prorateFlag?: false
  readonly invoicingCycle?: 'ContractYear'
  readonly currency?: 'NZD'
  readonly additions?: readonly AdditionSeed[]
}

export interface AdditionSeed {
  /** A product of PRISM, or the identifier of another catalog item. */
  readonly product: ProductKey | { readonly identifier: string }
  readonly quantity: number
  readonly serialNumber?: string
  readonly effectiveDate?: string
  readonly cancelledDate?: string
  readonly unitCost?: string
  readonly unitPrice?: string
  readonly lessIncluded?: number
  readonly billCustomer?: 'DoNotBill' | 'NoCharge'
  readonly invoiceDescription?: string
}

interface Sketch extends Omit<Customer, 'histories' | 'tenant'> {
  readonly name: string
  readonly domain: string
  readonly subscriptions: readonly ((key: string) => History)[]
}

export function customer({ name, domain, subscriptions, ...rest }: Sketch): Customer {
  return { ...rest, tenant: { name, domain }, histories: subscriptions.map((make) => make(rest.key)) }
}

/** Licences of a product since `on`; further events follow. `id` is unique in the customer. */
export function licences(
  id: string,
  product: ProductKey,
  quantity: number,
  on: string,
  events: readonly SubscriptionEvent[] = [],
  extras: { readonly term?: Term; readonly shownBySku?: true } = {},
) {
  return (key: string): LicenceHistory => ({
    kind: 'licences',
    subscriptionId: subscriptionId(`${key}/${id}`),
    tenantId: tenantId(key),
    term: monthlyTerm,
    events: [{ kind: 'start', on, productId: products[product].productId, quantity }, ...events],
    ...extras,
  })
}

/** Azure since `startedOn`; `usage` by month. */
export function azure(
  id: string,
  startedOn: string,
  usage: Readonly<Record<string, AzureUsage>>,
  term = monthlyTerm,
) {
  return (key: string): History => ({
    kind: 'azure',
    subscriptionId: subscriptionId(`${key}/${id}`),
    tenantId: tenantId(key),
    term,
    productId: products.azure.productId,
    startedOn,
    usage,
  })
}

export const withoutTerm = noTerm

export function quantity(on: string, to: number): SubscriptionEvent {
  return { kind: 'quantity', on, quantity: to }
}

export function move(on: string, product: ProductKey): SubscriptionEvent {
  return { kind: 'move', on, productId: products[product].productId }
}

/** Not charged from `on` up to the day before `until`. */
export function suspended(on: string, until: string): SubscriptionEvent[] {
  return [
    { kind: 'suspend', on },
    { kind: 'resume', on: until },
  ]
}

/** `on` is the first day that is not charged. */
export function ended(on: string): SubscriptionEvent {
  return { kind: 'end', on }
}
