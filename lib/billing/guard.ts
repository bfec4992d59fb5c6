/**
 * The guard (F18; docs/billing-rules.md, "The guard"): whether an invoice changes so much that a person
 * should look before it is written. Judged once an invoice, over all agreements of the organisation, against
 * the last good state of each subscription, so that neither many small agreements nor several months in a row
 * slip past it.
 */
import { z } from 'zod'
import { chargedAs } from './classify.ts'
import { type Decimal, decimal, money, quantity, sum, zero } from './decimal.ts'
import type { Cycle } from './motion.ts'
import { type GuardReason, guardReasonSchema, type Money, moneySchema, type Quantity } from './types.ts'

/** A subscription that was synced before and ran then: monthly, of more than 0.00, with an addition of its own. */
export interface RunningSubscription {
  /** In lower case. */
  readonly subscriptionId: string
  readonly tenantId: string
  readonly agreementId: number
  /** What its last good month charged at RRP, and what this invoice charges. */
  readonly before: Money
  readonly after: Money
  /** Quantity on the invoice's last day; `0` where it is on no line. */
  readonly endQuantity: Quantity
}

export interface GuardInput {
  readonly running: readonly RunningSubscription[]
  /** Others that ran, of which the invoice changes nothing: how many, and their total. */
  readonly steady?: { readonly count: number; readonly total: Money }
  /** Tenants with a line of more than 0.00 on the invoice. */
  readonly tenantsOnInvoice: ReadonlySet<string>
  /** Shares of 1; `null`: switched off. */
  readonly endedShare: number | null
  readonly totalShare: number | null
}

export const guardVerdictSchema = z.object({
  /** What is not written until a person confirms or skips it; by subscription id. */
  waits: z.array(
    z.object({
      subscriptionId: z.string(),
      tenantId: z.string(),
      agreementId: z.number().int(),
      before: moneySchema,
      after: moneySchema,
      reason: guardReasonSchema,
    }),
  ),
  /** Subscriptions that would end, and all that ran. */
  ended: z.number().int(),
  running: z.number().int(),
  /** RRP of all that ran, before and with this invoice. */
  totalBefore: moneySchema,
  totalAfter: moneySchema,
})
export type GuardVerdict = Readonly<z.infer<typeof guardVerdictSchema>>

/** What a subscription is charged for one offer, cycle and term. */
export interface ChargedLines extends Cycle {
  readonly subscriptionId: string
  readonly tenantId: string
  readonly agreementId: number
  readonly offerName: string
  /** As PRISM lists the subscription; `null` where it is not stored. */
  readonly displayTemplate: string | null
  /** On the invoice of its last good month, and on the one that is judged; `null`: no such line is there. */
  readonly before: Charged | null
  readonly after: Charged | null
}

interface Charged {
  /** At RRP. */
  readonly price: Money
  /** On the last day of the month. */
  readonly quantityAtEnd: Quantity
}

/**
 * One subscription as the guard judges it. `null` for one that does not count: it charged nothing by the month, was over by
 * the end of its last good month already, or is now charged only as what is not synced by the month, so that nothing ends.
 * @param lines all that it is charged, before and after
 */
export function runningSubscription(
  lines: readonly ChargedLines[],
  annualTermsMonthly: boolean,
): RunningSubscription | null {
  const [first] = lines
  if (first === undefined) return null
  const monthly = lines.filter((line) => {
    const { displayTemplate } = line
    const listed = displayTemplate === null ? undefined : { displayTemplate, productName: '' }
    return chargedAs(line, listed, annualTermsMonthly) === 'monthly'
  })
  const before = monthly.flatMap((line) => line.before ?? [])
  const after = monthly.flatMap((line) => line.after ?? [])
  const isOnInvoice = lines.some((line) => line.after !== null)
  if (!priceOf(before).gt(zero) || !atEnd(before).gt(zero)) return null
  if (isOnInvoice && after.length === 0) return null
  const { subscriptionId, tenantId, agreementId } = first
  return {
    subscriptionId,
    tenantId,
    agreementId,
    before: money(priceOf(before)),
    after: money(priceOf(after)),
    endQuantity: quantity(atEnd(after)),
  }
}

const priceOf = (of: readonly Charged[]): Decimal => sum(of.map(({ price }) => decimal(price)))
const atEnd = (of: readonly Charged[]): Decimal => sum(of.map(({ quantityAtEnd }) => decimal(quantityAtEnd)))

/** Whether the invoice changes nothing of it: it charges the same, and goes on. */
export const isSteady = (each: RunningSubscription): boolean =>
  decimal(each.before).eq(decimal(each.after)) && !isEnded(each)

/** Fewer ended subscriptions than this are everyday business, whatever share they are. */
const fewestEnded = 5

/** What of an invoice waits for a person; `waits` is empty where nothing does. */
export function judgeGuard(input: GuardInput): GuardVerdict {
  const { running } = input
  const ended = running.filter(isEnded)
  const steady = input.steady ?? { count: 0, total: '0' }
  const all = running.length + steady.count
  const manyEnd = isMany(ended.length, all, input.endedShare)
  const before = sum(running.map((each) => decimal(each.before))).plus(steady.total)
  const after = sum(running.map((each) => decimal(each.after))).plus(steady.total)
  const totalMoves = movesMoreThan(before, after, input.totalShare)
  const reasonOf = (each: RunningSubscription): GuardReason | null => {
    if (isEnded(each) && !input.tenantsOnInvoice.has(each.tenantId)) return 'customer-absent'
    if (isEnded(each) && manyEnd) return 'many-end'
    const moves = movesMoreThan(decimal(each.before), decimal(each.after), input.totalShare)
    return totalMoves && moves ? 'total-moves' : null
  }
  return {
    waits: running.flatMap((each) => {
      const reason = reasonOf(each)
      if (reason === null) return []
      const { subscriptionId, tenantId, agreementId } = each
      return [{ subscriptionId, tenantId, agreementId, before: each.before, after: each.after, reason }]
    }),
    ended: ended.length,
    running: all,
    totalBefore: money(before),
    totalAfter: money(after),
  }
}

const isEnded = ({ endQuantity }: RunningSubscription): boolean => decimal(endQuantity).eq(zero)

const isMany = (count: number, all: number, share: number | null): boolean =>
  share !== null && count >= fewestEnded && decimal(count).gt(decimal(all).times(decimal(share)))

/** By more than the share of what was; from nothing, any amount does. */
const movesMoreThan = (before: Decimal, after: Decimal, share: number | null): boolean =>
  share !== null &&
  after
    .minus(before)
    .abs()
    .gt(before.abs().times(decimal(share)))
