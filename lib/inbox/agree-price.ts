/** A person says yes to PRISM's price where an addition bills another one (J3); the sync that follows replaces it. */
import { putAgreedPrice } from '#db/mappings/agreed-prices.ts'
import { bringSyncs } from '#db/mappings/bring-sync.ts'
import { lastingOffer } from '#db/mappings/lasting-points.ts'
import { mapping } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { PriceOffer } from '#lib/billing/types.ts'
import type { AnswerContext } from './answers.ts'

export interface PricePlace {
  readonly tenantId: string
  readonly subscriptionId: string
}

/** What the last sync offers. Throws `not-found` where it offers nothing of the customer's subscription. */
export async function offeredPrice(
  { db, organisationId, program }: Omit<AnswerContext, 'actor'>,
  { tenantId, subscriptionId }: PricePlace,
): Promise<PriceOffer & { readonly agreementId: number }> {
  const id = subscriptionKey(subscriptionId)
  const found = await lastingOffer(db, organisationId, program, tenantId, id)
  if (found !== null) return found
  throw new ProductError(
    'not-found',
    'No other price is offered for this subscription. Sync it, and look again.',
  )
}

/**
 * Notes the yes, and says which agreement is to be synced for it. Throws `not-found`, `conflict` where another price or day is offered
 * by now, and `sync-off`.
 */
export async function agreePrice({
  ctx,
  input: { tenantId, subscriptionId, unitPrice, from },
}: {
  ctx: AnswerContext
  input: PricePlace & PriceOffer
}): Promise<number> {
  const { db, organisationId, program, actor } = ctx
  const offer = await offeredPrice(ctx, { tenantId, subscriptionId })
  if (!decimal(offer.unitPrice).eq(decimal(unitPrice)) || offer.from !== from)
    throw new ProductError('conflict', 'Another price or day is offered by now. Look at it again.')
  const { agreementId } = offer
  const mapped = await mapping(db, organisationId, program, tenantId)
  if (mapped?.agreementId !== agreementId || !mapped.syncEnabled)
    throw new ProductError('sync-off', 'The customer does not sync with this agreement.')
  const agreed = { agreementId, subscriptionId: subscriptionKey(subscriptionId), tenantId }
  await db.transaction(async (tx) => {
    await putAgreedPrice(tx, organisationId, program, {
      ...agreed,
      unitPrice: offer.unitPrice,
      startsOn: from,
      agreedBy: actor,
    })
    // One that is being synced may have passed it: then the next look syncs it once more.
    await bringSyncs(tx, organisationId, program, [agreementId], new Date())
    const detail = { tenantId, agreementId, unitPrice: offer.unitPrice, from }
    await audit(tx, organisationId, { actor, action: 'agree-price', subject: subscriptionId, detail })
  })
  return agreementId
}
