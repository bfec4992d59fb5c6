/**
 * One agreement and one invoice: planned, applied, and read again until there is nothing left to write
 * (docs/applying.md, "A write must be seen").
 */
import { type LedgerChange, writtenInRun } from '#db/ledger/changes.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { runItem, updateItem } from '#db/runs/runs.ts'
import type { AppliedChange, AppliedPeriodPlan, AppliedSubscription } from '#db/values.ts'
import { plan } from '#lib/billing/plan.ts'
import type { Finding, PeriodPlan, Situation } from '#lib/billing/types.ts'
import * as writeFindings from '#lib/ledger/findings.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { type SettledChange, settle } from '#lib/ledger/settle.ts'
import { NotShown } from '#lib/ledger/shown.ts'
import { collect } from './collect.ts'
import type { SyncContext } from './context.ts'
import * as findings from './findings.ts'
import type { HeldBack } from './held-back.ts'
import { apply, withFindings } from './send.ts'
import { rememberBeginnings } from './starts.ts'
import type { Stop } from './stop.ts'
import { applied, type Interruption, writesOf } from './work.ts'

export interface SyncUsageInput {
  readonly runId: string
  readonly agreementId: number
  /** The customers that sync; where one of them does not any more, it ends (F16). */
  readonly tenantIds: readonly string[]
  readonly invoice: Invoice
  readonly heldBack: HeldBack
  readonly lease: Lease
}

export interface SyncedUsage {
  readonly situation: Situation
  readonly plan: AppliedPeriodPlan
  /** What it ended with; `null`: ConnectWise was seen to hold what was planned, failed subscriptions aside. */
  readonly interrupted: Interruption | null
}

/** Rounds that were sent as a whole before a plan that is still not empty is an Error. */
const mostWholeRounds = 2
/** Rounds in all, those that an unknown outcome cut short included. */
const mostRounds = 5

export const syncUsage = async ({
  ctx,
  input,
}: {
  ctx: SyncContext
  input: SyncUsageInput
}): Promise<SyncedUsage> => {
  const { agreementId, invoice, heldBack, runId, lease } = input
  const earlier = await begunBefore(ctx, input)
  let record: AppliedPeriodPlan | null = null
  let situation: Situation | undefined
  let last: Situation | undefined
  let wholeRounds = 0
  for (let round = 1; ; round += 1) {
    const read = await collect({
      ctx,
      input: { agreementId, invoices: [invoice], heldBack, earlier: last, asWritten: true },
    }).catch(onlyNotShown)
    if (read instanceof NotShown) {
      if (record === null || situation === undefined) throw read
      return { situation, plan: unshown(record, read), interrupted: { by: 'unknown' } }
    }
    situation = read
    const period: PeriodPlan = withoutFailed(onlyPeriod(situation), record)
    const isEmpty = writesOf(period) === 0
    if (record !== null && isEmpty) return { situation, plan: record, interrupted: null }
    if (record !== null && wholeRounds === mostWholeRounds)
      return { situation, plan: unproved(record, period), interrupted: null }
    await ctx.db.transaction(async (tx) => {
      await rememberBeginnings(tx, ctx, agreementId, period)
      if (record === null && !isEmpty)
        await updateItem(tx, ctx.organisationId, runId, agreementId, {
          begun: withWarningsOf(period, earlier),
        })
    })
    const result = await apply({
      ctx,
      input: { runId, tenantIds: input.tenantIds, situation, period, lease },
    })
    // An item that was created, or may have been, is not in what was read before.
    last = period.catalogItems.length === 0 && result.interrupted === null ? situation : undefined
    record = record === null ? withEarlier(result.plan, earlier) : mergeRounds(record, result.plan)
    if (result.interrupted?.by === 'stop')
      return { situation, plan: unsent(record, result.interrupted.stop), interrupted: result.interrupted }
    if (result.interrupted?.by === 'unknown') {
      if (round === mostRounds)
        return { situation, plan: unanswered(record), interrupted: result.interrupted }
      const settled = await settle(ctx, agreementId)
      record = withSettled(record, settled)
      if (settled.some(({ outcome }) => outcome === 'unknown'))
        return { situation, plan: unanswered(record), interrupted: result.interrupted }
    } else {
      wholeRounds += 1
      if (isEmpty) return { situation, plan: record, interrupted: null }
    }
  }
}

