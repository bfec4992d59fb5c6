/** Agreements of the companies that may be a customer, read so that their additions tell whose they are (J7). */
import { server } from '#app/process/process.ts'
import { productsNamed } from '#db/prism/products.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import { type SkuKey, skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Addition, Day } from '#lib/billing/types.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { AgreementRecord, ConnectWiseClient } from '#lib/connectwise/values.ts'
import type { AgreementRead } from '#lib/matching/booked.ts'
import { agreementUse } from './mapping.ts'

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
}

/** Of the companies, the additions of those that can be billed on first. */
export async function agreementsOfCandidates(
  asked: Asked,
  { tenantId, companyIds, most }: Candidates,
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

/** The ProductId that each catalog item stands for, by the item's id (docs/billing-rules.md, "Products"). */
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
  const idsOrSkus = items.map(({ vendorSku }) => vendorSku)
  const products = await productsNamed(server().db, organisationId, program, { idsOrSkus, names: [] })
  const known = new Map(
    products.flatMap(({ productId, sku }) => [
      [skuKey(sku), skuKey(productId)] as const,
      [skuKey(productId), skuKey(productId)] as const,
    ]),
  )
  return new Map(
    items.flatMap(({ id, vendorSku }) => {
      const product = known.get(skuKey(vendorSku))
      return product === undefined ? [] : [[id, product] as const]
    }),
  )
}
