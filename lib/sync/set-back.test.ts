/** What somebody edited by hand is set back (docs/billing-rules.md, "Setting back"): against both stand-ins, and cut short. */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Money, Quantity } from '#lib/billing/types.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestSetBack, requestUndo } from '#lib/jobs/requests.ts'
import { hasStruck, loseConnection } from './testing/losing-connections.ts'
import { clientsOf } from './testing/processes.ts'
import {
  additionsOf,
  agreementId,
  april,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  sync,
  type World,
} from './testing/world.ts'

let world: World
let organisationId: string
let runId: string
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
  await detectAndSync(world, organisationId)
  runId = (await lastRun(world, organisationId)).run.id
  await edit('sub-1', { quantity: '9' as Quantity })
  await edit('sub-2', { unitPrice: '1.5' as Money })
})
afterEach(() => world.close())

/** What somebody types over of the subscription's open addition. */
async function edit(
  subscriptionId: string,
  set: { readonly quantity?: Quantity; readonly unitPrice?: Money },
): Promise<void> {
  const { connectWise } = clientsOf(world.addresses)
  const { additions } = await connectWise.additions(agreementId)
  const open = additions.find(
    ({ serialNumber, cancelledDate }) => serialNumber === subscriptionId && cancelledDate === null,
  )
  if (open === undefined) throw new Error('It has an open addition')
  await connectWise.patchAddition(agreementId, open.id, set)
}
const setBack = (subscriptionIds: readonly string[]): Promise<string> =>
  requestSetBack(world.db, {
    organisationId,
    program,
    agreementId,
    subscriptionIds,
    trigger: 'hand',
    actor: 'Ann',
  })
const work = () => drain(world.worker, { budgetMs: 30_000 })

describe('setting back', () => {
  it('leads back to what the sync had left, and later syncs write nothing', async () => {
    expect(await additionsOf(world)).not.toEqual(april)
    await setBack(['sub-1', 'sub-2'])
    await work()
    expect(await additionsOf(world)).toEqual(april)
    const { run, item } = await lastRun(world, organisationId)
    expect([run.status, run.setsBack]).toEqual(['Success', ['sub-1', 'sub-2']])
    expect(
      item.months[0]?.subscriptions.map(({ subscriptionId, applied }) => [
        subscriptionId,
        applied.map(({ outcome }) => outcome),
      ]),
    ).toEqual([
      ['sub-1', ['done']],
      ['sub-2', ['done']],
    ])
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
  })

  it('leaves what was not chosen as it was edited', async () => {
    await setBack(['sub-1'])
    await work()
    const left = await additionsOf(world)
    expect(left).not.toEqual(april)
    expect(left.filter((each) => each.includes('sub-1'))).toEqual(
      april.filter((each) => each.includes('sub-1')),
    )
  })

  it('lets the sync before it be undone, all of it', async () => {
    await setBack(['sub-1', 'sub-2'])
    await work()
    await requestUndo(world.db, { organisationId, runId, trigger: 'hand', actor: 'Ann' })
    await work()
    const { item } = await lastRun(world, organisationId)
    expect(item.status).not.toBe('Error')
    expect((await additionsOf(world)).filter((each) => /sub-[12]/.test(each))).toEqual([])
  })

  it.each([1, 2, 3, 4])(
    'that is cut short by a lost connection at its %i. note in the ledger goes on to the same end',
    async (nth) => {
      await setBack(['sub-1', 'sub-2'])
      await loseConnection(world, 'changes', nth)
      await work()
      // A write of which the answer was not noted is settled once nothing late can show any more.
      await world.db.execute(
        sql`UPDATE changes SET settled_at = settled_at - interval '1 hour' WHERE outcome = 'unknown'`,
      )
      await work()
      expect(await hasStruck(world.db, nth)).toBe(true)
      expect(await additionsOf(world)).toEqual(april)
    },
  )
})
