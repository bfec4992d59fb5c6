/** What of a plan's row a person's answer is about. */
import type { Period } from '#lib/billing/types.ts'
import type { Amount, Finding, SubscriptionPlan } from './shown.ts'

export interface AskedRow {
  readonly period: Period
  readonly tenantId: string
  readonly subscriptionId: string
  readonly product: string
  readonly invoiced: Amount
  readonly waits: SubscriptionPlan['waits']
  /** Message of the finding beside which the month can be skipped; `null`: it cannot. */
  readonly skippedAt: string | null
}

/** A month can be skipped where it failed by itself, or waits. */
export function askedRow(period: Period, row: SubscriptionPlan): AskedRow {
  const { tenantId, subscriptionId, product, invoiced, waits, kind, findings } = row
  const failure = findings.find(
    ({ severity, code }) =>
      severity === 'error' && code !== 'earlier-period-failed' && code !== 'other-product-failed',
  )
  return {
    period,
    tenantId,
    subscriptionId,
    product: product.name,
    invoiced,
    waits,
    skippedAt: kind === 'subscription' && subscriptionId !== '' ? (failure?.message ?? null) : null,
  }
}

/** Whether a finding waits for a person: for a yes to its month, not for what something is. */
export const isWaiting = ({ code }: Finding): boolean => code === 'late-month-waits' || code === 'guard-waits'

/** Whether a month can be skipped beside a finding. */
export const isSkippable = (finding: Finding, { skippedAt }: AskedRow): boolean =>
  isWaiting(finding) || finding.asksBilled !== undefined || finding.message === skippedAt

/** Whether there is anything that a person can answer beside a finding. */
export const isAnswerable = (finding: Finding, row: AskedRow): boolean =>
  (finding.asks ?? []).length > 0 || isSkippable(finding, row)
