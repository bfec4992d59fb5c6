/** What the invoices of a One-Time agreement tell: that each addition is billed once, and whole (J13, J9). */
import { type Decimal, sum } from '#lib/billing/decimal.ts'
import type { Addition, Day } from '#lib/billing/types.ts'
import { onceRules, priceOnce } from './billing-rules.ts'
import { lookAtAmounts, lookAtHeader, type Sample, type Tally } from './evidence-sample.ts'

/** A One-Time agreement with its invoices, oldest first. */
export interface InvoicedOnce {
  readonly name: string
  readonly startDate: Day
  /** False: there are older ones, so that it is not known what the first of them had still to bill. */
  readonly hasAll: boolean
  /** Each with the day that it was made for. */
  readonly samples: readonly (Sample & { readonly day: Day })[]
}

export const lookAtOnce = ({ startDate, hasAll, samples }: InvoicedOnce, tally: Tally): void => {
  const billed = new Set<number>()
  for (const [at, sample] of samples.entries()) {
    const fresh = sample.additions.filter(
      ({ id, effectiveDate }) => !billed.has(id) && (effectiveDate ?? startDate) <= sample.day,
    )
    for (const { id } of fresh) billed.add(id)
    if (at === 0 && !hasAll) continue
    const priceOf = (flipped: (typeof onceRules)[number] | null, item: number | null): Decimal =>
      sum(
        fresh
          .filter(({ catalogItemId }: Addition) => item === null || catalogItemId === item)
          .map((addition) => priceOnce(addition, startDate, flipped)),
      )
    lookAtHeader({ ...sample, own: null, expected: priceOf(null, null) }, tally)
    lookAtAmounts({ ...sample, additions: fresh }, null, tally, onceRules, priceOf)
  }
}
