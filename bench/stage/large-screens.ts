/** Turns the demo's data into much of it: a pod with many subscriptions, a list with many customers. */
import pg from 'pg'
import type { Stack } from '#scripts/stack.ts'
import { storeCustomers } from './customers.ts'
import { storeMonth } from './month.ts'

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

/** Above every id of the demo's own companies and agreements, and every row of its invoices. */
const ABOVE = 1_000_000
/** Of each customer in the newest month. */
const LINES = 5

/** Gives the run that synced the many, and the month that they are invoiced in: the demo's newest. */
export async function enlarge(
  { databaseUrl }: Stack,
  sizes: Sizes,
): Promise<{ readonly run: string; readonly period: string }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await multiplySubscriptions(client, sizes)
    const { program, customers } = sizes
    const { rows } = await client.query<{ organisation: string; invoice: string; period: string }>(
      "SELECT organisation_id AS organisation, id AS invoice, period FROM invoices WHERE state = 'ready' ORDER BY period DESC LIMIT 1",
    )
    const [newest] = rows
    if (newest === undefined) throw new Error('The demo has an invoice')
    const { organisation, invoice: invoiceId, period } = newest
    await storeCustomers(client, { organisation, program, customers, syncs: 1 }, ABOVE)
    await storeMonth(client, { organisation, program, customers, lines: LINES, invoiceId, period }, ABOVE)
    const runs = await client.query<{ id: string }>(
      'SELECT run_id AS id FROM run_items WHERE organisation_id = $1 AND agreement_id = $2',
      [organisation, ABOVE + 1],
    )
    return { run: runs.rows[0]?.id ?? '', period }
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
