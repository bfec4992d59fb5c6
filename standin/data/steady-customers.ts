/** Customers whose sync succeeds: what ConnectWise bills is explained to the cent. README.md says what each one shows. */
import { annualTermBilledAnnually, annualTermBilledMonthly } from '#standin/prism/history.ts'
import {
  azure,
  type Customer,
  customer,
  ended,
  licences,
  quantity,
  suspended,
  withoutTerm,
} from './customer.ts'
import { subscriptionId, tenantId } from './ids.ts'
import { products } from './products.ts'

const since = '2025-07-14'

/** The city's annual plan, paid for the year at once. */
function dynamicsForTheYear(key: string) {
  return {
    kind: 'annual' as const,
    subscriptionId: subscriptionId(`${key}/dynamics-year`),
    tenantId: tenantId(key),
    term: annualTermBilledAnnually,
    productId: products['dynamics-sales'].productId,
    orderedOn: '2026-06-10',
    quantity: 3,
    cost: '996.36',
    rrp: '1173.06',
  }
}

export const steadyCustomers: readonly Customer[] = [
  customer({
    key: 'coho',
    group: 'steady',
    name: 'Coho Winery',
    domain: 'cohowinery.example',
    subscriptions: [
      licences('premium', 'business-premium', 12, since, [quantity('2026-10-12', 15)]),
      licences('exchange', 'exchange-1', 5, since, [quantity('2026-06-16', 8), quantity('2026-11-09', 9)]),
      licences('automate', 'power-automate', 1, since),
      licences('visio', 'visio-nonprofit', 3, '2025-11-03'),
    ],
    company: {
      identifier: 'CohoWinery',
      name: 'Coho Winery Pty Ltd',
      city: 'Adelaide',
      agreements: [{ name: 'Microsoft CSP' }, { name: 'Managed Services Gold' }],
    },
  }),
  customer({
    key: 'fabrikam',
    group: 'steady',
    name: 'Fabrikam',
    domain: 'fabrikam.example',
    subscriptions: [
      azure('azure', since, {
        '2026-03': { cost: '1198.20', rrp: '1318.02' },
        '2026-04': { cost: '1284.37', rrp: '1412.81' },
        '2026-05': { cost: '1301.55', rrp: '1431.71' },
        '2026-06': { cost: '1190.04', rrp: '1309.04' },
        '2026-07': { cost: '1342.90', rrp: '1477.19' },
        '2026-08': { cost: '1377.18', rrp: '1514.90' },
        '2026-09': { cost: '1365.66', rrp: '1502.23' },
        '2026-10': { cost: '1402.31', rrp: '1542.54' },
        '2026-11': { cost: '1398.77', rrp: '1538.65' },
        '2026-12': { cost: '1255.09', rrp: '1380.60' },
        '2027-01': { cost: '1410.42', rrp: '1551.46' },
        '2027-02': { cost: '1388.13', rrp: '1526.94' },
      }),
      licences('basic', 'business-basic', 5, since, [quantity('2026-09-11', 8), quantity('2026-09-21', 6)]),
      licences('copilot', 'copilot', 4, '2026-07-08'),
    ],
    company: {
      identifier: 'Fabrikam',
      name: 'Fabrikam Inc.',
      city: 'Melbourne',
      agreements: [{ name: 'Cloud Subscriptions' }],
    },
  }),
  customer({
    key: 'wideworld',
    group: 'steady',
    name: 'Wide World Importers',
    domain: 'wideworldimporters.example',
    subscriptions: [
      licences('e3-year', 'enterprise-e3', 25, '2026-02-16', [], { term: annualTermBilledMonthly }),
      licences('defender', 'defender-business', 13, since),
      licences('standard', 'business-standard', 5, '2026-09-12', [quantity('2026-11-09', 6)]),
    ],
    company: {
      identifier: 'WideWorld',
      name: 'Wide World Importers',
      city: 'Sydney',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            // The annual term, billed by hand: the sync leaves it alone (F4).
            { product: 'enterprise-e3', quantity: 25, serialNumber: subscriptionId('wideworld/e3-year') },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'adventure',
    group: 'steady',
    name: 'Adventure Works',
    domain: 'adventure-works.example',
    subscriptions: [
      licences('exchange', 'exchange-1', 5, since, [ended('2026-09-15')]),
      licences('premium', 'business-premium', 21, since, [quantity('2026-07-20', 19)]),
      // Named by its SKU in the API (docs/facts/prism.md, "Price list").
      licences('entra', 'entra-p1', 21, since, [], { shownBySku: true }),
    ],
    company: {
      identifier: 'AdventureWorks',
      name: 'Adventure Works Cycles',
      city: 'Brisbane',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'contoso',
    group: 'steady',
    name: 'Contoso Pharmaceuticals',
    domain: 'contoso.example',
    subscriptions: [
      licences('exchange', 'exchange-2', 5, since, suspended('2026-09-11', '2026-09-21')),
      licences('visio', 'visio-2', 4, since),
      licences('powerbi', 'power-bi', 10, since),
    ],
    company: {
      identifier: 'ContosoPharma',
      name: 'Contoso Pharmaceuticals Australia',
      city: 'Perth',
      agreements: [{ name: 'Microsoft 365 and Azure' }],
    },
  }),
  customer({
    key: 'alpine',
    group: 'steady',
    name: 'Alpine Ski House',
    domain: 'alpineskihouse.example',
    subscriptions: [
      licences('project', 'project-3', 5, since, [ended('2026-09-01')]),
      licences('premium', 'business-premium', 9, since),
    ],
    company: {
      identifier: 'AlpineSki',
      name: 'Alpine Ski House',
      city: 'Jindabyne',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'humongous',
    group: 'steady',
    name: 'Humongous Insurance',
    domain: 'humongousinsurance.example',
    subscriptions: [
      licences('exchange', 'exchange-1', 5, since, [ended('2026-04-01')]),
      licences('premium', 'business-premium', 40, since, [
        quantity('2026-05-08', 43),
        quantity('2026-08-27', 41),
      ]),
    ],
    company: {
      identifier: 'Humongous',
      name: 'Humongous Insurance Ltd',
      city: 'Sydney',
      agreements: [
        {
          name: 'Microsoft CSP',
          additions: [
            { product: 'exchange-1', quantity: 5, serialNumber: subscriptionId('humongous/exchange') },
          ],
        },
      ],
    },
  }),
  customer({
    key: 'lucerne',
    group: 'steady',
    name: 'Lucerne Publishing',
    domain: 'lucernepublishing.example',
    subscriptions: [
      licences('standard', 'business-standard', 5, '2026-09-03', [quantity('2026-09-20', 7)]),
      licences('basic', 'business-basic', 11, since),
      azure(
        'azure',
        '2026-06-11',
        {
          '2026-06': { cost: '84.12', rrp: '92.53', first: '2026-06-11' },
          '2026-07': { cost: '131.07', rrp: '144.18' },
          '2026-09': { cost: '12.40', rrp: '13.64' },
          '2026-11': { cost: '57.90', rrp: '63.69' },
        },
        withoutTerm,
      ),
    ],
    company: {
      identifier: 'Lucerne',
      name: 'Lucerne Publishing House',
      city: 'Hobart',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'citypower',
    group: 'steady',
    name: 'City Power & Light',
    domain: 'cpandl.example',
    subscriptions: [
      licences('premium', 'business-premium', 7, '2026-05-06', [
        quantity('2026-05-19', 9),
        quantity('2026-06-02', 10),
      ]),
      licences('standard', 'business-standard', 3, since, [quantity('2026-04-22', 2), ended('2026-07-01')]),
      dynamicsForTheYear,
    ],
    company: {
      identifier: 'CityPower',
      name: 'City Power and Light',
      city: 'Bendigo',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
]
