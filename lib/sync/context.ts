import type { Database } from '#db/client.ts'
import type { IntakeContext } from '#lib/intake/context.ts'
import type { LedgerContext } from '#lib/ledger/context.ts'

/** What every verb of a sync takes beside its input. */
export interface SyncContext extends IntakeContext, Omit<LedgerContext, 'program'> {
  /** The code of the currency that PRISM invoices in. */
  readonly currency: string
  /** Who or what asked for it, as shown in the history. */
  readonly actor: string
  /** Whether additions may be deleted (A6). */
  readonly mayDelete: boolean
  readonly enqueue: Enqueue
  /** Agreements that a look does not enqueue although they are due: the person who waits for it asks for them next (G2). */
  readonly leftOut?: readonly number[]
}

/** The context without what asks PRISM or ConnectWise: enough for what is decided of what is stored. */
export type StoredContext = Omit<SyncContext, 'prism' | 'connectWise' | 'currency'>

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
