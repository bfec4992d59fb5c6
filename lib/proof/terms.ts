/**
 * What lies between a month's invoice and what is billed of it, by name (J5). The terms of a plan's proof come from its own
 * list, so that a new one is named here by itself; the others are of lines that no plan has.
 */
import { addPair, amount, isZeroPair, type Pair, pair, subtractPair, zeroPair } from '#lib/billing/decimal.ts'
import { emptyReconciliation } from '#lib/billing/reconcile.ts'
import {
  type Amount,
  type IgnoredLine,
  type Reconciliation,
  type Term,
  termSchema,
} from '#lib/billing/types.ts'

const ofNoPlan = [
  /** Lines of customers that are not mapped. */
  'unmapped',
  /** Of customers of which a person said that they are never mapped. */
  'neverMapped',
  /** Of customers, or a program, whose Sync is off. */
  'syncOff',
  /** That no sync has taken up so far. */
  'notSynced',
  /** Lines of which nothing tells whose they are, several customers have a claim to, or a person said that they are nobody's. */
  'unclaimed',
  'contested',
  'nobodysLines',
  /** Lines that cannot be read and are no customer's, as far as their amount can be. */
  'badLines',
  /** Annual terms and Azure usage that are not synced. */
  'annual',
  'azureOff',
] as const

export type FixedTerm = Exclude<keyof typeof emptyReconciliation, 'invoiced' | 'billed' | 'ignored'>
export type MonthTerm = FixedTerm | Term | (typeof ofNoPlan)[number]

const figures: readonly string[] = ['invoiced', 'billed', 'ignored']
export const fixedTerms = (Object.keys(emptyReconciliation) as (keyof typeof emptyReconciliation)[]).filter(
  (key): key is FixedTerm => !figures.includes(key),
)

/** In which term an ignored line is. */
export const ignoredTerms: Readonly<Record<IgnoredLine['reason'], MonthTerm>> = {
  annual: 'annual',
  'azure-off': 'azureOff',
  'tenant-off': 'syncOff',
}

const first: readonly MonthTerm[] = ['unexplained', 'failed', ...ofNoPlan]
/** Last, as they say that nothing is wrong. */
const quiet: readonly MonthTerm[] = ['rounding', 'exactAmounts']
/** All of them, in the order in which a clerk should look at them. */
export const monthTerms: readonly MonthTerm[] = [
  ...first,
  ...[...termSchema.options, ...fixedTerms].filter((term) => !first.includes(term) && !quiet.includes(term)),
  ...quiet,
]

/** Only those that are not 0. */
export type Terms = Readonly<Partial<Record<MonthTerm, Amount>>>

/** A sum under construction. */
export class TermSums {
  readonly #sums = new Map<MonthTerm, Pair>()

  add(term: MonthTerm, value: Pair): this {
    this.#sums.set(term, addPair(this.#sums.get(term) ?? zeroPair, value))
    return this
  }

  addAll(terms: Terms): this {
    for (const [term, value] of Object.entries(terms) as [MonthTerm, Amount][]) this.add(term, pair(value))
    return this
  }

  get total(): Pair {
    return [...this.#sums.values()].reduce(addPair, zeroPair)
  }

  /** In the order of `monthTerms`, so that equal sums are equal values. */
  get terms(): Terms {
    return Object.fromEntries(
      monthTerms.flatMap((term) => {
        const value = this.#sums.get(term) ?? zeroPair
        return isZeroPair(value) ? [] : [[term, amount(value)]]
      }),
    )
  }
}

/** The terms of a proof; what of it is ignored has terms of its own. */
export const termsOf = (proof: Reconciliation): TermSums => {
  const sums = new TermSums()
  for (const term of fixedTerms) sums.add(term, pair(proof[term]))
  return sums.addAll(proof.terms ?? {})
}

/** A plan's terms are cut at the eighth decimal: what all of them together leave is less than this, and is rounding. */
const cut = '0.0001'

/** Adds what the terms leave of the difference: to the rounding where it is what their last decimals leave, else it is unexplained. */
export const closed = (invoiced: Pair, billed: Pair, sums: TermSums): Terms => {
  const left = subtractPair(subtractPair(invoiced, billed), sums.total)
  const isCut = left.cost.abs().lt(cut) && left.price.abs().lt(cut)
  return sums.add(isCut ? 'rounding' : 'unexplained', left).terms
}
