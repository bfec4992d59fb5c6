/** The month of docs/billing-rules.md, "Examples": September, 30 days, 5 x 10.00. */
import type { Addition, Situation } from '../types.ts'
import { addition, line, owned, situation, usage } from './factories.ts'

/** Ours, with September's lines of one subscription, each from a day of the month to another. */
export const september = (
  lines: readonly [quantity: number, from: number, to: number][],
  additions: readonly Addition[],
  over: Partial<Situation> = {},
): Situation =>
  situation({
    additions,
    owned: owned(...additions),
    usages: [usage(lines.map(([quantity, from, to]) => line(quantity, '2026-09', from, to)))],
    ...over,
  })

export const open = (from = '2026-06-01'): Addition => addition(5, from)
