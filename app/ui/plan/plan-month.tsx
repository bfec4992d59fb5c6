import { lazy, Suspense } from 'react'
import type { ListedChange } from './change-list.tsx'
import { planTitle } from './plan-names.ts'
import { PlanTitle } from './plan-title.tsx'
import { Proof } from './proof.tsx'
import type { PeriodOutcome, PeriodPlan } from './shown.ts'
import { SubscriptionTable } from './subscription-table.tsx'

// Most months have none of them.
const Findings = lazy(async () => ({ default: (await import('./findings.tsx')).Findings }))
const IgnoredLines = lazy(async () => ({ default: (await import('./ignored-lines.tsx')).IgnoredLines }))
const ChangeList = lazy(async () => ({ default: (await import('./change-list.tsx')).ChangeList }))

interface PlanMonthProps {
  /** As it was planned, or with what became of it. */
  readonly plan: PeriodPlan | PeriodOutcome
  readonly currency: string
  readonly showCost?: boolean
  /** Names the amounts to who cannot see where they stand; the month where left out. */
  readonly of?: string
  /** Left out where all subscriptions are one customer's. */
  readonly tenantNames?: ReadonlyMap<string, string>
  readonly hasHeading?: boolean
  /** Whether each subscription's changes are open from the beginning. */
  readonly expanded?: boolean
  /** For what stands above the table. */
  readonly className?: string | undefined
}

const noNames: ReadonlyMap<string, string> = new Map()

/** Catalog items that are, or were, to be created first. */
const itemsOf = (plan: PlanMonthProps['plan']): ListedChange[] =>
  'appliedCatalogItems' in plan
    ? plan.appliedCatalogItems.map((applied) => ({ change: applied.change, applied }))
    : plan.catalogItems.map((change) => ({ change, applied: null }))

/** A month of a plan: what agrees and what does not, what is found, created and changed, and what is left out. */
export function PlanMonth({
  plan,
  currency,
  showCost = false,
  of = planTitle(plan),
  tenantNames = noNames,
  hasHeading = false,
  expanded = false,
  className,
}: PlanMonthProps) {
  const items = itemsOf(plan)
  return (
    <>
      <div className={className}>
        {hasHeading ? (
          <h3>
            <PlanTitle plan={plan} />
          </h3>
        ) : null}
        <Proof plan={plan} currency={currency} showCost={showCost} of={of} />
        {plan.findings.length === 0 ? null : (
          <Suspense>
            <Findings findings={plan.findings} />
          </Suspense>
        )}
        {items.length === 0 ? null : (
          <Suspense>
            <ChangeList changes={items} showCost={showCost} />
          </Suspense>
        )}
      </div>
      {plan.subscriptions.length === 0 ? null : (
        <SubscriptionTable plan={plan} showCost={showCost} tenantNames={tenantNames} expanded={expanded} />
      )}
      {plan.ignored.length === 0 ? null : (
        <Suspense>
          <IgnoredLines lines={plan.ignored} total={plan.totals.ignored.price} currency={currency} />
        </Suspense>
      )}
    </>
  )
}
