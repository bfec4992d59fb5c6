/**
 * The judgement of the guards over 100,000 subscriptions of 1,000 agreements, five lines each and month: once where 2 % of them
 * change, once where the price of each does. Budget: at most 10 times the bare sum of the two invoices by subscription and 1 s,
 * and 150 MB over idle.
 */
import pg from 'pg'
import { createOrganisation } from '#db/directory/organisations.ts'
import { guardedOf, guardSummaries } from '#db/mappings/guard-verdicts.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import type { Period } from '#lib/billing/types.ts'
import { judgeInvoice } from '#lib/intake/guarded.ts'
import { programs } from '#lib/programs/registry.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { timedOnce } from './stage/medians.ts'
import { shown } from './stage/sizes.ts'

const SUBSCRIPTIONS = 100_000
const AGREEMENTS = 1_000
const LINES_EACH = 5
const MEGABYTE = 1024 * 1024
const [{ slug: program, defaults }] = programs

export default async function guardBenchmark(): Promise<Row[]> {
  await using database = await startDatabase()
  const { db } = database
  const { id: organisation } = await createOrganisation(db, { name: 'Northwind' })
  await putProgramSettings(db, organisation, program, { ...defaults, enabled: true })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const of = [organisation, program]
  await client.query(
    `INSERT INTO mappings (organisation_id, program, tenant_id, company_id, agreement_id, sync_enabled)
   SELECT $1, $2, 'tenant-' || i, i, i, true FROM generate_series(0, ${AGREEMENTS - 1}) i`,
    of,
  )
  await client.query(
    `INSERT INTO period_states (organisation_id, program, subscription_id, period, tenant_id, agreement_id, invoice_id, lines_hash, state)
   SELECT $1, $2, 'sub-' || i, p, 'tenant-' || i % ${AGREEMENTS}, i % ${AGREEMENTS}, 'of-' || p, 'x', 'good'
   FROM generate_series(1, ${SUBSCRIPTIONS}) i, unnest(ARRAY['2026-06', '2026-07', '2026-08']) p`,
    of,
  )
  await client.query(
    `INSERT INTO prism_subscriptions (organisation_id, program, id, tenant_id, product_id, product_name, display_template, current, seen_at)
   SELECT $1, $2, 'sub-' || i, 'tenant-' || i % ${AGREEMENTS}, 'p', 'Product', 'Licence', true, now()
   FROM generate_series(1, ${SUBSCRIPTIONS}) i`,
    of,
  )
  /** An invoice of `period`; the price of a line, given the subscription's number as `i`. */
  const addInvoice = async (id: string, period: string, price: string): Promise<void> => {
    await client.query(
      `INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state)
     VALUES ($1, $2, $3, $3, 'Microsoft CSP Indirect', $4, CASE WHEN $3 LIKE 'of-%' THEN 'superseded' ELSE 'held' END)`,
      [...of, id, period],
    )
    await client.query(
      `INSERT INTO invoice_lines (organisation_id, program, invoice_id, period, row, tenant_id, subscription_id, customer_name,
       primary_domain_name, agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost,
       price, billing_cycle, term_duration, term_unit)
     SELECT $1, $2, $3, $4, i * ${LINES_EACH} + n, 'tenant-' || i % ${AGREEMENTS}, 'sub-' || i, '', '', '', 'Product',
       ($4 || '-01')::date, ($4 || '-01')::date + interval '1 month - 1 day', '', 5, 8, 10, 40, ${price}, 'Monthly', '1', 'MONTHS'
     FROM generate_series(1, ${SUBSCRIPTIONS}) i, generate_series(1, ${LINES_EACH}) n`,
      [...of, id, period],
    )
  }
  await addInvoice('of-2026-08', '2026-08', '50')
  await addInvoice('ordinary', '2026-09', 'CASE WHEN i % 50 = 0 THEN 60 ELSE 50 END')
  await addInvoice('dear', '2026-09', '80')
  await client.query('ANALYZE')

  const bare = await timedOnce(() =>
    client.query(
      `SELECT count(*) FROM (SELECT subscription_id, invoice_id, sum(price) FROM invoice_lines
     WHERE organisation_id = $1 AND program = $2 AND invoice_id IN ('of-2026-08', 'ordinary') GROUP BY 1, 2) x`,
      of,
    ),
  )

  const measured = async (id: string, what: string) => {
    globalThis.gc?.()
    const idle = process.memoryUsage().rss
    let most = idle
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 5)
    const invoice = { id, period: '2026-09' as Period }
    const ms = await timedOnce(() => judgeInvoice({ db, organisationId: organisation, program }, invoice))
    clearInterval(watch)
    return {
      what,
      ms,
      idleMb: idle / MEGABYTE,
      peakMb: Math.max(most, process.memoryUsage().rss) / MEGABYTE,
    }
  }
  const results = [await measured('ordinary', '2 % changing'), await measured('dear', 'every price changing')]
  const one = await timedOnce(() => guardedOf(db, organisation, program, 'dear', 7))
  await client.query(`UPDATE invoices SET state = 'ready' WHERE id = 'dear'`)
  const summary = await timedOnce(() => guardSummaries(db, organisation, program))

  await client.end()
  const size = `${shown(SUBSCRIPTIONS)} subscriptions`
  const rows = results.flatMap(({ what, ms, idleMb, peakMb }): Row[] => [
    {
      measure: `guard, ${size}, ${what}: time against a bare sum of two invoices`,
      ours: ms,
      reference: bare,
      unit: 'ms',
      budget: { times: 10, plus: 1_000 },
    },
    {
      measure: `guard, ${size}, ${what}: memory over idle`,
      ours: peakMb,
      reference: idleMb,
      unit: 'MB',
      budget: { times: 1, plus: 150 },
    },
  ])
  return [
    ...rows,
    { measure: `guard, ${size}, all waiting: reading one agreement`, ours: one, unit: 'ms' },
    { measure: `guard, ${size}, all waiting: the summary`, ours: summary, unit: 'ms' },
  ]
}
