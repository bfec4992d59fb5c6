/** Organisations whose April is synced, made in a moment: the rows of one that synced it, copied. */
import type pg from 'pg'
import { server } from '#app/process/process.ts'
import { putConnection } from '#db/connections/connections.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { createApiToken } from '#db/people/api-tokens.ts'
import { createUser } from '#db/people/people.ts'
import { hashOfToken, newToken } from '#lib/auth/tokens.ts'
import { Secret } from '#lib/base/secrets.ts'

export interface StoredOrganisation {
  readonly id: string
  /** Of PRISM and ConnectWise; see `Front.behind`. */
  readonly key: string
  readonly apiToken: string
}

/** An organisation with both connections, which go through the front. */
export async function connectedOrganisation(
  key: string,
  connectWiseUrl: string,
): Promise<StoredOrganisation> {
  const { db, sealer } = server()
  const { id } = await createOrganisation(db, { name: key })
  const seal = (kind: 'prism' | 'connectwise', secret: string) => ({
    kind,
    sealed: sealer.seal(new Secret(secret), { organisationId: id, kind }),
    sealKeyId: sealer.keyId,
  })
  await putConnection(db, id, {
    ...seal('prism', 'secret'),
    settings: { clientId: key, currency: 'AUD', accountName: key },
  })
  await putConnection(db, id, {
    ...seal('connectwise', 'priv'),
    settings: {
      site: connectWiseUrl,
      companyId: key,
      publicKey: 'pub',
      clientId: null,
      codebase: 'v2025_1',
      companyName: key,
    },
  })
  const owner = `${key}@odd.example`
  await createUser(db, id, { email: owner, role: 'owner', passwordHash: null })
  const apiToken = newToken('api', id)
  await createApiToken(db, id, {
    name: 'test',
    role: 'owner',
    tokenHash: hashOfToken(apiToken),
    createdBy: owner,
    expiresAt: new Date(Date.now() + 24 * 60 * 60 * 1000),
  })
  return { id, key, apiToken }
}

/** Without connections, no look takes it up again. */
export async function disconnect({ id }: StoredOrganisation): Promise<void> {
  await server().pool.query('DELETE FROM connections WHERE organisation_id = $1', [id])
}

/** What belongs to who an organisation is, not to what it has synced. */
const ownTables = [
  'api_tokens',
  'connection_directory',
  'connections',
  'due_looks',
  'ended_sessions',
  'first_owner_links',
  'invitations',
  'leases',
  'logins',
  'member_checks',
  'members',
  'pacing',
  'users',
]

/** Copies all that an organisation has read and synced to another one. */
export async function copyHistory(from: StoredOrganisation, to: StoredOrganisation): Promise<void> {
  const client = await server().pool.connect()
  try {
    await client.query('BEGIN')
    // The rows are consistent where they come from, so that their order does not matter.
    await client.query("SET LOCAL session_replication_role = 'replica'")
    for (const { table, columns } of await tablesToCopy(client))
      await client.query(
        `INSERT INTO "${table}" (organisation_id${columns.map((name) => `, "${name}"`).join('')}) OVERRIDING SYSTEM VALUE
         SELECT $1::uuid${columns.map((name) => `, "${name}"`).join('')} FROM "${table}" WHERE organisation_id = $2`,
        [to.id, from.id],
      )
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

interface Copied {
  readonly table: string
  readonly columns: readonly string[]
}

let copied: readonly Copied[] | undefined

async function tablesToCopy(client: pg.PoolClient): Promise<readonly Copied[]> {
  if (copied !== undefined) return copied
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT table_name AS table, array_agg(column_name::text) FILTER (WHERE column_name <> 'organisation_id') AS columns
     FROM information_schema.columns
     WHERE table_schema = 'public' AND is_generated = 'NEVER' AND table_name <> ALL ($1)
     GROUP BY table_name HAVING bool_or(column_name = 'organisation_id')`,
    [ownTables],
  )
  copied = rows
  return rows
}
