/** The catalog as it is before the first sync: some items linked by hand, most products missing. */
import type { Row } from '#standin/connectwise/records.ts'
import { catalogRow } from './connectwise-rows.ts'
import { type ProductKey, products } from './products.ts'

/** Identifier, description, and the Vendor SKU that links it, as somebody typed it. */
interface Item {
  readonly identifier: string
  readonly description: string
  readonly vendorSku?: string
  readonly cost: string
  readonly price: string
  readonly inactive?: true
  readonly taxable?: true
}

function linked(key: ProductKey, identifier: string, as: (sku: string) => string = (sku) => sku): Item {
  const { name, sku, prices } = products[key]
  const { cost = '0', rrp: price = '0' } = prices[0] ?? {}
  return { identifier, description: name.slice(0, 60), vendorSku: as(sku), cost, price, taxable: true }
}

const items: readonly Item[] = [
  { identifier: 'Misc-Item', description: 'Miscellaneous Item', cost: '0', price: '0' },
  {
    identifier: 'Misc-Hardware',
    description: 'Miscellaneous Hardware',
    cost: '0',
    price: '0',
    inactive: true,
  },
  { identifier: 'MW-GOLD', description: 'Managed Workstation Gold', cost: '22', price: '45', taxable: true },
  { identifier: 'BACKUP-1TB', description: 'Cloud Backup 1 TB', cost: '18', price: '39', taxable: true },
  linked('business-premium', 'M365-BP', (sku) => ` ${sku.toLowerCase()} `),
  linked('business-standard', 'M365-BS'),
  linked('business-basic', 'M365-BB', (sku) => sku.toLowerCase()),
  linked('exchange-1', 'EXO-P1'),
  linked('exchange-2', 'EXO-P2', (sku) => `${sku} `),
  linked('enterprise-e3', 'M365-E3'),
  linked('project-3', 'PROJ-P3'),
  // Retired: the clerk got the SKU from rhipe (D4).
  linked('skype', 'SFB-P2'),
  // Twice the same Vendor SKU (D6).
  linked('intune-1', 'INTUNE-P1'),
  linked('intune-1', 'INTUNE-OLD', (sku) => sku.toLowerCase()),
]

export const catalog: readonly Row[] = items.map(({ cost, price, ...item }, index) =>
  catalogRow({ ...item, id: 1 + index, cost: Number(cost), price: Number(price) }),
)

/** The first item of a product, or the item of an identifier. */
export function itemFor(product: ProductKey | { readonly identifier: string }): {
  id: number
  identifier: string
} {
  const sku = typeof product === 'string' ? products[product].sku.toLowerCase() : ''
  const index = items.findIndex((item) =>
    typeof product === 'string'
      ? item.vendorSku?.trim().toLowerCase() === sku
      : item.identifier === product.identifier,
  )
  const item = items[index]
  if (item === undefined) throw new Error(`No catalog item for ${JSON.stringify(product)}`)
  return { id: 1 + index, identifier: item.identifier }
}
