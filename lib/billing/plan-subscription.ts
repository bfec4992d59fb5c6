/** The plan of one subscription and product: what stops it, what changes, and how the month reconciles. */
import {
  byStart,
  comparePrices,
  endsInsideMonth,
  type Held,
  isActiveOn,
  isActiveWithin,
  quantityOn,
} from './additions.ts'
import { billHeld } from './bill.ts'
import { normalise } from './classify.ts'
import { inconsistency } from './consistency.ts'
import { laterOf, periodOf, previousDay } from './days.ts'
import { amount, money, type Pair, pair as pairOf, quantity, subtractPair, sumPairs } from './decimal.ts'
import * as findings from './findings.ts'
import { type Context, type Group, isFirstTime } from './groups.ts'
import { priceChanges, priceDifferences, unbilledParts } from './price-warnings.ts'
import type { ResolvedProduct } from './products.ts'
import {
  amountGap,
  computedAmount,
  invoicedTotal,
  reconcile,
  reconcileAs,
  reconcileFailed,
} from './reconcile.ts'
import { type AdditionProduct, sequence, sequenceFromNext } from './steps.ts'
import {
  invoicedThrough,
  lateWindow,
  stepsOf,
  type Timeline,
  timelineOf,
  type Window,
  windowOf,
} from './timeline.ts'
import type {
  Agreement,
  Change,
  Finding,
  FirstSync,
  Lot,
  Reconciliation,
  Status,
  SubscriptionPlan,
  WaitQuestion,
} from './types.ts'

export const statusOf = (found: readonly Finding[], changes: readonly Change[]): Status => {
  if (found.some((finding) => finding.severity === 'error')) return 'Error'
  if (found.some((finding) => finding.severity === 'warning')) return 'Warning'
  return changes.some((change) => change.kind !== 'keep') ? 'Success' : 'No Change'
}

interface Row {
  readonly group: Group
  readonly timeline: Timeline
  readonly held: readonly Held[]
  readonly findings: readonly Finding[]
  readonly changes: readonly Change[]
  readonly reconciliation: Reconciliation
  readonly waits?: SubscriptionPlan['waits']
  readonly begins?: SubscriptionPlan['begins']
}

const toRow = ({ window, isLate }: Context, row: Row): SubscriptionPlan => ({
  kind: 'subscription',
  subscriptionId: row.group.subscriptionId,
  tenantId: row.group.tenantId,
  product: {
    productId: row.group.product?.productId ?? '',
    sku: row.group.product?.sku ?? '',
    name: row.group.name,
    catalogItemId: row.group.product?.item?.id ?? null,
  },
  status: statusOf(row.findings, row.changes),
  findings: [...row.findings],
  changes: [...row.changes],
  ...(row.waits === undefined ? {} : { waits: row.waits }),
  ...(row.begins === undefined ? {} : { begins: row.begins }),
  ...(isLate(row.group.id) ? { late: true } : {}),
  quantityBefore: quantity(quantityOn(row.held, previousDay(window.first))),
  steps: stepsOf(row.timeline),
  invoiced: row.reconciliation.invoiced,
  billed: row.reconciliation.billed,
  reconciliation: row.reconciliation,
})

/** The price that PRISM had for an addition when it is adopted: its own where the invoice has it, else the lowest that no other addition bills. */
const baseline = (held: Held, all: readonly Held[], timeline: Timeline, window: Window): Lot => {
  const own: Lot = {
    quantity: quantity(held.quantity),
    origin: 'adopted',
    prism: amount(held.unit),
    set: amount(held.unit),
  }
  const from = laterOf(held.start, window.first)
  const segment = timeline.find((each) => each.last >= from && each.prices.length > 0)
  if (segment === undefined || segment.prices.some((entry) => entry.key === held.priceKey)) return own
  const taken = new Set(all.filter((each) => isActiveOn(each, segment.first)).map((each) => each.priceKey))
  const free = segment.prices
    .filter((entry) => !taken.has(entry.key))
    .sort((a, b) => comparePrices(a.unit, b.unit))
  const price = free[0] ?? segment.prices[segment.prices.length - 1]
  return price ? { ...own, prism: amount(price.unit) } : own
}

/** The writes and keeps that make matched additions ours (F5). */
const adopt = (held: readonly Held[], subscriptionId: string): Change[] =>
  held
    .filter((each) => each.addition !== null)
    .flatMap((each): Change[] => {
      const before = each.addition
      if (before === null) return []
      const lots = [...each.lots]
      if (normalise(before.serialNumber) !== normalise(subscriptionId)) {
        return [
          {
            kind: 'update',
            reason: { rule: 'adopt' },
            additionId: before.id,
            before,
            set: { serialNumber: subscriptionId },
            lots,
          },
        ]
      }
      return each.ours
        ? []
        : [{ kind: 'keep', reason: { rule: 'adopt' }, additionId: before.id, addition: before, lots }]
    })

