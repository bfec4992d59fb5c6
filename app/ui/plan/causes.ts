/** What is wrong with an agreement, told once and where it began. */
import type { Finding, Period, PeriodPlan, SubscriptionPlan } from '#lib/billing/types.ts'
import { sum } from '../money.ts'

export interface Cause {
  /** `null`: of the agreement as a whole. */
  readonly product: string | null
  readonly finding: Finding
  readonly from: Period
  /** The last month that has the same, or that waits for it. */
  readonly to: Period
  /** What PRISM invoiced for it in these months, price; `null` of the agreement as a whole. */
  readonly invoiced: string | null
}

const isSaid = ({ severity, code }: Finding): boolean =>
  severity !== 'note' && code !== 'earlier-period-failed'

/** Whether something went wrong in this very month, and does not only wait for an earlier one. */
export const isCause = ({ subscriptions }: PeriodPlan): boolean =>
  subscriptions.some(({ findings }) =>
    findings.some((finding) => finding.severity === 'error' && isSaid(finding)),
  )

/** Errors first, then warnings, each by when it began. `plans`: the oldest first, of the months that were synced together. */
export function causesOf(plans: readonly PeriodPlan[], tenantId: string): Cause[] {
  const found = new Map<string, Cause>()
  for (const { period, findings, subscriptions } of plans) {
    for (const finding of findings.filter(isSaid)) {
      const key = `${finding.code}/${finding.message}`
      found.set(key, { product: null, invoiced: null, finding, from: period, ...found.get(key), to: period })
    }
    // Azure and what is left over belong to the agreement, and so to each of its customers.
    for (const subscription of subscriptions)
      if (subscription.tenantId === tenantId || subscription.subscriptionId === '')
        addMonth(found, period, subscription)
  }
  return [...found.values()].sort((a, b) => rank(a) - rank(b))
}

const rank = ({ finding }: Cause): number => Number(finding.severity !== 'error')

/** A month with the same, or that waits for it, counts into what there is already. */
function addMonth(found: Map<string, Cause>, period: Period, subscription: SubscriptionPlan): void {
  const { kind, subscriptionId, product, findings, invoiced } = subscription
  const own = `${kind}/${subscriptionId}/${product.productId}/${product.catalogItemId ?? ''}/`
  const waits = findings.some(({ code }) => code === 'earlier-period-failed')
  for (const [key, cause] of found) {
    const isSame =
      key.startsWith(own) &&
      (waits ? cause.finding.severity === 'error' : findings.some(({ code }) => key === own + code))
    if (isSame) found.set(key, { ...cause, to: period, invoiced: sum(cause.invoiced ?? '0', invoiced.price) })
  }
  for (const finding of findings.filter(isSaid)) {
    const key = own + finding.code
    if (!found.has(key))
      found.set(key, { product: product.name, finding, from: period, to: period, invoiced: invoiced.price })
  }
}
