/** What one invoice tells of the rules of an instance (J13). */
import { type Decimal, decimal, money, sum, zero } from '#lib/billing/decimal.ts'
import type { Addition, Money, Period } from '#lib/billing/types.ts'
import { type InstanceRule, instanceRules, type Verdict } from './billing-rules.ts'
import type { InvoiceItem } from './second-facts.ts'

/** An invoice of an agreement, with its additions as they were when it was made. */
export interface Sample {
  /** As a person finds it: `INV-1001 of Cloud Subscriptions`. */
  readonly name: string
  readonly period: Period
  readonly agreementAmount: Money
  readonly productTotal: Money
  readonly subtotal: Money
  /** `null`: it shows none. */
  readonly items: readonly InvoiceItem[] | null
  readonly additions: readonly Addition[]
  /** Items of which an addition may have been another one when it was made: nothing is told of them. */
  readonly unsure: ReadonlySet<number>
}

export interface RuleEvidence {
  readonly rule: InstanceRule
  readonly verdict: Verdict
  /** How many invoices, or items of them, tell of the one and of the other. */
  readonly holds: number
  readonly fails: number
  /** Up to three that tell, in words; of a rule that fails, those that say so. */
  readonly examples: readonly string[]
}

/** What told of each rule so far. */
export class Tally {
  readonly #found = new Map<InstanceRule, { holds: string[]; fails: string[] }>()

  add(rule: InstanceRule, is: 'holds' | 'fails', says: string): void {
    const known = this.#found.get(rule) ?? { holds: [], fails: [] }
    known[is].push(says)
    this.#found.set(rule, known)
  }

  get all(): RuleEvidence[] {
    return instanceRules.map((rule) => {
      const { holds = [], fails = [] } = this.#found.get(rule) ?? {}
      const verdict =
        fails.length > 0 ? (holds.length > 0 ? 'unknown' : 'fails') : holds.length > 0 ? 'holds' : 'unknown'
      const examples = [...(fails.length > 0 ? fails : holds)].slice(0, 3)
      return { rule, verdict, holds: holds.length, fails: fails.length, examples }
    })
  }
}

export const lookAtHeader = (
  sample: Sample & { readonly own: Money | null; readonly expected: Decimal },
  tally: Tally,
): void => {
  const { name, productTotal, subtotal, items, own, expected } = sample
  if (items !== null && items.length > 0)
    tally.add('lines', 'holds', `${name} shows ${items.length} products`)
  else if (!expected.eq(0) && !decimal(subtotal).eq(0))
    tally.add('lines', 'fails', `${name} shows no product`)
  const amount = items === null ? expected : sum(items.map(({ price }) => decimal(price)))
  if (amount.eq(0)) return
  const beside = decimal(subtotal).minus(own ?? '0')
  if (decimal(productTotal).eq(amount))
    tally.add('header', 'holds', `${name} has ${productTotal} as its product total`)
  else if (decimal(productTotal).eq(0) && (beside.eq(amount) || items !== null))
    tally.add('header', 'fails', `${name} has ${money(amount)} of additions in its agreement amount`)
}

/**
 * Item by item where it shows them, else as a whole.
 * @param priceOf what its additions come to, or those of one item, with a rule as its opposite
 */
export const lookAtAmounts = <R extends InstanceRule>(
  { name, items, productTotal, subtotal, unsure, additions }: Sample,
  own: Money | null,
  tally: Tally,
  rules: readonly R[],
  priceOf: (flipped: R | null, item: number | null) => Decimal,
): void => {
  const tell = (of: string, item: number | null, amount: Decimal): void => {
    const adopted = priceOf(null, item)
    for (const rule of rules) {
      const opposite = priceOf(rule, item)
      if (opposite.eq(adopted)) continue
      if (amount.eq(adopted))
        tally.add(rule, 'holds', `${of}: ${money(amount)}, otherwise ${money(opposite)}`)
      else if (amount.eq(opposite))
        tally.add(rule, 'fails', `${of}: ${money(amount)}, and not ${money(adopted)}`)
    }
  }
  if (items === null) {
    if (unsure.size > 0) return
    const isInProducts = !decimal(productTotal).eq(0)
    tell(name, null, isInProducts ? decimal(productTotal) : decimal(subtotal).minus(own ?? '0'))
    return
  }
  for (const id of new Set(additions.map(({ catalogItemId }) => catalogItemId))) {
    if (unsure.has(id)) continue
    const there = items.filter(({ catalogItemId }) => catalogItemId === id)
    tell(
      `${name}, item ${id}`,
      id,
      there.reduce((all, { price }) => all.plus(price), zero),
    )
  }
}
