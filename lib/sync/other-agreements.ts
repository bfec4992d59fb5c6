/**
 * Reads what the company's other agreements bill, before a customer's first sync (docs/billing-rules.md,
 * "First sync").
 */
import { ownedAdditions } from '#db/ledger/changes.ts'
import { mappingsOfAgreement } from '#db/mappings/mappings.ts'
import { productsNamed } from '#db/prism/products.ts'
import { foreignSubscriptions, subscriptionsOfTenants } from '#db/prism/tenants.ts'
import { type AlsoBilled, alsoBilled, isToBeAsked } from '#lib/billing/also-billed.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { namedProduct } from '#lib/billing/item-names.ts'
import { type SkuKey, skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Addition, OtherAgreement, Situation } from '#lib/billing/types.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import type { SyncContext } from './context.ts'

type ReadContext = Pick<SyncContext, 'db' | 'organisationId' | 'program'> & {
  readonly connectWise: Pick<ConnectWiseClient, 'agreements' | 'additions' | 'catalogByIds'>
}

interface Place {
  readonly companyId: number
  readonly agreementId: number
}

/** For a sync: only where a customer begins here of which nobody said how, and once. */
export const otherAgreementsOf = async (
  ctx: ReadContext,
  place: Place | undefined,
  known: Pick<Situation, 'tenants' | 'starts' | 'good' | 'synced' | 'usages'>,
  earlier: Situation | undefined,
): Promise<Pick<Situation, 'otherAgreements'>> => {
  const begins = known.usages.some(({ period, lines }) =>
    lines.some((line) => isToBeAsked(known, period, line)),
  )
  if (place === undefined || !begins) return {}
  return { otherAgreements: earlier?.otherAgreements ?? (await readOtherAgreements(ctx, place)) }
}

/** The company's other active agreements with their open additions that are not ours, where there are any. */
export const readOtherAgreements = async (
  ctx: ReadContext,
  { companyId, agreementId }: Place,
): Promise<OtherAgreement[]> => {
  const { records } = await ctx.connectWise.agreements(companyId)
  const others = records.filter(
    (each) => each.id !== agreementId && each.status === 'Active' && !each.cancelled,
  )
  const found: OtherAgreement[] = []
  for (const { id, name } of others) {
    const additions = await strangersOn(ctx, id)
    if (additions.length > 0) found.push({ id, name, additions: await withProducts(ctx, id, additions) })
  }
  return found
}

const strangersOn = async (ctx: ReadContext, agreementId: number): Promise<Addition[]> => {
  const { db, organisationId, program } = ctx
  const { additions } = await ctx.connectWise.additions(agreementId)
  const owned = await ownedAdditions(db, organisationId, program.slug, agreementId)
  const ours = new Set(owned.map(({ additionId }) => additionId))
  return additions.filter(
    ({ id, cancelledDate, quantity }) => cancelledDate === null && !ours.has(id) && !decimal(quantity).eq(0),
  )
}

const withProducts = async (
  ctx: ReadContext,
  agreementId: number,
  additions: readonly Addition[],
): Promise<OtherAgreement['additions']> => {
  const { db, organisationId, program, connectWise } = ctx
  const { items } = await connectWise.catalogByIds([...new Set(additions.map((each) => each.catalogItemId))])
  const itemOf = new Map(items.map((each) => [each.id, each]))
  const serials = additions
    .map((each) => subscriptionKey(each.serialNumber))
    .filter((serial) => serial !== '')
  const { foreign } = await foreignSubscriptions(db, organisationId, program.slug, serials, [])
  const known = new Set(foreign)
  const theirs = await skusMappedTo(ctx, agreementId)
  return additions.map(({ id, catalogItemId, serialNumber, quantity, unitPrice }) => {
    const item = itemOf.get(catalogItemId)
    const { sku: vendorSku, motion } = item ? namedProduct(item) : { sku: skuKey(''), motion: null }
    const isAnothers =
      motion === 'annual' || known.has(subscriptionKey(serialNumber)) || theirs.has(vendorSku)
    return {
      id,
      product: item?.identifier ?? `Addition ${id}`,
      vendorSku,
      serialNumber,
      quantity,
      unitPrice,
      isAnothers,
    }
  })
}

/** SKUs of what customers have that are mapped to the agreement: additions of these are theirs. */
const skusMappedTo = async (
  { db, organisationId, program }: ReadContext,
  agreementId: number,
): Promise<ReadonlySet<SkuKey>> => {
  const mappings = await mappingsOfAgreement(db, organisationId, program.slug, agreementId)
  const tenantIds = mappings.map(({ tenantId }) => tenantId)
  const subscriptions = await subscriptionsOfTenants(db, organisationId, program.slug, tenantIds)
  const idsOrSkus = subscriptions.map(({ productId }) => productId)
  const products = await productsNamed(db, organisationId, program.slug, { idsOrSkus, names: [] })
  return new Set(products.map(({ sku }) => skuKey(sku)))
}

/** What other agreements of the company bill already of a customer's subscriptions that are listed now. */
export const alsoBilledOf = async (
  ctx: ReadContext,
  place: Place,
  tenantId: string,
): Promise<AlsoBilled[]> => {
  const { db, organisationId, program } = ctx
  const others = await readOtherAgreements(ctx, place)
  if (others.length === 0) return []
  const subscriptions = await subscriptionsOfTenants(db, organisationId, program.slug, [tenantId])
  const idsOrSkus = subscriptions.map(({ productId }) => productId)
  const products = await productsNamed(db, organisationId, program.slug, { idsOrSkus, names: [] })
  const skuOf = new Map(products.map(({ productId, sku }) => [productId, sku]))
  const running = subscriptions.filter(({ listedQuantity = '0' }) => !decimal(listedQuantity).eq(0))
  const found = running.flatMap(({ id, productId }) =>
    alsoBilled(others, { subscriptionId: id, sku: skuOf.get(productId) ?? '' }),
  )
  return [...new Map(found.map((each) => [each.additionId, each])).values()]
}
