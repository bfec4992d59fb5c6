/** What is stored of terms of more than a month, by which renewals are told (J12). */
import type { Database } from '#db/client.ts'
import { mappingsOf } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOf } from '#db/mappings/one-time.ts'
import { addedSeatsSince } from '#db/prism/added-seats.ts'
import {
  type ChargedLine,
  chargedAtOnce,
  chargedTerms,
  listedSubscriptions,
} from '#db/prism/charged-terms.ts'
import { productsNamed } from '#db/prism/products.ts'
import { programSettings } from '#db/prism/programs.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import { isAnnual } from '#lib/billing/classify.ts'
import { type SubscriptionKey, skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import { productName } from '#lib/billing/products.ts'
import type { Amount, Day, InvoiceLine, Product } from '#lib/billing/types.ts'
import type { Program } from '#lib/programs/registry.ts'
import { giveBackDays, type RenewalFacts, type Unbilled } from '#lib/renewals/renewals.ts'

const dayMs = 24 * 60 * 60 * 1000

/** What is known of each subscription with a term of more than a month, and of each with seats that were added of late. */
export async function renewalFacts(
  db: Database,
  organisationId: string,
  program: Program,
  now: Date,
): Promise<RenewalFacts[]> {
  const of = [db, organisationId, program.slug] as const
  const [monthly, atOnce, added, settings, mappings, oneTime] = await Promise.all([
    chargedTerms(...of),
    chargedAtOnce(...of, dayOf(now)),
    addedSeatsSince(...of, new Date(now.getTime() - (giveBackDays + 1) * dayMs)),
    programSettings(...of),
    mappingsOf(...of),
    oneTimeMappingsOf(...of),
  ])
  const lines = [...monthly, ...atOnce]
  const { annualTermsMonthly, annualTermsAtOnce } = settings ?? program.defaults
  const linesOf = Map.groupBy(lines, (line) => subscriptionKey(line.subscriptionId))
  const addedOf = Map.groupBy(added, (each) => each.subscriptionId)
  const ids = [...new Set([...linesOf.keys(), ...addedOf.keys()])]
  const listed = new Map((await listedSubscriptions(...of, ids)).map((each) => [each.id, each]))
  const tenantOf = (id: SubscriptionKey): string =>
    linesOf.get(id)?.at(-1)?.tenantId || (listed.get(id)?.tenantId ?? '')
  const tenants = await tenantsByIds(...of, [...new Set(ids.map(tenantOf))])
  const nameOf = new Map(tenants.map(({ id, name, domain }) => [id, name || domain]))
  const priceOf = await pricesOf(of, [...listed.values()], lines)
  const mappingOf = new Map(mappings.map((each) => [each.tenantId, each]))
  const syncsAtOnce = new Map(oneTime.map((each) => [each.tenantId, each.syncEnabled]))
  const unbilledOf = (line: ChargedLine | undefined, tenantId: string): Unbilled | null => {
    if (line === undefined) return null
    if (line.atOnce !== null) {
      if (annualTermsAtOnce === null) return 'motion-off'
      if (!isDue(line.atOnce, { options: { annualTermsAtOnce } })) return 'issued-before'
      const syncs = syncsAtOnce.get(tenantId)
      return syncs === undefined ? 'no-one-time-agreement' : syncs ? null : 'one-time-sync-off'
    }
    if (isAnnual(line, annualTermsMonthly)) return 'motion-off'
    const mapping = mappingOf.get(tenantId)
    return mapping === undefined ? 'not-mapped' : mapping.syncEnabled ? null : 'sync-off'
  }
  return ids.map((id) => {
    const ofId = linesOf.get(id) ?? []
    const stored = listed.get(id)
    const tenantId = tenantOf(id)
    return {
      subscriptionId: id,
      tenantId,
      customer: nameOf.get(tenantId) ?? ofId.at(-1)?.customerName ?? '',
      product: stored?.productName ?? '',
      firstPurchased: stored?.firstPurchased ?? null,
      saidEnd: stored?.saidEnd ?? null,
      isListed: stored?.current ?? false,
      listedQuantity: stored?.listedQuantity ?? null,
      lines: ofId,
      listed: priceOf(id),
      unbilled: unbilledOf(ofId.at(-1), tenantId),
      added: (addedOf.get(id) ?? []).map(({ seats, seenAt, fewerAt }) => ({
        seats,
        seenOn: dayOf(seenAt),
        after: fewerAt && dayOf(fewerAt),
      })),
    }
  })
}

/** In UTC, as a few hours make no difference to what is a week. */
const dayOf = (at: Date): Day => at.toISOString().slice(0, 10) as Day

/** By subscription, what one of it costs by today's price list. */
const pricesOf = async (
  of: readonly [Database, string, string],
  listed: Awaited<ReturnType<typeof listedSubscriptions>>,
  lines: readonly InvoiceLine[],
): Promise<(id: SubscriptionKey) => Amount | null> => {
  const products = await productsNamed(...of, {
    idsOrSkus: listed.map((each) => each.productId),
    names: lines.map((line) => productName(line.offerName)),
  })
  const current = products.filter((each) => each.current)
  const byKey = new Map(
    current.flatMap((each) => [each.productId, each.sku].map((key) => [skuKey(key), each])),
  )
  const byName = Map.groupBy(current, (each) => productName(each.name))
  const productIdOf = new Map(listed.map((each) => [each.id, each.productId]))
  const nameOf = new Map(
    lines.map((line) => [subscriptionKey(line.subscriptionId), productName(line.offerName)]),
  )
  return (id) => {
    const named = byName.get(nameOf.get(id) ?? '') ?? []
    const found: Product | undefined =
      byKey.get(skuKey(productIdOf.get(id) ?? '')) ?? (named.length === 1 ? named[0] : undefined)
    return found === undefined ? null : { cost: found.unitCost, price: found.unitPrice }
  }
}
