'use client'
import { lazy, Suspense, useId, useState } from 'react'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { daysText } from '#app/ui/kit/day-text.ts'
import { amountText, difference, isZero, quantityText } from '#app/ui/kit/money.ts'
import { StepChart } from '#app/ui/kit/step-chart.tsx'
import { isWithoutSubscription } from '#lib/billing/keys.ts'
import { byUrgency } from '#lib/billing/status.ts'
import { type Continuation, continuationsIn, inStories, storySteps } from '#lib/billing/stories.ts'
import type { Period } from '#lib/billing/types.ts'
import type { ListedChange } from './change-list.tsx'
import { rowKey } from './row-key.ts'
import type { Amount, PeriodPlan, SubscriptionOutcome, SubscriptionPlan } from './shown.ts'
import styles from './subscription-table.module.css'
import { quantitiesOf, shortened, storyText, summary } from './subscription-text.ts'

// What is opened, or asked of few, is loaded when it is.
const ChangeList = lazy(async () => ({ default: (await import('./change-list.tsx')).ChangeList }))
const RowNotes = lazy(async () => ({ default: (await import('./row-notes.tsx')).RowNotes }))

type Subscription = SubscriptionPlan | SubscriptionOutcome

interface TableProps {
  readonly plan: PeriodPlan
  readonly showCost: boolean
  /** Names by tenant id, where an agreement carries several tenants and each row must say whose it is. */
  readonly tenantNames: ReadonlyMap<string, string>
  readonly expanded?: boolean
}

/** What was done, where it was done; else what would be. */
const listedChanges = (subscription: Subscription): ListedChange[] =>
  'applied' in subscription && subscription.applied.length > 0
    ? subscription.applied.map((applied) => ({ change: applied.change, applied }))
    : subscription.changes.map((change) => ({ change, applied: null }))

const mostUrgentFirst = (subscriptions: readonly Subscription[]): Subscription[] =>
  [...subscriptions].sort(
    (a, b) => byUrgency(a.status, b.status) || a.product.name.localeCompare(b.product.name, 'en'),
  )

function Quantities({ subscription }: { subscription: Subscription }) {
  return shortened(quantitiesOf(subscription)).map((shown, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a path of quantities has no identity but its order
    <span key={index}>
      {index === 0 ? null : <span className={styles['arrow']}> → </span>}
      {shown === null ? (
        <span className={styles['arrow']}>…</span>
      ) : (
        <span className={styles[shown.direction]}>{quantityText(shown.quantity)}</span>
      )}
    </span>
  ))
}

/** The days of each term that an annual invoice charges. */
function TermDays({ lines }: { lines: NonNullable<Subscription['annualLines']> }) {
  const days = [...new Set(lines.map(({ first, last }) => daysText(first, last)))]
  return days.map((text) => (
    <span key={text} className={styles['days']}>
      {text}
    </span>
  ))
}

function Figure({ amount, showCost }: { amount: Amount; showCost: boolean }) {
  return (
    <>
      {amountText(amount.price)}
      {showCost && amount.cost !== undefined ? (
        <span className={styles['cost']}>cost {amountText(amount.cost)}</span>
      ) : null}
    </>
  )
}

const idText = (id: string): string =>
  isWithoutSubscription(id) ? 'Without a subscription' : `Subscription ${id}`

interface RowProps {
  readonly period: Period
  readonly subscription: Subscription
  /** Of all rows of the month. */
  readonly continuations: readonly Continuation<Subscription>[]
  readonly tenantName: string | undefined
  readonly showCost: boolean
  readonly expanded: boolean
}

