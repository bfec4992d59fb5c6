/** Processes that drain, seen from outside. */
import type { Drained } from '#lib/jobs/drain.ts'
import { type Started, startProcess } from './calls.ts'
import type { WorkerSetUp } from './worker.ts'

/** Arguments of the process. */
export interface DrainSetUp {
  readonly databaseUrl: string
  readonly worker: WorkerSetUp
}

export interface DrainCalls {
  drain(budgetMs: number): Promise<Drained>
  looks(): Promise<{
    /** Organisation -> when its first look of this process ended well, in milliseconds since 1970. */
    readonly lookedAt: Readonly<Record<string, number>>
    /** Resident memory of the process at its highest since it began. */
    readonly peakMb: number
    /** Heap that a collection leaves now. */
    readonly keptMb: number
  }>
}

export const startDrain = (setUp: DrainSetUp): Started<DrainCalls> => startProcess('drain-process.ts', setUp)
