/** What the last full scan says of whose each company is (J7). */
import { server } from '#app/process/process.ts'
import { type ScannedLine, scannedDomains, scannedLines, scannedSkus } from '#db/connections/scanned.ts'
import { scanOf } from '#db/connections/scans.ts'
import { productsNamed } from '#db/prism/products.ts'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import type { Product } from '#lib/billing/types.ts'
import type { AgreementRead } from '#lib/matching/booked.ts'
import type { ContactDomains } from './contacts.ts'
import { contactsOfScan } from './scan.ts'

export interface ScannedEvidence {
  readonly readAt: Date
  readonly contacts: ContactDomains
  /** Agreements with an addition that says something; that they can be billed on is not known. */
  readonly read: readonly AgreementRead[]
  readonly lines: readonly ScannedLine[]
  /** Products of the program by the SKU or ProductId that an item names. */
  readonly products: ReadonlyMap<SkuKey, Product>
}

/** `null`: none was read to its end. */
export async function scannedEvidence(
  organisationId: string,
  program: string,
): Promise<ScannedEvidence | null> {
  const { db } = server()
  const scan = await scanOf(db, organisationId)
  if (scan === null || scan.completeAt === null) return null
  const idsOrSkus = await scannedSkus(db, organisationId)
  const named = await productsNamed(db, organisationId, program, { idsOrSkus, names: [] })
  const products = productsByKey(named)
  const [lines, of] = await Promise.all([
    scannedLines(db, organisationId, [...products.keys()]),
    scannedDomains(db, organisationId),
  ])
  return {
    readAt: scan.completeAt,
    contacts: { of, says: contactsOfScan(scan) },
    read: agreementsIn(lines, products),
    lines,
    products,
  }
}

/** By SKU and by ProductId. */
export const productsByKey = (products: readonly Product[]): ReadonlyMap<SkuKey, Product> =>
  new Map(
    products.flatMap((product) => [
      [skuKey(product.sku), product] as const,
      [skuKey(product.productId), product] as const,
    ]),
  )

const NO_PRODUCT = skuKey('')

const agreementsIn = (
  lines: readonly ScannedLine[],
  products: ReadonlyMap<SkuKey, Product>,
): AgreementRead[] =>
  [...Map.groupBy(lines, ({ agreementId }) => agreementId)].flatMap(([id, of]) => {
    const [first] = of
    if (first === undefined) return []
    return [
      {
        id,
        companyId: first.companyId,
        name: first.agreementName,
        isFit: false,
        additions: of.map(({ serial, quantity, isActive, sku }) => ({
          serial,
          product: isActive ? skuKey(products.get(sku ?? NO_PRODUCT)?.productId ?? '') : NO_PRODUCT,
          quantity: Number(quantity),
        })),
      },
    ]
  })
