import { z } from 'zod'
import { type ErrorCode, errorCodes } from '#lib/base/errors.ts'
import { leavingSchema } from './leaving.ts'

/** RFC 9457 problem details; `code` is stable and closed, the texts may change. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  /** What happened, exactly. */
  detail: z.string(),
  /** What to do now. */
  remedy: z.string(),
  /** Finds the log entry (F10). */
  reference: z.string().optional(),
  /** The request's name, as in the header `x-request-id`: the log, the audit trail and the ledger carry it. */
  requestId: z.string().optional(),
  /** Each field of the request that is wrong, where it is the request. */
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  /** What stays open on the agreement that a customer would leave, where nobody has decided about it yet (E5). */
  leaving: leavingSchema.optional(),
})

/** As the browser shows it, which also says where it got no answer. */
export type Problem = Omit<z.infer<typeof problemSchema>, 'code'> & {
  readonly code: ErrorCode | 'unreachable'
}
