/** What a process of the product is in tests: a worker with the real clients. Free of the test runner, so that a child can be one. */
import type { Database } from '#db/client.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import { noteUse } from '#lib/setup/connection-use.ts'

export interface Addresses {
  readonly prism: string
  readonly connectWise: string
}

/** How long a worker waits for others. */
export interface WorkerPatience {
  /** For an answer of ConnectWise. */
  readonly clientMs: number
  /** What became of a write without an answer is looked up after twice this. */
  readonly settleMs: number
  readonly leaseMs: number
}

/** Nothing times out, however busy the machine is. */
export const unhurried: WorkerPatience = { clientMs: 10_000, settleMs: 10_000, leaseMs: 30_000 }

/** For tests in which answers are cut off, or processes killed: what is lost is soon given up. */
export const settlesSoon: WorkerPatience = { ...unhurried, settleMs: 400, leaseMs: 3_000 }

/** For tests in which ConnectWise answers too late. */
export const brief: WorkerPatience = { ...settlesSoon, clientMs: 400 }

/** A process's worker on these addresses; its clients are the real ones. */
export const workerOf = (
  db: Database,
  addresses: Addresses,
  { clientMs, settleMs, leaseMs } = unhurried,
): Worker => ({
  db,
  clients: async () => clientsOf(addresses, clientMs),
  noteUse: ({ organisationId, ...input }) => noteUse({ ctx: { db, organisationId }, input }),
  settings: { connectWiseTimeoutMs: settleMs, leaseMs, parallel: 4 },
})

/** What the stand-ins' small seeds let in. */
const tinyKeys: Keys = {
  companyId: 'acme',
  publicKey: 'pub',
  privateKey: 'priv',
  prism: { clientId: 'client', clientSecret: 'secret' },
}
export interface Keys {
  readonly companyId: string
  readonly publicKey: string
  readonly privateKey: string
  readonly prism: { readonly clientId: string; readonly clientSecret: string }
}

export const clientsOf = (addresses: Addresses, timeoutMs = unhurried.clientMs, keys = tinyKeys) => {
  const trustedHosts = new Set([new URL(addresses.prism).host, new URL(addresses.connectWise).host])
  const guard = createGuard({ trustedHosts })
  return {
    currency: 'AUD',
    prism: createPrismClient({
      apiUrl: addresses.prism,
      identityUrl: addresses.prism,
      clientId: keys.prism.clientId,
      clientSecret: new Secret(keys.prism.clientSecret),
      guard,
    }),
    connectWise: createConnectWiseClient({
      site: addresses.connectWise,
      companyId: keys.companyId,
      publicKey: keys.publicKey,
      privateKey: new Secret(keys.privateKey),
      clientId: 'any',
      codebase: 'v2025_1',
      guard,
      timeoutMs,
    }),
  }
}
