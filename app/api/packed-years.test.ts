/** Two years of a generated partner, whose plans are packed: whatever is asked of an old month is answered as before (J14). */
import { gunzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { packPlans } from '#db/keeping/packing.ts'
import { removalsOf } from '#db/keeping/removals.ts'
import { removeOld } from '#lib/keeping/remove-old.ts'
import { removedBefore } from '#lib/keeping/times.ts'
import { readTar } from '../../scripts/testing/read-tar.ts'
import { answersOf, pagesOf, startYears, type YearsWorld } from './testing/years-world.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

/** With `PACKED_CUSTOMERS` the partner is larger, and what each table takes is printed. */
const sized = process.env['PACKED_CUSTOMERS']
const LONGEST_MS = sized === undefined ? 300_000 : 3_600_000
const MONTHS = 25

let years: YearsWorld
let packed = 0
beforeAll(async () => {
  const size =
    sized === undefined ? { customers: 1, monthsAtOnce: 4 } : { customers: Number(sized), monthsAtOnce: 1 }
  years = await startYears({ ...size, months: MONTHS })
}, LONGEST_MS)
afterAll(() => years.world.stop())

/** @returns plans that were ever packed; all months are older than two years `days` from then on. */
const pack = async (days: number): Promise<number> => {
  const { db, organisationId } = years
  const at = new Date(removedBefore({ months: -26 }, new Date()).getTime() + days * 24 * 60 * 60 * 1000)
  await removeOld({ ctx: { db, organisationId, now: () => at, until: new Date(at.getTime() + 1) } })
  return (await removalsOf(db, organisationId)).find(({ rule }) => rule === 'plans')?.total ?? 0
}

type Line = Readonly<Record<string, unknown>>
/** The files of the archive that bills rest on, each plan where it belongs wherever the archive has it. */
const exported = async (): Promise<Record<string, unknown>> => {
  const answer = await years.api('GET', '/api/organisation/export')
  const files = readTar(gunzipSync(Buffer.from(await answer.arrayBuffer())))
  const linesOf = (table: string): Line[] =>
    [...files].flatMap(([path, content]) =>
      path.startsWith(`prism-pod/data/${table}.`)
        ? content
            .toString('utf8')
            .trimEnd()
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Line)
        : [],
    )
  const keyOf = ({ run_id, agreement_id, period, round }: Line) =>
    JSON.stringify([run_id, agreement_id, period, round])
  const packed = new Map(linesOf('packed_plans').map((each) => [keyOf(each), each['plan']]))
  const plans = linesOf('run_periods').map(({ packed_at: _, ...each }): [string, Line] => [
    keyOf(each),
    { ...each, plan: packed.get(keyOf(each)) ?? each['plan'] },
  ])
  const byId = (table: string) =>
    linesOf(table)
      .map((each) => JSON.stringify(each))
      .toSorted()
  const csv = ['additions.csv', 'billed.csv', 'invoiced.csv'].map((name) =>
    files.get(`prism-pod/${name}`)?.toString(),
  )
  const tables = [
    'changes',
    'invoices',
    'invoice_lines',
    'month_bills',
    'readings',
    'second_proofs',
    'own_invoices',
  ]
  return { csv, plans: new Map(plans), tables: tables.map(byId) }
}

/** To ConnectWise, whatever came of them. */
const writesOf = (): number => {
  const { total, byMethod } = years.world.connectWise.requests.report()
  return total - (byMethod['GET'] ?? 0)
}

type Sizes = Readonly<Record<string, number>>
const sizes = async (): Promise<Sizes> => {
  await years.db.execute(sql`VACUUM FULL`)
  const { rows } = await years.db.execute<{ name: string; bytes: number }>(sql`
    SELECT relname AS name, pg_total_relation_size(oid)::int AS bytes FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC`)
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}
const report = (before: Sizes, after: Sizes): void => {
  const sum = (of: Sizes) => Object.values(of).reduce((total, each) => total + each, 0)
  const share = (bytes = 0, of: Sizes) => `${bytes} (${((100 * bytes) / sum(of)).toFixed(1)} %)`
  const most = (name: string) => Math.max(before[name] ?? 0, after[name] ?? 0)
  const names = Object.keys(after).toSorted((a, b) => most(b) - most(a))
  const rows = names
    .slice(0, 16)
    .map((name) => `${name}: ${share(before[name], before)} to ${share(after[name], after)}`)
  console.log(`bytes of ${sized} customers, all: ${sum(before)} to ${sum(after)}\n${rows.join('\n')}`)
}

describe('two years of a generated partner', () => {
  it('are synced while packing holds the rows of every old month, and wait for none of them [J14]', async () => {
    const { db, organisationId } = years
    const finished = async () =>
      (await db.execute(sql`SELECT 1 FROM run_items WHERE state = 'finished'`)).rows.length
    const before = await finished()
    const held = db.transaction(async (tx) => {
      const part = { before: removedBefore({ months: -26 }, new Date()), limit: 100_000, place: null }
      expect((await packPlans(tx, organisationId, part)).removed).toBeGreaterThan(0)
      await years.syncAll()
      throw new Error('Given back')
    })
    await expect(held).rejects.toThrow('Given back')
    expect(await finished()).toBe(before + years.mappings.length)
  })

  it(
    'read the same once their plans are packed: months, syncs, pods, proofs, files, the archive [J14]',
    async () => {
      const pages = await pagesOf(years)
      const before = await answersOf(years, pages)
      const refused = [...before].filter(([, answer]) => !answer.startsWith('200 '))
      expect(refused.map(([page]) => page)).toEqual([])
      const archive = await exported()
      const sizesBefore = sized === undefined ? {} : await sizes()

      const { rows } = await years.db.execute<{ plans: number; months: number }>(sql`
      SELECT count(*)::int AS plans, count(DISTINCT period)::int AS months FROM run_periods`)
      expect(rows[0]).toMatchObject({ months: MONTHS })
      packed = await pack(1)
      expect(packed).toBeGreaterThan((rows[0]?.plans ?? 0) / 2)

      if (sized !== undefined) report(sizesBefore, await sizes())
      for (const [page, answer] of await answersOf(years, pages)) expect(answer, page).toBe(before.get(page))
      expect(await exported()).toEqual(archive)
    },
    LONGEST_MS,
  )

  it(
    'are synced once more without a write, and the next month is as any other [J14][F1]',
    async () => {
      const writes = writesOf()
      await years.syncAll()
      expect(writesOf()).toBe(writes)
      await years.nextMonths(1)
      expect(writesOf()).toBeGreaterThan(writes)
      const { rows } = await years.db.execute(
        sql`SELECT status, message FROM run_items WHERE status = 'Error' OR state <> 'finished'`,
      )
      expect(rows).toEqual([])
      expect(await pack(2)).toBeGreaterThan(packed)
    },
    LONGEST_MS,
  )
})
