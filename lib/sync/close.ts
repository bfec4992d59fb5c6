/** Record: what a sync did, stored for the pages, and how far each subscription is. */
import { noteAttempt, setFirstPeriodOnce } from '#db/mappings/mappings.ts'
import { putPeriodStates, type StatedSubscription } from '#db/mappings/period-states.ts'
import { finishRunWhereDone, runItem, startItem, updateItem } from '#db/runs/runs.ts'
import type { AppliedPeriodPlan } from '#db/values.ts'
import { membershipOf } from '#lib/billing/moving.ts'
import type { Finding, Status } from '#lib/billing/types.ts'
import type { Stand } from './collect.ts'
import type { SyncContext } from './context.ts'
import { type Ending, endingOf } from './endings.ts'
import { isGood } from './held-back.ts'
import type { SyncedUsage } from './usage.ts'

interface Item {
  readonly runId: string
  readonly agreementId: number
}

/** Stores a period's plan as applied and advances each subscription that is good (F12), both or neither. */
export const recordPeriod = async (
  ctx: SyncContext,
  item: Item,
  stand: Stand,
  synced: SyncedUsage,
): Promise<void> => {
  const { organisationId, program } = ctx
  const { period, invoiceId } = synced.plan
  await ctx.db.transaction(async (tx) => {
    const before = (await runItem(tx, organisationId, item.runId, item.agreementId))?.plans ?? []
    const plans = [...before, synced.plan]
    await updateItem(tx, organisationId, item.runId, item.agreementId, {
      plans,
      firstPeriod: plans[0]?.period ?? period,
      lastPeriod: period,
      begun: null,
    })
    const good = { agreementId: item.agreementId, period, invoiceId, state: 'good' } as const
    await putPeriodStates(tx, organisationId, program.slug, good, goodSubscriptions(stand, synced))
    for (const [tenantId, first] of stand.progress.firstPeriods)
      await setFirstPeriodOnce(tx, organisationId, program.slug, item.agreementId, tenantId, first)
  })
}

/** Subscriptions of syncing tenants that the period is done for: on the invoice, or known from an earlier one and gone. */
const goodSubscriptions = ({ progress }: Stand, { situation, plan }: SyncedUsage): StatedSubscription[] => {
  // What is wrong with the agreement as a whole is wrong with each of its subscriptions.
  if (plan.findings.some(({ severity }) => severity === 'error')) return []
  const tenantOf = new Map<string, string>()
  for (const { id, tenantId } of situation.subscriptions)
    if (progress.good[id] !== undefined) tenantOf.set(id, tenantId)
  for (const { lines } of situation.usages)
    for (const line of lines) tenantOf.set(line.subscriptionId, line.tenantId)

  const planned = plan.subscriptions.filter((each) => each.kind === 'subscription')
  const bad = new Set(
    planned.filter((each) => !isGood(each)).map((each) => each.subscriptionId.toLowerCase()),
  )
  for (const { begins, subscriptionId } of planned)
    if (begins === 'elsewhere') bad.add(subscriptionId.toLowerCase())
  // Azure is one entry for the agreement: its subscriptions are those on the invoice that have none of their own.
  const isAzureBad = plan.subscriptions.some((each) => each.kind === 'azure' && !isGood(each))
  const apart = new Set([...planned, ...plan.ignored].map((each) => each.subscriptionId.toLowerCase()))
  return [...tenantOf].flatMap(([subscriptionId, tenantId]) => {
    const stay = progress.stays.get(tenantId)
    const isTheirs = stay?.syncs === true && membershipOf(stay, plan.period) === 'member'
    const isBad = bad.has(subscriptionId) || (isAzureBad && !apart.has(subscriptionId))
    const isElsewhere = progress.goodElsewhere[subscriptionId]?.includes(plan.period) ?? false
    const isSkipped = progress.skipped[subscriptionId]?.includes(plan.period) ?? false
    const linesHash = progress.linesHashOf(subscriptionId, plan.period)
    return isTheirs && !isBad && !isSkipped && !isElsewhere ? [{ subscriptionId, tenantId, linesHash }] : []
  })
}

const ranks: Readonly<Record<Status, number>> = { 'No Change': 0, Success: 1, Warning: 2, Error: 3 }
const worse = (a: Status, b: Status): Status => (ranks[b] > ranks[a] ? b : a)
const severities = { error: 'Error', warning: 'Warning', note: 'No Change' } as const satisfies Record<
  Finding['severity'],
  Status
>

/** The worst of a plan's subscriptions and findings. */
export const statusOf = (plans: readonly AppliedPeriodPlan[]): Status =>
  plans
    .flatMap((plan) => [
      ...plan.subscriptions.map((each) => each.status),
      ...plan.findings.map((finding) => severities[finding.severity]),
    ])
    .reduce(worse, 'No Change')

/**
 * Not before this many milliseconds after an unknown outcome the agreement is looked at again
 * (docs/applying.md, "Unknown outcomes").
 */
const lookAgainAfterMs = 15 * 60 * 1000

/** When the agreement is looked at again by itself after this ending; `null`: with the next invoice. */
export const lookAgainAt = (endedAt: Date, { lookAgain }: Ending): Date | null =>
  lookAgain ? new Date(endedAt.getTime() + lookAgainAfterMs) : null

/** Recording asks neither system, so that a failure to reach them can be recorded. */
export type StoringContext = Omit<SyncContext, 'prism' | 'connectWise' | 'currency'>

/** Finishes an item that could not begin. */
export const recordFailure = async (ctx: StoringContext, item: Item, error: unknown): Promise<void> => {
  await startItem(ctx.db, ctx.organisationId, item.runId, item.agreementId)
  await finishItem(ctx, item, null, endingOf(ctx, error))
}

/** Finishes an item, and its run where it was the last. */
export const finishItem = async (
  ctx: StoringContext,
  item: Item,
  stand: Stand | null,
  ending: Ending,
): Promise<void> => {
  const { db, organisationId, program } = ctx
  const { runId, agreementId } = item
  const finishedAt = ctx.now()
  await db.transaction(async (tx) => {
    const plans = (await runItem(tx, organisationId, runId, agreementId))?.plans ?? []
    await updateItem(tx, organisationId, runId, agreementId, {
      state: 'finished',
      status: worse(statusOf(plans), ending.status),
      message: ending.message,
      detail: ending.detail ?? null,
      remedy: ending.remedy ?? null,
      reference: ending.reference ?? null,
      doing: null,
      finishedAt,
    })
    if (stand !== null)
      await noteAttempt(
        tx,
        organisationId,
        program.slug,
        agreementId,
        stand.syncing.map((each) => each.tenantId),
        {
          invoiceId: stand.progress.invoices.at(-1)?.id ?? null,
          readAt: stand.readAt,
          lookAgainAt: lookAgainAt(finishedAt, ending),
        },
      )
  })
  await finishRunWhereDone(db, organisationId, runId)
}