function SubscriptionRows({ period, subscription, continuations, tenantName, showCost, expanded }: RowProps) {
  const [open, setOpen] = useState(expanded)
  const detailId = useId()
  const changes = listedChanges(subscription)
  // Where there is no room for a column of what is billed, it is said where it matters.
  const differs = !isZero(difference(subscription.invoiced.price, subscription.billed.price))
  const { product, status, findings } = subscription
  const story = storyText(subscription, continuations)
  const chart = <StepChart steps={subscription.steps} story={storySteps(subscription, continuations)} />
  const below = [tenantName, story, summary(subscription)].filter(Boolean).join(' · ')
  return (
    <tbody className={styles['group']}>
      <tr>
        <td className={styles['nameCell']}>
          <button
            type="button"
            className={styles['toggle']}
            aria-expanded={open}
            aria-controls={detailId}
            title={product.name}
            onClick={() => setOpen(!open)}
          >
            <span className={styles['name']}>{product.name}</span>
            <span className={styles['below']}>{below}</span>
            {story === '' ? null : <span className={styles['narrowChart']}>{chart}</span>}
          </button>
        </td>
        <td className={styles['chart']}>
          {subscription.annualLines === undefined ? chart : <TermDays lines={subscription.annualLines} />}
        </td>
        <td className={styles['number']}>
          <Quantities subscription={subscription} />
        </td>
        <td className={styles['number']}>
          <Figure amount={subscription.invoiced} showCost={showCost} />
          {differs ? (
            <span className={styles['narrow']}>bills {amountText(subscription.billed.price)}</span>
          ) : null}
        </td>
        <td className={[styles['number'], styles['wide']].join(' ')}>
          <Figure amount={subscription.billed} showCost={showCost} />
        </td>
        <td>
          <StatusChip status={status} className={styles['chip']} />
        </td>
      </tr>
      {findings.length === 0 ? null : (
        <tr>
          <td colSpan={6} className={styles['rest']}>
            <Suspense>
              <RowNotes period={period} row={subscription} ofCustomer={tenantName} />
            </Suspense>
          </td>
        </tr>
      )}
      <tr id={detailId} hidden={!open}>
        <td colSpan={6} className={styles['rest']}>
          <div className={[styles['stack'], styles['changes']].join(' ')}>
            {changes.length === 0 ? (
              <span className={styles['identity']}>Nothing was or would be written.</span>
            ) : open ? (
              <Suspense>
                <ChangeList changes={changes} showCost={showCost} />
              </Suspense>
            ) : null}
            <span className={styles['identity']}>
              {[
                subscription.subscriptionId && idText(subscription.subscriptionId),
                product.sku && `SKU ${product.sku}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
        </td>
      </tr>
    </tbody>
  )
}

/** Every subscription of one month: its quantity through it, invoiced against billed, status, findings, changes. */
export function SubscriptionTable({ plan, showCost, tenantNames, expanded = false }: TableProps) {
  const chart = plan.subscriptions.find(({ steps }) => steps.length > 0)?.steps
  const first = chart?.[0]?.first
  const last = chart?.at(-1)?.last
  const isAnnual = plan.annual !== undefined
  const continuations = continuationsIn<Subscription>(plan.subscriptions)
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Subscription</th>
          <th scope="col" className={styles['chart']}>
            {isAnnual ? 'Term' : first && last ? daysText(first, last) : 'Month'}
          </th>
          <th scope="col" className={styles['number']}>
            Quantity
          </th>
          <th scope="col" className={styles['number']}>
            Invoiced
          </th>
          <th scope="col" className={[styles['number'], styles['wide']].join(' ')}>
            Billed
          </th>
          <th scope="col">
            <span className={styles['statusHead']}>Status</span>
          </th>
        </tr>
      </thead>
      {inStories(mostUrgentFirst(plan.subscriptions), continuations).map((subscription) => (
        <SubscriptionRows
          key={rowKey(subscription)}
          period={plan.period}
          subscription={subscription}
          continuations={continuations}
          tenantName={tenantNames.size > 1 ? tenantNames.get(subscription.tenantId) : undefined}
          showCost={showCost}
          expanded={expanded}
        />
      ))}
    </table>
  )
}