/** What is neither written nor adopted stays as it is. */
const keeps = (held: readonly Held[], changes: readonly Change[]): Change[] => {
  const named = new Set(changes.flatMap((change) => ('additionId' in change ? [change.additionId] : [])))
  return held.flatMap((each): Change[] =>
    each.addition === null || named.has(each.id)
      ? []
      : [{ kind: 'keep', reason: { rule: 'unchanged' }, additionId: each.id, addition: each.addition }],
  )
}

export const productOf = (context: Context, product: ResolvedProduct): AdditionProduct => ({
  sku: product.sku,
  catalogItemId: product.item?.id ?? null,
  taxable: product.item?.taxable ?? context.situation.options.defaults.taxable,
})

const failedRow = (
  context: Context,
  group: Group,
  held: readonly Held[],
  found: readonly Finding[],
): SubscriptionPlan => {
  const { window } = context
  const inside = group.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  const billed = sumPairs(held.map((each) => billHeld(each, window.period)))
  return toRow(context, {
    group,
    timeline: timelineOf(inside, window),
    held,
    findings: found,
    changes: [],
    reconciliation: reconcileFailed(invoicedTotal(group.lines), billed),
  })
}

/** On an agreement that has only ended, what is not invoiced any more is still ended. */
const unfitFor = ({ unfit, window }: Context, group: Group): Finding[] => {
  const isOver = (code: string): boolean => code === 'ended' || code === 'cancelled'
  const all = group.lines.length > 0 ? unfit : unfit.filter(({ code }) => !isOver(code))
  return all.map((rule) => findings.agreementUnfit(rule, window.period))
}

/** What stops a subscription before it is planned. */
const blocks = (
  context: Context,
  group: Group,
  held: readonly Held[],
  timeline: Timeline,
  window: Window,
): Finding[] => {
  const { situation, classified } = context
  const waiting = situation.waiting?.[group.id]
  if (waiting !== undefined && waiting < window.period && !window.isLate)
    return [findings.earlierPeriodFailed(waiting)]
  const [unfit] = unfitFor(context, group)
  if (unfit) return [unfit]
  const refused = classified.refused.get(group.id)
  if (refused) return [refused]
  if (group.finding) return [group.finding]
  const found = inconsistency(held, timeline, window)
  return found ? [findings.inconsistentAdditions(found.detail, found.additionIds)] : []
}

const lineFindings = (group: Group, window: Window): Finding[] =>
  group.lines
    .filter((line) => !amountGap(line, window).cost.eq(0) || !amountGap(line, window).price.eq(0))
    .map((line) => findings.amountDiffers(line, money(computedAmount(line, window).price)))

const previousPrices = (context: Context, group: Group): Timeline[number]['prices'] => {
  const { situation, previousGroups } = context
  const before = previousGroups.find(
    (each) => each.id === group.id && each.product?.key === group.product?.key,
  )
  if (!before || !situation.previous) return []
  const window = windowOf(situation.agreement, situation.previous.period)
  const inside = before.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  const charged = timelineOf(inside, window).filter((segment) => segment.prices.length > 0)
  return charged[charged.length - 1]?.prices ?? []
}

/** As ConnectWise bills them: one that ends inside the month to its end; what starts after the month is not looked at. */
const withinMonth = (matched: readonly Held[], { first, last }: Window): Held[] =>
  matched
    .filter((each) => each.start <= last)
    .map((each) => (each.ours && endsInsideMonth(each, first, last) ? { ...each, end: last } : each))

/** Whether the plan of a late month waits: a day of it is billed, or that is not known, and nobody said to send it. */
const waitsAsLate = ({ situation, window, isLate }: Context, id: string): boolean => {
  const through = invoicedThrough(situation.agreement)
  const isConfirmed = situation.confirmed?.some(
    (each) => each.subscriptionId === id && each.period === window.period && each.question === 'late',
  )
  return isLate(id) && !isConfirmed && (through === null || through >= window.first)
}

/**
 * How a subscription begins that was never good here: as usual, or by its customer's choice where ConnectWise has invoiced the
 * month and nothing of it is on the agreement (design.md 2a, "First sync").
 */
const beginningOf = (context: Context, group: Group, held: readonly Held[], window: Window): FirstSync => {
  const { situation } = context
  const start = situation.starts?.[group.id]
  if (start === 'elsewhere') return 'elsewhere'
  if (start !== undefined) return start > window.period ? 'next' : 'catch-up'
  const tenant = situation.tenants.find(({ id }) => id === group.tenantId)
  const isThere = held.some((each) => isActiveWithin(each, window.first, window.next))
  if (tenant?.firstSync === undefined || isThere || group.lines.length === 0) return 'catch-up'
  return isInvoicedWhole(situation.agreement, window) ? tenant.firstSync.begin : 'catch-up'
}

const isInvoicedWhole = (agreement: Agreement, { last }: Window): boolean => {
  const through = invoicedThrough(agreement)
  return through !== null && through >= last
}

