/** The database of the embedded PostgreSQL and the role that the app has in it: it owns that database, and is no superuser. */
import { createHmac } from 'node:crypto'
import pg from 'pg'
import { type Cluster, passwordOf, ROLE } from './postgres-cluster.ts'
import { urlOf } from './postgres-server.ts'

const APP_ROLE = 'prism_pod_app'
/** Any number that nothing else in the server's own database locks on. */
const LOCK = 7_246_010

/** Follows from the launcher's own, so that there is one file to keep. */
const appPasswordOf = async (cluster: Cluster): Promise<string> =>
  createHmac('sha256', await passwordOf(cluster))
    .update(APP_ROLE)
    .digest('base64url')

export async function appUrlOf(cluster: Cluster, port: number, database: string): Promise<string> {
  return `postgres://${APP_ROLE}:${await appPasswordOf(cluster)}@127.0.0.1:${port}/${database}`
}

interface Wanted {
  readonly name: string
  /** Begin with an empty one, whoever is connected to it. */
  readonly empty: boolean
}

/** Makes the database, and the app's role its owner, also of what another role made in it before. */
export async function ensureDatabase(cluster: Cluster, port: number, { name, empty }: Wanted): Promise<void> {
  await withClient(await urlOf(cluster, port, 'postgres'), async (client) => {
    // Two launchers that start at once do this one after the other.
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await ensureRole(client, await appPasswordOf(cluster))
    if (empty) await client.query(`drop database if exists ${name} with (force)`)
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${name} owner ${APP_ROLE}`)
    else {
      await client.query(`alter database ${name} owner to ${APP_ROLE}`)
      await withClient(await urlOf(cluster, port, name), handOver)
    }
  })
}

async function ensureRole(client: pg.Client, password: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [APP_ROLE])
  if (found.rowCount !== 0) return
  await client.query(`create role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole`)
  await client.query(`alter role ${APP_ROLE} password '${password}'`)
}

/** The superuser cannot give away all it owns at once, as it owns PostgreSQL's own objects, too. */
async function handOver(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `
    with ours as (select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
    select format('alter schema %I owner to ${APP_ROLE}', nspname) as statement
      from pg_namespace where oid in (select oid from ours) and nspowner = $1::regrole
    union all
    select format('alter %s %I.%I owner to ${APP_ROLE}',
        case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
        nspname, relname)
      from pg_class join ours on ours.oid = relnamespace
      where relowner = $1::regrole and relkind in ('r', 'p', 'v', 'm', 'S') and ${standsAlone('pg_class')}
    union all
    select format('alter routine %s owner to ${APP_ROLE}', pg_proc.oid::regprocedure)
      from pg_proc join ours on ours.oid = pronamespace
      where proowner = $1::regrole and ${standsAlone('pg_proc')}
    union all
    select format('alter type %I.%I owner to ${APP_ROLE}', nspname, typname)
      from pg_type join ours on ours.oid = typnamespace
      where typowner = $1::regrole and typtype in ('e', 'd', 'r') and ${standsAlone('pg_type')}`,
    [ROLE],
  )
  for (const { statement } of rows) await client.query(statement)
}

/** Whose owner is its own: neither an extension's object nor the sequence of a column, which goes with its table. */
function standsAlone(catalog: string): string {
  return `not exists (
    select 1 from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${catalog}.oid
      and (d.deptype = 'e' or d.deptype in ('a', 'i') and d.refobjsubid > 0))`
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
