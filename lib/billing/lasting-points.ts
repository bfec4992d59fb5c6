/**
 * What goes on costing money, or was not billed, until somebody mends it or says that it is meant (J3): an index of what syncs
 * found, for lists; nothing is decided by it. A later month that is fine in all else takes none of it away: only a plan that looks
 * at the same again does. Pure.
 */
import { z } from 'zod'
import { type Decimal, decimal, money, roundToCents } from './decimal.ts'
import { monthName, unitPriceText } from './format.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { productName } from './products.ts'
import type {
  Day,
  Finding,
  FindingCode,
  IgnoredLine,
  Money,
  Period,
  PeriodPlan,
  Reconciliation,
  SubscriptionPlan,
} from './types.ts'

/**
 * By what a person mutes it, and the whole of what can be muted. What keeps a customer from being billed (a guard, a held invoice, a
 * question, an Error) is none of it: that is to be answered, as nothing is written before.
 */
export const lastingCauseSchema = z.enum([
  /** An addition bills less than what it costs. */
  'below-cost',
  /** An addition leaves less than the margin that the program asks for (J11). */
  'below-margin',
  /** An addition bills another price than PRISM's. */
  'difference/price',
  /** Licences are included, or the addition is not billable (F19). */
  'difference/not-billed',
  /** ConnectWise billed a month otherwise than the invoice says, and will not bill it again (docs/billing-rules.md, "Days billed"). */
  'difference/drift',
  /** No rule explains it, as where a line charges another amount than its quantity and price make. */
  'difference/unexplained',
  /** Annual lines, which are not synced (F4). */
  'ignored/annual',
  /** Azure usage, while it is switched off (F3). */
  'ignored/azure',
])
export type LastingCause = z.infer<typeof lastingCauseSchema>

/** Those that are so each month as long as additions stay as they are; the others are of the months that are named. */
const standing: readonly LastingCause[] = [
  'below-cost',
  'below-margin',
  'difference/price',
  'difference/not-billed',
]
export const isStanding = (cause: LastingCause): boolean => standing.includes(cause)
const isIgnored = (cause: LastingCause): boolean => cause.startsWith('ignored/')

export interface LastingPoint {
  readonly cause: LastingCause
  readonly tenantId: string
  readonly subscriptionId: SubscriptionKey
  readonly product: string
  /** The last month that has it. */
  readonly period: Period
  /** Retail, but for what is lost below cost; more than 0. */
  readonly amount: Money
  readonly message: string
  readonly detail: string
  readonly remedy: string
  /** PRISM's unit price at which it can be billed instead, from that day on; `null`: nothing here mends it. */
  readonly offerPrice: Money | null
  readonly offerFrom: Day | null
}

/** The causes of what findings say; one that a sync tells once has the cause of what it leaves behind. */
const causes: Partial<Record<FindingCode, LastingCause>> = {
  'price-below-cost': 'below-cost',
  'price-below-margin': 'below-margin',
  'price-differs': 'difference/price',
  'price-replaced': 'difference/price',
  'not-billed': 'difference/not-billed',
  'amount-differs': 'difference/unexplained',
}
export const causeOfFinding = (code: string): LastingCause | null => causes[code as FindingCode] ?? null

/** What an agreement's months say, before anything is known of earlier ones. @param months the oldest first */
const lastingPointsOf = (months: readonly PeriodPlan[]): LastingPoint[] =>
  months.flatMap((month) => [
    ...month.subscriptions.flatMap((row) => [
      ...(isJudgedOn(row) ? standingOf(month.period, row) : []),
      ...(isJudged(row) ? ofMonth(month.period, row) : []),
    ]),
    ...ignoredIn(month),
  ])

export const codesOfCause = (cause: LastingCause): FindingCode[] =>
  (Object.keys(causes) as FindingCode[]).filter((code) => causes[code] === cause)

export interface Known {
  /** Whether the subscription is on the invoice of a month. */
  readonly isOnInvoice: (id: SubscriptionKey, period: Period) => boolean
}

/**
 * What is so once these months were planned: of earlier points those that no plan looked at again, and what the plans say.
 * @param before as it was so far. @param months of one sync of the agreement, the oldest first
 */
