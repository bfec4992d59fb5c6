/**
 * What ConnectWise has invoiced stays as it was invoiced (docs/billing-rules.md, "Days billed"): PRISM
 * issues, the product syncs, the stand-in's billing engine invoices, and a clerk edits. 5 x 12.00, one
 * subscription.
 */
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import type { BilledAs, Day } from '#lib/billing/types.ts'
import { answerBilled } from '#lib/inbox/billed-answers.ts'
import { contextOf } from '#lib/jobs/context.ts'
import type { Row } from '#standin/connectwise/records.ts'
import { licences, quantity, start } from '#standin/prism/testing.ts'
import { previewAgreement } from './run.ts'
import {
  additionsOf,
  agreementId,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  type StartOptions,
  startWorld,
  sync,
  type World,
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
const begin = async (options: StartOptions): Promise<void> => {
  world = await startWorld(options)
  organisationId = await createMapped(world.db)
  await on('2026-05-02')
  await detectAndSync(world, organisationId)
}
afterEach(() => world.close())

const ask = async (url: string, method: string, body?: unknown): Promise<Response> => {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response
}
/** ConnectWise's day from now on; what was written before is no news. */
const on = async (today: string): Promise<void> => {
  await ask(`${world.addresses.connectWise}/control/clock`, 'PUT', { today })
  await world.db.execute(sql`UPDATE changes SET settled_at = settled_at - interval '1 day'`)
  await world.db.execute(
    sql`UPDATE readings SET first_read_at = first_read_at - interval '1 day', last_read_at = last_read_at - interval '1 day'`,
  )
}
const invoice = async (today: string): Promise<void> => {
  await on(today)
  await ask(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`, 'POST')
}
/** The next PRISM invoice comes, and the scheduled call syncs it. */
const nextMonth = async (): Promise<void> => {
  await ask(`${world.addresses.prism}/control/invoices/next`, 'POST', {})
  await detectAndSync(world, organisationId)
}
const running = (): Row => {
  const open = world.connectWise.store.additionsOf(agreementId).filter((each) => !each.cancelledDate)
  const [addition] = open
  if (addition === undefined || open.length > 1) throw new Error(`${open.length} additions run on`)
  return addition
}
const edit = async (today: string, fields: Record<string, unknown>): Promise<void> => {
  await on(today)
  world.connectWise.store.put('additions', { ...running(), ...fields }, 'GClerk')
}
/** By month, what all of ConnectWise's invoices bill for it. */
const billed = async (): Promise<Record<string, number>> => {
  const response = await ask(
    `${world.addresses.connectWise}/control/agreements/${agreementId}/invoices`,
    'GET',
  )
  const months: Record<string, number> = {}
  for (const { lines } of (await response.json()) as { lines: { month: string; price: string }[] }[])
    for (const { month, price } of lines)
      months[month] = Math.round(100 * (months[month] ?? 0) + 100 * Number(price)) / 100
  return months
}
const lastPlan = async () => (await lastRun(world, organisationId)).item.months.at(-1)

describe('in arrears, an addition that is changed after its month was invoiced [F19]', () => {
  const sold = { subscriptions: [licences(start(5))] }
  const deleted = async (): Promise<void> => {
    await on('2026-06-05')
    world.connectWise.store.remove('additions', running().id, 'GClerk')
  }

  const changedTo = (now: string) =>
    `Addition 1 was changed in ConnectWise after it was invoiced for April 2026, at 60.00; it would now be ${now}`

  it.each([
    ['edited to 7', () => edit('2026-06-05', { quantity: 7 }), 60, changedTo('84.00')],
    [
      'deleted',
      deleted,
      60,
      'Addition 1 was deleted in ConnectWise after it was invoiced for April 2026, at 60.00',
    ],
    // Existing additions are never repriced: its price goes on, and is named as edited.
    ['given another price', () => edit('2026-06-05', { unitPrice: 20 }), 100, changedTo('100.00')],
  ])(
    '%s, is billed for that month as it was, and right from the next one on',
    async (_, change, may, message) => {
      await begin(sold)
      expect(await additionsOf(world)).toEqual(['A sub-1 2026-04-01 open 5 10 12'])
      await invoice('2026-06-01')
      await change()
      const before = writesTo(world.connectWise)
      await sync(world, organisationId)
      expect(writesTo(world.connectWise), 'April is not planned again').toEqual(before)
      const [shown] = (await lastPlan())?.subscriptions ?? []
      expect(shown).toMatchObject({ status: 'No Change', billed: { price: '60' }, invoiced: { price: '60' } })
      expect(shown?.findings.map(({ message }) => message)).toEqual([message])
      await nextMonth()
      await invoice('2026-07-01')
      expect(await billed()).toEqual({ '2026-04': 60, '2026-05': may })
      await nextMonth()
      await invoice('2026-08-01')
      expect(await billed()).toEqual({ '2026-04': 60, '2026-05': may, '2026-06': may })
      const written = writesTo(world.connectWise)
      await sync(world, organisationId)
      expect(writesTo(world.connectWise)).toEqual(written)
    },
  )
})

describe('an agreement that nobody edits', () => {
  it('costs no request more in a month after which ConnectWise has invoiced [docs/architecture.md, "Budgets"]', async () => {
    await begin({ subscriptions: [licences(start(5))] })
    await invoice('2026-06-01')
    world.connectWise.requests.reset()
    await nextMonth()
    const { requests } = world.connectWise.requests.report()
    const finance = requests.map(({ method, path }) => `${method} ${path.replace(/^.*\/finance|\?.*$/g, '')}`)
    expect(finance.filter((each) => /additions|agreements\/30|invoices/.test(each))).toEqual([
      'GET /agreements/30',
      'GET /agreements/30/additions',
    ])
  })
})

describe('in advance, an addition that is changed between two invoices [F15][F19]', () => {
  const inAdvance = { periodType: 'Future' }
  const invoiceAprilAndMay = async (): Promise<void> => {
    await invoice('2026-05-02')
    await invoice('2026-05-03')
  }
  const look = async (): Promise<void> => {
    const ctx = await contextOf(world.worker, organisationId, program, 'Ann')
    await previewAgreement({ ctx, input: { agreementId } })
  }

  it.each([
    ['of which each was seen before the next', true],
    ['which were both made since the last reading', false],
  ])('%s, counts as each of them billed it', async (_, isSeen) => {
    await begin({
      subscriptions: [licences(start(5), quantity(7, '2026-05-10'))],
      agreement: inAdvance,
    })
    await invoiceAprilAndMay()
    await edit('2026-05-10', { quantity: 7 })
    if (isSeen) await look()
    await invoice('2026-06-01')
    await on('2026-06-05')
    await nextMonth()
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-04-01 open 7 10 12',
      'A sub-1 2026-05-10 2026-06-30 2 10 12',
      'A sub-1 2026-06-01 2026-06-30 -2 10 12',
    ])
    await invoice('2026-07-01')
    // 60 and 2 x 12 x 22/31, as ConnectWise rounds it.
    expect(await billed()).toEqual({ '2026-04': 60, '2026-05': 77.04, '2026-06': 84, '2026-07': 84 })
    const written = writesTo(world.connectWise)
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toEqual(written)
  })

  it('given another price, keeps it, and is explained month by month', async () => {
    await begin({ subscriptions: [licences(start(5))], agreement: inAdvance })
    await invoiceAprilAndMay()
    await edit('2026-05-10', { unitPrice: 20 })
    await invoice('2026-06-01')
    await on('2026-06-05')
    const written = writesTo(world.connectWise)
    await nextMonth()
    expect((await lastPlan())?.totals).toMatchObject({
      billed: { price: '60' },
      edited: { price: '0' },
      unexplained: { price: '0' },
    })
    await nextMonth()
    expect((await lastPlan())?.totals).toMatchObject({
      billed: { price: '100' },
      edited: { price: '-40' },
      unexplained: { price: '0' },
    })
    expect(writesTo(world.connectWise)).toEqual(written)
    expect(await billed()).toEqual({ '2026-04': 60, '2026-05': 60, '2026-06': 100 })
  })
})

describe('where nothing tells how an invoice billed an addition, the subscription waits', () => {
  const question = async () => {
    const [row] = (await lastPlan())?.subscriptions ?? []
    return { waits: row?.waits?.question, status: row?.status, asks: row?.findings[0]?.asksBilled }
  }
  const asksOf = (through: string, before: string, after: string) => ({
    waits: 'billed',
    status: 'Warning',
    asks: { through, before: { price: before }, after: { price: after } },
  })
  const say = async (through: string, billed: BilledAs): Promise<void> => {
    const ctx = { db: world.db, organisationId, program, actor: 'Ann' }
    const additionId = (await question()).asks?.additionId ?? 0
    await answerBilled({ ctx, input: { agreementId, additionId, through: through as Day, billed } })
    await sync(world, organisationId)
  }
  /** April and May are invoiced in advance, the addition is deleted, and June's invoice is made without it. */
  const deletedInMay = async (): Promise<void> => {
    await begin({ subscriptions: [licences(start(5))], agreement: { periodType: 'Future' } })
    await invoice('2026-05-02')
    await invoice('2026-05-03')
    await on('2026-05-10')
    world.connectWise.store.remove('additions', running().id, 'GClerk')
    const ctx = await contextOf(world.worker, organisationId, program, 'Ann')
    await previewAgreement({ ctx, input: { agreementId } })
    await invoice('2026-06-01')
    await on('2026-06-05')
    await nextMonth()
  }

  it('deleted: nothing is written before it is answered, and the proof says that it waits', async () => {
    await deletedInMay()
    expect(await question()).toMatchObject(asksOf('2026-05-31', '60', '0'))
    expect(await additionsOf(world)).toEqual([])
    const written = writesTo(world.connectWise)
    await sync(world, organisationId)
    expect(writesTo(world.connectWise), 'asked again, and nothing done').toEqual(written)
    expect((await lastPlan())?.totals).toMatchObject({ billed: { price: '60' }, unexplained: { price: '0' } })
  })

  it('deleted after the invoice, as is answered: is made again from the first day that none billed', async () => {
    await deletedInMay()
    await say('2026-05-31', 'before')
    const made = ['A sub-1 2026-06-01 2026-06-30 5 10 12', 'A sub-1 2026-07-01 open 5 10 12']
    expect(await additionsOf(world)).toEqual(made)
    expect((await question()).waits).toBeUndefined()
    await invoice('2026-07-01')
    expect(await billed()).toEqual({ '2026-04': 60, '2026-05': 60, '2026-06': 60, '2026-07': 60 })
    await nextMonth()
    expect(await additionsOf(world), 'remembered').toEqual(made)
  })

  it('deleted before the invoice, as is answered: the next one catches up with the month', async () => {
    await deletedInMay()
    await say('2026-05-31', 'after')
    expect(await additionsOf(world)).toEqual(['A sub-1 2026-05-01 open 5 10 12'])
    await sync(world, organisationId)
    expect((await lastPlan())?.totals).toMatchObject({ unexplained: { price: '0' } })
  })

  it.each([
    ['may not read invoices', { denied: ['Finance/Invoicing'] }, 'billed'],
    ['may', { denied: [] }, undefined],
  ])('edited, where the role %s', async (_, role, waits) => {
    await begin({ subscriptions: [licences(start(5))] })
    await invoice('2026-06-01')
    await sync(world, organisationId)
    await ask(`${world.addresses.connectWise}/control/role`, 'PUT', role)
    await edit('2026-06-20', { quantity: 9 })
    await invoice('2026-07-01')
    await nextMonth()
    expect((await question()).waits).toBe(waits)
    if (waits === 'billed') {
      expect(await question()).toMatchObject(asksOf('2026-05-31', '60', '108'))
      await say('2026-05-31', 'after')
    }
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-04-01 2026-05-31 9 10 12',
      'A sub-1 2026-05-01 2026-05-31 -4 10 12',
      'A sub-1 2026-06-01 open 5 10 12',
    ])
  })
})
