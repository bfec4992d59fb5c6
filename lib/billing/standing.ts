/**
 * What a subscription id is to an agreement in a usage period (docs/billing-rules.md, "Each addition", row
 * 3). Unknown is never zero: only a subscription that was billed by the month, and is on no line any more, is
 * gone.
 */
import { isAnnual, isAzure, isNegative } from './classify.ts'
import type { Context } from './context.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { isOfLeft } from './moving.ts'
import { once } from './once.ts'
import type { InvoiceLine } from './types.ts'

export type Standing =
  /** It has lines here that are planned now. */
  | { readonly is: 'planned' }
  /** Its lines here are good and invoiced: they are shown with its additions. */
  | { readonly is: 'billed' }
  /** A person skipped the month: its lines are shown with its additions. */
  | { readonly is: 'skipped' }
  /** Its lines here are good already, or it waits: nothing of it is looked at. */
  | { readonly is: 'settled' }
  /** Its lines are ignored, contested or unclaimed, or its customer does not sync here. */
  | { readonly is: 'aside' }
  | { readonly is: 'azure' }
  | { readonly is: 'annual' }
  /** All its lines are planned on another agreement. */
  | { readonly is: 'moved' }
  /** On no line; the last one that it had was monthly. */
  | { readonly is: 'lapsed'; readonly latest: InvoiceLine }
  /** On no line, and none is known: of ours only where we created the addition. */
  | { readonly is: 'unknown' }

/** `null` for an id that neither PRISM nor our ledger ever had. First hit wins. */
export function standings(context: Context): (id: SubscriptionKey) => Standing | null {
  const { classified, groups, isDue, isBilled, isSkipped } = context
  const planned = new Set(groups.map(({ id }) => id))
  const azure = new Set(
    [...classified.azure, ...classified.badAzure].map((line) => subscriptionKey(line.subscriptionId)),
  )
  const ignored = new Map(
    classified.ignored.map(({ line, reason }) => [subscriptionKey(line.subscriptionId), reason]),
  )
  const skippedAzure = new Set(classified.skippedAzure.map((line) => subscriptionKey(line.subscriptionId)))
  const withoutLines = once(() => standingsWithoutLines(context))

  return (id) => {
    if (planned.has(id))
      return isDue(id) ? { is: 'planned' } : isBilled(id) ? { is: 'billed' } : notDue(isSkipped(id))
    if (skippedAzure.has(id)) return { is: 'skipped' }
    if (azure.has(id)) return { is: 'azure' }
    const reason = ignored.get(id)
    if (reason !== undefined) return { is: reason === 'annual' ? 'annual' : 'aside' }
    return withoutLines()(id)
  }
}

const notDue = (isSkipped: boolean): Standing => (isSkipped ? { is: 'skipped' } : { is: 'settled' })

/** Of ids on no line that is the agreement's. */
function standingsWithoutLines(context: Context): (id: SubscriptionKey) => Standing | null {
  const { situation, usage, window, stored, isDue, isBilled, isSkipped } = context
  const syncing = new Set(situation.tenants.filter(({ syncs }) => syncs).map(({ id }) => id))
  const elsewhere = new Map((usage.elsewhere ?? []).map((each) => [each.subscriptionId, each.where]))
  const foreign = new Set(situation.foreignSubscriptionIds)
  const moved = new Set(situation.movedSubscriptionIds)
  const latest = latestLines(context)
  const ours = new Set(
    context.held
      .filter((each) => each.ours)
      .map((each) => subscriptionKey(each.addition?.serialNumber ?? '')),
  )

  return (id) => {
    const where = elsewhere.get(id)
    if (where !== undefined) return { is: where === 'mapped' ? 'moved' : 'aside' }
    const subscription = stored.get(id)
    if (foreign.has(id) || (subscription && !syncing.has(subscription.tenantId))) return { is: 'aside' }
    const line = latest.get(id)
    if (isOfLeft(situation, context.customers.get(id), usage.period)) return { is: 'aside' }
    if (isAzure(subscription, line?.offerName ?? '')) return { is: 'azure' }
    if (line && !syncing.has(line.tenantId) && !moved.has(id)) return { is: 'aside' }
    if (line && isAnnual(line, situation.options.annualTermsMonthly)) return { is: 'annual' }
    const atOnceFrom = situation.atOnceFrom?.[id]
    // What was billed by the month before a term that an annual invoice carries would be billed beside it.
    const isCarriedAtOnce = line !== undefined && atOnceFrom !== undefined && atOnceFrom <= window.last
    const isListedAnnual = /annual|year/i.test(subscription?.billingCycle ?? '')
    if (isListedAnnual && !isCarriedAtOnce) return { is: 'annual' }
    const isShown = isDue(id) || isBilled(id)
    if (line && moved.has(id)) return isShown ? { is: 'moved' } : notDue(isSkipped(id))
    if (line) return isShown ? { is: 'lapsed', latest: line } : notDue(isSkipped(id))
    if (!subscription && !ours.has(id) && !moved.has(id)) return null
    return isShown ? { is: 'unknown' } : notDue(isSkipped(id))
  }
}

/**
 * Whether a line tells more of what its subscription is now than the one that is known: it ends later; of lines that end
 * together an annual one does, in whatever order they stand.
 */
export const tellsMore = (
  line: InvoiceLine,
  known: InvoiceLine | undefined,
  annualTermsMonthly: boolean,
): boolean =>
  known === undefined ||
  line.last > known.last ||
  (line.last === known.last && isAnnual(line, annualTermsMonthly))

/** By id the line that ends last, up to the period's end; of several that end then, an annual one. */
function latestLines({ situation, usage, window }: Context): Map<SubscriptionKey, InvoiceLine> {
  const latest = new Map<SubscriptionKey, InvoiceLine>()
  const { annualTermsMonthly } = situation.options
  const take = (line: InvoiceLine): void => {
    const id = subscriptionKey(line.subscriptionId)
    if (!isNegative(line) && tellsMore(line, latest.get(id), annualTermsMonthly)) latest.set(id, line)
  }
  for (const line of Object.values(situation.latest ?? {})) if (line.last <= window.last) take(line)
  if (situation.previous && situation.previous.period < usage.period) situation.previous.lines.forEach(take)
  return latest
}
