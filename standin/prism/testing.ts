/** Small histories for tests. */
import {
  type History,
  type LicenceHistory,
  monthlyTerm,
  type Price,
  type Product,
  type SubscriptionEvent,
  type Tenant,
} from './history.ts'
import { listed } from './portfolio.ts'
import type { Partner } from './seed.ts'

export const agreementId = '5f0e0000-0000-4000-8000-00000000a001'

export function product(productId: string, cost = '10', rrp = '12', later: readonly Price[] = []): Product {
  const prices = [{ from: '2025-01-01', cost, rrp }, ...later]
  return {
    productId,
    sku: productId.toUpperCase(),
    name: `Product ${productId}`,
    group: 'Microsoft',
    unit: 'Licenses',
    prices,
  }
}

export function tenant(tenantId: string, name = 'Coho Winery', domain = 'cohowinery.example'): Tenant {
  return { tenantId, customerId: 501, name, domain, contractAgreementId: agreementId }
}

export function licences(...events: SubscriptionEvent[]): LicenceHistory {
  return { kind: 'licences', subscriptionId: 'sub-1', tenantId: 'tenant-1', term: monthlyTerm, events }
}

export function start(quantity: number, on = '2025-06-01', productId = 'a'): SubscriptionEvent {
  return { kind: 'start', on, productId, quantity }
}

export function quantity(quantity: number, on: string): SubscriptionEvent {
  return { kind: 'quantity', on, quantity }
}

export interface PartnerParts extends Partial<Omit<Partner, 'portfolio'>> {
  readonly tenants?: readonly Tenant[]
  readonly histories?: readonly History[]
}

/** A partner with one tenant that has five licences, unless the parts say otherwise. */
export function partner({ tenants, histories, ...parts }: PartnerParts = {}): Partner {
  return {
    customerId: 100,
    name: 'Northwind Managed Services',
    email: 'billing@northwind.example',
    clients: [{ clientId: 'client', clientSecret: 'secret' }],
    contractAgreements: [{ id: agreementId, number: '1000001' }],
    programName: 'Microsoft CSP Indirect',
    products: [product('a')],
    portfolio: listed(tenants ?? [tenant('tenant-1')], histories ?? [licences(start(5))]),
    extraInvoices: [],
    firstUsage: '2026-04',
    ...parts,
  }
}
