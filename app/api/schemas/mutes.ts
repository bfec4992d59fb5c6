import { z } from 'zod'
import { lastingCauseSchema } from '#lib/billing/lasting-points.ts'
import { daySchema, moneySchema } from '#lib/billing/types.ts'
import { day, text } from './fields.ts'

const AMOUNT = 'Send the amount as it was shown, for example 12.50.'
const amount = z
  .string(AMOUNT)
  .max(60, AMOUNT)
  .regex(/^-?\d+(\.\d+)?$/, AMOUNT)
  .pipe(moneySchema)

export const muteInputSchema = z.strictObject({
  /** What is muted of the customer. Whatever keeps it from being billed is none of these, as that is to be answered. */
  cause: z.enum(lastingCauseSchema.options, 'Choose a cause that can be muted, as the inbox calls it.'),
  /** What the customer’s cause is about in all, as it was shown: of another amount nobody has said yes to it. */
  amount,
  reason: text('why it is meant to be so', { most: 300 }),
  /** For how long: to the next invoice, one month, three months, or a last day at most a year from today. */
  term: z.union([z.enum(['next-invoice', 'one-month', 'three-months']), day.pipe(daySchema)], {
    error:
      'Choose for how long: next-invoice, one-month, three-months, or a last day, for example 2026-12-31.',
  }),
})

/** The price that was offered, and the day from which on it is billed: of others nobody has said yes. */
export const agreedPriceSchema = z.strictObject({
  unitPrice: amount,
  from: day.pipe(daySchema),
})

const muteSchema = z.object({
  id: z.uuid(),
  tenant: z.object({ id: z.string(), name: z.string() }),
  cause: lastingCauseSchema,
  says: z.string(),
  /** What it is about, as long as it is muted. */
  money: z.object({ amount: moneySchema, per: z.enum(['month', 'once']) }),
  reason: z.string(),
  /** The last day, in the organisation’s time zone. */
  until: daySchema,
  /** It ends with the next invoice. */
  untilNextInvoice: z.boolean(),
  mutedBy: z.string(),
  mutedAt: z.iso.datetime(),
})
export type ShownMute = z.infer<typeof muteSchema>

export const mutedSchema = z.object({ mute: muteSchema })

export const mutesSchema = z.object({
  /** The oldest first. */
  mutes: z.array(muteSchema),
  currency: z.string(),
})
export type Mutes = z.infer<typeof mutesSchema>
