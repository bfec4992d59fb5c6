/** The parameters of paths. What does not fit one is the id of no record, so that each says what is not there. */
import { z } from 'zod'
import { connectionKindSchema } from '#app/api/schemas/connections.ts'
import { day as dayOfCentury, LARGEST_ID, line, month } from '#app/api/schemas/fields.ts'
import { checkIdSchema } from '#app/api/schemas/preflight.ts'
import { daySchema } from '#lib/billing/types.ts'
import { programBySlug } from '#lib/programs/registry.ts'

const shown = (input: unknown): string => String(input).slice(0, 40)
const noRecord = ({ input }: { input?: unknown }): string =>
  `There is no record with the id '${shown(input)}'.`

/** Of our own records. */
export const uuid = z.uuid({ error: noRecord })

/** Of a ConnectWise record. */
export const record = z
  .string({ error: noRecord })
  .regex(/^[1-9]\d{0,9}$/, { error: noRecord })
  .transform(Number)
  .refine((id) => id <= LARGEST_ID, { error: noRecord })

/** Of a record of PRISM, or of an invoice; whether it is there is the verb's question. PRISM's ids have up to 100 characters. */
export const anyId = line('There is no such record.', { most: 100 })

/** A ConnectWise member's identifier; whether there is such a member ConnectWise knows. */
export const memberId = line('There is no such member.', { most: 100 }).transform((id) => id.toLowerCase())

/** A program by its slug. */
export const program = z.string().transform((slug, ctx) => {
  const found = programBySlug(slug)
  if (found !== undefined) return found
  ctx.addIssue({ code: 'custom', message: `There is no program '${shown(slug)}'.` })
  return z.NEVER
})

/** A usage month, `YYYY-MM`. */
export const period = z.string().transform((text, ctx) => {
  const read = month.safeParse(text)
  if (read.success) return read.data
  ctx.addIssue({ code: 'custom', message: `There is no month '${shown(text)}'.` })
  return z.NEVER
})

/** A day, `YYYY-MM-DD`. */
export const day = z.string().transform((text, ctx) => {
  const read = dayOfCentury.pipe(daySchema).safeParse(text)
  if (read.success) return read.data
  ctx.addIssue({ code: 'custom', message: `There is no day '${shown(text)}'.` })
  return z.NEVER
})

export const connectionKind = z.enum(
  connectionKindSchema.options,
  'There are two connections: prism and connectwise.',
)

export const preflightCheck = z.enum(checkIdSchema.options, {
  error: ({ input }) => `There is no check '${shown(input)}'.`,
})
