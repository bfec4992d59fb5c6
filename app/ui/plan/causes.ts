/** What is wrong with an agreement, told once and where it began. */

import { sum } from '#app/ui/kit/money.ts'
import type { Period } from '#lib/billing/types.ts'
import { type AskedRow, askedRow } from './asked-row.ts'
import { rowKey } from './row-key.ts'
import type { Finding, PeriodPlan, SubscriptionPlan } from './shown.ts'

export interface Cause {
  /** `null`: of the agreement as a whole. */
  readonly product: string | null
  readonly finding: Finding
  readonly from: Period
  /** The last month that has the same, or that waits for it. */
  readonly to: Period
  /** What PRISM invoiced for it in these months and what its additions bill, price; `null` of the agreement as a whole. */
  readonly amounts: { readonly invoiced: string; readonly billed: string } | null
  /** What an answer is about, as it was in the first month; `null` of the agreement as a whole. */
  readonly row: AskedRow | null
}

/** Findings that only say that an earlier month's is to be settled first; by them, what that one's is. */
const waitsFor: Partial<Record<Finding['code'], Finding['severity']>> = {
  'earlier-period-failed': 'error',
  'earlier-period-waits': 'warning',
}
const isSaid = ({ severity, code }: Finding): boolean => severity !== 'note' && waitsFor[code] === undefined

/**
 * The months in which an Error or a question is met that no earlier one has; in the others one waits, or is as before.
 * `plans`: the oldest first.
 */
export function beginningsOf<P extends PeriodPlan>(plans: readonly P[]): P[] {
  const met = new Set<string>()
  return plans.filter((plan) => {
    const errors = errorsOf(plan).filter((error) => !met.has(error))
    for (const error of errors) met.add(error)
    return errors.length > 0
  })
}

const errorsOf = ({ findings, subscriptions }: PeriodPlan): string[] =>
  [{ subscriptionId: '', findings }, ...subscriptions].flatMap((of) =>
    of.findings
      .filter((finding) => isSaid(finding) && (finding.severity === 'error' || 'waits' in of))
      .map(({ message }) => `${of.subscriptionId}/${message}`),
  )

/**
 * Errors first, then warnings, each by when it began. `plans`: the oldest first, of the months that were synced together.
 * @param tenantId whose; `null`: of all customers of the agreement
 */
export function causesOf(plans: readonly PeriodPlan[], tenantId: string | null): Cause[] {
  const found = new Map<string, Cause>()
  for (const { period, findings, subscriptions } of plans) {
    for (const finding of findings.filter(isSaid)) {
      const key = `${finding.code}/${finding.message}`
      found.set(key, {
        product: null,
        amounts: null,
        row: null,
        finding,
        from: period,
        ...found.get(key),
        to: period,
      })
    }
    // Azure and additions that are nobody's yet belong to the agreement, and so to each of its customers.
    for (const subscription of subscriptions)
      if (tenantId === null || isOf(tenantId, subscription)) addMonth(found, period, subscription)
  }
  return [...found.values()].sort((a, b) => rank(a) - rank(b))
}

const isOf = (tenantId: string, { tenantId: owner, subscriptionId }: SubscriptionPlan): boolean =>
  [tenantId, ''].includes(owner) || subscriptionId === ''

const rank = ({ finding }: Cause): number => Number(finding.severity !== 'error')

/** A month with the same, or that waits for it, counts into what there is already. */
function addMonth(found: Map<string, Cause>, period: Period, subscription: SubscriptionPlan): void {
  const { product, findings } = subscription
  const own = `${rowKey(subscription)}/`
  const [waiting] = findings.flatMap(({ code }) => waitsFor[code] ?? [])
  for (const [key, cause] of found) {
    const isSame =
      key.startsWith(own) &&
      (waiting !== undefined
        ? cause.finding.severity === waiting
        : findings.some(({ code }) => key === own + code))
    if (isSame) found.set(key, { ...cause, to: period, amounts: added(cause.amounts, subscription) })
  }
  for (const finding of findings.filter(isSaid)) {
    const key = own + finding.code
    if (!found.has(key))
      found.set(key, {
        product: product.name,
        finding,
        from: period,
        to: period,
        amounts: added(null, subscription),
        row: askedRow(period, subscription),
      })
  }
}

const added = (before: Cause['amounts'], { invoiced, billed }: SubscriptionPlan): Cause['amounts'] => ({
  invoiced: sum(before?.invoiced ?? '0', invoiced.price),
  billed: sum(before?.billed ?? '0', billed.price),
})
