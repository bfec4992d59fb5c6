import { z } from 'zod'
import { oneOf } from './fields.ts'

/**
 * `detect=yes` looks for invoices in every organisation at once, `detect=due`, which a schedule calls, where the last look is
 * some time ago or something is to be looked at again; `detect=no` only goes on with the jobs that are there.
 */
export const cronQuerySchema = z.object({ detect: oneOf(['yes', 'due', 'no']).default('yes') })

/** `database`: only whether requests can be served, which work that stands still does not keep anybody from. */
export const healthQuerySchema = z.object({
  of: z.enum(['everything', 'database'], 'Ask for everything or database.').default('everything'),
})

export const healthSchema = z.object({
  ok: z.literal(true),
  /** Of this product, as `0.2.0`. */
  version: z.string(),
  database: z.literal('reachable'),
  queue: z.literal('reachable'),
  /** Seconds that the job waits that should have begun first; `null`: none waits, or it was not asked for. */
  oldestJobSeconds: z.number().nullable(),
  /** Seconds since a look for invoices, of whichever organisation; `null`: there was none to make, or it was not asked for. */
  lastLookSeconds: z.number().nullable(),
  /** The newest change of the tables that this version knows; the database has it. */
  migration: z.string(),
})

/** The API's document (OpenAPI 3.1). */
export const documentSchema = z.looseObject({ openapi: z.literal('3.1.1') })

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
