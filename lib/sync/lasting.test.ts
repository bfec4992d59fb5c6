/**
 * What costs money goes on waiting for a person through months that are fine in all else, until it is mended or muted (J3). Three
 * subscriptions: one that a clerk sells below cost, one at another price than PRISM's, one annual.
 */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lastingSums } from '#db/mappings/lasting-points.ts'
import { agreedPrices, mutes } from '#db/mappings/lasting-table.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { auditEvents } from '#db/people/tables.ts'
import type { LastingCause } from '#lib/billing/lasting-points.ts'
import type { MuteTerm } from '#lib/billing/mute-terms.ts'
import type { Day, Money } from '#lib/billing/types.ts'
import { agreePrice, offeredPrice } from '#lib/inbox/agree-price.ts'
import { inboxPage, waitingGroups, waitingIn } from '#lib/inbox/inbox.ts'
import { mute, unmute } from '#lib/inbox/mute.ts'
import { situationOf } from '#lib/notify/situation.ts'
import { annualTermBilledMonthly } from '#standin/prism/history.ts'
import { licences, start } from '#standin/prism/testing.ts'
import {
  additionsOf,
  agreementId,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  sync,
  tenantId,
  type World,
} from './testing/world.ts'

let world: World
let organisationId: string
let now: Date

beforeEach(async () => {
  now = new Date()
  world = await startWorld({
    subscriptions: [
      { ...licences(start(5)), subscriptionId: 'sub-1' },
      { ...licences(start(3, '2025-06-01', 'b')), subscriptionId: 'sub-2' },
      { ...licences(start(2, '2025-06-01', 'c')), subscriptionId: 'sub-3', term: annualTermBilledMonthly },
    ],
  })
  organisationId = await createMapped(world.db)
  await detectAndSync(world, organisationId)
})
afterEach(() => world.close())

const issue = async (): Promise<void> => {
  await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
}
const nextMonth = async (): Promise<void> => {
  await issue()
  await detectAndSync(world, organisationId)
}
/** A clerk sets the price of what runs on of a subscription. */
const price = (serialNumber: string, unitPrice: number): void => {
  const { store } = world.connectWise
  const found = store
    .additionsOf(agreementId)
    .find((each) => each['serialNumber'] === serialNumber && !each['cancelledDate'])
  store.put('additions', { ...found, id: Number(found?.id), unitPrice }, 'GClerk')
}
const stored = async () =>
  (await lastingSums(world.db, organisationId, program, null)).map(({ cause, amount, period }) => [
    cause,
    amount,
    period,
  ])
const inbox = () => ({ db: world.db, organisationId, program })
const everything = { agreementIds: null, kind: null }
const waiting = async (): Promise<string[]> =>
  (await inboxPage(inbox(), everything, 1)).groups.map(({ cause }) => cause)
const toldOf = async (): Promise<[string, boolean][]> =>
  (await situationOf(world.db, organisationId, program, now)).facts.flatMap(({ id, isMuted }) => {
    const [kind, , cause] = JSON.parse(id) as string[]
    return kind === 'lasting' ? [[cause ?? '', isMuted]] : []
  })
const ctx = () => ({ ...inbox(), actor: 'Ann', now: () => now })
const muted = (cause: LastingCause, amount: string, term: MuteTerm = 'one-month', reason = 'a gift') =>
  mute({ ctx: ctx(), input: { tenantId, cause, amount: amount as Money, reason, term } })
const ends = async (): Promise<(string | null)[]> =>
  (await world.db.select().from(mutes).orderBy(mutes.mutedAt)).map(({ endedAs }) => endedAs)
const audited = async (): Promise<string[]> =>
  (await world.db.select().from(auditEvents).orderBy(auditEvents.id)).map(({ action }) => action)

