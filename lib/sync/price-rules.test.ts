/** Price rules against both stand-ins: what a sync writes, what ConnectWise invoices, and what is told of it (J11; docs/billing-rules.md, "Price rules"). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lastingSums } from '#db/mappings/lasting-points.ts'
import { priceRulesOf, takenOn } from '#db/mappings/price-rules.ts'
import { auditEvents } from '#db/people/tables.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import type { Money, Period, RuleTerms } from '#lib/billing/types.ts'
import { inboxPage } from '#lib/inbox/inbox.ts'
import { mute } from '#lib/inbox/mute.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { type RuleInput, removePriceRule, setPriceRule } from '#lib/setup/price-rules.ts'
import { licences, quantity, start } from '#standin/prism/testing.ts'
import { previewRuleChange } from './preview-rules.ts'
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
  writesTo,
} from './testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld({
    subscriptions: [{ ...licences(start(5), quantity(6, '2026-05-16')), subscriptionId: 'sub-1' }],
  })
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const plus = (percent: string): RuleTerms => ({ kind: 'cost-plus', percent })
const ctx = () => ({ db: world.db, organisationId, program, actor: 'Ann' })
const rule = (terms: RuleTerms, over: Partial<RuleInput> = {}) =>
  setPriceRule({ ctx: ctx(), input: { tenantId: null, sku: null, from: null, terms, ...over } })
const nextMonth = async (): Promise<void> => {
  await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
  await detectAndSync(world, organisationId)
}
const option = async (set: { marginPercent: string | null }): Promise<void> => {
  const settings = await programSettings(world.db, organisationId, program)
  if (settings === null) throw new Error('the program is set up')
  await putProgramSettings(world.db, organisationId, program, { ...settings, ...set })
}
/** What ConnectWise invoices now of its next month. */
const invoiced = async (): Promise<string> => {
  const answer = await fetch(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`, {
    method: 'POST',
  })
  const { lines } = (await answer.json()) as { lines: { price: string }[] }
  return lines.reduce((sum, line) => sum + Number(line.price), 0).toFixed(2)
}
const totals = async () => (await lastRun(world, organisationId)).item.months.at(-1)?.totals
const codes = async (): Promise<string[]> =>
  ((await lastRun(world, organisationId)).item.months.at(-1)?.subscriptions ?? []).flatMap(({ findings }) =>
    findings.map(({ code }) => code),
  )
const ruled = async () => {
  const of = programBySlug(program)
  const options = await programSettings(world.db, organisationId, program)
  if (of === undefined || options === null) throw new Error('the program is set up')
  return (change: Parameters<typeof previewRuleChange>[1]) =>
    previewRuleChange({ db: world.db, organisationId, program: of, options }, change, null)
}

describe('a price rule [J11]', () => {
  it('has a sync write cost plus its per cent, ConnectWise invoices that, and the proof names the difference', async () => {
    await rule(plus('12.5'))
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(['A sub-1 2026-04-01 open 5 10 11.25'])
    const april = await totals()
    expect(april?.terms?.priceRule).toEqual({ cost: '0', price: '3.75' })
    expect([april?.invoiced.price, april?.billed.price, april?.unexplained.price]).toEqual([
      '60',
      '56.25',
      '0',
    ])
    expect(await codes()).toEqual(['price-by-rule'])
    const written = writesTo(world.connectWise).length
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(written)
    expect(await invoiced()).toBe('56.25')
    await nextMonth()
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-04-01 2026-05-31 5 10 11.25',
      'A sub-1 2026-05-16 2026-05-31 1 10 11.25',
      'A sub-1 2026-06-01 open 6 10 11.25',
    ])
    // 1 at 5.81, which is 11.25 for 16 of 31 days.
    expect(await invoiced()).toBe('62.06')
    expect((await totals())?.unexplained.price).toBe('0')
  })

  it('for each new quantity leaves what is there, and is no reason to write, made, changed or removed', async () => {
    await detectAndSync(world, organisationId)
    const written = writesTo(world.connectWise).length
    const made = await rule(plus('12.5'))
    await sync(world, organisationId)
    await rule(plus('30'))
    await sync(world, organisationId)
    const [changed] = await priceRulesOf(world.db, organisationId, program)
    expect(changed?.id).not.toBe(made.id)
    expect(writesTo(world.connectWise)).toHaveLength(written)
    await nextMonth()
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-04-01 2026-05-31 5 10 12',
      'A sub-1 2026-05-16 2026-05-31 1 10 13',
      'A sub-1 2026-06-01 open 6 10 13',
    ])
    const after = writesTo(world.connectWise).length
    await removePriceRule({ ctx: ctx(), input: { id: changed?.id ?? '' } })
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(after)
    const audited = await world.db.select().from(auditEvents).orderBy(auditEvents.id)
    expect(audited.map(({ action }) => action).filter((action) => action.endsWith('price-rule'))).toEqual([
      'set-price-rule',
      'set-price-rule',
      'remove-price-rule',
    ])
  })

  it('of a month replaces what runs on into it once, as its preview says, and leaves what a person edits after', async () => {
    await detectAndSync(world, organisationId)
    const preview = await ruled()
    const own: RuleInput = { tenantId, sku: null, from: '2026-05' as Period, terms: plus('12.5') }
    const [row] = (await preview((rules) => ({ before: rules, after: [...rules, { ...own, id: 'new' }] })))
      .rows
    expect([row?.now, row?.changed, row?.atRule, row?.creates, row?.ends]).toEqual([
      '60',
      '56.25',
      '56.25',
      1,
      1,
    ])
    const before = writesTo(world.connectWise).length
    await rule(own.terms, own)
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual([
      'A sub-1 2026-04-01 2026-04-30 5 10 12',
      'A sub-1 2026-05-01 open 5 10 11.25',
    ])
    expect(writesTo(world.connectWise)).toHaveLength(before + 2)
    expect(await takenOn(world.db, organisationId, program, [agreementId])).toHaveLength(1)
    const { store } = world.connectWise
    const running = store.additionsOf(agreementId).find((each) => !each['cancelledDate'])
    store.put('additions', { ...running, id: Number(running?.id), unitPrice: 13 }, 'GClerk')
    await sync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(before + 2)
    const nothing = await preview((rules) => ({ before: rules, after: [] }))
    expect([nothing.rows.length, nothing.rows[0]?.creates]).toEqual([1, 0])
    // Said again with another price it takes hold again, once that can be ended which begins in May itself.
    await rule(plus('40'), { tenantId, from: own.from })
    await sync(world, organisationId)
    expect((await additionsOf(world)).at(-1)).toBe('A sub-1 2026-05-01 open 5 10 13')
    expect(await takenOn(world.db, organisationId, program, [agreementId])).toEqual([])
    await nextMonth()
    expect((await additionsOf(world)).at(-1)).toBe('A sub-1 2026-06-01 open 6 10 14')
    expect(await takenOn(world.db, organisationId, program, [agreementId])).toHaveLength(1)
  })

  it('of a customer goes before that of a product, and is refused where it is for nothing', async () => {
    await detectAndSync(world, organisationId)
    await rule({ kind: 'fixed', unitPrice: '11' as Money }, { sku: 'a ' })
    await rule({ kind: 'fixed', unitPrice: '14' as Money }, { sku: 'A' })
    await rule(plus('20'))
    expect(await priceRulesOf(world.db, organisationId, program)).toHaveLength(2)
    await nextMonth()
    expect((await additionsOf(world)).at(-1)).toBe('A sub-1 2026-06-01 open 6 10 14')
    await rule(plus('50'), { tenantId, from: '2026-07' as Period })
    await nextMonth()
    expect((await additionsOf(world)).at(-1)).toBe('A sub-1 2026-07-01 open 6 10 15')
    await expect(rule({ kind: 'fixed', unitPrice: '1' as Money })).rejects.toMatchObject({
      code: 'request-invalid',
    })
    await expect(rule(plus('1'), { sku: 'nothing' })).rejects.toMatchObject({ code: 'request-invalid' })
    await expect(rule(plus('1'), { tenantId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the margin guard [J11]', () => {
  const found = async () =>
    (await lastingSums(world.db, organisationId, program, null)).map(({ cause, amount }) => [cause, amount])
  const waiting = async () => {
    const context = { db: world.db, organisationId, program }
    const { groups } = await inboxPage(context, { agreementIds: null, kind: null }, 1)
    return groups.map(({ cause, money, items }) => [
      cause,
      money?.amount,
      items[0]?.actions.map(({ id }) => id),
    ])
  }

  it('names what leaves less than the margin, until it is muted, or the guard asks for less', async () => {
    await detectAndSync(world, organisationId)
    expect(await waiting()).toEqual([])
    await option({ marginPercent: '20' })
    await sync(world, organisationId)
    // A unit costs 10.00 and is 12.00: at 20 % it would be 12.50.
    expect(await found()).toEqual([['below-margin', '2.5']])
    expect(await waiting()).toEqual([['below-margin', '2.5', ['mute']]])
    await mute({
      ctx: { ...ctx(), now: () => new Date() },
      input: {
        tenantId,
        cause: 'below-margin',
        amount: '2.5' as Money,
        reason: 'a promise',
        term: 'three-months',
      },
    })
    expect(await waiting()).toEqual([])
    await option({ marginPercent: '30' })
    await sync(world, organisationId)
    expect(await waiting()).toEqual([['below-margin', '11.45', ['mute']]])
    await option({ marginPercent: null })
    await sync(world, organisationId)
    expect([await found(), await waiting()]).toEqual([[], []])
  })

  it('offers the rule’s price, and clears once it is billed', async () => {
    await detectAndSync(world, organisationId)
    await option({ marginPercent: '20' })
    await rule(plus('30'))
    await sync(world, organisationId)
    expect(await waiting()).toEqual([['below-margin', '2.5', ['bill-price', 'mute']]])
    await rule(plus('30'), { from: '2026-05' as Period })
    await sync(world, organisationId)
    expect((await additionsOf(world)).at(-1)).toBe('A sub-1 2026-05-01 open 5 10 13')
    expect(await waiting()).toEqual([])
  })

  it('says of what a rule writes below cost that it is', async () => {
    await detectAndSync(world, organisationId)
    await rule({ kind: 'fixed', unitPrice: '9' as Money }, { sku: 'A' })
    await nextMonth()
    expect(await found()).toEqual([['below-cost', '6']])
  })
})
