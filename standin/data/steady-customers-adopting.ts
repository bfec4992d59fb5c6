/** More customers whose sync succeeds: existing additions, billing in advance, shared agreements, unusual subscriptions. */
import type { History } from '#standin/prism/history.ts'
import { type Customer, customer, ended, licences, move, quantity } from './customer.ts'
import { subscriptionId } from './ids.ts'

const since = '2025-07-14'

/** A second product under a subscription's id. */
function alsoUnder(id: string, make: (key: string) => History) {
  return (key: string): History => ({ ...make(key), subscriptionId: subscriptionId(`${key}/${id}`) })
}

export const adoptingCustomers: readonly Customer[] = [
  customer({
    key: 'proseware',
    group: 'steady',
    name: 'Proseware',
    domain: 'proseware.example',
    subscriptions: [
      licences('exchange', 'exchange-1', 5, since),
      licences('basic', 'business-basic', 12, since, [quantity('2026-08-18', 10)]),
    ],
    company: {
      identifier: 'Proseware',
      name: 'Proseware Inc',
      city: 'Canberra',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            {
              product: 'exchange-1',
              quantity: 5,
              serialNumber: subscriptionId('proseware/exchange'),
              cancelledDate: '2026-07-14',
            },
            {
              product: 'business-basic',
              quantity: 12,
              serialNumber: ` ${subscriptionId('proseware/basic').toUpperCase()} `,
              invoiceDescription: 'Microsoft 365 Business Basic, all offices',
            },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'tailspin',
    group: 'steady',
    name: 'Tailspin Toys',
    domain: 'tailspintoys.example',
    subscriptions: [licences('exchange', 'exchange-1', 5, since, [quantity('2026-09-16', 8)])],
    company: {
      identifier: 'Tailspin',
      name: 'Tailspin Toys',
      city: 'Geelong',
      // May was invoiced on the 1st, before PRISM's invoice for April appears.
      agreements: [{ name: 'Microsoft CSP, in advance', inAdvance: true, nextInvoiceDate: '2026-06-01' }],
    },
  }),
  customer({
    key: 'wingtip',
    group: 'steady',
    name: 'Wingtip Toys',
    domain: 'wingtiptoys.example',
    subscriptions: [
      licences('premium', 'business-premium', 18, since, [
        quantity('2026-05-11', 20),
        quantity('2026-05-25', 17),
        quantity('2026-08-05', 22),
      ]),
      licences('windows', 'windows-365', 2, '2026-06-19', [ended('2026-08-22')]),
    ],
    company: {
      identifier: 'Wingtip',
      name: 'Wingtip Toys Pty Ltd',
      city: 'Newcastle',
      agreements: [{ name: 'Microsoft CSP, in advance', inAdvance: true }],
    },
  }),
  customer({
    key: 'litware',
    group: 'steady',
    name: 'Litware',
    domain: 'litware.example',
    subscriptions: [licences('premium', 'business-premium', 30, since, [quantity('2026-07-06', 33)])],
    company: {
      identifier: 'Litware',
      name: 'Litware Group',
      city: 'Darwin',
      agreements: [{ name: 'Microsoft CSP, whole group' }],
    },
  }),
  customer({
    key: 'litware-labs',
    group: 'steady',
    name: 'Litware Labs',
    domain: 'litwarelabs.example',
    subscriptions: [
      licences('premium', 'business-premium', 6, since),
      licences('intune', 'defender-office', 6, '2026-05-20'),
    ],
    // Shares its sister's company and agreement.
    company: { identifier: 'Litware', name: 'Litware Group', city: 'Darwin', agreements: [] },
  }),
  customer({
    key: 'southridge',
    group: 'steady',
    name: 'Southridge Video',
    domain: 'southridgevideo.example',
    subscriptions: [
      licences('standard', 'business-standard', 14, since, [quantity('2026-08-12', 16)]),
      licences('premium', 'business-premium', 10, since),
      licences('exchange', 'exchange-1', 4, since),
    ],
    company: {
      identifier: 'Southridge',
      name: 'Southridge Video Productions',
      city: 'Cairns',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            { product: 'business-standard', quantity: 14, unitCost: '16.00', unitPrice: '19.50' },
            {
              product: 'business-premium',
              quantity: 10,
              lessIncluded: 2,
              serialNumber: subscriptionId('southridge/premium'),
            },
            {
              product: 'exchange-1',
              quantity: 4,
              billCustomer: 'DoNotBill',
              serialNumber: subscriptionId('southridge/exchange'),
            },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'graphic',
    group: 'steady',
    name: 'Graphic Design Institute',
    domain: 'graphicdesigninstitute.example',
    subscriptions: [
      licences('exchange-staff', 'exchange-2', 3, since),
      licences('exchange-teachers', 'exchange-2', 7, since, [quantity('2026-06-04', 8)]),
      licences('f5-faculty', 'f5-faculty', 20, since),
      licences('f5-student', 'f5-student', 140, since, [quantity('2026-07-27', 155)]),
    ],
    company: {
      identifier: 'GraphicDesign',
      name: 'Graphic Design Inst.',
      city: 'Wollongong',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            { product: 'exchange-2', quantity: 7 },
            { product: 'exchange-2', quantity: 3 },
            { product: { identifier: 'MW-GOLD' }, quantity: 10, unitCost: '22.00', unitPrice: '45.00' },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'margies',
    group: 'steady',
    name: "Margie's Travel",
    domain: 'margiestravel.example',
    subscriptions: [
      licences('office', 'business-standard', 8, since, [move('2026-07-16', 'business-premium')]),
      licences('mixed', 'business-basic', 4, since),
      alsoUnder('mixed', licences('mixed-exchange', 'exchange-2', 3, since, [quantity('2026-08-10', 5)])),
      licences('skype', 'skype', 6, '2024-03-05'),
    ],
    company: {
      identifier: 'MargiesTravel',
      name: "Margie's Travel Agency",
      city: 'Gold Coast',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
]
