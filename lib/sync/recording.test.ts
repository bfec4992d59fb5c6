/** A sync whose database goes away at the very moment at which it stores something: it goes on where it stopped, and nothing falls between. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { putMapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import type { Period } from '#lib/billing/types.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { hasStruck, loseConnection } from './testing/losing-connections.ts'
import {
  additionsOf,
  agreementId,
  createMapped,
  program,
  startWorld,
  sync,
  tenantId,
  type World,
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
/** A customer with two months to catch up on; its organisation's id. */
const twoMonthsBehind = async (of: World): Promise<string> => {
  const id = await createMapped(of.db)
  await putMapping(of.db, id, program, tenantId, {
    companyId: 10,
    agreementId,
    syncEnabled: true,
    firstPeriod: '2026-04' as Period,
  })
  await fetch(`${of.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
  return id
}
beforeEach(async () => {
  world = await startWorld()
  organisationId = await twoMonthsBehind(world)
})
afterEach(() => world.close())

/** What the scheduled call does, until nothing is left. */
const lookAndSync = async (): Promise<void> => {
  await enqueueDetect(world.db, { organisationId, program })
  const { jobsLeft } = await drain(world.worker, { budgetMs: 30_000 })
  expect(jobsLeft).toBe(0)
}
const good = async (): Promise<string[]> =>
  (await periodStatesOf(world.db, organisationId, program, [tenantId]))
    .map(({ period, subscriptionId, state }) => `${period} ${subscriptionId} ${state}`)
    .sort()

const bothMonths = ['2026-04', '2026-05'].flatMap((month) =>
  ['sub-1', 'sub-2', 'sub-3'].map((id) => `${month} ${id} good`),
)
let undisturbed: string[]
beforeAll(async () => {
  const calm = await startWorld()
  await enqueueDetect(calm.db, { organisationId: await twoMonthsBehind(calm), program })
  await drain(calm.worker, { budgetMs: 30_000 })
  undisturbed = await additionsOf(calm)
  await calm.close()
})

describe('a sync whose database is lost', () => {
  it.each([
    ['as a month that is proved is recorded', 'period_states', 1, 'true'],
    ['as the second month is recorded', 'period_states', 4, 'true'],
    ['as the end of a month is stored', 'run_periods', 1, "NEW.end = 'proved'"],
    ['as the end of what was sent is stored', 'run_periods', 1, "NEW.end = 'sent'"],
    ['as a plan is stored', 'run_periods', 1, 'NEW.end IS NULL'],
    ['as a write is answered', 'changes', 2, "NEW.outcome = 'done'"],
    ['as its agreement is finished', 'run_items', 1, "NEW.state = 'finished'"],
  ])('%s: it is done in the end, and all is known of it [docs/applying.md]', async (_, table, nth, when) => {
    await loseConnection(world, table, nth, when)
    await lookAndSync()
    expect(await hasStruck(world.db, nth)).toBe(true)
    expect(await good()).toEqual(bothMonths)
    expect(await additionsOf(world)).toEqual(undisturbed)
    const writes = writesTo(world.connectWise).length
    await sync(world, organisationId)
    expect(writesTo(world.connectWise).length).toBe(writes)
  })
})
