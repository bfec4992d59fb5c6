import { z } from 'zod'
import { oneOf } from './fields.ts'

/**
 * `detect=yes` looks for invoices in every organisation at once, `detect=due`, which a schedule calls, where the last look is an
 * hour old or something is to be looked at again; `detect=no` only goes on with the jobs that are there.
 */
export const cronQuerySchema = z.object({ detect: oneOf(['yes', 'due', 'no']).default('yes') })

export const healthSchema = z.object({
  ok: z.literal(true),
  database: z.literal('reachable'),
  queue: z.literal('reachable'),
  /** The newest change of the tables that this version knows; the database has it. */
  migration: z.string(),
})

/** What one call of the scheduled route did. */
export const drainedSchema = z.object({
  invoicesDetected: z.number().int(),
  jobsDone: z.number().int(),
  jobsLeft: z.number().int(),
})

export const startedRunSchema = z.object({ runId: z.uuid() })

/** `stopping` is false where the run has finished, or was asked before. */
export const stoppedRunSchema = z.object({ stopping: z.boolean() })
export const stoppedRunsSchema = z.object({ runIds: z.array(z.uuid()) })
