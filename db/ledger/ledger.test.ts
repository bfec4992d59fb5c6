import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { pauseTokens, takeToken } from '#db/pacing/pacing.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { addition } from '#lib/billing/testing/factories.ts'
import type { Change, Lot, Money, Period, Quantity } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { insertIntent, ownedAdditions, settleChange, unsettledChanges } from './changes.ts'
import { prolongLease, releaseLease, takeLease } from './leases.ts'

let database: TestDatabase
let opened: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const newOrganisation = async (): Promise<string> =>
  (await createOrganisation(opened.db, { name: 'Northwind' })).id
const lease = (resource = 'microsoft-csp/agreement/1') => ({
  resource,
  token: randomUUID(),
  holder: 'test',
  durationMs: 60_000,
})

describe('a lease', () => {
  it('has one holder until it is released or expires [docs/applying.md]', async () => {
    const organisationId = await newOrganisation()
    const [first, second] = [lease(), lease()]
    expect(await takeLease(opened.db, organisationId, first)).toBe(true)
    expect(await takeLease(opened.db, organisationId, second)).toBe(false)
    await releaseLease(opened.db, organisationId, first)
    expect(await takeLease(opened.db, organisationId, { ...second, durationMs: 0 })).toBe(true)
    expect(await prolongLease(opened.db, organisationId, second)).toBe(false)
    expect(await takeLease(opened.db, organisationId, first)).toBe(true)
  })

  it('goes to one of many that ask at once [docs/applying.md]', async () => {
    const organisationId = await newOrganisation()
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeLease(opened.db, organisationId, lease())),
    )
    expect(taken.filter(Boolean)).toHaveLength(1)
  })
})

describe('the ledger', () => {
  const kept = addition(1, '2026-09-01', null, { id: 7 })
  const keep: Change = { kind: 'keep', reason: { rule: 'unchanged' }, additionId: 7, addition: kept }
  const intent = (leaseToken: string) => ({
    program: 'microsoft-csp',
    agreementId: 1,
    runId: randomUUID(),
    period: '2026-09' as Period,
    invoiceId: '90001',
    subscriptionId: subscriptionKey('sub-1'),
    leaseToken,
    kind: 'keep' as const,
    intent: keep,
    round: null,
    position: null,
  })
  const lot = (price: string): Lot => {
    const amount = { cost: price as Money, price: price as Money }
    return { quantity: '1' as Quantity, origin: 'adopted', prism: amount, set: amount }
  }

  it('takes no intent from who does not hold the lease [docs/applying.md]', async () => {
    const organisationId = await newOrganisation()
    const held = lease()
    expect(await insertIntent(opened.db, organisationId, held.resource, intent(held.token))).toBeNull()
    await takeLease(opened.db, organisationId, held)
    expect(await insertIntent(opened.db, organisationId, held.resource, intent(held.token))).toBeGreaterThan(
      0,
    )
    expect(await insertIntent(opened.db, organisationId, held.resource, intent(randomUUID()))).toBeNull()
    await releaseLease(opened.db, organisationId, held)
    expect(await insertIntent(opened.db, organisationId, held.resource, intent(held.token))).toBeNull()
  })

  it('knows what is ours by the last lots of each addition that were written or adopted', async () => {
    const organisationId = await newOrganisation()
    const held = lease()
    await takeLease(opened.db, organisationId, held)
    const note = async (lots: Lot[] | null, outcome: 'pending' | 'done') =>
      insertIntent(
        opened.db,
        organisationId,
        held.resource,
        { ...intent(held.token), additionId: 7, lots },
        outcome,
      )
    await note([lot('1')], 'done')
    await note([lot('2')], 'done')
    await note(null, 'done')
    await note([lot('3')], 'pending')
    const owned = await ownedAdditions(opened.db, organisationId, 'microsoft-csp', 1)
    expect(owned).toEqual([{ additionId: 7, created: false, lots: [lot('2')] }])
  })

  it('gives writes without an outcome, oldest first, until they are settled', async () => {
    const organisationId = await newOrganisation()
    const held = lease()
    await takeLease(opened.db, organisationId, held)
    const ids = [
      await insertIntent(opened.db, organisationId, held.resource, intent(held.token)),
      await insertIntent(opened.db, organisationId, held.resource, intent(held.token)),
    ]
    const open = async () =>
      (await unsettledChanges(opened.db, organisationId, 'microsoft-csp', 1)).map((each) => each.id)
    expect(await open()).toEqual(ids)
    await settleChange(opened.db, organisationId, ids[0] ?? 0, { outcome: 'lost' })
    await settleChange(opened.db, organisationId, ids[1] ?? 0, { outcome: 'unknown' })
    expect(await open()).toEqual([ids[1]])
  })
})

describe('pacing', () => {
  const pace = { requestsPerMinute: 600, burst: 3 }
  const take = (organisationId: string) => takeToken(opened.db, organisationId, 'connectwise', pace)

  it('lets a burst through at once and then one request each 100 ms, whoever asks', async () => {
    const organisationId = await newOrganisation()
    const waits = (await Promise.all(Array.from({ length: 8 }, () => take(organisationId)))).sort(
      (a, b) => a - b,
    )
    expect(waits.slice(0, 3)).toEqual([0, 0, 0])
    for (const [i, wait] of waits.slice(3).entries()) expect(Math.abs(wait - (i + 1) * 100)).toBeLessThan(90)
  })

  it('lets nobody through while the other side asked for a pause', async () => {
    const organisationId = await newOrganisation()
    await pauseTokens(opened.db, organisationId, 'connectwise', pace, 5000)
    expect(await take(organisationId)).toBeGreaterThan(4500)
    expect(await take(await newOrganisation())).toBe(0)
  })
})