const onlyNotShown = (error: unknown): NotShown => {
  if (error instanceof NotShown) return error
  throw error
}

const onlyPeriod = (situation: Situation): PeriodPlan => {
  const [period] = plan(situation).periods
  if (!period) throw new Error('A plan of one usage has no period')
  return period
}

const keyOf = ({ kind, subscriptionId, product }: PeriodPlan['subscriptions'][number]): string =>
  [kind, subscriptionId.toLowerCase(), product.sku.toLowerCase(), product.productId.toLowerCase()].join(' ')

/** A later round without what failed in an earlier one: it is not tried again in the same sync. */
const withoutFailed = (period: PeriodPlan, record: AppliedPeriodPlan | null): PeriodPlan => {
  if (record === null) return period
  const failed = new Set(
    record.subscriptions
      .filter((each) => each.status === 'Error')
      .map((each) => `${each.kind} ${each.subscriptionId.toLowerCase()}`),
  )
  const subscriptions = period.subscriptions.map((each) =>
    failed.has(`${each.kind} ${each.subscriptionId.toLowerCase()}`) ? { ...each, changes: [] } : each,
  )
  const needed = new Set(
    subscriptions.flatMap(({ changes }) =>
      changes.flatMap((change) =>
        change.kind === 'create' && change.addition.catalogItemId === null ? [change.addition.sku] : [],
      ),
    ),
  )
  return {
    ...period,
    subscriptions,
    catalogItems: period.catalogItems.filter((each) => needed.has(each.sku)),
  }
}

/** The first round's plan with what a later one wrote; what an earlier round could not send is the later one's now. */
const mergeRounds = (record: AppliedPeriodPlan, later: AppliedPeriodPlan): AppliedPeriodPlan => {
  const isFinal = ({ outcome }: AppliedChange): boolean => outcome !== 'not-sent' && outcome !== 'lost'
  const isWrite = ({ outcome }: AppliedChange): boolean => outcome !== 'kept'
  const known = new Set(record.subscriptions.map(keyOf))
  const merged = record.subscriptions.map((each): AppliedSubscription => {
    const next = later.subscriptions.find((other) => keyOf(other) === keyOf(each))
    if (!next) return each
    const added = next.findings.filter(
      (finding) => !each.findings.some((other) => other.message === finding.message),
    )
    return withFindings(
      { ...each, applied: [...each.applied.filter(isFinal), ...next.applied.filter(isWrite)] },
      errorsOf(added),
    )
  })
  return {
    ...record,
    subscriptions: [
      ...merged,
      ...later.subscriptions.filter((each) => !known.has(keyOf(each)) && each.applied.some(isWrite)),
    ],
    appliedCatalogItems: [...record.appliedCatalogItems.filter(isFinal), ...later.appliedCatalogItems],
  }
}

const errorsOf = (found: readonly Finding[]): Finding[] =>
  found.filter((finding) => finding.severity === 'error')

/** What a process that died had planned and written of this run, agreement and period: it is part of what the run did. */
interface Earlier {
  readonly written: readonly LedgerChange[]
  readonly plan: PeriodPlan | null
}

const begunBefore = async (
  ctx: SyncContext,
  { runId, agreementId, invoice }: SyncUsageInput,
): Promise<Earlier> => {
  const { db, organisationId } = ctx
  const begun = (await runItem(db, organisationId, runId, agreementId))?.begun ?? null
  const { period } = invoice
  const written = await writtenInRun(db, organisationId, runId, { agreementId, period })
  return { written, plan: begun?.invoiceId === invoice.id ? begun : null }
}

