/**
 * An agreement that does not bill as the plan assumes, through whole syncs (docs/billing-rules.md,
 * "Fit for P"; F13).
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unfitSpans } from '#db/mappings/unfit-spans.ts'
import {
  additionsOf,
  agreementId,
  april,
  createMapped,
  detectAndSync,
  lastRun,
  startWorld,
  sync,
  type World,
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

/** A person changes the agreement in ConnectWise. */
const change = (fields: Readonly<Record<string, unknown>>): void => {
  const { store } = world.connectWise
  const row = store.get('agreements', agreementId)
  if (row === undefined) throw new Error('the agreement is there')
  store.put('agreements', { ...row, ...fields }, 'Ann')
}
const cycle = (id: number) => change({ billingCycle: { id } })
const invoiceIt = async (): Promise<void> => {
  const { status } = await fetch(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`, {
    method: 'POST',
  })
  expect(status).toBeLessThan(300)
}
const issueNext = () => fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })
const findings = async (): Promise<string[]> => {
  const { item } = await lastRun(world, organisationId)
  return [
    ...new Set(
      item.months.flatMap((plan) =>
        plan.subscriptions.flatMap((row) => row.findings.map(({ code }) => code)),
      ),
    ),
  ]
}

it.each<[string, Readonly<Record<string, unknown>>]>([
  ['is not billed by the month: Quarterly', { billingCycle: { id: 3 } }],
  ['is not billed by the month: Yearly', { billingCycle: { id: 4 } }],
  ['is not billed by the month: None', { billingCycle: { id: 1 } }],
  ['was cancelled', { cancelledFlag: true, dateCancelled: '2026-03-31T00:00:00Z' }],
  ['ended before the usage', { noEndingDateFlag: false, endDate: '2026-03-31T00:00:00Z' }],
  ['prorates no more', { prorateFlag: false }],
])('that %s is an Error with the reason, and nothing is written [F13]', async (_what, fields) => {
  change(fields)
  await detectAndSync(world, organisationId)
  const { item } = await lastRun(world, organisationId)
  expect(item.status).toBe('Error')
  expect(await findings()).toEqual(['agreement-unfit'])
  expect(writesTo(world.connectWise)).toEqual([])
})

it('that ended with the usage and has expired since still carries it [12a]', async () => {
  change({ noEndingDateFlag: false, endDate: '2026-04-30T00:00:00Z' })
  await detectAndSync(world, organisationId)
  const inside = april.filter((each) => !each.includes('2026-05-01'))
  expect(await additionsOf(world)).toEqual(inside.map((each) => each.replace(' open ', ' 2026-04-30 ')))
})

describe('that was billed by the quarter for a time [12b]', () => {
  it('waits with the months that ConnectWise invoiced meanwhile, and goes on with the next', async () => {
    await detectAndSync(world, organisationId)
    const before = await additionsOf(world)
    cycle(3)
    await issueNext()
    await detectAndSync(world, organisationId)
    expect(await findings()).toEqual(['agreement-unfit'])
    await invoiceIt()
    expect(await unfitSpans(world.db, organisationId, agreementId)).toEqual([
      { from: '2026-04-01', until: null },
    ])
    cycle(2)
    await sync(world, organisationId)
    expect(await unfitSpans(world.db, organisationId, agreementId)).toEqual([
      { from: '2026-04-01', until: '2026-07-01' },
    ])
    expect(await findings()).toContain('late-month-waits')
    expect(await additionsOf(world)).toEqual(before)
  })

  it('waits with nothing where it was set back before an invoice', async () => {
    await detectAndSync(world, organisationId)
    cycle(3)
    await issueNext()
    await detectAndSync(world, organisationId)
    cycle(2)
    await sync(world, organisationId)
    expect(await findings()).not.toContain('late-month-waits')
    expect((await additionsOf(world)).filter((each) => each.includes('sub-1'))).toContain(
      'A sub-1 2026-06-01 open 6 10 12',
    )
  })
})
