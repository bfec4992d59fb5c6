/** Connecting PRISM and ConnectWise with this process's clients; each answers with the connection as it is then. */
import type { ShownConnection } from '#app/api/schemas/connections.ts'
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Table } from '#app/contracts/table.ts'
import { refuse } from '#app/http/api-route.ts'
import { shownConnection } from '#app/views/connections.ts'
import { type ConnectionKind, connection, connectionsOf } from '#db/connections/connections.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { Secret } from '#lib/base/secrets.ts'
import { discoverCodebase } from '#lib/connectwise/site.ts'
import { generateApiClient } from '#lib/prism/api-clients.ts'
import { connectConnectWise, connectPrism, disconnect, testConnection } from '#lib/setup/connect.ts'
import { checkCurrency } from '#lib/setup/currency-change.ts'
import { prismSettingsSchema } from '#lib/setup/stored-connections.ts'
import { connectWiseClient, connectWiseOf, newPrismOf, prismClient } from './clients.ts'
import { preflightAfterConnecting } from './preflight.ts'
import { server } from './process.ts'

type Body<E extends keyof Table> = BodyOf<Table[E]>

const KINDS = ['prism', 'connectwise'] as const satisfies readonly ConnectionKind[]

export async function shownConnections(organisationId: string) {
  const { db, env } = server()
  const stored = await connectionsOf(db, organisationId)
  return {
    connections: KINDS.map((kind) =>
      shownConnection(kind, stored.find((each) => each.kind === kind) ?? null),
    ),
    needsConnectWiseClientId: env.connectWiseClientId === null,
  }
}

const shown = async (organisationId: string, kind: ConnectionKind): Promise<ShownConnection> =>
  shownConnection(kind, await connection(server().db, organisationId, kind))

const tryPrism = ({ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: Secret }) =>
  prismClient(clientId, clientSecret).me()

export async function putPrism(
  principal: Principal,
  { confirm, ...input }: Body<'PUT /api/connections/prism'>,
): Promise<ShownConnection> {
  await connectPrism({
    ctx: { ...server(), ...principal, tryPrism },
    input: { ...input, clientSecret: new Secret(input.clientSecret), isConfirmed: confirm },
  })
  return shown(principal.organisationId, 'prism')
}

export async function putConnectWise(
  principal: Principal,
  input: Body<'PUT /api/connections/connectwise'>,
): Promise<ShownConnection> {
  const { organisationId } = principal
  const { guard, env } = server()
  await connectConnectWise({
    ctx: {
      ...server(),
      ...principal,
      discover: ({ site, companyId }) =>
        discoverCodebase({ site, companyId, guard, timeoutMs: env.connectWiseTimeoutMs }),
      tryConnectWise: (settings, privateKey) =>
        connectWiseClient(organisationId, settings, privateKey).test(),
    },
    input: { ...input, privateKey: new Secret(input.privateKey), clientId: input.clientId ?? null },
  })
  preflightAfterConnecting(organisationId)
  return shown(organisationId, 'connectwise')
}

const CLIENT_NAME = 'Prism Pod'

/**
 * Makes an API client in PRISM in the person's name, tries it and keeps it (B2).
 * @param accessToken of the person's sign-in with PRISM
 */
export async function generatePrism(
  principal: Principal,
  accessToken: Secret,
  { email, currency: asked, confirm: isConfirmed }: Body<'POST /api/connections/prism/generate'>,
): Promise<ShownConnection> {
  const { organisationId } = principal
  const { env, guard, db } = server()
  const currency = asked ?? (await keptCurrency(organisationId))
  // Before PRISM makes a client that nobody would use.
  await checkCurrency(db, organisationId, { currency, isConfirmed })
  const settings = { apiUrl: env.prismApiUrl, guard, accessToken }
  const client = await generateApiClient(settings, { name: CLIENT_NAME, email })
  await connectPrism({
    ctx: { ...server(), ...principal, tryPrism },
    input: { ...client, currency, isConfirmed },
  })
  return shown(organisationId, 'prism')
}

/** A connection has its currency for good; it is asked once (B1). */
async function keptCurrency(organisationId: string): Promise<string> {
  const stored = await connection(server().db, organisationId, 'prism')
  const settings = prismSettingsSchema.safeParse(stored?.settings)
  if (settings.success) return settings.data.currency
  throw refuse('request-invalid', 'Enter the currency too: this is the first connection.')
}

/** Throws `prism-not-connected`, `connectwise-not-connected`. */
export async function tryStored(principal: Principal, kind: ConnectionKind): Promise<ShownConnection> {
  const { organisationId } = principal
  const stored = await connection(server().db, organisationId, kind)
  if (stored === null) throw refuse(`${kind}-not-connected`, 'There is nothing to test yet.')
  const attempt = () => attemptOf(kind, organisationId)
  await testConnection({ ctx: { ...server(), ...principal }, input: { kind, attempt } })
  return shown(organisationId, kind)
}

/** Opening it is part of the test: a secret that cannot be read is one of the ways to fail. */
async function attemptOf(kind: ConnectionKind, organisationId: string): Promise<unknown> {
  if (kind === 'prism') return (await newPrismOf(organisationId)).me()
  return (await connectWiseOf(organisationId)).client.test()
}

export const forget = (principal: Principal, kind: ConnectionKind): Promise<void> =>
  disconnect({ ctx: { ...server(), ...principal }, input: { kind } })