/** A plan with the warnings of the one before it: what they warned of is written by now, so it cannot be seen again. */
const withWarningsOf = <P extends PeriodPlan>(plan: P, { plan: before }: Earlier): P => {
  if (before === null) return plan
  const subscriptions = plan.subscriptions.map((each) => {
    const known = new Set(each.findings.map((finding) => finding.message))
    const lost = before.subscriptions
      .filter((other) => keyOf(other) === keyOf(each))
      .flatMap((other) =>
        other.findings.filter(({ severity, message }) => severity === 'warning' && !known.has(message)),
      )
    return withFindings(each, lost)
  })
  return { ...plan, subscriptions }
}

const withEarlier = (applying: AppliedPeriodPlan, before: Earlier): AppliedPeriodPlan => {
  const earlier = before.written
  const plan = withWarningsOf(applying, before)
  const done = ({ intent, additionId }: LedgerChange): AppliedChange => {
    if (intent.kind === 'updateCatalogItem')
      throw new Error('Amounts of the catalog are no write of an agreement')
    return applied(intent, 'done', { additionId })
  }
  const owner = (each: LedgerChange): AppliedSubscription | undefined =>
    plan.subscriptions.find(
      (subscription) => subscription.subscriptionId.toLowerCase() === each.subscriptionId,
    )
  return {
    ...plan,
    appliedCatalogItems: [
      ...earlier.filter((each) => each.kind === 'createCatalogItem').map(done),
      ...plan.appliedCatalogItems,
    ],
    subscriptions: plan.subscriptions.map((subscription) => {
      const before = earlier
        .filter((each) => each.kind !== 'createCatalogItem' && owner(each) === subscription)
        .map(done)
      if (before.length === 0) return subscription
      const status = subscription.status === 'No Change' ? 'Success' : subscription.status
      return { ...subscription, status, applied: [...before, ...subscription.applied] }
    }),
  }
}

/** The write that was left unanswered, as it turned out to be; there is one at most, as nothing is sent after it. */
const withSettled = (record: AppliedPeriodPlan, settled: readonly SettledChange[]): AppliedPeriodPlan => {
  const last = settled.at(-1)
  if (!last) return record
  const settleOne = (each: AppliedChange): AppliedChange =>
    each.outcome === 'unknown' ? { ...each, ...last, message: null } : each
  return {
    ...record,
    appliedCatalogItems: record.appliedCatalogItems.map(settleOne),
    subscriptions: record.subscriptions.map((each) => ({ ...each, applied: each.applied.map(settleOne) })),
  }
}

const marked = (
  record: AppliedPeriodPlan,
  isMeant: (subscription: AppliedSubscription) => boolean,
  finding: Finding,
): AppliedPeriodPlan => ({
  ...record,
  subscriptions: record.subscriptions.map((each) => (isMeant(each) ? withFindings(each, [finding]) : each)),
})

const isUnsent = ({ applied: changes }: AppliedSubscription): boolean =>
  changes.some(({ outcome }) => outcome === 'not-sent' || outcome === 'unknown' || outcome === 'lost')

/** Subscriptions that already failed keep their own error. */
const unsent = (record: AppliedPeriodPlan, stop: Stop): AppliedPeriodPlan =>
  marked(record, (each) => each.status !== 'Error' && isUnsent(each), findings.notSent(stop))

const unanswered = (record: AppliedPeriodPlan): AppliedPeriodPlan =>
  marked(record, (each) => each.status !== 'Error' && isUnsent(each), writeFindings.outcomeUnknown())

const unshown = (record: AppliedPeriodPlan, { additionIds }: NotShown): AppliedPeriodPlan => {
  const concerns = ({ outcome, additionId }: AppliedChange): boolean =>
    outcome === 'done' && additionId !== null && additionIds.includes(additionId)
  return marked(record, (each) => each.status !== 'Error' && each.applied.some(concerns), findings.notShown())
}

const unproved = (record: AppliedPeriodPlan, left: PeriodPlan): AppliedPeriodPlan =>
  left.subscriptions.reduce((all, each) => {
    const count = each.changes.filter((change) => change.kind !== 'keep').length
    return count === 0 ? all : marked(all, (other) => keyOf(other) === keyOf(each), findings.notProved(count))
  }, record)
