/**
 * What of the months that were synced together only a person can settle: one point a question or a failure, told where it
 * began, with its money (docs/billing-rules.md, "Waits"). An index of plans, for lists; nothing is decided by it.
 */
import { decimal, money, quantity, sum, zero } from './decimal.ts'
import { noSubscription, type SubscriptionKey, skuKey, subscriptionKey } from './keys.ts'
import { kindOf, type PointKind } from './point-kinds.ts'
import { productName } from './products.ts'
import {
  type AskedAddition,
  type AskedInvoice,
  type AskedLine,
  earlierMonthCodes,
  type Finding,
  type Money,
  type Period,
  type PeriodPlan,
  type SubscriptionPlan,
  type WaitQuestion,
} from './types.ts'

export interface OpenPoint {
  readonly kind: PointKind
  /** Points of one cause are shown as one; begins with the kind. */
  readonly cause: string
  readonly severity: 'error' | 'warning'
  /** `null`: nothing of it waits for an answer before it is written. */
  readonly question: WaitQuestion | null
  /** `''`: the agreement’s. */
  readonly tenantId: string
  /** `''`: of no subscription. */
  readonly subscriptionId: SubscriptionKey
  readonly product: string
  /** The first and the last month that has the same, or that waits for it; `null`: the sync came to no month. */
  readonly from: Period | null
  readonly to: Period | null
  /** In these months, retail. */
  readonly invoiced: Money
  readonly billed: Money
  /** What it is about, retail, never negative: a month’s of an addition, else of all its months together; `null`: not known. */
  readonly amount: Money | null
  readonly message: string
  readonly detail: string
  readonly remedy: string
  /** How it is in ConnectWise now, and how it must be; `''`: nothing to say. */
  readonly stillWrong: string
  readonly asks: AskedAddition | null
  readonly asksBilled: AskedInvoice | null
  readonly asksLine: AskedLine | null
}

const magnitude = (a: Money, b: Money): Money => money(decimal(a).minus(decimal(b)).abs())
const added = (a: Money, b: Money): Money => money(decimal(a).plus(decimal(b)))
const larger = (a: Money, b: Money | null): Money => (b !== null && decimal(a).lt(decimal(b)) ? b : a)
const nothing = money(zero)

/** Why an agreement could not be synced as a whole. */
export interface WholeFailure {
  readonly message: string
  readonly detail: string
  readonly remedy: string
}

/**
 * @param months of one sync of an agreement, the oldest first
 * @param failure why it came no further; `null`: it did not fail as a whole
 */
export const openPointsOf = (
  months: readonly PeriodPlan[],
  failure: WholeFailure | null = null,
): OpenPoint[] => {
  const points = new Map<string, OpenPoint>()
  for (const month of months) {
    for (const row of month.subscriptions) addRow(points, month, row)
    addFindings(points, month)
  }
  return [...points.values(), ...(failure === null ? [] : [wholePoint(failure)])]
}

/** The cause of what failed as a whole, whatever the reason. */
export const wholeFailureCause = 'failed/agreement'

const wholePoint = (failure: WholeFailure): OpenPoint => ({
  ...failure,
  kind: 'failed',
  cause: wholeFailureCause,
  severity: 'error',
  question: null,
  tenantId: '',
  subscriptionId: noSubscription,
  product: '',
  from: null,
  to: null,
  invoiced: nothing,
  billed: nothing,
  amount: null,
  stillWrong: '',
  asks: null,
  asksBilled: null,
  asksLine: null,
})

const rowKey = ({ kind, subscriptionId, product }: SubscriptionPlan): string =>
  [kind, subscriptionKey(subscriptionId), skuKey(product.sku), product.name].join('/')

function addRow(points: Map<string, OpenPoint>, month: PeriodPlan, row: SubscriptionPlan): void {
  const own = rowKey(row)
  const waitsForEarlier = row.findings.some(({ code }) => earlierMonthCodes.includes(code))
  if (waitsForEarlier) return extend(points, own, month.period, row)
  const found = row.findings.filter((finding) => kindOf(finding) !== null)
  for (const asked of row.askedLines ?? []) addLine(points, month, row, asked)
  const asking = found.filter(
    ({ code, asks, asksBilled }) =>
      code === 'annual-line-asked' || asksBilled !== undefined || (asks ?? []).length > 0,
  )
  for (const finding of asking) addAsked(points, month, row, finding)
  // What is asked explains the row: its money is there.
  const failure =
    asking.length > 0 ? undefined : (found.find(({ severity }) => severity === 'error') ?? found[0])
  if (failure === undefined) return
  const key = `${own}/${kindOf(failure)}`
  if (points.has(key)) extend(points, own, month.period, row)
  else points.set(key, pointOf(month, row, failure))
}

/** The point that a row has already counts this month, too. */
function extend(points: Map<string, OpenPoint>, own: string, to: Period, row: SubscriptionPlan): void {
  for (const [key, point] of points) {
    const isOf =
      key.startsWith(`${own}/`) ||
      (point.asks !== null &&
        point.subscriptionId !== '' &&
        point.subscriptionId === subscriptionKey(row.subscriptionId))
    if (!isOf) continue
    const invoiced = added(point.invoiced, row.invoiced.price)
    const billed = added(point.billed, row.billed.price)
    // What a guard holds is of each month, as an addition is.
    const isMonthly = point.asks !== null || point.kind === 'guard'
    const amount = isMonthly ? point.amount : magnitude(invoiced, billed)
    points.set(key, { ...point, to, invoiced, billed, amount })
  }
}

