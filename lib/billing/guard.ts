/**
 * The guard (F18; design.md 2a): whether an invoice changes so much that a person should look before it is written. Judged once
 * an invoice, over all agreements of the organisation, against the last good state of each subscription, so that neither many
 * small agreements nor several months in a row slip past it.
 */
import { type Decimal, decimal, money, sum, zero } from './decimal.ts'
import type { GuardReason, Money, Quantity } from './types.ts'

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
  /** Tenants with any line on the invoice. */
  readonly tenantsOnInvoice: ReadonlySet<string>
  /** Shares of 1; `null`: switched off. */
  readonly endedShare: number | null
  readonly totalShare: number | null
}

export interface GuardVerdict {
  /** What is not written until a person confirms or skips it; by subscription id. */
  readonly waits: readonly (Pick<
    RunningSubscription,
    'subscriptionId' | 'tenantId' | 'agreementId' | 'before' | 'after'
  > & {
    readonly reason: GuardReason
  })[]
  /** Subscriptions that would end, and all that ran. */
  readonly ended: number
  readonly running: number
  /** RRP of all that ran, before and with this invoice. */
  readonly totalBefore: Money
  readonly totalAfter: Money
}

/** Fewer ended subscriptions than this are everyday business, whatever share they are. */
const fewestEnded = 5

/** What of an invoice waits for a person; `waits` is empty where nothing does. */
export function judgeGuard(input: GuardInput): GuardVerdict {
  const { running } = input
  const ended = running.filter(isEnded)
  const manyEnd = isMany(ended.length, running.length, input.endedShare)
  const before = sum(running.map((each) => decimal(each.before)))
  const after = sum(running.map((each) => decimal(each.after)))
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
    running: running.length,
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
