/**
 * Suggestions for all customers of a large partner (J7), against JSON.parse of the two lists as they are sent: PRISM's tenants
 * with their subscriptions, and ConnectWise's companies with all their fields, as who names none gets them. What is compared of
 * them is a row of its own, without a budget. `BENCH_MATCHED` sets the customers; there are twice as many companies.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CompanyToMatch } from '#lib/matching/index-of-companies.ts'
import { suggestAll, suggestInSteps, type TenantToMatch } from '#lib/matching/suggest-companies.ts'
import type { Row } from '#scripts/bench-table.ts'
import { type MisspeltCompany, type MisspeltTenant, misspeltPartner } from '#standin/misspelt/partner.ts'
import { median } from './stage/medians.ts'
import { shown, sizeOf } from './stage/sizes.ts'

const TENANTS = sizeOf('BENCH_MATCHED', 10_000)
const TIMES = 7
const LONGEST_STEP_MS = 50
const MB = 2 ** 20

export default async function suggestions(): Promise<Row[]> {
  const sent = asSent()
  const lists = `${shown(TENANTS)} customers and ${shown(2 * TENANTS)} companies`
  const [ours, parse, parseCompared]: [number[], number[], number[]] = [[], [], []]
  const heap: number[] = []
  const longest: number[] = []
  let likely = 0
  // In turns, so that other work on the machine meets all.
  for (let time = 0; time < TIMES; time += 1) {
    parse.push(msOf(() => [JSON.parse(sent.tenants), JSON.parse(sent.companies)]))
    parseCompared.push(msOf(() => [JSON.parse(sent.comparedTenants), JSON.parse(sent.comparedCompanies)]))
    const [tenants, companies] = compared(sent)
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    ours.push(
      msOf(() => {
        likely = suggestAll({ tenants, companies }).filter(({ companies: [first] }) => first?.isLikely).length
      }),
    )
    heap.push(process.memoryUsage().heapUsed - before)
    longest.push(longestStep(suggestInSteps({ tenants, companies })))
  }
  // Nothing was measured where nothing was found.
  if (likely < TENANTS / 4) throw new Error(`Only ${likely} of ${TENANTS} customers have a likely company.`)
  const time = median(ours)
  return [
    {
      measure: `suggestions, ${lists}: time against JSON.parse of both lists as they are sent`,
      ours: time,
      reference: median(parse),
      unit: 'ms',
      budget: { times: 10 },
    },
    {
      measure: `suggestions, ${lists}: time against JSON.parse of what is compared of them`,
      ours: time,
      reference: median(parseCompared),
      unit: 'ms',
    },
    {
      // The smallest of the rounds: what else the machine does is in each.
      measure: `suggestions, ${lists}: the longest that others wait for a turn`,
      ours: Math.min(...longest),
      unit: 'ms',
      budget: { plus: LONGEST_STEP_MS },
    },
    {
      // At its end it still has all that it made; garbage is in each figure, so the smallest says most.
      measure: `suggestions, ${lists}: memory above the lists`,
      ours: Math.min(...heap) / MB,
      unit: 'MB',
      budget: { plus: 200 },
    },
  ]
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

function longestStep(steps: Generator<undefined, unknown>): number {
  let longest = 0
  for (;;) {
    const began = performance.now()
    const { done } = steps.next()
    longest = Math.max(longest, performance.now() - began)
    if (done === true) return longest
  }
}

function msOf(work: () => unknown): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

interface Sent {
  readonly tenants: string
  readonly companies: string
  readonly comparedTenants: string
  readonly comparedCompanies: string
}

function asSent(): Sent {
  const partner = misspeltPartner({ seed: 1, tenants: TENANTS, companies: 2 * TENANTS, book: 'empty' })
  return {
    tenants: JSON.stringify(partner.tenants.map(prismsTenant)),
    companies: JSON.stringify(partner.companies.map(fullCompany)),
    comparedTenants: JSON.stringify(partner.tenants.map(({ subscriptions: _, ...tenant }) => tenant)),
    comparedCompanies: JSON.stringify(partner.companies.map(({ agreements: _, ...company }) => company)),
  }
}

const compared = ({ comparedTenants, comparedCompanies }: Sent): [TenantToMatch[], CompanyToMatch[]] => [
  JSON.parse(comparedTenants) as TenantToMatch[],
  JSON.parse(comparedCompanies) as CompanyToMatch[],
]

/** As docs/facts/prism.md has it. */
const prismsTenant = ({ id, name, domain, subscriptions }: MisspeltTenant, at: number) => ({
  TenantId: id,
  TenantStatus: 'Active',
  TenantDomain: domain,
  CustomerId: at,
  CustomerName: name,
  Subscriptions: subscriptions.map((subscription) => ({
    SubscriptionId: subscription.id,
    Status: 'Active',
    ProgramReferenceLabel: 'Microsoft CSP Indirect',
    ProductId: subscription.product,
    ProductName: subscription.product,
    Quantity: subscription.quantity,
    FirstPurchased: '2025-06-03T01:22:33.123+00:00',
    DisplayTemplate: 'Licenses',
    Unit: 'Licenses',
    BillingCycle: 'Monthly',
    BillingCycleDuration: 1,
  })),
})

const reference = (id: number, name: string, path: string) => ({
  id,
  name,
  _info: { [`${path}_href`]: `https://api-au.myconnectwise.net/v4_6_release/apis/3.0/company/${path}/${id}` },
})

/** Fields that a company has in most cases; what is unset ConnectWise leaves out. */
const fullCompany = ({ id, name, identifier, website }: MisspeltCompany) => ({
  id,
  identifier,
  name,
  status: reference(1, 'Active', 'statuses'),
  addressLine1: '1 Example Street',
  city: 'Sydney',
  state: 'NSW',
  zip: '2000',
  country: reference(14, 'Australia', 'countries'),
  phoneNumber: '0255500000',
  website,
  market: reference(9, 'Professional Services', 'marketDescriptions'),
  territory: reference(2, 'Corporate', 'territories'),
  defaultContact: reference(id, 'Ann Example', 'contacts'),
  dateAcquired: '2020-01-01T00:00:00Z',
  timeZoneSetup: reference(1, 'AEST', 'timeZoneSetups'),
  leadFlag: false,
  unsubscribeFlag: false,
  taxCode: reference(8, 'GST', 'taxCodes'),
  billingTerms: reference(1, 'Net 30', 'billingTerms'),
  billToCompany: { ...reference(id, name, 'companies'), identifier },
  currency: { ...reference(7, 'Australian Dollar', 'currencies'), currencyCode: 'AUD', symbol: '$' },
  deletedFlag: false,
  types: [reference(1, 'Customer', 'types')],
  _info: {
    lastUpdated: '2026-11-01T00:00:00Z',
    updatedBy: 'admin',
    dateEntered: '2020-01-01T00:00:00Z',
    enteredBy: 'admin',
  },
})