function addAsked(
  points: Map<string, OpenPoint>,
  month: PeriodPlan,
  row: SubscriptionPlan,
  finding: Finding,
): void {
  const { asks = [], asksBilled } = finding
  for (const asked of asks) {
    const key = `addition/${asked.additionId}`
    const before = points.get(key)
    const point = { ...pointOf(month, row, finding), asks: asked }
    const isBlocked = finding.severity === 'error' && row.kind === 'subscription'
    const amount = isBlocked ? larger(asked.billed, point.amount) : asked.billed
    points.set(
      key,
      before === undefined
        ? { ...point, amount }
        : { ...before, to: month.period, asks: asked, amount: larger(amount, before.amount) },
    )
  }
  if (asksBilled === undefined) return
  const key = `billed/${asksBilled.additionId}/${asksBilled.through}`
  const { before, after } = asksBilled
  if (!points.has(key))
    points.set(key, {
      ...pointOf(month, row, finding),
      asksBilled,
      amount: magnitude(before.price, after.price),
    })
}

/** Its amount is what a yes would bill, or give back. */
function addLine(
  points: Map<string, OpenPoint>,
  month: PeriodPlan,
  row: SubscriptionPlan,
  asked: AskedLine,
): void {
  const { invoiceId, charge, ordinal, turn } = asked.line
  const billed = sum(
    asked.changes.map(({ addition }) => decimal(addition.unitPrice).times(decimal(addition.quantity))),
  )
  points.set(`line/${invoiceId}/${charge}/${ordinal}/${turn}`, {
    ...pointOf(month, row, asked.finding),
    asksLine: asked,
    amount: money(billed.round(2).abs()),
  })
}

function pointOf(month: PeriodPlan, row: SubscriptionPlan, finding: Finding): OpenPoint {
  const kind = kindOf(finding) ?? 'failed'
  const { period } = month
  return {
    kind,
    cause: causeOf(kind, month, row.product, finding),
    severity: finding.severity === 'error' ? 'error' : 'warning',
    question: row.waits?.question ?? null,
    tenantId: row.tenantId,
    subscriptionId: subscriptionKey(row.subscriptionId),
    product: row.product.name,
    from: period,
    to: period,
    invoiced: row.invoiced.price,
    billed: row.billed.price,
    amount: magnitude(row.invoiced.price, row.billed.price),
    message: finding.message,
    detail: finding.detail,
    remedy: finding.remedy,
    stillWrong: finding.stillWrong ?? '',
    asks: null,
    asksBilled: null,
    asksLine: null,
  }
}

/** One answer, or one thing that is mended, settles all of a cause. */
function causeOf(
  kind: PointKind,
  { period, invoiceId }: PeriodPlan,
  product: Pick<SubscriptionPlan['product'], 'sku' | 'name'>,
  { code }: Finding,
): string {
  switch (kind) {
    case 'guard':
    case 'late':
      return waitCause(kind, { period, invoiceId })
    case 'product':
      return productCause(product.name || product.sku)
    case 'failed':
      return `failed/${code}`
    default:
      return kind
  }
}

/** The cause of all that waits for a yes to an invoice, or to a month out of order. */
export const waitCause = (
  question: 'guard' | 'late',
  { period, invoiceId }: { readonly period: Period; readonly invoiceId: string },
): string => (question === 'guard' ? `guard/${invoiceId}` : `late/${period}`)

/** The cause of all that a product’s catalog item is missing for: by its name, as one that nobody found has no SKU. */
export const productCause = (name: string): string => `product/${skuKey(productName(name))}`

/** What is said of the agreement as a whole, unless its subscriptions say it. */
function addFindings(points: Map<string, OpenPoint>, month: PeriodPlan): void {
  for (const finding of month.findings) {
    const kind = kindOf(finding)
    if (kind === null) continue
    const isTold = [...points.values()].some(
      (point) => point.kind === kind && point.message === finding.message,
    )
    const key = `agreement/${finding.code}/${finding.message}`
    if (isTold && !points.has(key)) continue
    const before = points.get(key)
    if (before !== undefined) points.set(key, { ...before, to: month.period })
    else points.set(key, pointOf(month, ofAgreement(month), finding))
  }
}

/** The agreement as a row: what of it is not billed as invoiced, as its failed subscriptions say. */
const ofAgreement = ({ totals }: PeriodPlan): SubscriptionPlan => ({
  kind: 'addition',
  subscriptionId: '',
  tenantId: '',
  product: { productId: '', sku: '', name: '', catalogItemId: null },
  status: 'Error',
  findings: [],
  changes: [],
  quantityBefore: quantity(zero),
  steps: [],
  invoiced: totals.failed,
  billed: { cost: nothing, price: nothing },
  reconciliation: totals,
})
