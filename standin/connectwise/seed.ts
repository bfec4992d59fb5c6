/** What a ConnectWise stand-in starts with. */
import type { Site } from './auth.ts'
import { addDays, dayOf } from './days.ts'
import type { Collection } from './fields.ts'
import type { Row } from './records.ts'
import { agreementScreen } from './screens.ts'
import type { Records } from './store.ts'

/**
 * Records are plain JSON as the real API sends it, with explicit ids; an addition names its `agreementId`, a member has
 * a `memberHash`. Additions that come with the seed count as billed up to the day before their agreement's
 * `nextInvoiceDate`. Set-up tables that are left out get the defaults below.
 */
export interface ConnectWiseSeed {
  readonly site: Site
  readonly records: Records
}

const setUp: Records = {
  companyStatuses: [
    { id: 1, name: 'Active', defaultFlag: true, inactiveFlag: false },
    { id: 2, name: 'Inactive', defaultFlag: false, inactiveFlag: false },
  ],
  companyTypes: [{ id: 1, name: 'Client' }],
  agreementTypes: [
    { id: 1, name: 'Managed Services' },
    { id: 2, name: 'Cloud Subscriptions' },
  ],
  billingCycles: [
    { id: 1, identifier: 'N', name: 'None', billingOptions: 'NotRecurring', defaultFlag: false },
    { id: 2, identifier: 'M', name: 'Monthly', billingOptions: 'Monthly', defaultFlag: true },
    { id: 3, identifier: 'Q', name: 'Quarterly', billingOptions: 'Quarterly', defaultFlag: false },
    { id: 4, identifier: 'Y', name: 'Yearly', billingOptions: 'Yearly', defaultFlag: false },
    { id: 5, identifier: 'O', name: 'One-Time', billingOptions: 'NotRecurring', defaultFlag: false },
  ],
  categories: [{ id: 1, name: 'Miscellaneous', inactiveFlag: false, defaultFlag: true }],
  subcategories: [
    { id: 1, name: 'Miscellaneous', category: { id: 1 }, inactiveFlag: false, defaultFlag: true },
  ],
  productTypes: [
    { id: 1, name: 'Miscellaneous', typeXref: 'OtherCharge', inactiveFlag: false, defaultFlag: true },
  ],
  unitOfMeasures: [{ id: 1, name: 'Each', inactiveFlag: false, defaultFlag: true }],
  taxCodes: [
    {
      id: 1,
      identifier: 'GST',
      description: 'Goods and services tax',
      invoiceCaption: 'GST',
      effectiveDate: '2020-01-01T00:00:00Z',
      defaultFlag: true,
      levelOneRate: 10,
      levelOneRateType: 'Percent',
    },
  ],
  currencies: [
    { id: 1, symbol: '$', currencyCode: 'AUD', currencyIdentifier: 'AUD', name: 'Australian Dollar' },
    { id: 2, symbol: '$', currencyCode: 'NZD', currencyIdentifier: 'NZD', name: 'New Zealand Dollar' },
  ],
  hostedScreens: [
    { id: 3, screenId: 'ticket', name: 'Service Ticket' },
    { id: 5, screenId: 'contact', name: 'Contact' },
    { id: 8, screenId: 'company', name: 'Company' },
    agreementScreen,
  ],
}

/** The seed's records with the set-up tables it leaves out. */
export function withSetUp(records: Records): Records {
  return { ...setUp, ...records }
}

/** The last day that was invoiced for an addition that came with the seed; `undefined` where nothing was. */
export function billedThroughOf(records: Records): (addition: Row) => string | undefined {
  const rows = (collection: Collection) => records[collection] ?? []
  const next = new Map(rows('agreements').map((row) => [row.id, dayOf(row.nextInvoiceDate)]))
  return (addition) => {
    const day = next.get(Number(addition.agreementId))
    return day === undefined || day === null ? undefined : addDays(day, -1)
  }
}
