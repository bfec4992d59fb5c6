/** Agreements of the companies that may be a customer, read so that their additions tell whose they are (J7). */
import { server } from '#app/process/process.ts'
import { productsNamed } from '#db/prism/products.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import { namedProduct } from '#lib/billing/item-names.ts'
import { type SkuKey, skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Addition, Day } from '#lib/billing/types.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { AgreementRecord, ConnectWiseClient } from '#lib/connectwise/values.ts'
import type { AgreementRead } from '#lib/matching/booked.ts'
import { agreementUse } from './mapping.ts'
import { productsByKey, type ScannedEvidence } from './scanned-evidence.ts'

export interface CandidateAgreements {
  readonly read: readonly AgreementRead[]
  /** Those of which the additions were read, of all that the companies have. */
  readonly withAdditions: number
}

interface Asked {
  readonly client: ConnectWiseClient
  readonly organisationId: string
  readonly program: string
}

export interface Candidates {
  /** Whose first usage an agreement has to fit; `null`: of several customers. */
  readonly tenantId: string | null
  /** The likeliest first. */
  readonly companyIds: readonly number[]
  /** Agreements of which the additions are read, at most; each is a request. */
  readonly most: number
  /** In place of reading additions now; `null`: nobody had all read. */
  readonly scanned: ScannedEvidence | null
}

/** Of the companies, the additions of those that can be billed on first. */
export async function agreementsOfCandidates(
  asked: Asked,
  { tenantId, companyIds, most, scanned }: Candidates,
): Promise<CandidateAgreements> {
  const { client, organisationId, program } = asked
  const rank = new Map(companyIds.map((id, at) => [id, at]))
  const use = await agreementUse(organisationId, program, tenantId)
  const records = await listed(client, companyIds)
  const order = records
    .map((record) => ({ record, isFit: isFit(record, use) }))
    .toSorted(
      (a, b) =>
        Number(b.isFit) - Number(a.isFit) ||
        (rank.get(a.record.company.id) ?? 0) - (rank.get(b.record.company.id) ?? 0) ||
        a.record.id - b.record.id,
    )
  if (scanned !== null) return asScanned(order, scanned)
  const additions = await Promise.all(
    order.map(({ record }, at) => (at < most ? additionsOrNone(client, record.id) : Promise.resolve(null))),
  )
  const productOf = await productsOfItems(
    asked,
    additions.flatMap((each) => each ?? []),
    use.today,
  )
  const read = order.map(({ record, isFit: fits }, at) => ({
    ...readOf(record),
    isFit: fits,
    additions: (additions[at] ?? []).map((addition) => ({
      serial: subscriptionKey(addition.serialNumber),
      product: isActive(addition, use.today)
        ? (productOf.get(addition.catalogItemId) ?? NO_PRODUCT)
        : NO_PRODUCT,
      quantity: Number(addition.quantity),
    })),
  }))
  return { read, withAdditions: additions.filter((each) => each !== null).length }
}

/** Agreements as they are now, with what the scan read of them; of other companies that have something, what it read. */
function asScanned(
  order: readonly { readonly record: AgreementRecord; readonly isFit: boolean }[],
  scanned: ScannedEvidence,
): CandidateAgreements {
  const byId = new Map(scanned.read.map((each) => [each.id, each]))
  const listedNow = order.map(({ record, isFit: fits }) => ({
    ...readOf(record),
    isFit: fits,
    additions: byId.get(record.id)?.additions ?? [],
  }))
  for (const { id } of listedNow) byId.delete(id)
  return { read: [...listedNow, ...byId.values()], withAdditions: listedNow.length }
}

const NO_PRODUCT = skuKey('')

const readOf = ({ id, name, company }: AgreementRecord): AgreementRead => ({
  id,
  name,
  companyId: company.id,
  isFit: false,
  additions: [],
})

const isFit = (agreement: AgreementRecord, use: Parameters<typeof agreementFindings>[1]): boolean =>
  agreementFindings(agreement, use).every(({ severity }) => severity !== 'error')

const isActive = ({ cancelledDate }: Addition, day: Day): boolean =>
  cancelledDate === null || cancelledDate >= day

/** What ConnectWise refuses is evidence that is missing, and no reason to suggest nothing. */
async function orElse<Value>(asking: Promise<Value>, none: Value): Promise<Value> {
  try {
    return await asking
  } catch (error) {
    if (error instanceof ConnectWiseError) return none
    throw error
  }
}

const listed = async (
  client: ConnectWiseClient,
  companyIds: readonly number[],
): Promise<readonly AgreementRecord[]> =>
  companyIds.length === 0
    ? []
    : (await orElse(client.agreementsOfCompanies(companyIds), { records: [], unreadable: [] })).records

const additionsOrNone = async (
  client: ConnectWiseClient,
  agreementId: number,
): Promise<readonly Addition[] | null> =>
  (await orElse(client.additions(agreementId), null))?.additions ?? null

/**
 * The ProductId that each catalog item stands for, by the item's id (docs/billing-rules.md, "Products"); items of PRISM Connect's,
 * which are named by motion, too.
 */
async function productsOfItems(
  { client, organisationId, program }: Asked,
  additions: readonly Addition[],
  day: Day,
): Promise<ReadonlyMap<number, SkuKey>> {
  const ids = new Set(
    additions.filter((each) => isActive(each, day)).map(({ catalogItemId }) => catalogItemId),
  )
  if (ids.size === 0) return new Map()
  const { items } = await orElse(client.catalogByIds([...ids]), { items: [], unreadable: [] })
  const skus = new Map(items.map((item) => [item.id, namedProduct(item).sku]))
  const idsOrSkus = [...skus.values()]
  const products = productsByKey(
    await productsNamed(server().db, organisationId, program, { idsOrSkus, names: [] }),
  )
  return new Map(
    [...skus].flatMap(([id, sku]) => {
      const product = products.get(sku)
      return product === undefined ? [] : [[id, skuKey(product.productId)] as const]
    }),
  )
}
