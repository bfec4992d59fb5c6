/** What keeps a month from being closed (J5): nothing unmapped, nothing unexplained, every difference accepted. Pure. */
import { pair } from '#lib/billing/decimal.ts'
import { unitPriceText } from '#lib/billing/format.ts'
import type { Equation } from '#lib/proof/month.ts'

/** What is left, with the filter of the month's table that lists it. */
export interface Blocker {
  readonly is: 'unmapped' | 'unexplained' | 'to-accept'
  readonly says: string
  readonly filter: { readonly term: string } | { readonly state: 'to-accept' }
}

interface Sums {
  readonly terms: readonly { readonly term: string; readonly bills: number }[]
  readonly toAccept: number
}

export const blockersOf = ({ terms, toAccept }: Sums, equation: Equation): Blocker[] => {
  const unmapped = terms.find(({ term }) => term === 'unmapped')?.bills ?? 0
  const { unexplained } = equation.terms
  return [
    ...(unmapped === 0
      ? []
      : [
          {
            is: 'unmapped' as const,
            says: unmapped === 1 ? '1 customer is not mapped' : `${unmapped} customers are not mapped`,
            filter: { term: 'unmapped' },
          },
        ]),
    ...(unexplained === undefined
      ? []
      : [
          {
            is: 'unexplained' as const,
            says: pair(unexplained).price.eq(0)
              ? `${unitPriceText(unexplained.cost)} of cost is unexplained`
              : `${unitPriceText(unexplained.price)} is unexplained`,
            filter: { term: 'unexplained' },
          },
        ]),
    ...(toAccept === 0
      ? []
      : [
          {
            is: 'to-accept' as const,
            says:
              toAccept === 1 ? '1 difference is not accepted' : `${toAccept} differences are not accepted`,
            filter: { state: 'to-accept' as const },
          },
        ]),
  ]
}

/** As one sentence; `null`: nothing is left. */
export const whyNotClosed = (blockers: readonly Blocker[]): string | null =>
  blockers.length === 0 ? null : `Not yet: ${blockers.map(({ says }) => says).join(', ')}.`