/** A row of which nothing is written before a person answered. */
const waitingRow = (context: Context, row: Row, question: WaitQuestion): SubscriptionPlan => {
  const { window, situation } = context
  const invoiced = invoicedTotal(row.group.lines)
  const billed = billedBy(row.held, window)
  const isKnown = invoicedThrough(situation.agreement) !== null
  const finding =
    question === 'late'
      ? findings.lateMonthWaits(window.period, isKnown, money(subtractPair(invoiced, billed).price))
      : findings.firstSyncWaits(window.period)
  return toRow(context, {
    ...row,
    findings: [finding, ...row.findings],
    changes: keeps(row.held, []),
    waits: { question, changes: row.changes.filter(({ kind }) => kind !== 'keep') },
    reconciliation: reconcileAs('waiting', invoiced, billed),
  })
}

const billedBy = (held: readonly Held[], { period }: Window): Pair =>
  sumPairs(held.map((each) => billHeld(each, period)))

/** A subscription that begins with a later month, or is billed elsewhere. */
const beginningRow = (
  context: Context,
  row: Omit<Row, 'findings' | 'reconciliation'>,
  begin: Exclude<FirstSync, 'catch-up'>,
  window: Window,
): SubscriptionPlan => {
  const invoiced = invoicedTotal(row.group.lines)
  const isNext = begin === 'next'
  const begins = isNext ? periodOf(window.next) : begin
  const changes = isNext ? row.changes : keeps(row.held, [])
  const found = isNext
    ? findings.beginsLater(window.period, periodOf(window.next), money(invoiced.price))
    : findings.billedElsewhere(money(invoiced.price))
  return toRow(context, {
    ...row,
    changes,
    begins,
    findings: [found],
    reconciliation: reconcileAs(
      isNext ? 'beforeStart' : 'billedElsewhere',
      invoiced,
      billedBy(row.held, window),
    ),
  })
}

export const planGroup = (
  context: Context,
  group: Group,
  matched: readonly Held[],
  errors: readonly Finding[],
): SubscriptionPlan => {
  const { situation } = context
  const isLate = context.isLate(group.id)
  const window = isLate ? lateWindow(context.window) : context.window
  const known = isLate ? withinMonth(matched, window) : matched
  const isInside = group.lines.every((line) => line.first >= window.first && line.last <= window.last)
  const timeline = timelineOf(isInside ? group.lines : [], window)
  const stops = errors.length > 0 ? errors : blocks(context, group, known, timeline, window)
  if (stops.length > 0 || group.product === null) return failedRow(context, group, known, stops)
  const held = known
    .map((each) => (each.ours ? each : { ...each, lots: [baseline(each, known, timeline, window)] }))
    .sort(byStart)
  const begin = beginningOf(context, group, held, window)
  const steps = (begin === 'catch-up' ? sequence : sequenceFromNext)(
    group.subscriptionId,
    productOf(context, group.product),
    situation.agreement,
    window,
    timeline,
    held,
  )
  const written = [...adopt(held, group.subscriptionId), ...steps.changes]
  const changes = [...written, ...keeps(held, written)]
  if (begin !== 'catch-up') return beginningRow(context, { group, timeline, held, changes }, begin, window)
  const isFirst = isFirstTime(context, group.id)
  const row: Row = {
    group,
    timeline,
    held,
    findings: [
      ...priceChanges(timeline, previousPrices(context, group), isFirst),
      ...priceDifferences(held, steps.changes, timeline, window),
      ...unbilledParts(held, window, isFirst),
      ...lineFindings(group, window),
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
  return steps.changes.length > 0 && waitsAsLate(context, group.id)
    ? waitingRow(context, row, 'late')
    : toRow(context, row)
}

/**
 * Before the first write of a customer of which nothing is on the agreement, and that nobody has decided about, all its
 * subscriptions wait for one answer (design.md 2a, "First sync").
 */
export const askFirstSync = (context: Context, rows: readonly SubscriptionPlan[]): SubscriptionPlan[] => {
  const asked = new Set(
    context.situation.tenants
      .filter(({ firstSync }) => firstSync && !firstSync.isChosen)
      .map(({ id }) => id)
      .filter((id) => {
        const own = rows.filter((row) => row.tenantId === id && row.kind === 'subscription')
        return own.some(({ begins }) => begins) && own.every((row) => row.begins || row.changes.every(isNew))
      }),
  )
  return rows.map((row) => {
    if (!asked.has(row.tenantId) || row.begins === undefined) return row
    const { begins: _, ...rest } = row
    const finding = findings.firstSyncWaits(context.window.period)
    return {
      ...rest,
      findings: [finding],
      status: statusOf([finding], []),
      changes: [],
      waits: { question: 'first-sync', changes: row.changes },
      reconciliation: reconcileAs('waiting', pairOf(row.invoiced), pairOf(row.billed)),
    }
  })
}

const isNew = (change: Change): boolean => change.kind === 'create'
