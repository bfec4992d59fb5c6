/** What is generated: the same options give the same data, and a longer history begins like a shorter one. */
import { isDay, type Month } from '../prism/calendar.ts'
import type { Sizes } from './sizes.ts'

export interface GeneratorOptions extends Sizes {
  readonly seed: number
  /** Products of the price list, the same for all partners. */
  readonly products: number
  /** Usage month of the first invoice. */
  readonly firstUsage: Month
  /** Months with events, from the first usage month on; after them nothing changes any more. */
  readonly months: number
  /** Terms of each tenant that are billed at once, with invoices of their own, beside its subscriptions. */
  readonly annualTerms: number
  /** Terms of a year of each tenant that are billed by the month, beside its subscriptions, with all that becomes of them. */
  readonly longTerms: number
}

const handful: GeneratorOptions = {
  seed: 1,
  partners: 1,
  tenants: 5,
  subscriptions: 25,
  products: 120,
  firstUsage: '2026-04',
  months: 12,
  annualTerms: 0,
  longTerms: 0,
}

/** The most that ids have room for, and that was measured. */
const most: Readonly<Record<Exclude<keyof GeneratorOptions, 'firstUsage'>, number>> = {
  seed: 2 ** 32 - 1,
  partners: 3_000,
  tenants: 200_000,
  subscriptions: 1_000_000,
  products: 20_000,
  months: 60,
  annualTerms: 50,
  longTerms: 50,
}

/** A handful of tenants where nothing else is said. Throws a RangeError that names what is out of range. */
export function generatorOptions(options: Partial<GeneratorOptions> = {}): GeneratorOptions {
  const chosen = { ...handful, ...options }
  for (const [name, highest] of Object.entries(most) as [keyof typeof most, number][]) {
    const value = chosen[name]
    const lowest = name === 'partners' || name === 'products' ? 1 : 0
    if (!Number.isInteger(value) || value < lowest || value > highest)
      throw new RangeError(`${name} is a whole number from ${lowest} to ${highest}, not ${value}.`)
  }
  if (!isDay(`${chosen.firstUsage}-01`)) throw new RangeError('firstUsage is a month such as 2026-04.')
  return chosen
}
