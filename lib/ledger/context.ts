import type { Database } from '#db/client.ts'
import type { Log } from '#lib/base/log.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'

/** What whoever writes to ConnectWise, or reads what was written, takes beside its input. */
export interface LedgerContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: { readonly slug: string }
  readonly connectWise: ConnectWiseClient
  readonly log: Log
  readonly settings: {
    /** How long the ConnectWise client waits for an answer; an unknown outcome is settled after twice this. */
    readonly connectWiseTimeoutMs: number
    /** How long a sync may be silent before another process may take it over. */
    readonly leaseMs: number
  }
}

/** The key of an agreement's lease. */
export const leaseResource = (program: string, agreementId: number): string =>
  `${program}/agreement/${agreementId}`
