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

/** Short, so that settling an unknown outcome (twice this) does not make tests slow. */
export const timeoutMs = 400
const leaseMs = 3000

/** Where nothing is to time out, however busy the machine is. */
export const patientTimeoutMs = 10_000

/** A process's worker on these addresses; its clients are the real ones. */
export const workerOf = (db: Database, addresses: Addresses, withinMs = timeoutMs): Worker => ({
  db,
  clients: async () => clientsOf(addresses, withinMs),
  noteUse: ({ organisationId, ...input }) => noteUse({ ctx: { db, organisationId }, input }),
  settings: { connectWiseTimeoutMs: withinMs, leaseMs, parallel: 4 },
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

export const clientsOf = (addresses: Addresses, withinMs = timeoutMs, keys = tinyKeys) => {
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
      timeoutMs: withinMs,
    }),
  }
}
