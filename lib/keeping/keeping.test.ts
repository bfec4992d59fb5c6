/** What is removed when its time is over, and what a deletion goes on with after it was interrupted, on a database of years (J14, I2). */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { type SQL, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { monthCsv } from '#app/views/month-csv.ts'
import { runLines } from '#app/views/run-csv.ts'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import { nameOf, organisationTables } from '#db/keeping/organisation-tables.ts'
import { removalRules, removalsOf } from '#db/keeping/removals.ts'
import { migrate } from '#db/migrate.ts'
import { audit } from '#db/people/audit.ts'
import { roundsOf } from '#db/runs/run-periods.ts'
import { restore } from '#db/testing/filled/dump.ts'
import { closeShown, shownOf } from '#db/testing/filled/shown.ts'
import { cloneOf, createEmptyDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { beginDeletion, goOnDeleting, STRAYS_END_MS } from './delete.ts'
import { removeOld } from './remove-old.ts'
import { keptForATime, PACKING, removedBefore, timeOf } from './times.ts'

const DAY_MS = 24 * 60 * 60 * 1000
let template: TestDatabase | undefined
let database: TestDatabase
let opened: OpenDatabase
let ids: readonly string[]

/** A copy each: what is removed does not come back. */
beforeEach(async () => {
  if (template === undefined) {
    template = await createEmptyDatabase()
    const text = await readFile(new URL('../../db/testing/filled/database.sql.gz', import.meta.url))
    await restore(template.url, gunzipSync(text).toString())
    await migrate(template.url)
  }
  database = await cloneOf(template)
  opened = openDatabase(database.url)
  vi.stubEnv('DATABASE_URL', database.url)
  for (const name of ['SESSION_SECRET', 'ENCRYPTION_KEY', 'CRON_SECRET'])
    vi.stubEnv(name, randomBytes(32).toString('base64'))
  ids = await organisationIds(opened.db)
})
afterEach(async () => {
  await opened.close()
  await database.drop()
  vi.unstubAllEnvs()
})

const countOf = async (query: SQL): Promise<number> =>
  (await opened.db.execute<{ count: number }>(query)).rows[0]?.count ?? 0
const countsOf = async (organisationId: string): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const table of organisationTables)
    counts[nameOf(table)] = await countOf(
      sql`SELECT count(*)::int AS count FROM ${table} WHERE organisation_id = ${organisationId}`,
    )
  return counts
}
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0)

/** Runs it to its end, each call for so many parts. @returns calls */
const toTheEnd = async (organisationId: string, at: Date, atOnce = 7): Promise<number> => {
  const ctx = { db: opened.db, organisationId, now: () => at, until: at }
  for (let calls = 1; calls < 2_000; calls += 1)
    if ((await removeOld({ ctx, atOnce })) === 'done') return calls
  throw new Error('It comes to no end')
}
const later = (months: number): Date => removedBefore({ months: -months }, new Date())

describe('what is kept for a time alone', () => {
  it('is removed by rules that are all written down, each with its time', () => {
    expect(removalRules.toSorted()).toEqual([...keptForATime.map(({ rule }) => rule), PACKING].toSorted())
    expect(keptForATime.map(timeOf)).toContain('24 months')
    expect(removedBefore({ months: 24 }, new Date('2028-02-29T10:00:00Z')).toISOString()).toBe(
      '2026-02-28T10:00:00.000Z',
    )
    expect(removedBefore({ days: 30 }, new Date('2026-03-31T00:00:00Z')).toISOString()).toBe(
      '2026-03-01T00:00:00.000Z',
    )
  })

  it('is all there before its time, and says of each rule that it was looked through', async () => {
    await opened.db.execute(sql`DELETE FROM company_readings`)
    for (const id of ids) {
      const before = await countsOf(id)
      await toTheEnd(id, new Date('2026-11-01'))
      const after = await countsOf(id)
      expect({ ...after, removals: 0 }).toEqual({ ...before, removals: 0 })
      expect((await removalsOf(opened.db, id)).map(({ rule }) => rule).toSorted()).toEqual(
        removalRules.filter((rule) => rule !== PACKING).toSorted(),
      )
    }
  })

  it('is sign-ins after two years, and never what people did', async () => {
    const [id = ''] = ids
    await opened.db.execute(sql`DELETE FROM audit_events`)
    const event = { actor: 'ann@example.com', subject: 'ann@example.com' }
    await audit(opened.db, id, { ...event, action: 'sign-in' })
    await audit(opened.db, id, { ...event, action: 'close-month' })
    const actions = async () =>
      (
        await opened.db.execute<{ action: string }>(sql`SELECT action FROM audit_events ORDER BY id`)
      ).rows.map(({ action }) => action)
    await toTheEnd(id, later(23))
    expect(await actions()).toEqual(['sign-in', 'close-month'])
    await toTheEnd(id, later(25))
    expect(await actions()).toEqual(['close-month'])
    await toTheEnd(id, later(12 * 20))
    expect(await actions()).toEqual(['close-month'])
  })

  it('takes no row of what bills rest on, however old it is, and none of another organisation', async () => {
    const [one = '', two = ''] = ids
    const before = await countsOf(one)
    const untouched = await countsOf(two)
    await toTheEnd(one, later(12 * 20))
    const gone = ['packed_plans', 'removals', 'digests', 'messages', 'company_readings', 'audit_events']
    const rest = (counts: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(counts).filter(([name]) => !gone.includes(name)))
    expect(rest(await countsOf(one))).toEqual(rest(before))
    expect(await countsOf(two)).toEqual(untouched)
  })
})

