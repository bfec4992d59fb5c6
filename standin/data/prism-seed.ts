import { annualTermBilledAnnually, monthlyTerm } from '#standin/prism/history.ts'
import type { InvoiceLine } from '#standin/prism/lines.ts'
import { listed } from '#standin/prism/portfolio.ts'
import type { Partner, PrismSeed, RelyingParty } from '#standin/prism/seed.ts'
import { customersOf, type DemoOptions } from './customers.ts'
import { contractAgreementId, subscriptionId, tenantId } from './ids.ts'
import { annualInvoices } from './motion-customers.ts'
import { listedProducts } from './products.ts'

/** What an API client of the partner signs in with. */
export const prismClient = { clientId: 'northwind', clientSecret: 'demo-secret' } as const

/** Of the standard monthly invoices. */
export const programName = 'Microsoft CSP Indirect'

/** The one partner of the demo: Northwind Managed Services, AUD, one Microsoft CSP contract agreement. */
export function prismSeed(options: DemoOptions = {}): PrismSeed {
  return { partners: [northwind(options)], relyingParties: [prismPod] }
}

/** The product as a site that offers "Sign in with PRISM"; on any port of this machine. */
export const prismPod = {
  clientId: 'prism-pod',
  clientSecret: 'demo-relying-party',
  redirectUris: [
    'http://localhost/api/session/prism/callback',
    'http://127.0.0.1/api/session/prism/callback',
  ],
  signedOutUris: ['http://localhost/sign-in', 'http://127.0.0.1/sign-in'],
} as const satisfies RelyingParty

const password = 'demo-person-password'

const northwind = (options: DemoOptions): Partner => ({
  customerId: 100,
  name: 'Northwind Managed Services',
  email: 'accounts@northwind.example',
  clients: [prismClient],
  people: [
    { name: 'Nora Field', email: 'nora@northwind.example', password },
    { name: 'Owen Park', email: 'owen@northwind.example', password },
  ],
  contractAgreements: [{ id: contractAgreementId, number: '1000001' }],
  programName,
  products: listedProducts(options.motions === true),
  portfolio: listed(
    customersOf(options).map(({ key, tenant }, index) => ({
      tenantId: tenantId(key),
      customerId: 501 + index,
      ...tenant,
      contractAgreementId,
    })),
    customersOf(options).flatMap((customer) => customer.histories),
  ),
  extraInvoices: [
    { usage: '2026-07', programName: `${programName} Annual`, lines: [annualOrder()] },
    { usage: '2026-08', programName: `${programName} Credit`, lines: [credit()] },
    ...(options.motions === true ? annualInvoices(programName) : []),
  ],
  firstUsage: '2026-04',
})

/** A separate invoice for the full term, after the order (docs/facts/prism.md, "When invoices come out"). */
function annualOrder(): InvoiceLine {
  return {
    subscriptionId: subscriptionId('citypower/visio-year'),
    tenantId: tenantId('citypower'),
    offerName: 'Visio Plan 2 (NCE Product)',
    first: '2026-07-20',
    last: '2027-07-19',
    unitPrice: '229.37',
    unitPriceRrp: '275.88',
    quantity: '2',
    billableRatio: '1',
    subTotal: '458.74',
    subTotalRrp: '551.76',
    term: annualTermBilledAnnually,
  }
}

/** A negative line; its form is assumed, none is known (docs/facts/prism.md, "Invoice CSV"). */
function credit(): InvoiceLine {
  return {
    subscriptionId: subscriptionId('coho/premium'),
    tenantId: tenantId('coho'),
    offerName: 'Microsoft 365 Business Premium (NCE Product)',
    first: '2026-07-01',
    last: '2026-07-31',
    unitPrice: '28.6',
    unitPriceRrp: '34.1',
    quantity: '-1',
    billableRatio: '1',
    subTotal: '-28.6',
    subTotalRrp: '-34.1',
    term: monthlyTerm,
  }
}
