/** Turns the demo's data into much of it: a pod with many subscriptions, a list with many customers. */
import pg from 'pg'
import type { Stack } from '#scripts/stack.ts'
import { storeCustomers } from './customers.ts'

/** The plan of a month as it is stored, as far as it is multiplied. */
interface StoredPlan {
  subscriptions: { subscriptionId: string; product: { name: string } }[]
}

interface Sizes {
  readonly agreementId: number
  readonly subscriptions: number
  readonly program: string
  readonly customers: number
}

export async function enlarge({ databaseUrl }: Stack, sizes: Sizes): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await multiplySubscriptions(client, sizes)
    const { rows } = await client.query<{ id: string }>('SELECT id FROM organisations LIMIT 1')
    const organisation = rows[0]?.id ?? ''
    const { program, customers } = sizes
    // Above every id of the demo's own companies.
    await storeCustomers(client, { organisation, program, customers, syncs: 1 }, 1_000_000)
  } finally {
    await client.end()
  }
}

/** The last month of the agreement gets its subscriptions over and over, each under an id and a name of its own. */
async function multiplySubscriptions(
  client: pg.Client,
  { agreementId, subscriptions }: Sizes,
): Promise<void> {
  const newest = `agreement_id = $1 AND (run_id, period, round) =
    (SELECT run_id, period, round FROM run_periods WHERE agreement_id = $1 ORDER BY period DESC, stored_at DESC LIMIT 1)`
  const { rows } = await client.query<{ plan: StoredPlan }>(`SELECT plan FROM run_periods WHERE ${newest}`, [
    agreementId,
  ])
  const plan = rows[0]?.plan
  if (plan === undefined) throw new Error('The demo has synced the agreement')
  const { subscriptions: known } = plan
  plan.subscriptions = Array.from({ length: subscriptions }, (_, index) => {
    const one = known[index % known.length]
    if (one === undefined) throw new Error('The agreement has subscriptions')
    const name = `${one.product.name} ${index}`
    return { ...one, subscriptionId: `${one.subscriptionId}-${index}`, product: { ...one.product, name } }
  })
  await client.query(`UPDATE run_periods SET plan = $2 WHERE ${newest}`, [agreementId, JSON.stringify(plan)])
}
