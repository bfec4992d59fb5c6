import { z } from 'zod'
import { day, eventId, search, text } from './fields.ts'

const dayOrNone = day.or(z.literal('')).default('')

/** Days are UTC's; both are included. */
export const auditQuerySchema = z.object({
  search: search.default(''),
  action: text('an action', { least: 0, most: 100 }).default(''),
  from: dayOrNone,
  until: dayOrNone,
  /** The id of the last event that was read. */
  before: eventId.optional(),
})
export type AuditQuery = z.infer<typeof auditQuerySchema>

export const auditSchema = z.object({
  events: z.array(
    z.object({
      id: z.number().int(),
      at: z.iso.datetime(),
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      /** The request or job that did it, as problems and the log name it; `null`: from before they had names. */
      requestId: z.string().nullable(),
      /** `before` and `after` of a change, and what else belongs to it; never a secret. */
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  /** To be asked for next; `null`: there is no more. */
  next: z.number().int().nullable(),
})
export type ShownAudit = z.infer<typeof auditSchema>
