import type { SubscriptionPlan } from './shown.ts'

/** What tells two rows of a month apart: additions that are no subscription's only by which they are. */
export const rowKey = ({ kind, subscriptionId, product, findings }: SubscriptionPlan): string =>
  [
    kind,
    subscriptionId,
    product.productId,
    product.catalogItemId ?? '',
    kind === 'addition' || kind === 'leftover' ? (findings[0]?.additionIds.join(' ') ?? '') : '',
  ].join('/')