/** Every plan as it is read, by sync, agreement, month and round. */
const allPlans = async (id: string): Promise<Map<string, string>> => {
  const { rows } = await opened.db.execute<{ run_id: string; agreement_id: number }>(
    sql`SELECT DISTINCT run_id, agreement_id FROM run_periods WHERE organisation_id = ${id}`,
  )
  const plans = new Map<string, string>()
  for (const { run_id: runId, agreement_id: agreementId } of rows)
    for (const round of await roundsOf(opened.db, id, { runId, agreementId }))
      plans.set(`${runId}/${agreementId}/${round.period}/${round.round}`, JSON.stringify(round))
  return plans
}
const unpackedOf = (id: string) =>
  countOf(
    sql`SELECT count(*)::int AS count FROM run_periods WHERE organisation_id = ${id} AND packed_at IS NULL`,
  )
const packedOf = (id: string) =>
  countOf(
    sql`SELECT count(*)::int AS count FROM run_periods WHERE organisation_id = ${id} AND packed_at IS NOT NULL`,
  )

describe('plans of old months', () => {
  it('are packed, and every page, proof and CSV of them is the same, to the byte', async () => {
    const read = async () => {
      const all: string[] = []
      for (const id of ids) {
        const shown = await shownOf(id)
        all.push(JSON.stringify(shown))
        for (const run of shown.runs)
          for await (const line of await runLines(id, run.id)) all.push(line.join(';'))
        for (const { period } of shown.invoices)
          if (period !== null)
            all.push(await monthCsv(id, 'microsoft-csp', period, { search: '', term: '', state: '' }))
      }
      return all
    }
    const [before, plans] = [await read(), await Promise.all(ids.map(allPlans))]
    for (const id of ids) await toTheEnd(id, later(30))
    let packed = 0
    for (const [index, id] of ids.entries()) {
      packed += await packedOf(id)
      expect(await allPlans(id)).toEqual(plans[index])
    }
    expect(packed).toBeGreaterThan(50)
    expect(await read()).toEqual(before)
    await closeShown()
  })

  it('are not packed within a week of the update, as the version before may still run and could not read them', async () => {
    const [id = ''] = ids
    const at = later(30)
    const packsFrom = async (interval: string) =>
      opened.db.execute(
        sql`UPDATE organisations SET packs_from = ${at.toISOString()}::timestamptz + ${interval}::interval WHERE id = ${id}`,
      )
    const updated = await countOf(sql`SELECT count(*)::int AS count FROM organisations
      WHERE packs_from BETWEEN now() + interval '6 days' AND now() + interval '7 days'`)
    expect(updated).toBe(await countOf(sql`SELECT count(*)::int AS count FROM organisations`))
    await packsFrom('1 second')
    await toTheEnd(id, at)
    expect(await packedOf(id)).toBe(0)
    await packsFrom('0')
    await toTheEnd(id, at)
    expect(await packedOf(id)).toBeGreaterThan(0)
  })

  it('take a fraction of their place', async () => {
    const [id = ''] = ids
    const before = await countOf(
      sql`SELECT sum(octet_length(plan::text))::int AS count FROM run_periods WHERE organisation_id = ${id}`,
    )
    await toTheEnd(id, later(30))
    const after = await countOf(sql`
      SELECT (SELECT sum(octet_length(plan::text)) FROM run_periods WHERE organisation_id = ${id})::int
        + (SELECT sum(octet_length(packed)) FROM packed_plans WHERE organisation_id = ${id})::int AS count`)
    expect(after).toBeLessThan(before / 3)
  })

  it('are neither lost nor doubled where packing is cut off: in its middle, or after each part', async () => {
    const [id = ''] = ids
    const before = await allPlans(id)
    for (const table of ['run_periods', 'packed_plans']) {
      await opened.db.execute(
        sql.raw(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'cut off'; END $$;
          CREATE TRIGGER refuse AFTER INSERT OR UPDATE ON ${table} EXECUTE FUNCTION refuse()`),
      )
      await expect(toTheEnd(id, later(30))).rejects.toThrow()
      expect(await packedOf(id)).toBe(0)
      expect(await countOf(sql`SELECT count(*)::int AS count FROM packed_plans`)).toBe(0)
      expect(await allPlans(id)).toEqual(before)
      await opened.db.execute(sql.raw('DROP FUNCTION refuse CASCADE'))
    }
    // A part is a month of an agreement, and a call has time for one.
    const calls = await toTheEnd(id, later(30), 1)
    expect(calls).toBeGreaterThan(5)
    expect(await packedOf(id)).toBeGreaterThan(0)
    expect(await allPlans(id)).toEqual(before)
    const total = await countOf(
      sql`SELECT sum(plans)::int AS count FROM packed_plans WHERE organisation_id = ${id}`,
    )
    expect(total).toBe(await packedOf(id))
  })

  it('of a month that is synced once more are all read back, and are packed together in their turn', async () => {
    const [id = ''] = ids
    await toTheEnd(id, later(30))
    const [packed, unpacked] = [await packedOf(id), await unpackedOf(id)]
    const before = await allPlans(id)
    await makeIdle(id)
    const after = await allPlans(id)
    expect(after.size).toBeGreaterThan(before.size)
    for (const [key, plan] of before) expect(after.get(key)).toBe(plan)
    await toTheEnd(id, new Date(later(31).getTime() + DAY_MS))
    expect(await packedOf(id)).toBeGreaterThan(packed)
    expect(await unpackedOf(id)).toBeLessThanOrEqual(unpacked + after.size - before.size)
    expect(await allPlans(id)).toEqual(after)
  })

  it('of an agreement’s last sync stay as they are, and so do annual invoices and younger months', async () => {
    const [id = ''] = ids
    await toTheEnd(id, later(12 * 20))
    const last = await countOf(sql`
      SELECT count(*)::int AS count FROM run_periods p JOIN (
        SELECT DISTINCT ON (program, agreement_id) run_id, agreement_id FROM run_items
        WHERE organisation_id = ${id} AND state = 'finished' ORDER BY program, agreement_id, queued_at DESC) i
        ON i.run_id = p.run_id AND i.agreement_id = p.agreement_id
      WHERE p.organisation_id = ${id} AND p.packed_at IS NOT NULL`)
    expect(last).toBe(0)
    expect(
      await countOf(
        sql`SELECT count(*)::int AS count FROM run_periods WHERE kind = 'annual' AND packed_at IS NOT NULL`,
      ),
    ).toBe(0)
    expect(await packedOf(ids[1] ?? '')).toBe(0)
  })

  it('that are not there where they should be are an error, never an empty month', async () => {
    const [id = ''] = ids
    await toTheEnd(id, later(30))
    await opened.db.execute(sql`DELETE FROM packed_plans`)
    await expect(allPlans(id)).rejects.toThrow('is not there')
  })
})

/** Another sync of each agreement that planned what the last one did and wrote nothing, and one after it. */
const makeIdle = async (id: string): Promise<void> => {
  for (const hours of [1, 2]) {
    await opened.db.execute(sql`
      WITH last AS (
        SELECT DISTINCT ON (i.agreement_id) i.* FROM run_items i WHERE i.organisation_id = ${id} AND i.state = 'finished' AND i.status = 'No Change'
          AND EXISTS (SELECT FROM run_periods p WHERE p.organisation_id = i.organisation_id AND p.run_id = i.run_id AND p.agreement_id = i.agreement_id AND p.packed_at IS NULL)
        ORDER BY i.agreement_id, i.queued_at DESC),
      made AS (SELECT *, gen_random_uuid() AS new_id FROM last),
      run AS (
        INSERT INTO runs (organisation_id, id, program, kind, trigger, actor, state, status, first_period, last_period, created_at, started_at, finished_at)
        SELECT organisation_id, new_id, program, 'customers', 'hand', 'Ann', 'finished', 'No Change', first_period, last_period,
          now() + ${hours} * interval '1 hour', now() + ${hours} * interval '1 hour', now() + ${hours} * interval '1 hour' FROM made RETURNING 1),
      item AS (
        INSERT INTO run_items (organisation_id, run_id, agreement_id, program, agreement_name, company_id, company_name, tenant_ids, state, status,
          first_period, last_period, queued_at, finished_at, points, words)
        SELECT organisation_id, new_id, agreement_id, program, agreement_name, company_id, company_name, tenant_ids, 'finished', 'No Change',
          first_period, last_period, now() + ${hours} * interval '1 hour', now() + ${hours} * interval '1 hour', '[]', 'x' FROM made RETURNING 1)
      INSERT INTO run_periods (organisation_id, run_id, agreement_id, period, round, invoice_id, kind, format, plan, known_addition_ids, invoiced_through, "end", stored_at, ended_at)
      SELECT p.organisation_id, made.new_id, p.agreement_id, p.period, p.round, p.invoice_id, p.kind, p.format, p.plan, p.known_addition_ids, p.invoiced_through, 'proved', now(), now()
      FROM made JOIN run_periods p ON p.organisation_id = made.organisation_id AND p.run_id = made.run_id AND p.agreement_id = made.agreement_id AND p.packed_at IS NULL`)
  }
}

describe('the deletion of an organisation', () => {
  it('goes on after each interruption, and takes nothing of another one', async () => {
    const [one = '', two = ''] = ids
    const untouched = await countsOf(two)
    const begun = new Date()
    await beginDeletion({ ctx: { db: opened.db, organisationId: one, userId: '', now: begun } })
    await expect(
      beginDeletion({ ctx: { db: opened.db, organisationId: one, userId: '', now: begun } }),
    ).rejects.toMatchObject({ code: 'conflict' })
    const shut = await countsOf(one)
    expect([shut['users'], shut['connections'], shut['api_tokens']]).toEqual([0, 0, 0])
    expect(await organisationIds(opened.db)).not.toContain(one)
    const later = new Date(begun.getTime() + STRAYS_END_MS)
    // Each call has time for one statement.
    const ctx = { db: opened.db, now: () => later, until: new Date(later.getTime() + 1) }
    let clock = 0
    const cut = { ...ctx, now: () => new Date(later.getTime() + (clock++ % 2)) }
    let calls = 0
    let before = sum(shut)
    while ((await goOnDeleting({ ctx: cut })) !== 'done') {
      const now = sum(await countsOf(one))
      expect(now).toBeLessThanOrEqual(before)
      before = now
      calls += 1
      expect(calls).toBeLessThan(500)
    }
    expect(calls).toBeGreaterThan(3)
    expect(sum(await countsOf(one))).toBe(0)
    expect(await countOf(sql`SELECT count(*)::int AS count FROM organisations WHERE id = ${one}`)).toBe(0)
    expect(await countsOf(two)).toEqual(untouched)
  })

  it('waits for a sync that is writing, forgets jobs that wait, and takes what a request wrote meanwhile', async () => {
    const [one = '', two = ''] = ids
    const begun = new Date()
    const soon = new Date(begun.getTime() + 20_000)
    await opened.db.execute(sql`INSERT INTO leases (organisation_id, resource, token, holder, expires_at)
      VALUES (${one}, 'microsoft-csp/agreement/42', gen_random_uuid(), 'x', ${soon.toISOString()}::timestamptz)`)
    for (const id of [one, two])
      await opened.db.execute(sql`INSERT INTO pgboss.job (name, data, group_id)
        VALUES ('notify', ${JSON.stringify({ organisationId: id })}::jsonb, ${id})`)
    await beginDeletion({ ctx: { db: opened.db, organisationId: one, userId: '', now: begun } })
    const at = (now: Date) => ({ db: opened.db, now: () => now, until: new Date(now.getTime() + 60_000) })
    const before = sum(await countsOf(one))
    expect(await goOnDeleting({ ctx: at(begun) })).toEqual({ againInMs: 2_000 })
    expect(sum(await countsOf(one))).toBe(before)
    expect(await countOf(sql`SELECT count(*)::int AS count FROM pgboss.job`)).toBe(1)
    // Emptied, and kept until no request can be under way any more.
    expect(await goOnDeleting({ ctx: at(new Date(soon.getTime() + 1)) })).toBe('done')
    expect(sum(await countsOf(one))).toBe(0)
    await audit(opened.db, one, { actor: 'somebody late', action: 'sync', subject: 'x' })
    await goOnDeleting({ ctx: at(new Date(begun.getTime() + STRAYS_END_MS)) })
    expect(
      await countOf(sql`SELECT count(*)::int AS count FROM audit_events WHERE organisation_id = ${one}`),
    ).toBe(0)
    expect(await countOf(sql`SELECT count(*)::int AS count FROM organisations WHERE id = ${one}`)).toBe(0)
  })
})