describe('what costs money', () => {
  it('goes on waiting while months are synced that are fine in all else, until it is mended [J3]', async () => {
    expect(await stored()).toEqual([['ignored/annual', '50', '2026-04']])
    price('sub-1', 8)
    price('sub-2', 8)
    await nextMonth()
    const all = (month: string) => [
      ['below-cost', '10', month],
      ['difference/price', '3', month],
      ['ignored/annual', '50', month],
    ]
    expect(await stored()).toEqual(all('2026-05'))
    await nextMonth()
    expect(await stored()).toEqual(all('2026-06'))
    expect((await lastRun(world, organisationId)).item.status).toBe('Warning')
    expect((await waiting()).toSorted()).toEqual(['below-cost', 'difference/price', 'ignored/annual'])
    // By hand, once more: nothing is new, and nothing is gone.
    await sync(world, organisationId)
    expect(await stored()).toEqual(all('2026-06'))
    price('sub-1', 12)
    price('sub-2', 9)
    await nextMonth()
    expect(await stored()).toEqual([['ignored/annual', '50', '2026-07']])
  })

  it('stays where ConnectWise has invoiced the month, and it is synced again by hand [J3]', async () => {
    price('sub-1', 8)
    await nextMonth()
    const before = await stored()
    const invoice = `${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`
    for (const _ of ['April', 'May']) await fetch(invoice, { method: 'POST', body: '{}' })
    await sync(world, organisationId)
    expect(await stored()).toEqual(before)
  })

  it('stays where its next month fails, as nothing looked at it [J3]', async () => {
    price('sub-1', 8)
    await nextMonth()
    const { store } = world.connectWise
    // Two items have the product's SKU: nothing of it can be planned.
    const [item] = store.all('catalog')
    store.put('catalog', { ...item, id: 77, identifier: 'TWICE' }, 'GClerk')
    await nextMonth()
    expect((await lastRun(world, organisationId)).item.status).toBe('Error')
    expect((await stored()).map(([cause]) => cause)).toContain('below-cost')
  })

  it('is not of a customer that syncs no more, and back with it [J3]', async () => {
    const of = { companyId: 10, agreementId }
    await putMapping(world.db, organisationId, program, tenantId, { ...of, syncEnabled: false })
    expect((await waiting()).filter((cause) => cause.startsWith('ignored'))).toEqual([])
    await putMapping(world.db, organisationId, program, tenantId, { ...of, syncEnabled: true })
    expect(await waiting()).toEqual(['ignored/annual'])
  })
})

describe('a price that is offered', () => {
  const place = { tenantId, subscriptionId: 'SUB-1' }
  const agree = (unitPrice = '12', from = '2026-06-01') =>
    agreePrice({
      ctx: ctx(),
      input: { ...place, unitPrice: unitPrice as Money, from: from as Day },
    })
  const ofOne = async () => (await additionsOf(world)).filter((each) => each.includes('sub-1'))
  const pending = async () => (await world.db.select().from(agreedPrices)).length
  beforeEach(async () => {
    price('sub-1', 8)
    await nextMonth()
  })

  it('is written once a person says yes, by the sync that follows, and its cause is gone [J3]', async () => {
    expect(await offeredPrice(ctx(), place)).toEqual({ agreementId, unitPrice: '12', from: '2026-06-01' })
    await sync(world, organisationId)
    expect(await ofOne()).toEqual(['A sub-1 2026-04-01 open 5 10 8'])
    await agree()
    await sync(world, organisationId)
    const after = ['A sub-1 2026-04-01 2026-05-31 5 10 8', 'A sub-1 2026-06-01 open 5 10 12']
    expect(await ofOne()).toEqual(after)
    expect(await waiting()).toEqual(['ignored/annual'])
    expect(await pending()).toBe(0)
    await nextMonth()
    expect(await ofOne()).toEqual(after)
    expect(await audited()).toContain('agree-price')
  })

  it('is written, too, where ConnectWise has invoiced the month meanwhile and the day was offered so [J3]', async () => {
    const invoice = `${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`
    for (const _ of ['April', 'May', 'June']) await fetch(invoice, { method: 'POST', body: '{}' })
    // Of the day that was offered before nobody has said yes to another one.
    await agree()
    await sync(world, organisationId)
    expect(await ofOne()).toEqual(['A sub-1 2026-04-01 open 5 10 8'])
    expect(await pending()).toBe(0)
    await agree('12', '2026-07-01')
    await sync(world, organisationId)
    expect(await ofOne()).toEqual(['A sub-1 2026-04-01 2026-06-30 5 10 8', 'A sub-1 2026-07-01 open 5 10 12'])
    expect(await waiting()).toEqual(['ignored/annual'])
  })

  it('is refused at another price or day than is offered, and where none is [J3]', async () => {
    await expect(agree('11')).rejects.toMatchObject({ code: 'conflict' })
    await expect(agree('12', '2026-07-01')).rejects.toMatchObject({ code: 'conflict' })
    const other = { ...place, subscriptionId: 'sub-2' }
    await expect(offeredPrice(ctx(), other)).rejects.toMatchObject({ code: 'not-found' })
    expect(await pending()).toBe(0)
  })

  it('waits for the next sync where ConnectWise refuses it, and nothing is lost [F8]', async () => {
    await agree()
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions' }])
    await sync(world, organisationId)
    expect((await lastRun(world, organisationId)).item.status).toBe('Error')
    expect(await pending()).toBe(1)
    world.connectWise.faults.clear()
    await sync(world, organisationId)
    expect(await ofOne()).toEqual(['A sub-1 2026-04-01 2026-05-31 5 10 8', 'A sub-1 2026-06-01 open 5 10 12'])
    expect(await pending()).toBe(0)
  })
})

