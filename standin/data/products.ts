/** Invented products: names as Microsoft words them, ids and prices made up. */
import type { Price, Product } from '#standin/prism/history.ts'
import { guid } from './ids.ts'

type Extras = Partial<Omit<Product, 'productId' | 'name' | 'prices'>> & { readonly later?: readonly Price[] }

/**
 * Without a SKU of its own a product has its id in upper case, as in the one price list seen
 * (docs/facts/prism.md, "Price list").
 */
function product(key: string, name: string, cost: string, rrp: string, extras: Extras = {}): Product {
  const { later = [], ...rest } = extras
  const productId = guid(`product ${key}`)
  const prices = [{ from: '2025-01-01', cost, rrp }, ...later]
  return {
    productId,
    sku: productId.toUpperCase(),
    name,
    group: 'Microsoft CSP',
    unit: 'Licenses',
    prices,
    ...rest,
  }
}

/** A SKU that has nothing in common with the product id. */
function ownSku(key: string) {
  return { sku: guid(`sku ${key}`).toUpperCase() }
}

// Equal in their first 60 characters, where a catalog description is cut (D5).
const longName = 'Microsoft 365 F5 Security and Compliance Add-on for Frontline Workers'

export const products = {
  'business-basic': product('business-basic', 'Microsoft 365 Business Basic', '8.03', '9.90'),
  'business-standard': product('business-standard', 'Microsoft 365 Business Standard', '16.73', '20.60'),
  'business-premium': product('business-premium', 'Microsoft 365 Business Premium', '28.60', '34.10'),
  'exchange-1': product('exchange-1', 'Exchange Online (Plan 1)', '5.37', '6.45'),
  'exchange-2': product('exchange-2', 'Exchange Online (Plan 2)', '10.73', '12.90', ownSku('exchange-2')),
  'enterprise-e3': product('enterprise-e3', 'Microsoft 365 E3', '49.15', '57.80'),
  'project-3': product('project-3', 'Project Plan 3', '40.25', '48.30'),
  'visio-nonprofit': product('visio-nonprofit', 'Visio Plan 2 (Non-Profit Pricing)', '4.07', '5.20'),
  'entra-p1': product('entra-p1', 'Microsoft Entra ID P1', '8.05', '9.70', ownSku('entra-p1')),
  'intune-1': product('intune-1', 'Microsoft Intune Plan 1', '10.73', '12.90', ownSku('intune-1')),
  'defender-office': product('defender-office', 'Microsoft Defender for Office 365 (Plan 1)', '2.68', '3.30'),
  'power-automate': product('power-automate', 'Power Automate Free', '0', '0'),
  'windows-365': product('windows-365', 'Windows 365 Business 2 vCPU 8 GB 128 GB', '49.70', '58.50', {
    unit: 'User',
  }),
  'dynamics-sales': product('dynamics-sales', 'Dynamics 365 Sales Professional', '87.40', '102.90', {
    unit: 'User',
  }),
  'f5-faculty': product('f5-faculty', `${longName} (Faculty Pricing)`, '9.12', '10.95'),
  'f5-student': product('f5-student', `${longName} (Student Use Benefit)`, '3.04', '3.65'),

  // Prices that change: inside a month, at a month's border, and with the October usage.
  'defender-business': product('defender-business', 'Microsoft Defender for Business', '4.40', '5.30', {
    later: [{ from: '2026-06-16', cost: '4.73', rrp: '5.65' }],
  }),
  'visio-2': product('visio-2', 'Visio Plan 2', '20.12', '24.20', {
    later: [{ from: '2026-08-01', cost: '21.40', rrp: '25.70' }],
  }),
  'power-bi': product('power-bi', 'Power BI Pro', '13.41', '16.10', {
    later: [{ from: '2026-10-01', cost: '18.80', rrp: '22.60' }],
  }),

  // Products that come and go on the price list.
  copilot: product('copilot', 'Microsoft 365 Copilot', '40.26', '44.90', { listedFrom: '2026-05-01' }),
  kaizala: product('kaizala', 'Microsoft Kaizala Pro', '2.01', '2.40', { retiredFrom: '2026-07-01' }),
  skype: product('skype', 'Skype for Business Online (Plan 2)', '7.40', '8.90', {
    retiredFrom: '2025-10-01',
    legacy: true,
  }),
  essentials: product('essentials', 'Office 365 Business Essentials', '6.71', '8.10', {
    retiredFrom: '2025-10-01',
    legacy: true,
  }),

  // Of customers with terms of all motions alone: a price that rises with a renewal, and a paid extension.
  'teams-premium': product('teams-premium', 'Microsoft Teams Premium', '7.17', '8.60', {
    later: [{ from: '2026-07-09', cost: '7.89', rrp: '9.45' }],
  }),
  'enterprise-e3-extended': product(
    'enterprise-e3-extended',
    'Microsoft 365 E3 Extended Service Term',
    '50.62',
    '59.53',
  ),

  azure: product('azure', 'Azure plan', '0', '0', { unit: 'Usage-based', group: 'Azure' }),
} as const satisfies Record<string, Product>

export type ProductKey = keyof typeof products

const ofMotions: ReadonlySet<string> = new Set(['teams-premium', 'enterprise-e3-extended'])

/** What the price list has. @param motions with what customers with terms of all motions have */
export const listedProducts = (motions: boolean): readonly Product[] =>
  Object.entries(products).flatMap(([key, each]) => (motions || !ofMotions.has(key) ? [each] : []))
