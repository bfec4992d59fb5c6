/** What a review of something that is taken back says, and when it is typed. */
import { amountText, difference, isNegative, isZero, magnitude, sum } from '#app/ui/kit/money.ts'
import type { PeriodPlan, PlanMoney } from '#app/ui/plan/shown.ts'
import { LARGE } from '#lib/billing/large.ts'

export const writesIn = ({ subscriptions }: Pick<PeriodPlan, 'subscriptions'>): number =>
  subscriptions.flatMap(({ changes }) => changes.filter(({ kind }) => kind !== 'keep')).length

/** What it changes of the bill, never negative: of the months that it reaches, or of a month from then on where that is more. */
function moneyMoved(money: PlanMoney | null): string {
  const once = magnitude(money?.change.price ?? '0')
  const monthly = magnitude(money?.next?.change.price ?? '0')
  return isMore(once, monthly) ? once : monthly
}

const isMore = (a: string, b: string): boolean => {
  const more = difference(a, b)
  return !isNegative(more) && !isZero(more)
}

export interface Typed {
  readonly what: string
  readonly text: string
}

/** `null`: it is pressed, not typed. */
export function typedForMoney(money: PlanMoney | null): Typed | null {
  const moved = moneyMoved(money)
  return isMore(moved, LARGE.amount) ? { what: 'the amount', text: amountText(moved) } : null
}

/** What is known of one agreement of a run that is to be undone. */
export type Reviewed =
  | { readonly state: 'reading' }
  | { readonly state: 'refused'; readonly why: string }
  | {
      readonly state: 'read'
      readonly plan: Pick<PeriodPlan, 'subscriptions'> & { readonly money: PlanMoney | null }
    }

export interface Review {
  readonly isRead: boolean
  /** Agreements with something to write, by their place. */
  readonly undone: readonly number[]
  readonly writes: number
  /** Subscriptions and agreements that stay as they are, with an Error or a refusal. */
  readonly left: number
  /** What it changes of the months that it reaches, and of each month from then on, all agreements together. */
  readonly change: string
  readonly monthly: string
  /** By the number of agreements or by the amount; `null`: it is pressed. */
  readonly typing: Typed | null
}

export function reviewOf(all: readonly Reviewed[]): Review {
  const plans = all.map((each) => (each.state === 'read' ? each.plan : null))
  const undone = plans.flatMap((plan, at) => (plan !== null && writesIn(plan) > 0 ? [at] : []))
  const written = undone.flatMap((at) => plans[at] ?? [])
  const total = (of: (money: PlanMoney) => string | undefined): string =>
    written.reduce((all, { money }) => sum(all, (money === null ? undefined : of(money)) ?? '0'), '0')
  const change = total((money) => money.change.price)
  const monthly = total((money) => money.next?.change.price)
  const [once, each] = [magnitude(change), magnitude(monthly)]
  const moved = isMore(once, each) ? once : each
  const isMany = undone.length > LARGE.customers
  return {
    isRead: all.every(({ state }) => state !== 'reading'),
    undone,
    writes: written.reduce((count, plan) => count + writesIn(plan), 0),
    left: all.filter(isLeft).length,
    change,
    monthly,
    typing: isMore(moved, LARGE.amount)
      ? { what: 'the amount', text: amountText(moved) }
      : isMany
        ? { what: 'the number of agreements', text: String(undone.length) }
        : null,
  }
}

const isLeft = (each: Reviewed): boolean =>
  each.state === 'refused' ||
  (each.state === 'read' && each.plan.subscriptions.some(({ status }) => status === 'Error'))
