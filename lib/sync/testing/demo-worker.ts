/** A process that syncs the demo's partner, against both stand-ins over HTTP. */
import type { Database } from '#db/client.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import { connectWiseSeed } from '#standin/data/index.ts'
import type { Addresses } from './processes.ts'

const timeoutMs = 5000

export const demoClients = (
  address: Addresses,
  client: { readonly clientId: string; readonly clientSecret: string },
) => {
  const guard = createGuard({
    trustedHosts: new Set(Object.values(address).map((each) => new URL(each).host)),
  })
  const { companyId, publicKey, privateKey } = connectWiseSeed().site
  return {
    currency: 'AUD',
    prism: createPrismClient({
      apiUrl: address.prism,
      identityUrl: address.prism,
      clientId: client.clientId,
      clientSecret: new Secret(client.clientSecret),
      guard,
    }),
    connectWise: createConnectWiseClient({
      site: address.connectWise,
      companyId,
      publicKey,
      privateKey: new Secret(privateKey),
      clientId: 'any',
      codebase: 'v2025_1',
      guard,
      timeoutMs,
    }),
  }
}

export const demoWorker = (
  db: Database,
  address: Addresses,
  client: Parameters<typeof demoClients>[1],
): Worker => ({
  db,
  clients: () => Promise.resolve(demoClients(address, client)),
  noteUse: () => Promise.resolve(),
  settings: { connectWiseTimeoutMs: timeoutMs, leaseMs: 30_000, parallel: 4 },
})
