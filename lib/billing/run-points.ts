/**
 * What one sync of an agreement found: a point for each Error or Warning of a subscription, all its months together (G3). Beside
 * `open-points.ts`, which has only what a person must settle, this has whatever the run's page says, and is kept with the run.
 */
import { z } from 'zod'
import { decimal, money, sum } from './decimal.ts'
import { noSubscription, skuKey, subscriptionKey } from './keys.ts'
import type { WholeFailure } from './open-points.ts'
import { earlierMonthCodes, type Finding, type PeriodPlan, type SubscriptionPlan } from './types.ts'
import { moneySchema, periodSchema } from './values.ts'

const pointMonthSchema = z.object({
  period: periodSchema,
  /** Retail, of the subscription in the month. */
  invoiced: moneySchema,
  billed: moneySchema,
  /** What the point is about in the month, retail, never negative; `null`: it is about no amount. */
  amount: moneySchema.nullable(),
})

export const runPointSchema = z.object({
  severity: z.enum(['error', 'warning']),
  /** A finding's code; `''`: the agreement could not be synced as a whole. */
  code: z.string(),
  message: z.string(),
  detail: z.string(),
  remedy: z.string(),
  /** `''`: of the agreement as a whole. */
  tenantId: z.string(),
  /** In lower case; `''`: of none. */
  subscriptionId: z.string(),
  sku: z.string(),
  product: z.string(),
  /** In which it was met, or waits for it, the oldest first; empty where the sync came to no month. */
  months: z.array(pointMonthSchema),
})
export type RunPoint = z.infer<typeof runPointSchema>
/** As they are stored; what another version of the product stored otherwise is none, and is made anew. */
export const storedRunPointsSchema = z.array(runPointSchema).nullable().catch(null)
type PointMonth = RunPoint['months'][number]

const isSaid = ({ severity, code }: Finding): boolean =>
  severity !== 'note' && !earlierMonthCodes.includes(code)

/**
 * @param months of one sync of an agreement, the oldest first
 * @param failure why it came no further; `null`: it did not fail as a whole
 */
export const runPointsOf = (months: readonly PeriodPlan[], failure: WholeFailure | null): RunPoint[] => {
  const points = new Map<string, RunPoint>()
  for (const month of months) {
    addOfAgreement(points, month)
    for (const row of month.subscriptions) addOfRow(points, month, row)
  }
  return [...(failure === null ? [] : [wholePoint(failure)]), ...points.values()]
}

const wholePoint = ({ message, detail, remedy }: WholeFailure): RunPoint => ({
  severity: 'error',
  code: '',
  message,
  detail,
  remedy,
  tenantId: '',
  subscriptionId: noSubscription,
  sku: '',
  product: '',
  months: [],
})

const rowKey = ({ kind, subscriptionId, product }: SubscriptionPlan): string =>
  [kind, subscriptionKey(subscriptionId), skuKey(product.sku), product.name].join('/')

/** A month that waits for what was met in an earlier one belongs to that. */
function addOfRow(points: Map<string, RunPoint>, { period }: PeriodPlan, row: SubscriptionPlan): void {
  const own = rowKey(row)
  const month = (amount: PointMonth['amount']): PointMonth => ({
    period,
    invoiced: row.invoiced.price,
    billed: row.billed.price,
    amount,
  })
  const said = new Map(
    row.findings.filter(isSaid).map((each) => [`${own}/${each.code}/${each.message}`, each]),
  )
  const [waiting] = row.findings.filter(({ code }) => earlierMonthCodes.includes(code))
  if (waiting !== undefined)
    for (const [key, point] of points)
      if (key.startsWith(`${own}/`) && point.severity === waiting.severity && !said.has(key))
        points.set(key, { ...point, months: withMonth(point.months, month(gapOf(row))) })
  const { subscriptionId, tenantId, product } = row
  for (const [key, finding] of said)
    add(points, key, month(finding.amount ?? gapOf(row)), {
      ...toldOf(finding),
      tenantId,
      subscriptionId: subscriptionKey(subscriptionId),
      sku: product.sku,
      product: product.name,
    })
}

/** What lies between invoice and bill; `null`: nothing does. */
function gapOf({ invoiced, billed }: SubscriptionPlan): PointMonth['amount'] {
  const gap = decimal(invoiced.price).minus(decimal(billed.price)).abs()
  return gap.eq(0) ? null : money(gap)
}

/** What no subscription of the month says is said of the agreement, with what failed of it. */
function addOfAgreement(points: Map<string, RunPoint>, plan: PeriodPlan): void {
  const said = new Set(
    plan.subscriptions.flatMap(({ findings }) => findings.filter(isSaid).map(({ message }) => message)),
  )
  const isToldByRows = plan.subscriptions.some(({ status }) => status === 'Error')
  const failed = decimal(plan.totals.failed.price).abs()
  for (const finding of plan.findings.filter((each) => isSaid(each) && !said.has(each.message))) {
    const amount =
      finding.amount ??
      (finding.severity === 'error' && !isToldByRows && !failed.eq(0) ? money(failed) : null)
    const { invoiced, billed } = plan.totals
    const month = { period: plan.period, invoiced: invoiced.price, billed: billed.price, amount }
    const of = { tenantId: '', subscriptionId: noSubscription, sku: '', product: '' }
    add(points, `/${finding.code}/${finding.message}`, month, { ...toldOf(finding), ...of })
  }
}

const toldOf = ({ severity, code, message, detail, remedy }: Finding) =>
  ({ severity: severity === 'error' ? 'error' : 'warning', code, message, detail, remedy }) as const

function add(
  points: Map<string, RunPoint>,
  key: string,
  month: PointMonth,
  of: Omit<RunPoint, 'months'>,
): void {
  const before = points.get(key)
  points.set(
    key,
    before === undefined
      ? { ...of, months: [month] }
      : { ...before, months: withMonth(before.months, month) },
  )
}

/** Several annual invoices of a month, or a row twice, are one month of a point. */
function withMonth(months: readonly PointMonth[], month: PointMonth): PointMonth[] {
  const at = months.findIndex(({ period }) => period === month.period)
  const before = months[at]
  if (before === undefined) return [...months, month]
  return months.with(at, {
    period: month.period,
    invoiced: plus(before.invoiced, month.invoiced),
    billed: plus(before.billed, month.billed),
    amount:
      before.amount === null || month.amount === null
        ? (before.amount ?? month.amount)
        : plus(before.amount, month.amount),
  })
}

const plus = (a: PointMonth['invoiced'], b: PointMonth['invoiced']): PointMonth['invoiced'] =>
  money(sum([decimal(a), decimal(b)]))

/** What people look a sync up by, beside who it is of: subscriptions, SKUs, products and what was said of them. */
export const wordsOf = (months: readonly PeriodPlan[], points: readonly RunPoint[]): string => {
  const rows = months.flatMap(({ subscriptions }) =>
    subscriptions.flatMap(({ subscriptionId, product }) => [subscriptionId, product.sku, product.name]),
  )
  const ignored = months.flatMap((month) =>
    month.ignored.flatMap(({ subscriptionId, offerName }) => [subscriptionId, offerName]),
  )
  const said = points.map(({ message }) => message)
  return [...new Set([...rows, ...ignored, ...said].map((each) => each.trim()))].filter(Boolean).join('\n')
}
