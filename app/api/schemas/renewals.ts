import { z } from 'zod'
import { amountSchema, daySchema, quantitySchema } from '#lib/billing/values.ts'
import { day } from './fields.ts'

/** Days from today on of which renewals are asked for. */
export const spans = ['30', '60', '90'] as const
export type Span = (typeof spans)[number]

export const renewalsQuerySchema = z.strictObject({
  within: z.enum(spans, 'Choose 30, 60 or 90 days.').default('30'),
})

export const termEndInputSchema = z.strictObject({
  /** The last day of the term; null takes back what was said, and it is counted from the first purchase. */
  endsOn: day.pipe(daySchema).nullable(),
})

const named = z.object({
  subscriptionId: z.string(),
  tenantId: z.string(),
  customer: z.string(),
  product: z.string(),
})

/** At most so many of each kind are listed; counts and sums are of all. */
export const MOST_LISTED = 500

const listOf = <T extends z.ZodType>(item: T) => z.object({ count: z.int(), items: z.array(item) })

export const renewalsSchema = z.object({
  /** In the organisation’s time zone. */
  today: daySchema,
  currency: z.string(),
  /** How many terms end within so many days. */
  counts: z.record(z.enum(spans), z.int()),
  renewals: listOf(
    named.extend({
      /** The last day of the term. */
      endsOn: daySchema,
      /** A person said so; else it is counted from the first purchase. */
      isSaid: z.boolean(),
      months: z.int(),
      /** Of which time the amounts are. */
      billedBy: z.enum(['month', 'term']),
      quantity: quantitySchema,
      now: amountSchema,
      /** By today’s price list; null where that does not tell. */
      next: amountSchema.nullable(),
      difference: amountSchema.nullable(),
    }),
  ),
  /** Of all renewals billed by the month that have a price to come. */
  monthly: z.object({ now: amountSchema, next: amountSchema }),
  withoutEnd: listOf(named),
  giveBacks: listOf(named.extend({ seats: quantitySchema, until: daySchema })),
  extended: listOf(named.extend({ quantity: quantitySchema, now: amountSchema, surcharge: amountSchema })),
  surcharge: amountSchema,
  unbilled: listOf(
    named.extend({
      why: z.enum([
        'motion-off',
        'not-mapped',
        'sync-off',
        'issued-before',
        'no-one-time-agreement',
        'one-time-sync-off',
      ]),
      charged: amountSchema,
    }),
  ),
  charged: amountSchema,
})
export type Renewals = z.infer<typeof renewalsSchema>
