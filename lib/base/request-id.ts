/**
 * The name of a request, by which its traces are found: in the log, the audit trail, the ledger and the problem that was
 * answered. It travels beside the work, so that no line of a log and no row can be written without it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

// Next may evaluate a module once for each bundle, and again after each edit in development; the name must stay one.
const held = globalThis as typeof globalThis & { prismPodRequestId?: AsyncLocalStorage<string> }
held.prismPodRequestId ??= new AsyncLocalStorage<string>()
const current = held.prismPodRequestId

/** The header in which a proxy may name the request, and every answer does. */
export const REQUEST_ID_HEADER = 'x-request-id'

/** 20 hexadecimal digits that nobody can guess and no two requests share. */
export const newRequestId = (): string => randomBytes(10).toString('hex')

/** Whether a name from outside can be ours: what proxies and platforms make, and nothing that a log or a search would trip over. */
export const isRequestId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._:=@+-]{7,99}$/.test(text)

/** The name of the request or job that is being worked on; `null` outside of both. */
export const requestId = (): string | null => current.getStore() ?? null

export const withRequestId = <T>(id: string, work: () => T): T => current.run(id, work)

/** Between the request's name and the job's own part. */
const OF_JOB = '/'
const OWN_CHARACTERS = 12

/** The request that all of this goes back to: `7f…` of `7f…` itself and of its job `7f…/0c1d2e3f4a5b`. */
export const originOf = (id: string): string => id.split(OF_JOB)[0] ?? id

/**
 * The name of a job: that of the request which it goes back to and a part of its own, the same for every try. A search for the
 * request's name finds it. Jobs from before requests had names go back to `job`.
 */
export const jobRequestId = (origin: string | null, jobId: string): string =>
  `${origin ?? 'job'}${OF_JOB}${jobId.replaceAll('-', '').slice(-OWN_CHARACTERS)}`