describe('what is muted', () => {
  beforeEach(async () => {
    price('sub-1', 8)
    await nextMonth()
  })
  const countOf = async (agreementIds: readonly number[] | null) =>
    waitingIn(await waitingGroups(inbox(), { ...everything, agreementIds }))
  const count = () => countOf(null)

  it('leaves the inbox, its counts and what people are told, and stays a Warning of each sync [J3]', async () => {
    expect(await count()).toBe(2)
    await muted('below-cost', '10')
    expect(await waiting()).toEqual(['ignored/annual'])
    expect(await count()).toBe(1)
    expect(await countOf([agreementId])).toBe(1)
    expect(Object.fromEntries(await toldOf())).toEqual({ 'below-cost': true, 'ignored/annual': false })
    await nextMonth()
    expect((await lastRun(world, organisationId)).item.status).toBe('Warning')
    expect(await count()).toBe(1)
    expect(await ends()).toEqual([null])
  })

  it('is back when its amount changes, and is noted as that; the amount before does not mute it again [J3]', async () => {
    await muted('below-cost', '10')
    price('sub-1', 7)
    await sync(world, organisationId)
    expect(await waiting()).toContain('below-cost')
    expect(await ends()).toEqual(['returned'])
    price('sub-1', 8)
    await sync(world, organisationId)
    expect(await waiting()).toContain('below-cost')
    expect(await audited()).toEqual(expect.arrayContaining(['mute', 'mute-returned']))
  })

  it('ends with its cause, which is news when it comes back [J3]', async () => {
    await muted('below-cost', '10')
    price('sub-1', 12)
    await sync(world, organisationId)
    expect(await ends()).toEqual(['cleared'])
    price('sub-1', 8)
    await nextMonth()
    expect(await waiting()).toContain('below-cost')
    expect(await audited()).toContain('mute-cleared')
  })

  it('is back once its time is over, in the organisation’s time zone, and a look notes that [J3]', async () => {
    await world.db.execute(sql`UPDATE organisations SET time_zone = 'Pacific/Kiritimati'`)
    now = new Date('2026-11-26T09:59:00Z')
    const of = await muted('below-cost', '10', 'one-month')
    expect(of.until).toBe('2026-12-26')
    const facts = async (at: string) => {
      now = new Date(at)
      return Object.fromEntries(await toldOf())['below-cost']
    }
    expect(await facts('2026-12-26T09:59:59Z')).toBe(true)
    expect(await facts('2026-12-26T10:00:00Z')).toBe(false)
    await world.db.update(mutes).set({ until: '2026-01-01' as never })
    expect(await waiting()).toContain('below-cost')
    await detectAndSync(world, organisationId)
    expect(await ends()).toEqual(['expired'])
    expect(await audited()).toContain('mute-expired')
  })

  it('until the next invoice is back with it, whatever that says [J3]', async () => {
    await muted('below-cost', '10', 'next-invoice')
    await sync(world, organisationId)
    expect(await waiting()).toEqual(['ignored/annual'])
    await nextMonth()
    expect(await waiting()).toContain('below-cost')
    expect(await ends()).toEqual(['expired'])
  })

  it('is muted once however often that is pressed, and changed where another time is given [J3]', async () => {
    const both = await Promise.all([muted('below-cost', '10'), muted('below-cost', '10.00')])
    expect(new Set(both.map(({ id }) => id)).size).toBe(1)
    expect((await audited()).filter((action) => action === 'mute')).toHaveLength(1)
    const longer = await muted('below-cost', '10', 'three-months')
    expect(await ends()).toEqual(['replaced', null])
    await unmute({ ctx: ctx(), input: { tenantId, id: longer.id } })
    expect(await waiting()).toContain('below-cost')
    await expect(unmute({ ctx: ctx(), input: { tenantId, id: longer.id } })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect((await audited()).slice(-1)).toEqual(['unmute'])
  })

  it('is refused of another amount than is there, of what is not there, and of a day out of reach [J3]', async () => {
    await expect(muted('below-cost', '11')).rejects.toMatchObject({ code: 'conflict' })
    await expect(muted('difference/drift', '10')).rejects.toMatchObject({ code: 'not-found' })
    for (const term of ['2020-01-01', '2099-01-01'])
      await expect(muted('below-cost', '10', term as MuteTerm)).rejects.toMatchObject({
        code: 'request-invalid',
      })
    expect(await ends()).toEqual([])
  })
})
