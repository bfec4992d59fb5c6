/** What jobs need of the process that runs them. */
import type { Database } from '#db/client.ts'
import type { ConnectionKind } from '#db/connections/connections.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import type { Means } from '#lib/notify/deliver.ts'
import type { PrismClient } from '#lib/prism/values.ts'
import type { StoredContext, SyncContext } from '#lib/sync/context.ts'

export interface Clients {
  readonly prism: PrismClient
  readonly connectWise: ConnectWiseClient
  /** The code of the currency that PRISM invoices in. */
  readonly currency: string
}

export interface Worker {
  readonly db: Database
  /**
   * The clients of an organisation's connections. Throws `prism-not-connected`, `connectwise-not-connected`,
   * `connection-unreadable`, `secret-unreadable`, having noted on a connection's card that it could not be opened.
   */
  readonly clients: (organisationId: string) => Promise<Clients>
  /** Notes on a connection's card what a job's last answer of it was (B4). */
  readonly noteUse: (use: ConnectionUse) => Promise<void>
  /** Done before each look for invoices, and so before each sync; it must not throw. */
  readonly beforeDetect?: (ctx: SyncContext) => Promise<void>
  /** Done when the months are decided after a look that went well. */
  readonly afterDetect?: (ctx: StoredContext, invoicesDetected: number) => Promise<void>
  /** Whether ConnectWise's own invoices are read after each run over customers, and once a day (J6); left out: they are not. */
  readonly readsInvoices?: boolean
  /** How people are told; left out: nobody is. */
  readonly means?: Means & {
    /** The code of the currency that PRISM invoices in; `''` before it is connected. */
    readonly currency: (organisationId: string) => Promise<string>
  }
  readonly settings: {
    readonly connectWiseTimeoutMs: number
    /** How long a sync may be silent before another process may take its agreement over. */
    readonly leaseMs: number
    /** Jobs at a time; of one organisation at most half of them. */
    readonly parallel: number
  }
  readonly now?: () => Date
}

export interface ConnectionUse {
  readonly organisationId: string
  readonly kind: ConnectionKind
  /** What the last call threw; `null`: it was answered. */
  readonly error: unknown
  /** Credentials that were entered after this were not the ones used. */
  readonly usedFrom: Date
}