export const lastingAfter = (
  before: readonly LastingPoint[],
  months: readonly PeriodPlan[],
  known: Known,
): LastingPoint[] => {
  const kept = before.filter((point) => !isOver(point, months, known))
  const latest = new Map<string, LastingPoint>()
  for (const point of [...kept, ...lastingPointsOf(months)]) {
    const key = keyOf(point)
    const other = latest.get(key)
    if (other === undefined || other.period <= point.period) latest.set(key, point)
  }
  return [...latest.values()].filter((point) => !isOver(point, months, known, true))
}

/** Of what is of a month by itself each month is its own; of all else the last one counts. */
export const keyOf = ({ cause, subscriptionId, product, period }: LastingPoint): string =>
  [cause, subscriptionId, productName(product), isStanding(cause) || isIgnored(cause) ? '' : period].join(
    '\n',
  )

/** Whether a plan looked at the same again. @param isLater whether a month that is itself the point's does not count */
const isOver = (
  point: LastingPoint,
  months: readonly PeriodPlan[],
  known: Known,
  isLater = false,
): boolean => {
  const { cause, period } = point
  const from = months.filter((month) => (isLater ? month.period > period : month.period >= period))
  if (isStanding(cause))
    return isGone(point, months, known) || from.some((month) => rowsOf(month, point).some(isJudgedOn))
  if (isIgnored(cause))
    return from.some(
      (month) =>
        month.period === period ||
        month.ignored.some((line) => isOf(line, point) && causeOf(line) === cause) ||
        rowsOf(month, point).some(isJudgedOn),
    )
  return from.some((month) => month.period === period && rowsOf(month, point).some(isJudged))
}

const isOf = ({ subscriptionId }: { readonly subscriptionId: string }, point: LastingPoint): boolean =>
  subscriptionKey(subscriptionId) === point.subscriptionId

/** What a month says of the point's subscription; of Azure usage that was ignored the agreement's row of Azure does. */
const rowsOf = ({ subscriptions }: PeriodPlan, point: LastingPoint): SubscriptionPlan[] =>
  subscriptions.filter((row) =>
    row.kind === 'azure' && point.cause === 'ignored/azure' ? true : isOf(row, point),
  )

/** It is on the newest invoice no more, so that nothing looks at it any more. */
const isGone = (point: LastingPoint, months: readonly PeriodPlan[], { isOnInvoice }: Known): boolean => {
  const newest = months.at(-1)
  return (
    newest !== undefined &&
    newest.period > point.period &&
    rowsOf(newest, point).length === 0 &&
    !isOnInvoice(point.subscriptionId, newest.period)
  )
}

const undecided: readonly FindingCode[] = ['month-skipped', 'month-parked', 'takes-over']

/** Whether a plan looked at what the row's month bills. */
const isJudged = ({ status, waits, begins, findings }: SubscriptionPlan): boolean =>
  status !== 'Error' &&
  waits === undefined &&
  begins === undefined &&
  !findings.some(({ code }) => undecided.includes(code))

/** Whether it looked at what goes on after it, too. */
const isJudgedOn = (row: SubscriptionPlan): boolean => isJudged(row) && row.late !== true

const pointOf = (
  period: Period,
  row: Pick<SubscriptionPlan, 'tenantId' | 'subscriptionId'>,
  product: string,
): Pick<LastingPoint, 'period' | 'tenantId' | 'subscriptionId' | 'product'> => ({
  period,
  tenantId: row.tenantId,
  subscriptionId: subscriptionKey(row.subscriptionId),
  product,
})

/** Each cause once, with the amounts of its additions together; what is below cost or margin is not told as a difference, too. */
function standingOf(period: Period, row: SubscriptionPlan): LastingPoint[] {
  if (row.tenantId === '') return []
  const found = row.findings.filter(({ amount }) => amount !== undefined)
  const of = (cause: LastingCause): Finding[] => found.filter(({ code }) => causes[code] === cause)
  const below = new Set(
    [...of('below-cost'), ...of('below-margin')].flatMap(({ additionIds }) => additionIds),
  )
  return standing.flatMap((cause) => {
    const own = of(cause).filter(
      ({ additionIds }) => cause !== 'difference/price' || !additionIds.some((id) => below.has(id)),
    )
    const [first] = own
    if (first === undefined) return []
    const amount = own.reduce((all, each) => all.plus(decimal(each.amount ?? '0')), decimal('0'))
    const { message, detail, remedy } = first
    const offer = own.find(({ offers }) => offers !== undefined)?.offers
    const offered = { offerPrice: offer?.unitPrice ?? null, offerFrom: offer?.from ?? null }
    return [
      {
        ...pointOf(period, row, row.product.name),
        cause,
        amount: money(amount),
        message,
        detail,
        remedy,
        ...offered,
      },
    ]
  })
}

