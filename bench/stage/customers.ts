/** Customers of a program as they are in a database, without a PRISM that lists them. */
import pg, { type Pool } from 'pg'
import { createOrganisation } from '#db/directory/organisations.ts'
import { type BenchDatabase, startDatabase } from './database.ts'

interface StoredCustomers {
  readonly organisation: string
  readonly program: string
  readonly customers: number
  /** How many syncs each has behind it. */
  readonly syncs: number
}

/** One in twenty is not mapped, one in ten does not sync, one in forty failed and waits for a person. Company and agreement ids begin with `1 + above`. */
export async function storeCustomers(
  client: Pick<Pool, 'query'>,
  { organisation, program, customers, syncs }: StoredCustomers,
  above = 0,
): Promise<void> {
  await client.query(
    `INSERT INTO prism_tenants (organisation_id, program, id, name, domain, status, current, seen_at)
   SELECT $1, $2, 'tenant-' || i, 'Customer ' || md5(i::text), 'customer' || i || '.example', 'Active', true, now()
   FROM generate_series(1, $3::int) i`,
    [organisation, program, customers],
  )
  await client.query(
    `INSERT INTO mappings (organisation_id, program, tenant_id, company_id, company_name, agreement_id, agreement_name, sync_enabled)
   SELECT $1, $2, 'tenant-' || i, i + $4, 'Company ' || i, i + $4, 'Microsoft CSP', i % 10 > 0
   FROM generate_series(1, $3::int) i WHERE i % 20 > 0`,
    [organisation, program, customers, above],
  )
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, status, finished_at)
   SELECT $1, $2, 'customers', 'schedule', 'Scheduled', 'finished', 'Warning', now() FROM generate_series(1, $3::int) RETURNING id`,
    [organisation, program, syncs],
  )
  await client.query(
    `INSERT INTO run_items (organisation_id, run_id, agreement_id, program, company_id, tenant_ids, state, status, queued_at, finished_at)
   SELECT $1, r.id, i + $4, $2, i + $4, '[]', 'finished', CASE WHEN i % 40 = 1 THEN 'Error' ELSE 'No Change' END, now(), now()
   FROM unnest($5::uuid[]) r(id), generate_series(1, $3::int) i`,
    [organisation, program, customers, above, rows.map(({ id }) => id)],
  )
  await client.query(
    `INSERT INTO waiting_subscriptions (organisation_id, program, agreement_id, ordinal, run_id, period, last_period, subscription_id,
     tenant_id, invoiced_price, billed_price, kind, cause, severity, product, amount, message)
   SELECT $1, $2, i + $4, n, $5::uuid, '2026-08', '2026-09', 'subscription-' || i || '-' || n, 'tenant-' || i, 96.6, 0, 'product',
     'product/p' || n, 'error', 'Product ' || n, 96.6, 'Multiple products found in ConnectWise with matching SKU'
   FROM generate_series(1, $3::int) i, generate_series(0, 2) n WHERE i % 40 = 1`,
    [organisation, program, customers, above, rows.at(-1)?.id],
  )
  await client.query('ANALYZE')
}

interface BenchCustomers extends Pick<BenchDatabase, 'db'>, AsyncDisposable {
  readonly organisation: string
  /** Beside the product's own connections. */
  readonly client: pg.Client
}

/** A database of its own, with one organisation that has the customers. */
export async function startCustomers(of: Omit<StoredCustomers, 'organisation'>): Promise<BenchCustomers> {
  const database = await startDatabase()
  const { id: organisation } = await createOrganisation(database.db, { name: 'Northwind' })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await storeCustomers(client, { organisation, ...of })
  return {
    db: database.db,
    organisation,
    client,
    async [Symbol.asyncDispose]() {
      await client.end()
      await database[Symbol.asyncDispose]()
    },
  }
}
