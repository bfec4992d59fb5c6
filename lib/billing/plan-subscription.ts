/** The plan of one subscription and product: what stops it, what changes, and how the month reconciles. */
import { byStart, type CountedAddition } from './additions.ts'
import { adopt, baseline } from './adoption.ts'
import { asItWas } from './as-it-was.ts'
import { mayBeIts } from './bad-lines.ts'
import { changedSinceBilled } from './billed-days.ts'
import { invoicedAfterLeaving } from './closing-rows.ts'
import { type Inconsistency, inconsistency } from './consistency.ts'
import type { Context, Group } from './context.ts'
import { daysOf, periodOf } from './days.ts'
import { isZeroPair, money, quantity, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import { beginningOf, beginningRow } from './first-sync.ts'
import { isFirstTime } from './groups.ts'
import { withinMonth } from './late-month.ts'
import { asItReturns, tenantOf, windowOfTenant } from './moving.ts'
import { pricingOf, takingHold } from './price-rules.ts'
import { priceChanges, priceFindings, unbilledParts } from './price-warnings.ts'
import type { ResolvedProduct } from './products.ts'
import { amountGap, computedAmount, reconcile, reconcileAs } from './reconcile.ts'
import type { AdditionProduct } from './step-rules.ts'
import { sequence, sequenceFromNext, sequenceTakingOver } from './steps.ts'
import { mendedBy } from './still-wrong.ts'
import { billedBy, failedRow, type GroupAdditions, keeps, type Row, toRow } from './subscription-row.ts'
import { lateWindow, type Timeline, timelineOf, unitOf, type Window } from './timeline.ts'
import type { Addition, Change, Finding, InvoiceLine, Money, SubscriptionPlan } from './types.ts'
import { waitingRow, waitsForEarlier } from './waiting.ts'

export const productOf = (context: Context, product: ResolvedProduct): AdditionProduct => ({
  sku: product.sku,
  catalogItemId: product.item?.id ?? null,
  taxable: product.item?.taxable ?? context.situation.options.defaults.taxable,
})

/** On an agreement that has only ended, what is not invoiced any more is still ended. */
const unfitFor = ({ unfit, window }: Context, group: Group): Finding[] => {
  const isOver = (code: string): boolean => code === 'ended' || code === 'cancelled'
  const all = group.lines.length > 0 ? unfit : unfit.filter(({ code }) => !isOver(code))
  return all.map((rule) => findings.agreementUnfit(rule, window.period))
}

/** What its customer's last invoice on the agreement before has on its last day runs on from the first month here. */
const takingOverRow = (
  context: Context,
  row: Pick<Row, 'group' | 'timeline' | 'held' | 'additions'>,
  window: Window,
): SubscriptionPlan => {
  const { group, timeline, held } = row
  if (group.product === null) return failedRow(context, group, row.additions, [])
  const { agreement } = context.situation
  const product = productOf(context, group.product)
  const pricing = { ...pricingOf(context.situation, group), agreed: undefined }
  const steps = sequenceTakingOver(group.subscriptionId, product, agreement, window, timeline, held, pricing)
  const written = [...adopt(held, group.subscriptionId), ...steps.changes]
  return toRow(context, {
    ...row,
    changes: [...written, ...keeps(held, written)],
    findings: [findings.takesOver(periodOf(window.next))],
    reconciliation: reconcileAs('beforeStart', zeroPair, billedBy(held, window)),
  })
}

/** What stops a subscription before it is planned. */
const blocks = (context: Context, group: Group, window: Window): Finding[] => {
  const { situation, classified } = context
  const still = situation.stillBilled?.[group.id]
  if (still) return [findings.billedTwice(still)]
  const waiting = situation.waiting?.[group.id]
  if (waiting !== undefined && waiting < window.period && !window.isLate)
    return [findings.earlierPeriodFailed(waiting)]
  const [unfit] = unfitFor(context, group)
  if (unfit) return [unfit]
  const refused = classified.refused.get(group.id)
  if (refused) return [refused]
  if (group.finding) return [group.finding]
  const unplaced = mayBeIts(context, group)
  return unplaced ? [unplaced] : []
}

/** The same, and additions that do not fit the invoice. */
const stopsOf = (
  context: Context,
  group: Group,
  held: readonly CountedAddition[],
  timeline: Timeline,
  window: Window,
): Finding[] => {
  const stops = blocks(context, group, window)
  const found = stops.length > 0 ? null : inconsistency(held, timeline, window)
  return found ? [askingInconsistent(group, found, window)] : stops
}

/** What starts after the month can be ended, or said to be another's. */
const askingInconsistent = (group: Group, found: Inconsistency, window: Window): Finding => {
  const { detail, additionIds, stillWrong, asked = [] } = found
  const finding = mendedBy(findings.inconsistentAdditions(detail, additionIds, asked.length > 0), stillWrong)
  if (asked.length === 0) return finding
  const asks = asked.map((held) => ({
    additionId: held.id,
    serialNumber: held.addition?.serialNumber ?? '',
    quantity: quantity(held.quantity),
    billed: money(billedBy([held], window).price),
    owners: [group.id],
  }))
  return { ...finding, asks }
}

const lineFindings = (group: Group, window: Window): Finding[] => [
  ...group.lines
    .filter((line) => !isZeroPair(amountGap(line, window)))
    .map((line) => findings.amountDiffers(line, money(computedAmount(line, window).price))),
  ...priceCuts(group.lines),
  ...linesTwice(group.lines),
]

const learnedDomain = ({ usage }: Context, { id }: Group): Finding[] => {
  const domain = usage.learnedDomains?.[id]
  return domain === undefined ? [] : [findings.domainLearned(domain)]
}

/** Each unit price that ConnectWise cannot hold as the file has it, once. */
const priceCuts = (lines: readonly InvoiceLine[]): Finding[] => {
  const cuts = new Map<string, Money>()
  for (const line of lines) {
    const unit = unitOf(line)
    if (!unit.cost.eq(line.unitCost)) cuts.set(line.unitCost, money(unit.cost))
    if (!unit.price.eq(line.unitPrice)) cuts.set(line.unitPrice, money(unit.price))
  }
  return [...cuts.keys()].sort().map((from) => findings.priceCut(from, cuts.get(from) as Money))
}

/** The same line twice counts twice, as the invoice charges it twice. */
export const linesTwice = (lines: readonly InvoiceLine[]): Finding[] => {
  if (lines.length < 2) return []
  const brief = (line: InvoiceLine): string => `${line.first} ${line.last} ${line.quantity} ${line.price}`
  const alike = Map.groupBy(lines, brief)
  if (alike.size === lines.length) return []
  const rows = new Map<string, number[]>()
  for (const { row, ...line } of lines) {
    const key = JSON.stringify(line)
    rows.set(key, [...(rows.get(key) ?? []), row])
  }
  return [...rows.values()]
    .filter((same) => same.length > 1)
    .map((same) => findings.lineTwice([...same].sort((a, b) => a - b)))
}

const previousPrices = (context: Context, group: Group): Timeline[number]['prices'] => {
  const { situation } = context
  const before = context.previousOf(group)
  if (!before || !situation.previous) return []
  const month = daysOf(situation.previous.period)
  const inside = before.lines.filter((line) => line.first >= month.first && line.last <= month.last)
  const charged = timelineOf(inside, month).filter((segment) => segment.prices.length > 0)
  return charged[charged.length - 1]?.prices ?? []
}

const endedIn = (changes: readonly Change[]): Addition[] =>
  changes.flatMap((change) => (change.kind === 'end' ? [change.before] : []))

/** The row of one subscription and product. */
export type PlanGroup = (
  context: Context,
  group: Group,
  additions: GroupAdditions,
  errors: readonly Finding[],
) => SubscriptionPlan

/** Plans as `planByRules` does, with less to do for a subscription that is as it was. */
export const planGroup: PlanGroup = (context, group, additions, errors) =>
  (errors.length === 0 ? planAsItWas(context, group, additions) : null) ??
  planByRules(context, group, additions, errors)

const planAsItWas = (context: Context, group: Group, additions: GroupAdditions): SubscriptionPlan | null => {
  const { window, situation } = context
  const { matched, ofId, doubts } = additions
  if (context.dueAs(group.id) !== 'member' || context.isLate(group.id) || doubts.length > 0) return null
  if (group.product === null || situation.unanswered?.[group.id] !== undefined) return null
  const tenant = tenantOf(situation, group.tenantId)
  const own = windowOfTenant(window, tenant, 'member')
  if (takingHold(pricingOf(situation, group), own.next) !== null) return null
  const row = asItWas(
    group,
    matched,
    context.previousOf(group)?.lines ?? [],
    own,
    situation.options.marginPercent ?? null,
  )
  if (row === null || blocks(context, group, own).length > 0) return null
  if (beginningOf(context, group, ofId, own) !== 'catch-up') return null
  return toRow(context, { group, additions, findings: learnedDomain(context, group), ...row })
}

/** The row by the rules for every case. */
export const planByRules: PlanGroup = (context, group, additions, errors) => {
  const { situation } = context
  const { matched } = additions
  const isLate = context.isLate(group.id)
  const tenant = tenantOf(situation, group.tenantId)
  const dueAs = context.dueAs(group.id) ?? 'member'
  const window = windowOfTenant(isLate ? lateWindow(context.window) : context.window, tenant, dueAs)
  const running = dueAs === 'takes-over' ? asItReturns(situation, tenant, group.id, matched) : matched
  const known = isLate ? withinMonth(running, window) : running
  const isInside = group.lines.every((line) => line.first >= window.first && line.last <= window.last)
  const timeline = timelineOf(isInside ? group.lines : [], window)
  const stops = errors.length > 0 ? errors : stopsOf(context, group, known, timeline, window)
  if (stops.length > 0 || group.product === null) return failedRow(context, group, additions, stops)
  const unanswered = isLate ? undefined : situation.unanswered?.[group.id]
  if (unanswered !== undefined && unanswered < window.period)
    return waitsForEarlier(context, { group, timeline, held: known, additions }, unanswered)
  const held = known
    .map((each) => (each.ours ? each : { ...each, lots: [baseline(each, known, timeline, window)] }))
    .sort(byStart)
  if (dueAs === 'takes-over') return takingOverRow(context, { group, timeline, held, additions }, window)
  const begin = beginningOf(context, group, additions.ofId, window)
  const pricing = pricingOf(situation, group)
  const steps = (begin === 'catch-up' ? sequence : sequenceFromNext)(
    group.subscriptionId,
    productOf(context, group.product),
    situation.agreement,
    window,
    timeline,
    held,
    pricing,
  )
  const written = [...adopt(held, group.subscriptionId), ...steps.changes]
  const changes = [...written, ...keeps(held, written)]
  if (begin !== 'catch-up')
    return beginningRow(context, { group, timeline, held, additions, changes }, begin, window)
  const isFirst = isFirstTime(context, group.id)
  const row: Row = {
    group,
    timeline,
    held,
    additions,
    findings: [
      ...priceChanges(timeline, previousPrices(context, group), isFirst),
      ...priceFindings(situation, pricing, held, steps, timeline, window),
      ...unbilledParts(held, steps.changes, window, isFirst),
      ...changedSinceBilled(context, held, window.period),
      ...lineFindings(group, window),
      ...learnedDomain(context, group),
      ...(window.closesOn && tenant ? invoicedAfterLeaving(situation, tenant, endedIn(steps.changes)) : []),
    ],
    changes,
    reconciliation: reconcile({
      lines: group.lines,
      timeline,
      window,
      expected: steps.held,
      actual: steps.held,
    }),
  }
  return waitingRow(context, row, window)
}
