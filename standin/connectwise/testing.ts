/** A small ConnectWise for the tests of this folder, and a client that speaks to it as any other would. */
import { createClock } from '../http/clock.ts'
import { type ConnectWiseSeed } from './seed.ts'
import { startConnectWise } from './server.ts'
import type { Records } from './store.ts'

/** One company with one monthly prorating agreement, two catalog items and two members; `records` replace whole tables. */
export function tinySeed(
  records: Records = {},
  site: Partial<ConnectWiseSeed['site']> = {},
): ConnectWiseSeed {
  return {
    site: { companyId: 'acme', publicKey: 'pub', privateKey: 'priv', ...site },
    records: {
      companies: [
        { id: 10, identifier: 'Wingtip', name: 'Wingtip Toys', city: 'Perth', deletedFlag: false },
        { id: 11, identifier: 'Fabrikam', name: 'Fabrikam Inc', city: 'Cairns', deletedFlag: true },
      ],
      contacts: [{ id: 20, name: 'Ann Able' }],
      agreements: [
        {
          id: 30,
          name: 'Cloud Subscriptions',
          type: { id: 2 },
          company: { id: 10 },
          contact: { id: 20 },
          billingCycle: { id: 2 },
          startDate: '2026-01-01T00:00:00Z',
          billStartDate: '2026-01-01T00:00:00Z',
          nextInvoiceDate: '2026-09-01T00:00:00Z',
          noEndingDateFlag: true,
          cancelledFlag: false,
          prorateFlag: true,
          invoicingCycle: 'CalendarYear',
          periodType: 'Current',
          billProducts: 'Billable',
          billTime: 'Billable',
          billExpenses: 'Billable',
          employeeCompRate: 'Actual',
        },
      ],
      catalog: [catalogItem(40, 'M365BP', 'CFQ7TTC0LCHC:0001'), catalogItem(41, 'EXO1', 'CFQ7TTC0LH16:0001')],
      additions: [],
      members: [
        {
          id: 50,
          identifier: 'jmeyer',
          firstName: 'Jo',
          lastName: 'Meyer',
          inactiveFlag: false,
          memberHash: 'hash-jo',
        },
        {
          id: 51,
          identifier: 'tkay',
          firstName: 'Tam',
          lastName: 'Kay',
          inactiveFlag: false,
          memberHash: 'hash-tam',
        },
      ],
      ...records,
    },
  }
}

export function catalogItem(id: number, identifier: string, vendorSku: string) {
  return {
    id,
    identifier,
    description: identifier,
    customerDescription: `${identifier} for you`,
    category: { id: 1 },
    subcategory: { id: 1 },
    type: { id: 1 },
    unitOfMeasure: { id: 1 },
    productClass: 'NonInventory',
    inactiveFlag: false,
    taxableFlag: true,
    price: 22,
    cost: 17.6,
    vendorSku,
  }
}

interface BodyFields {
  readonly id: number
  readonly message: string
  readonly errors: readonly { readonly code: string; readonly message: string }[]
  readonly lines: readonly { readonly month: string; readonly price: string }[]
  readonly category: { readonly id: number }
  readonly company: { readonly id: number }
  readonly _info: { readonly lastUpdated: string }
  readonly [field: string]: unknown
}

/** Whatever JSON came, named after the fields that tests look into; they assert on what they find. */
export type Body = BodyFields & readonly BodyFields[]

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** Starts it on a free port, its clock at 15 September 2026. */
export async function startTiny(seed: ConnectWiseSeed = tinySeed()) {
  const connectWise = await startConnectWise({ seed, clock: createClock('2026-09-15') })
  const authorization = `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`
  const standard = { authorization, clientid: 'any', 'content-type': 'application/json' }
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const address = path.startsWith('/')
      ? connectWise.url + path
      : `${connectWise.url}/v2025_1/apis/3.0/${path}`
    const sent = { ...standard, ...headers }
    const response = await fetch(address, {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    }
    return answer
  }
  return { ...connectWise, call }
}

export const additionsPath = 'finance/agreements/30/additions'
export const newAddition = (more: Record<string, unknown> = {}) => ({
  product: { id: 40 },
  billCustomer: 'Billable',
  quantity: 5,
  unitPrice: 22,
  unitCost: 17.6,
  effectiveDate: '2026-09-15T00:00:00Z',
  serialNumber: 'sub-1',
  ...more,
})
