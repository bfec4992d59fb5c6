/** How a month stands, in one sentence. Free of libraries. */
import { amountText, moneyText } from '#app/ui/kit/money.ts'
import { longMonth, monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'

export interface Standing {
  readonly customers: number
  readonly counts: Readonly<Record<'failed' | 'waits' | 'open' | 'differs' | 'agrees', number>>
  /** Of those that differ or that nobody bills, how many a person has accepted. */
  readonly accepted: number
  readonly proved: string
}

const number = (value: number): string => value.toLocaleString('en-GB')

/** What each state that is no agreement is said of so many customers. */
const sayings = {
  waits: (count: number) => `${number(count)} ${count === 1 ? 'waits' : 'wait'} for you`,
  failed: (count: number) => `${number(count)} failed`,
  open: (count: number) => `${number(count)} ${count === 1 ? 'is' : 'are'} billed by nobody`,
  differs: (count: number) =>
    `${number(count)} ${count === 1 ? 'differs' : 'differ'} for a reason that has a name`,
} as const

/** `September usage: 214 of 220 customers agree with PRISM to the cent; 4 wait for you; 2 failed; A$1.00 of 2.00 proved` */
export function standingText(
  period: Period,
  { customers, counts, accepted, proved }: Standing,
  invoiced: string,
  currency: string,
): string {
  const of = `of ${number(customers)} ${customers === 1 ? 'customer' : 'customers'}`
  const agree = customers === 1 ? 'agrees' : 'agree'
  const agrees = `${number(counts.agrees)} ${of} ${agree} with PRISM to the cent`
  const settled = counts.agrees + accepted
  const first =
    accepted === 0
      ? agrees
      : `${number(settled)} ${of} ${settled === 1 ? 'is' : 'are'} settled: ${number(counts.agrees)} ${
          counts.agrees === 1 ? 'agrees' : 'agree'
        } with PRISM to the cent, ${number(accepted)} ${accepted === 1 ? 'is accepted as it is' : 'are accepted as they are'}`
  const others = (Object.keys(sayings) as (keyof typeof sayings)[]).flatMap((state) =>
    counts[state] === 0 ? [] : [sayings[state](counts[state])],
  )
  return [
    `${longMonth(period)} usage: ${first}`,
    ...others,
    `${moneyText(proved, currency)} of ${amountText(invoiced)} proved`,
  ].join('; ')
}

/** `September 2026 usage` */
export const monthTitle = (period: Period): string => `${monthName(period)} usage`
