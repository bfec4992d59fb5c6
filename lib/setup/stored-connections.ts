/** How the two connections are stored: what may be shown, and the sealed secret beside it (B5). */
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { type Connection, type ConnectionKind, connection } from '#db/connections/connections.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Sealer, Secret } from '#lib/base/secrets.ts'

export const prismSettingsSchema = z.object({
  clientId: z.string(),
  currency: z.string(),
  /** Whom PRISM says the credentials belong to; `''` where it does not say. */
  accountName: z.string(),
})
export type PrismSettings = z.infer<typeof prismSettingsSchema>

export const connectWiseSettingsSchema = z.object({
  /** Host or address, as entered. */
  site: z.string(),
  companyId: z.string(),
  publicKey: z.string(),
  /** The deployment's where `null`. */
  clientId: z.string().nullable(),
  /** Discovered from company info; without slashes. */
  codebase: z.string(),
  companyName: z.string(),
})
export type ConnectWiseSettings = z.infer<typeof connectWiseSettingsSchema>

const names = { prism: 'PRISM', connectwise: 'ConnectWise' } as const

const notConnected = {
  prism: () => new ProductError('prism-not-connected', 'PRISM is not connected yet.'),
  connectwise: () => new ProductError('connectwise-not-connected', 'ConnectWise is not connected yet.'),
} as const

interface OpenedConnection<S> {
  readonly settings: S
  readonly secret: Secret
  readonly row: Connection
}

interface Stored {
  readonly db: Database
  readonly sealer: Sealer
  readonly organisationId: string
  /** Its connections, where they were read already. */
  readonly connections?: readonly Connection[]
}

async function opened<S>(
  stored: Stored,
  kind: ConnectionKind,
  schema: z.ZodType<S>,
): Promise<OpenedConnection<S>> {
  const { db, sealer, organisationId, connections } = stored
  const row =
    connections === undefined
      ? await connection(db, organisationId, kind)
      : (connections.find((each) => each.kind === kind) ?? null)
  if (row === null) throw notConnected[kind]()
  const settings = schema.safeParse(row.settings)
  if (!settings.success)
    throw new ProductError(
      'connection-unreadable',
      `The stored settings of ${names[kind]} are not understood: ${settings.error.issues[0]?.path.join('.')}.`,
    )
  return {
    settings: settings.data,
    secret: sealer.open(row.sealed, { organisationId, kind }),
    row,
  }
}

/** PRISM's settings and client secret. Throws `prism-not-connected`, `connection-unreadable`, `secret-unreadable`. */
export const openPrismConnection = (stored: Stored): Promise<OpenedConnection<PrismSettings>> =>
  opened(stored, 'prism', prismSettingsSchema)

/** ConnectWise's settings and private key. Throws `connectwise-not-connected`, and as PRISM's. */
export const openConnectWiseConnection = (stored: Stored): Promise<OpenedConnection<ConnectWiseSettings>> =>
  opened(stored, 'connectwise', connectWiseSettingsSchema)