/** What of the month's own difference is not mended by the next one. */
function ofMonth(period: Period, row: SubscriptionPlan): LastingPoint[] {
  if (row.tenantId === '') return []
  const { reconciliation } = row
  const of = pointOf(period, row, row.product.name)
  return [
    ...inCents(reconciliation.terms?.drift).map((drift) => ({ ...of, ...driftSaid(period, drift) })),
    ...inCents(reconciliation.unexplained).map((rest) => ({ ...of, ...unexplainedSaid(period, rest) })),
  ]
}

const inCents = (term: Reconciliation['unexplained'] | undefined): Decimal[] => {
  const cents = roundToCents(decimal(term?.price ?? '0'))
  return cents.eq(0) ? [] : [cents]
}

type Said = Omit<LastingPoint, 'period' | 'tenantId' | 'subscriptionId' | 'product'>
const noOffer = { offerPrice: null, offerFrom: null }
const textOf = (amount: Decimal): string => unitPriceText(money(amount.abs()))

const driftSaid = (period: Period, drift: Decimal): Said => ({
  ...noOffer,
  cause: 'difference/drift',
  amount: money(drift.abs()),
  message: `ConnectWise billed ${textOf(drift)} ${drift.gt(0) ? 'less' : 'more'} for ${monthName(period)} than the invoice says`,
  detail:
    'An addition was changed before ConnectWise invoiced the month, or PRISM’s invoice came after that.',
  remedy: 'Bill or credit the difference in ConnectWise by hand, and mute it.',
})

const unexplainedSaid = (period: Period, rest: Decimal): Said => ({
  ...noOffer,
  cause: 'difference/unexplained',
  amount: money(rest.abs()),
  message: `${textOf(rest)} of ${monthName(period)} is ${rest.gt(0) ? 'invoiced and not billed' : 'billed and not invoiced'}, and no rule explains it`,
  detail: 'As where a line of the invoice charges another amount than its quantity, price and days make.',
  remedy: 'Ask rhipe about the line; bill or credit the difference in ConnectWise by hand, and mute it.',
})

const causeOf = ({ reason }: IgnoredLine): LastingCause | null =>
  reason === 'annual' ? 'ignored/annual' : reason === 'azure-off' ? 'ignored/azure' : null

function ignoredIn({ period, ignored }: PeriodPlan): LastingPoint[] {
  const known = ignored.filter((line) => causeOf(line) !== null && line.tenantId !== '')
  const bySubscription = Map.groupBy(
    known,
    (line) => `${causeOf(line)}/${subscriptionKey(line.subscriptionId)}`,
  )
  return [...bySubscription.values()].flatMap((lines): LastingPoint[] => {
    const [line] = lines
    const cause = line === undefined ? null : causeOf(line)
    const total = lines.reduce((all, { amount }) => all.plus(decimal(amount.price)), decimal('0'))
    if (line === undefined || cause === null || total.eq(0)) return []
    return [{ ...pointOf(period, line, line.offerName), cause, ...ignoredSaid(cause, period, total) }]
  })
}

const ignoredSaid = (cause: LastingCause, period: Period, total: Decimal): Omit<Said, 'cause'> => ({
  ...noOffer,
  amount: money(total.abs()),
  message:
    cause === 'ignored/azure'
      ? `Azure usage of ${textOf(total)} for ${monthName(period)} is not synced, as Azure is switched off`
      : `The annual subscription is not synced: ${textOf(total)} for ${monthName(period)}`,
  detail: 'Nothing of it is written here.',
  remedy:
    cause === 'ignored/azure'
      ? 'Switch on Azure under Microsoft CSP, or bill it in ConnectWise by hand, and mute it.'
      : 'Bill it in ConnectWise by hand, and mute it; or switch on annual terms that are billed monthly.',
})
