/** PRISM and ConnectWise of one organisation, with its stored connections. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, connection, noteCodebase } from '#db/connections/connections.ts'
import { noteThrottled, pauseTokens, takeToken } from '#db/pacing/pacing.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import type { PrismClient } from '#lib/prism/values.ts'
import {
  type ConnectWiseSettings,
  openConnectWiseConnection,
  openPrismConnection,
  prismSettingsSchema,
} from '#lib/setup/stored-connections.ts'
import { server } from './process.ts'

/** @param onThrottled told of each 429; of credentials that are only tried nobody is */
export function prismClient(
  clientId: string,
  clientSecret: Secret,
  onThrottled: () => void = () => {},
): PrismClient {
  const { env, guard } = server()
  return createPrismClient({
    apiUrl: env.prismApiUrl,
    identityUrl: env.prismIdentityUrl,
    clientId,
    clientSecret,
    guard,
    onThrottled,
  })
}

/** Counts a 429 for whoever watches the deployment; what it was about does not wait for it. */
const countThrottled = (organisationId: string, connectionKind: 'prism' | 'connectwise') => (): void => {
  noteThrottled(server().db, organisationId, connectionKind).catch((error: unknown) =>
    log.warn('throttling-not-counted', { organisationId, error }),
  )
}

/** The client id of ConnectWise's developer programme: the connection's, else the deployment's. */
function developerClientId(own: string | null): string {
  const clientId = own ?? server().env.connectWiseClientId
  if (clientId !== null) return clientId
  throw new ProductError('request-invalid', 'A client id is needed: this deployment has none of its own.')
}

const BURST = 20

export function connectWiseClient(
  organisationId: string,
  settings: ConnectWiseSettings,
  privateKey: Secret,
): ConnectWiseClient {
  const { db, env, guard } = server()
  const pace = { requestsPerMinute: env.connectWiseRequestsPerMinute, burst: BURST }
  return createConnectWiseClient({
    site: settings.site,
    companyId: settings.companyId,
    publicKey: settings.publicKey,
    privateKey,
    clientId: developerClientId(settings.clientId),
    codebase: settings.codebase,
    guard,
    timeoutMs: env.connectWiseTimeoutMs,
    parallel: env.connectWiseParallel,
    pace: async () => {
      const waitMs = await takeToken(db, organisationId, 'connectwise', pace)
      if (waitMs > 0) await wait(waitMs)
    },
    onHold: (pauseMs) => {
      pauseTokens(db, organisationId, 'connectwise', pace, pauseMs).catch((error: unknown) =>
        log.warn('pause-not-shared', { organisationId, error }),
      )
    },
    onThrottled: countThrottled(organisationId, 'connectwise'),
    onCodebase: (codebase) => {
      log.info('connectwise-codebase-moved', { organisationId, codebase })
      // So that a client of another process, or a later one, does not learn it by a refused request.
      const moved = { site: settings.site, companyId: settings.companyId, codebase }
      noteCodebase(db, organisationId, moved).catch((error: unknown) =>
        log.warn('codebase-not-stored', { organisationId, error }),
      )
    },
  })
}

/** @param connections where they were read already */
const storedOf = (organisationId: string, connections?: readonly Connection[]) => ({
  ...server(),
  organisationId,
  ...(connections === undefined ? {} : { connections }),
})

/** The process's client of the connection; with credentials that were entered since, a new one. Throws `prism-not-connected`. */
export async function prismOf(
  organisationId: string,
  connections?: readonly Connection[],
): Promise<PrismClient> {
  const { settings, secret, row } = await openPrismConnection(storedOf(organisationId, connections))
  const key = JSON.stringify([settings.clientId, row.sealed])
  return server().clients.prism.of(organisationId, key, () =>
    prismClient(settings.clientId, secret, countThrottled(organisationId, 'prism')),
  )
}

/** A client that holds no token yet: to try whether the credentials are still good. Throws as above. */
export async function newPrismOf(organisationId: string): Promise<PrismClient> {
  const { settings, secret } = await openPrismConnection({ ...server(), organisationId })
  return prismClient(settings.clientId, secret, countThrottled(organisationId, 'prism'))
}

/** The process's client of the connection, as PRISM's. Throws `connectwise-not-connected`. */
export async function connectWiseOf(
  organisationId: string,
  connections?: readonly Connection[],
): Promise<{ client: ConnectWiseClient; settings: ConnectWiseSettings }> {
  const { settings, secret, row } = await openConnectWiseConnection(storedOf(organisationId, connections))
  const { site, companyId, publicKey, clientId } = settings
  // Without the codebase, which a client finds by itself.
  const key = JSON.stringify([site, companyId, publicKey, clientId, row.sealed])
  const make = () => connectWiseClient(organisationId, settings, secret)
  return { client: server().clients.connectWise.of(organisationId, key, make), settings }
}

/** The currency that PRISM invoices in; `''` while PRISM is not connected: what was synced is shown all the same. */
export async function currencyOf(organisationId: string): Promise<string> {
  return currencyIn([await connection(server().db, organisationId, 'prism')])
}

export function currencyIn(connections: readonly (Connection | null)[]): string {
  const stored = connections.find((each) => each?.kind === 'prism')
  const settings = prismSettingsSchema.safeParse(stored?.settings)
  return settings.success ? settings.data.currency : ''
}
