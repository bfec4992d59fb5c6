/**
 * Whatever goes wrong at whichever write of a One-Time agreement's sync (J9), the scheduled job by itself ends in the additions of one in
 * which nothing went wrong, and one sync more writes nothing. Two lines of the first invoice are equal in all that they charge.
 */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drain } from '#lib/jobs/drain.ts'
import { letTimePass, syncKilled } from '../testing/killing.ts'
import { issueAnnual, mapOneTime, startOneTimeWorld } from '../testing/one-time-world.ts'
import { brief, settlesSoon, unhurried, workerOf } from '../testing/processes.ts'
import { kinds } from '../testing/sweep/kinds.ts'
import { additionsOf, detectAndSync, sync, type World, writesTo } from '../testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startOneTimeWorld()
  organisationId = await mapOneTime(world)
  const term = { subscriptionId: 'term-2', product: 'b', seats: 3 } as const
  await issueAnnual(world, '2026-05-10', [{}, {}, term])
  const increase = { seats: 1, first: '2026-05-20', totals: [93.37, 116.71] } as const
  await issueAnnual(world, '2026-05-20', [increase])
})
afterEach(() => world.close())

/** A catalog item and four additions. */
const all = [1, 2, 3, 4, 5]
/** `SWEEP=full` strikes each of them. */
const writes = process.env.SWEEP === 'full' ? all : [3]
const undisturbed = [
  'A term-1 2026-05-10 2026-05-10 5 96 120',
  'A term-1 2026-05-10 2026-05-10 5 96 120',
  'A term-1 2026-05-20 2026-05-20 1 93.37 116.71',
  'B term-2 2026-05-10 2026-05-10 3 96 120',
]
const looks = 6

/** The scheduled call goes on until nothing is left, an hour later each time. */
const endsWell = async (): Promise<void> => {
  for (let look = 0; look < looks; look += 1) {
    await world.db.execute(
      sql`UPDATE one_time_mappings SET look_again_at = now() WHERE look_again_at IS NOT NULL`,
    )
    await world.db.execute(sql`UPDATE pgboss.job SET start_after = now() WHERE state IN ('created', 'retry')`)
    await letTimePass({ world })
    await detectAndSync(world, organisationId)
    if ((await additionsOf(world)).length === undisturbed.length) break
  }
  expect(await additionsOf(world)).toEqual(undisturbed)
  const before = writesTo(world.connectWise).length
  await sync(world, organisationId)
  expect(writesTo(world.connectWise)).toHaveLength(before)
  expect(await additionsOf(world)).toEqual(undisturbed)
}

const struck = [
  'cut before it took effect',
  'cut after it took effect',
  'takes effect late',
  'answered unreadably',
  'answered 500',
  'answered 429',
  'not shown at once',
] as const

describe('a sync of annual invoices', () => {
  it('needs a catalog item and four additions', async () => {
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(undisturbed)
    expect(writesTo(world.connectWise)).toHaveLength(all.length)
  })

  for (const name of struck)
    for (const write of writes)
      it(`whose write ${write} is ${name} ends as if nothing had happened [docs/applying.md]`, async () => {
        const { rule, patience } = kinds[name] ?? {}
        if (rule === undefined || patience === undefined) throw new Error(`${name} is no kind`)
        const isBrief = patience.clientMs < unhurried.clientMs
        world.worker = workerOf(world.db, world.addresses, isBrief ? brief : settlesSoon)
        world.connectWise.faults.add([{ ...rule, method: 'write', path: '*', nth: write }])
        await detectAndSync(world, organisationId)
        expect(world.connectWise.faults.list()).toMatchObject([{ struck: 1 }])
        world.connectWise.faults.clear()
        await endsWell()
      })

  for (const write of writes)
    for (const side of ['before', 'after'] as const)
      it(`whose process is killed ${side} write ${write} goes on where it was [docs/applying.md]`, async () => {
        expect(await syncKilled({ world, organisationId }, { write, side })).toBe('SIGKILL')
        await letTimePass({ world })
        await drain(world.worker, { budgetMs: 20_000 })
        await endsWell()
      })
})
