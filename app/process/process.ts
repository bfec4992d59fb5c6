/** What one process of the app holds: environment, database pool, keys. Opened at the first request, not at import. */

import { notePeers } from '#app/http/peers.ts'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { type Environment, env } from '#lib/base/env.ts'
import { createGuard, type Guard } from '#lib/base/guarded-fetch.ts'
import { type Sealer, sealerOf } from '#lib/base/secrets.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { createMailer, type Mailer } from '#lib/notify/mail.ts'
import type { PrismClient } from '#lib/prism/values.ts'
import { type HeldClients, holdClients } from './held-clients.ts'

export interface Server extends OpenDatabase {
  readonly env: Environment
  /** One connection that asks only how the database is, so that work that takes all others hides nothing. */
  readonly probe: OpenDatabase
  readonly sealer: Sealer
  readonly guard: Guard
  readonly clients: {
    readonly prism: HeldClients<PrismClient>
    readonly connectWise: HeldClients<ConnectWiseClient>
  }
  /** `null`: this deployment sends no mail. */
  readonly mailer: Mailer | null
}

/** Together below the 3 seconds in which `/api/health` answers. */
const PROBE = { max: 1, connectMs: 1_200, answerMs: 1_200 } as const

function open(): Server {
  const environment = env()
  notePeers()
  const databaseUrl = environment.databaseUrl.reveal()
  const isPooled = environment.databasePooled
  return {
    ...openDatabase(databaseUrl, { isPooled }),
    env: environment,
    probe: openDatabase(databaseUrl, { ...PROBE, isPooled }),
    sealer: sealerOf(environment.encryptionKeys),
    clients: { prism: holdClients(), connectWise: holdClients() },
    guard: createGuard({ trustedHosts: environment.trustedHosts }),
    mailer: environment.mail === null ? null : createMailer(environment.mail),
  }
}

// Next may evaluate a module once for each bundle, and again after each edit in development; the pool must stay one.
const held = globalThis as typeof globalThis & { prismPodServer?: Server }

export function server(): Server {
  held.prismPodServer ??= open()
  return held.prismPodServer
}
