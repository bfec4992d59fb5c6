import type { Database } from '#db/client.ts'
import { type ProgramOptions, programSettings } from '#db/queries/programs.ts'
import type { Log } from '#lib/base/log.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import type { Source } from '#lib/prism/values.ts'
import type { Program } from '#lib/programs/registry.ts'

/** What every verb of a sync takes beside its input. */
export interface SyncContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: Program
  readonly options: ProgramOptions
  /** Where invoices come from. */
  readonly prism: Source
  readonly connectWise: ConnectWiseClient
  /** The code of the currency that PRISM invoices in. */
  readonly currency: string
  /** Who or what asked for it, as shown in the history. */
  readonly actor: string
  readonly now: () => Date
  readonly enqueue: Enqueue
  /** Agreements that a look does not enqueue although they are due: the person who waits for it asks for them next (G2). */
  readonly leftOut?: readonly number[]
  readonly log: Log
  readonly settings: {
    /** How long the ConnectWise client waits for an answer; an unknown outcome is settled after twice this. */
    readonly connectWiseTimeoutMs: number
    /** How long a sync may be silent before another process may take it over. */
    readonly leaseMs: number
  }
}

/** Puts a job for each agreement of a run into the queue; `db` may be a transaction that the jobs are to be part of. */
export type Enqueue = (
  db: Database,
  jobs: readonly {
    readonly organisationId: string
    readonly program: string
    readonly runId: string
    readonly agreementId: number
  }[],
) => Promise<void>

/** A program's options as stored, its defaults where nothing is. */
export const programOptions = async (
  db: Database,
  organisationId: string,
  program: Program,
): Promise<ProgramOptions> => (await programSettings(db, organisationId, program.slug)) ?? program.defaults

/** The key of an agreement's lease. */
export const leaseResource = (program: string, agreementId: number): string =>
  `${program}/agreement/${agreementId}`
