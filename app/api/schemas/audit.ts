import { z } from 'zod'

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, for example 2026-11-24')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a day of the calendar')

/** Days are UTC's; both are included. */
export const auditQuerySchema = z.object({
  search: z.string().trim().max(200).default(''),
  action: z.string().max(100).default(''),
  from: z.union([z.literal(''), day]).default(''),
  until: z.union([z.literal(''), day]).default(''),
  /** The id of the last event that was read. */
  before: z.coerce.number().int().positive().optional(),
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
      /** `before` and `after` of a change, and what else belongs to it; never a secret. */
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  /** To be asked for next; `null`: there is no more. */
  next: z.number().int().nullable(),
})
export type ShownAudit = z.infer<typeof auditSchema>
