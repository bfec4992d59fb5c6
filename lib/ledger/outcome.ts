/**
 * What a sync of one month did: what was meant (the plan of each round) and what became of it (the ledger's rows), folded.
 * Pure: a crash, a stop, a time limit and a second round need no case of their own, because nothing else is remembered.
 */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { LedgerChange } from '#db/ledger/changes.ts'
import type { Round, RoundEnd } from '#db/runs/run-periods.ts'
import { explainChange } from '#lib/billing/explain.ts'
import { type SkuKey, skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import { emptyReconciliation } from '#lib/billing/reconcile.ts'
import { sentTogether } from '#lib/billing/together.ts'
import type { Change, Finding, PeriodPlan, Situation, SubscriptionPlan } from '#lib/billing/types.ts'
import { changeSchema, periodPlanSchema, subscriptionPlanSchema } from '#lib/billing/types.ts'
import * as found from './findings.ts'

/**
 * What became of a change. `kept`: nothing was to be sent; `not-sent`: an earlier change of its subscription failed, its product
 * could not be created, or the sync was stopped; `unknown`: ConnectWise gave no answer, and its additions could not be read
 * since; `lost`: it gave none, and does not hold it.
 */
const outcomeSchema = z.enum(['kept', 'done', 'refused', 'unknown', 'lost', 'not-sent'])

/** A change and what became of it; `additionId` of what was created, `message` exact where it was refused (F8). */
export const changeOutcomeSchema = z.object({
  change: changeSchema,
  outcome: outcomeSchema,
  additionId: z.number().int().nullable(),
  message: z.string().nullable(),
})
export type ChangeOutcome = z.infer<typeof changeOutcomeSchema>

export const subscriptionOutcomeSchema = subscriptionPlanSchema.extend({
  applied: z.array(changeOutcomeSchema),
})
export type SubscriptionOutcome = z.infer<typeof subscriptionOutcomeSchema>

/** A period's plan with the outcome of each change beside it. */
export const periodOutcomeSchema = periodPlanSchema.extend({
  appliedCatalogItems: z.array(changeOutcomeSchema),
  subscriptions: z.array(subscriptionOutcomeSchema),
})
export type PeriodOutcome = z.infer<typeof periodOutcomeSchema>

/** A row of the ledger, as far as it says what became of a planned change. */
export type LedgerRow = Pick<
  LedgerChange,
  'round' | 'position' | 'kind' | 'intent' | 'subscriptionId' | 'outcome' | 'additionId' | 'message'
>

/** @param rounds of one run, agreement and period, in order; at least one. @param rows the ledger's of the same, in order */
export const outcomeOf = (rounds: readonly Round[], rows: readonly LedgerRow[]): PeriodOutcome => {
  const [first, ...later] = rounds
  if (first === undefined) throw new Error('What was never planned has no outcome')
  const placed = (round: Round): PeriodOutcome => ofRound(round, rows)
  let before = first
  let outcome = placed(first)
  for (const round of later) {
    outcome = merged(outcome, placed(round), before.end === null)
    before = round
  }
  return asRead(withUnplanned(outcome, rows), before.plan)
}

/** What failed of a period so far, by `sentTogether`: a later round leaves it alone. */
export const failedIn = ({
  subscriptions,
}: Pick<PeriodOutcome, 'subscriptions'>): NonNullable<Situation['failed']> => {
  const failed: Record<string, Finding[]> = {}
  for (const row of subscriptions)
    if (row.status === 'Error') (failed[sentTogether(row)] ??= []).push(...errorsOf(row.findings))
  return failed
}

/** Whether nothing follows a round in its run. */
export const isClosed = (end: RoundEnd | null): boolean =>
  end !== null && !['sent', 'settled', 'time'].includes(end)

const errorsOf = (all: readonly Finding[]): Finding[] => all.filter(({ severity }) => severity === 'error')

/** A subscription with findings added; an error makes its status Error, a warning at least Warning. */
const withFindings = <S extends SubscriptionPlan>(subscription: S, added: readonly Finding[]): S => {
  if (added.length === 0) return subscription
  const isError = subscription.status === 'Error' || errorsOf(added).length > 0
  const isWarning = added.some(({ severity }) => severity === 'warning')
  return {
    ...subscription,
    findings: [...subscription.findings, ...added],
    status: isError ? 'Error' : isWarning ? 'Warning' : subscription.status,
  }
}

const ofRound = (round: Round, rows: readonly LedgerRow[]): PeriodOutcome => {
  const { plan } = round
  const byPosition = new Map(rows.flatMap((row) => (row.round === round.round ? [[row.position, row]] : [])))
  let position = 0
  const next = (change: Change): ChangeOutcome => {
    const row = byPosition.get(position)
    position += 1
    return changeOutcome(change, row)
  }
  const appliedCatalogItems = plan.catalogItems.map(next)
  const missing = missingItems(appliedCatalogItems)
  const stopped = new Set<string>()
  const subscriptions = plan.subscriptions.map((row) =>
    withFailures(row, row.changes.map(next), missing, stopped),
  )
  return { ...plan, subscriptions, appliedCatalogItems }
}

const changeOutcome = (change: Change, row: LedgerRow | undefined): ChangeOutcome => {
  const additionId = 'additionId' in change ? change.additionId : null
  if (change.kind === 'keep') return { change, outcome: 'kept', additionId, message: null }
  if (row === undefined || row.intent.kind === 'updateCatalogItem')
    return { change, outcome: 'not-sent', additionId, message: null }
  const outcome = row.outcome === 'pending' ? 'unknown' : row.outcome
  const isTold = outcome === 'refused' || outcome === 'unknown' || outcome === 'not-sent'
  const message = !isTold ? null : isRefusedItem(row) ? found.productFailure(row.message ?? '') : row.message
  return { change: row.intent, outcome, additionId: row.additionId, message }
}

const isRefusedItem = ({ kind, outcome }: LedgerRow): boolean =>
  kind === 'createCatalogItem' && outcome === 'refused'

/** By SKU, why its catalog item could not be created (D7, D8). */
const missingItems = (items: readonly ChangeOutcome[]): ReadonlyMap<SkuKey, string> =>
  new Map(
    items.flatMap(({ change, outcome, message }) =>
      change.kind === 'createCatalogItem' &&
      (outcome === 'refused' || outcome === 'not-sent') &&
      message !== null
        ? [[skuKey(change.sku), message]]
        : [],
    ),
  )

/** @param stopped what is sent together of which something failed; this row's failure is added */
const withFailures = (
  row: SubscriptionPlan,
  applied: ChangeOutcome[],
  missing: ReadonlyMap<SkuKey, string>,
  stopped: Set<string>,
): SubscriptionOutcome => {
  const key = sentTogether(row)
  const [noItem] = row.changes.flatMap((change) =>
    change.kind === 'create' && change.addition.catalogItemId === null
      ? (missing.get(skuKey(change.addition.sku)) ?? [])
      : [],
  )
  const failures = [
    ...(noItem === undefined ? [] : [found.productNotCreated(noItem)]),
    ...applied.flatMap(({ change, outcome, message }) =>
      outcome === 'refused' ? [found.connectWiseRefused(message ?? '', explainChange(change))] : [],
    ),
  ]
  const isLeftBehind =
    failures.length === 0 && stopped.has(key) && applied.some(({ outcome }) => outcome === 'not-sent')
  if (failures.length > 0) stopped.add(key)
  return withFindings({ ...row, applied }, isLeftBehind ? [found.notSentWithOther()] : failures)
}

const keyOf = ({ kind, subscriptionId, product }: SubscriptionPlan): string =>
  [kind, subscriptionId, product.sku, product.productId].join(' ').toLowerCase()

const isFinal = ({ outcome }: ChangeOutcome): boolean => outcome !== 'not-sent' && outcome !== 'lost'
const isWrite = ({ outcome }: ChangeOutcome): boolean => outcome !== 'kept'

const addedTo = (
  known: readonly Finding[],
  later: readonly Finding[],
  isNews: (finding: Finding) => boolean,
): Finding[] =>
  later.filter((finding) => isNews(finding) && !known.some(({ message }) => message === finding.message))

/**
 * What is known so far with a later round. The first plan says what was found; what an earlier round could not send is the
 * later one's, but for what failed. @param died the process of the round before died: what changed since is warned of too
 */
const merged = (record: PeriodOutcome, later: PeriodOutcome, died: boolean): PeriodOutcome => {
  const isNews = ({ severity, code }: Finding): boolean =>
    severity === 'error' || code === 'not-sent' || (died && severity === 'warning')
  const known = new Set(record.subscriptions.map(keyOf))
  const subscriptions = record.subscriptions.map((each): SubscriptionOutcome => {
    const next = later.subscriptions.find((other) => keyOf(other) === keyOf(each))
    if (next === undefined) return each
    const isLeft = each.status === 'Error'
    const applied = [
      ...(isLeft ? each.applied : each.applied.filter(isFinal)),
      ...next.applied.filter(isWrite),
    ]
    return withFindings({ ...each, applied }, addedTo(each.findings, next.findings, isNews))
  })
  return {
    ...record,
    subscriptions: [
      ...subscriptions,
      ...later.subscriptions.filter((each) => !known.has(keyOf(each)) && each.applied.some(isWrite)),
    ],
    findings: [...record.findings, ...addedTo(record.findings, later.findings, isNews)],
    appliedCatalogItems: [...record.appliedCatalogItems.filter(isFinal), ...later.appliedCatalogItems],
  }
}

/** Writes that no stored plan holds: an earlier version of the product sent them. */
const withUnplanned = (record: PeriodOutcome, rows: readonly LedgerRow[]): PeriodOutcome => {
  const unplanned = rows.filter((row) => row.round === null && row.outcome === 'done' && row.kind !== 'keep')
  if (unplanned.length === 0) return record
  const done = (row: LedgerRow): ChangeOutcome[] =>
    row.intent.kind === 'updateCatalogItem' ? [] : [changeOutcome(row.intent, row)]
  const taken = new Set<LedgerRow>()
  const subscriptions = record.subscriptions.map((each) => {
    const theirs = unplanned.filter(
      (row) =>
        row.kind !== 'createCatalogItem' &&
        !taken.has(row) &&
        row.subscriptionId === subscriptionKey(each.subscriptionId),
    )
    if (theirs.length === 0) return each
    for (const row of theirs) taken.add(row)
    const status = each.status === 'No Change' ? 'Success' : each.status
    const written = theirs.flatMap(done)
    const isWritten = ({ change, outcome }: ChangeOutcome): boolean =>
      outcome === 'not-sent' && written.some((other) => isSame(other.change, change))
    return { ...each, status, applied: [...written, ...each.applied.filter((one) => !isWritten(one))] }
  })
  const items = unplanned.filter(({ kind }) => kind === 'createCatalogItem').flatMap(done)
  return { ...record, subscriptions, appliedCatalogItems: [...items, ...record.appliedCatalogItems] }
}

/** The same change, whether or not its catalog item was known when it was planned. */
const isSame = (a: Change, b: Change): boolean => {
  if (a.kind !== b.kind) return false
  if (a.kind !== 'create' || b.kind !== 'create')
    return 'additionId' in a && 'additionId' in b && a.additionId === b.additionId
  const { catalogItemId: _, ...one } = a.addition
  const { catalogItemId: __, ...other } = b.addition
  return isDeepStrictEqual(one, other)
}

/** The amounts as the last plan has them, which was made of what ConnectWise holds. */
const asRead = (record: PeriodOutcome, { subscriptions, totals }: PeriodPlan): PeriodOutcome => {
  const last = new Map(subscriptions.map((each) => [keyOf(each), each]))
  return {
    ...record,
    totals,
    subscriptions: record.subscriptions.map((each) => {
      const { invoiced, billed, reconciliation } = last.get(keyOf(each)) ?? {
        ...emptyReconciliation,
        reconciliation: emptyReconciliation,
      }
      return { ...each, invoiced, billed, reconciliation }
    }),
  }
}

/** Whether something of a subscription was to be sent and is not known to have been. */
export const isUnsent = ({ applied }: SubscriptionOutcome): boolean =>
  applied.some(({ outcome }) => outcome === 'not-sent' || outcome === 'unknown' || outcome === 'lost')
