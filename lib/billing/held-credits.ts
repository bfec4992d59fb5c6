/** What becomes of an invoice's credits and adjustments once a person picks it, as its file and the mappings have it (F1). */
import { z } from 'zod'
import { chargedAs } from './classify.ts'
import { decimal, money, sum } from './decimal.ts'
import type { Cycle } from './motion.ts'
import { type Money, moneySchema } from './values.ts'

/** Why one is not carried by itself: the file names no customer, who is not mapped, does not sync, or joined later; by its kind. */
export const notCarriedSchema = z.enum([
  'nobodys',
  'unmapped',
  'off',
  'earlier',
  'annual',
  'azure',
  'azure-off',
])
export type NotCarried = z.infer<typeof notCarriedSchema>

/** How many lines, and what they come to at retail. */
const someSchema = z.object({ count: z.number().int(), price: moneySchema })

export const heldCreditsSchema = z.object({
  carried: someSchema.extend({ agreements: z.number().int() }),
  notCarried: z.array(someSchema.extend({ why: notCarriedSchema })),
})
export type HeldCredits = z.infer<typeof heldCreditsSchema>

/** Lines of an invoice that are alike. */
export interface CreditLines extends Cycle {
  readonly offerName: string
  /** As PRISM lists the subscription; `null` where it is not stored. */
  readonly displayTemplate: string | null
  readonly hasCustomer: boolean
  /** `null`: its customer is not mapped. */
  readonly agreementId: number | null
  readonly syncs: boolean
  /** The customer's first month here is a later one. */
  readonly isBeforeFirst: boolean
  readonly count: number
  readonly price: Money
}

interface Options {
  readonly syncAzure: boolean
  readonly annualTermsMonthly: boolean
}

/** `null`: there are none. */
export const heldCredits = (all: readonly CreditLines[], options: Options): HeldCredits | null => {
  if (all.length === 0) return null
  const by = Map.groupBy(all, (line) => whyNot(line, options))
  const carried = by.get(null) ?? []
  return {
    carried: { ...total(carried), agreements: new Set(carried.map((each) => each.agreementId)).size },
    notCarried: notCarriedSchema.options.flatMap((why) => {
      const lines = by.get(why) ?? []
      return lines.length === 0 ? [] : [{ why, ...total(lines) }]
    }),
  }
}

const whyNot = (line: CreditLines, { syncAzure, annualTermsMonthly }: Options): NotCarried | null => {
  if (!line.hasCustomer) return 'nobodys'
  if (line.agreementId === null) return 'unmapped'
  if (!line.syncs) return 'off'
  if (line.isBeforeFirst) return 'earlier'
  const listed =
    line.displayTemplate === null ? undefined : { displayTemplate: line.displayTemplate, productName: '' }
  const is = chargedAs(line, listed, annualTermsMonthly)
  if (is === 'azure') return syncAzure ? 'azure' : 'azure-off'
  return is === 'annual' ? 'annual' : null
}

const total = (lines: readonly CreditLines[]): { count: number; price: Money } => ({
  count: lines.reduce((all, { count }) => all + count, 0),
  price: money(sum(lines.map(({ price }) => decimal(price)))),
})
