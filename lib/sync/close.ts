/** Close: how far each subscription is, and the index by which lists sort, of what the plans and the ledger tell. */
import type { Database } from '#db/client.ts'
import { noteAttempt, setFirstPeriodOnce } from '#db/mappings/mappings.ts'
import { putPeriodStates, type StatedSubscription } from '#db/mappings/period-states.ts'
import { putWaiting, type WaitingSubscription } from '#db/mappings/waiting.ts'
import { deleteItem, lockRun, showRun } from '#db/runs/looks-again.ts'
import { finishRunWhereDone, run, startItem, updateItem } from '#db/runs/runs.ts'
import { membershipOf } from '#lib/billing/moving.ts'
import type { Finding, Situation, Status } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { type Stand, standOf } from './collect.ts'
import type { SyncContext } from './context.ts'
import { type Ending, endingOf } from './endings.ts'
import { noteFormer } from './former.ts'
import { isGood } from './held-back.ts'
import { firstSince, isFoundAsBefore, looksAgain } from './looks-again.ts'
import type { SyncedMonth } from './month.ts'

interface Item {
  readonly runId: string
  readonly agreementId: number
}

/** Advances each subscription that is good for the month (F12), all or none. */
export const recordMonth = async (
  ctx: SyncContext,
  item: Item,
  stand: Stand,
  synced: SyncedMonth,
): Promise<void> => {
  const { organisationId, program } = ctx
  const { period, invoiceId } = synced.outcome
  await ctx.db.transaction(async (tx) => {
    const good = { agreementId: item.agreementId, period, invoiceId, state: 'good' } as const
    await putPeriodStates(tx, organisationId, program.slug, good, goodSubscriptions(stand, synced))
    for (const [tenantId, first] of stand.progress.firstPeriods)
      await setFirstPeriodOnce(tx, organisationId, program.slug, item.agreementId, tenantId, first)
  })
}

/** Subscriptions of syncing tenants that the period is done for: on the invoice, or known from an earlier one and gone. */
const goodSubscriptions = (
  { progress }: Stand,
  { situation, outcome: plan }: SyncedMonth,
): StatedSubscription[] => {
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
export const statusOf = (plans: readonly PeriodOutcome[]): Status =>
  plans
    .flatMap((plan) => [
      ...plan.subscriptions.map((each) => each.status),
      ...plan.findings.map((finding) => severities[finding.severity]),
    ])
    .reduce(worse, 'No Change')

/** Recording asks neither system, so that a failure to reach them can be recorded. */
export type StoringContext = Omit<SyncContext, 'prism' | 'connectWise' | 'currency'>

/** Finishes an item that could not begin. */
export const recordFailure = async (ctx: StoringContext, item: Item, error: unknown): Promise<void> => {
  await startItem(ctx.db, ctx.organisationId, item.runId, item.agreementId)
  await finishItem(ctx, item, null, endingOf(ctx, error))
}

/** Finishes an item, and its run where it was the last; how it ended. */
export const finishItem = async (
  ctx: StoringContext,
  item: Item,
  stand: Stand | null,
  ending: Ending,
): Promise<Status> => {
  const { db, organisationId, program } = ctx
  const { runId, agreementId } = item
  const finishedAt = ctx.now()
  const status = await db.transaction(async (tx) => {
    const months = await outcomesOf(tx, organisationId, item)
    const worst = worse(statusOf(months), ending.status)
    if (stand !== null) {
      const again = looksAgain(finishedAt, worst, ending, firstSince(stand.syncing))
      const tenantIds = stand.syncing.map((each) => each.tenantId)
      const invoiceId = stand.progress.invoices.at(-1)?.id ?? null
      await noteAttempt(tx, organisationId, program.slug, agreementId, tenantIds, {
        invoiceId,
        readAt: stand.readAt,
        ...again,
      })
    }
    if (await isLeftOut(tx, ctx, item, ending, months)) return worst
    await updateItem(tx, organisationId, runId, agreementId, {
      state: 'finished',
      status: worst,
      firstPeriod: months[0]?.period ?? null,
      lastPeriod: months.at(-1)?.period ?? null,
      message: ending.message,
      detail: ending.detail ?? null,
      remedy: ending.remedy ?? null,
      reference: ending.reference ?? null,
      doing: null,
      finishedAt,
    })
    if (stand !== null) await putWaiting(tx, organisationId, program.slug, item, months.flatMap(waitingIn))
    return worst
  })
  await finishRunWhereDone(db, organisationId, runId)
  return status
}

/** Takes an item out of a run that looks again, where nothing is to be said of it; else the run is shown. */
const isLeftOut = async (
  tx: Database,
  { organisationId, program }: StoringContext,
  { runId, agreementId }: Item,
  { message, isStopped = false }: Ending,
  months: readonly PeriodOutcome[],
): Promise<boolean> => {
  if ((await run(tx, organisationId, runId))?.looksAgain == null) return false
  // From here on nobody takes the run over; somebody may just have.
  if ((await lockRun(tx, organisationId, runId))?.looksAgain == null) return false
  const item = { runId, agreementId, program: program.slug }
  if (isStopped || (await isFoundAsBefore(tx, organisationId, item, { message, months }))) {
    await deleteItem(tx, organisationId, runId, agreementId)
    return true
  }
  await showRun(tx, organisationId, runId)
  return false
}

/** What of a month waits for a person, and how much it is about. */
const waitingIn = ({ period, subscriptions }: PeriodOutcome): WaitingSubscription[] =>
  subscriptions.flatMap(({ waits, subscriptionId, tenantId, invoiced, billed }) =>
    waits === undefined
      ? []
      : [
          {
            period,
            subscriptionId: subscriptionId.toLowerCase(),
            tenantId,
            question: waits.question,
            invoiced,
            billed,
          },
        ],
  )

/** The agreement as a sync read it last; it is gone where ConnectWise has it no more. */
export interface LastReading {
  situation: Situation | null
  isGone: boolean
}

/** Notes what came of it for customers that left the agreement. */
export const finishFormer = async (
  ctx: SyncContext,
  agreementId: number,
  { former, progress }: Stand,
  { situation, isGone }: LastReading,
  ending: Ending,
  status: Status,
): Promise<void> => {
  if (former.here.length === 0) return
  const after = await standOf(ctx, agreementId)
  await noteFormer(ctx.db, ctx, agreementId, former.here, {
    invoiceId: progress.invoices.at(-1)?.id ?? null,
    ...looksAgain(ctx.now(), status, ending, firstSince(former.here)),
    situation,
    isGone,
    isOpen: after.progress.isOpen,
  })
}
