/** Customers that show an error or wait for a person, each for one reason; and those that the demo leaves unmapped. */
import { type Customer, customer, ended, licences, quantity } from './customer.ts'
import { subscriptionId } from './ids.ts'

const since = '2025-07-14'

export const troubleCustomers: readonly Customer[] = [
  customer({
    key: 'phone',
    group: 'trouble',
    name: 'The Phone Company',
    domain: 'thephone-company.example',
    subscriptions: [
      licences('exchange-shops', 'exchange-1', 5, since),
      licences('exchange-office', 'exchange-1', 5, since),
      licences('basic', 'business-basic', 8, since),
      licences('premium', 'business-premium', 6, since),
    ],
    company: {
      identifier: 'PhoneCompany',
      name: 'Phone Company, The',
      city: 'Sydney',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            { product: 'exchange-1', quantity: 5 },
            { product: 'exchange-1', quantity: 5 },
            { product: 'business-basic', quantity: 8, serialNumber: 'TPC-CONTRACT-7781' },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'blueyonder',
    group: 'trouble',
    name: 'Blue Yonder Airlines',
    domain: 'blueyonderairlines.example',
    subscriptions: [licences('standard', 'business-standard', 9, since)],
    company: {
      identifier: 'BlueYonder',
      name: 'Blue Yonder Airlines',
      city: 'Melbourne',
      agreements: [{ name: 'Microsoft CSP', additions: [{ product: 'project-3', quantity: 2 }] }],
    },
  }),
  customer({
    key: 'trey',
    group: 'trouble',
    name: 'Trey Research',
    domain: 'treyresearch.example',
    subscriptions: [
      licences('exchange', 'exchange-1', 5, since),
      licences('premium', 'business-premium', 4, since),
    ],
    company: {
      identifier: 'TreyResearch',
      name: 'Trey Research Institute',
      city: 'Adelaide',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            { product: 'exchange-1', quantity: 5, serialNumber: subscriptionId('trey/exchange') },
            {
              product: 'exchange-1',
              quantity: 3,
              serialNumber: subscriptionId('trey/exchange'),
              effectiveDate: '2027-01-01',
            },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'woodgrove',
    group: 'trouble',
    name: 'Woodgrove Bank',
    domain: 'woodgrovebank.example',
    subscriptions: [
      licences('exchange', 'exchange-1', 5, since),
      licences('basic', 'business-basic', 17, since),
    ],
    company: {
      identifier: 'Woodgrove',
      name: 'Woodgrove Banking Corp.',
      city: 'Sydney',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            {
              product: 'exchange-1',
              quantity: 5,
              serialNumber: subscriptionId('woodgrove/exchange'),
              cancelledDate: '2026-04-14',
            },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'fourthcoffee',
    group: 'trouble',
    name: 'Fourth Coffee',
    domain: 'fourthcoffee.example',
    subscriptions: [
      licences('essentials', 'essentials', 6, '2024-09-17'),
      licences('standard', 'business-standard', 4, since),
    ],
    company: {
      identifier: 'FourthCoffee',
      name: '4th Coffee Roasters',
      city: 'Fremantle',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'messenger',
    group: 'trouble',
    name: 'Consolidated Messenger',
    domain: 'consolidatedmessenger.example',
    subscriptions: [
      licences('intune', 'intune-1', 15, since),
      licences('basic', 'business-basic', 15, since),
    ],
    company: {
      identifier: 'ConsMessenger',
      name: 'Consolidated Messenger Services',
      city: 'Launceston',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'vanarsdel',
    group: 'trouble',
    name: 'VanArsdel',
    domain: 'vanarsdelltd.example',
    subscriptions: [
      licences('premium', 'business-premium', 11, since, [ended('2026-08-01')]),
      licences('exchange', 'exchange-1', 3, since, [ended('2026-08-01')]),
    ],
    company: {
      identifier: 'VanArsdel',
      name: 'VanArsdel, Ltd.',
      city: 'Toowoomba',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'nod',
    group: 'trouble',
    name: 'Nod Publishers',
    domain: 'nodpublishers.example',
    subscriptions: [licences('premium', 'business-premium', 8, since, [quantity('2026-08-14', 10)])],
    company: {
      identifier: 'NodPublishers',
      name: 'Nod Publishers',
      city: 'Ballarat',
      agreements: [{ name: 'Microsoft CSP 2025-26', endDate: '2026-08-31' }],
    },
  }),
]

/** Agreements that may not be picked (A5), a company without one, and a tenant without a company. */
export const unmappedCustomers: readonly Customer[] = [
  customer({
    key: 'relecloud',
    group: 'unmapped',
    name: 'Relecloud',
    domain: 'relecloud.example',
    subscriptions: [licences('premium', 'business-premium', 16, since, [quantity('2026-07-09', 18)])],
    company: {
      identifier: 'Relecloud',
      name: 'Relecloud Hosting',
      city: 'Sydney',
      agreements: [
        { name: 'Microsoft CSP, not prorated', prorateFlag: false },
        { name: 'Microsoft CSP, contract year', invoicingCycle: 'ContractYear' },
        { name: 'Microsoft CSP 2025', endDate: '2026-06-30' },
        { name: 'Microsoft CSP, New Zealand', currency: 'NZD' },
        { name: 'Microsoft CSP 2027', startDate: '2026-12-31', billStartDate: '2027-01-01' },
        { name: 'Microsoft CSP' },
      ],
    },
  }),
  customer({
    key: 'adatum',
    group: 'unmapped',
    name: 'A. Datum Corporation',
    domain: 'adatum.example',
    subscriptions: [licences('standard', 'business-standard', 23, since)],
    company: { identifier: 'ADatum', name: 'A Datum Corp', city: 'Perth', agreements: [] },
  }),
  customer({
    key: 'bestforyou',
    group: 'unmapped',
    // As PRISM names a customer that has no name of its own.
    name: 'bestforyouorganics.example',
    domain: 'bestforyouorganics.example',
    subscriptions: [licences('basic', 'business-basic', 2, '2026-06-25')],
    company: {
      identifier: 'BestForYou',
      name: 'Best For You Organics',
      city: 'Byron Bay',
      agreements: [
        { name: 'Microsoft CSP' },
        {
          name: 'Microsoft CSP 2025',
          startDate: '2025-01-01',
          billStartDate: '2025-01-01',
          endDate: '2025-12-31',
        },
        { name: 'Website hosting, quarterly', billingCycle: 'Quarterly' },
      ],
    },
  }),
]
