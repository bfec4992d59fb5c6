/** One attempt at a job, and what is left of it. */
import type { JobEnd } from '#lib/base/job-end.ts'

export interface Done {
  readonly invoicesDetected?: number
}

export interface Attempt {
  /** When it has to leave the rest to another job. */
  readonly until: Date
  /** The job's; its rest keeps it. */
  readonly priority: number
  /** How often it was tried before. */
  readonly retries: number
}

/**
 * What is left is a job of its own, so that each stays below a request's time. Not before the second that is rounded up to:
 * what it waits for is then over.
 */
export const restOf = ({ againInMs }: Exclude<JobEnd, 'done'>, { priority }: Pick<Attempt, 'priority'>) => ({
  priority,
  ...(againInMs === 0 ? {} : { startAfter: Math.ceil(againInMs / 1000) }),
})
