/** Annual invoices, from PRISM's file to ConnectWise's invoice (J9): the stand-ins over HTTP, as the scheduled call does it. */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { oneTimeMapping, putOneTimeMapping } from '#db/mappings/one-time.ts'
import { askedLines } from '#db/mappings/waiting.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { answerLine } from '#lib/inbox/line-answers.ts'
import { lineIdOf } from '#lib/inbox/line-id.ts'
import { pickInvoice } from '#lib/intake/pick.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestUndo } from '#lib/jobs/requests.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import {
  invoiceOneTime,
  issueAnnual,
  reissueAnnual,
  startMappedOneTime,
  totalOf,
} from '../testing/one-time-world.ts'
import {
  additionsOf,
  agreementId,
  detectAndSync,
  lastRun,
  program,
  sync,
  tenantId,
  type World,
  writesTo,
} from '../testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  ;({ world, organisationId } = await startMappedOneTime())
})
afterEach(() => world.close())

const months = async (): Promise<readonly PeriodOutcome[]> =>
  (await lastRun(world, organisationId)).item.months
const proof = async (): Promise<string[]> =>
  (await months()).map(
    ({ invoiceId, totals }) =>
      `${invoiceId}: ${totals.invoiced.price} billed ${totals.billed.price}, unexplained ${totals.unexplained.price}`,
  )
const status = async (): Promise<string | null> => (await lastRun(world, organisationId)).run.status
const remove = async (serial: string): Promise<void> => {
  for (const { id, serialNumber } of world.connectWise.store.additionsOf(agreementId))
    if (serialNumber === serial) world.connectWise.store.remove('additions', id, 'GClerk')
}
/** A day has passed: what was written shows, and files are looked at again. */
const later = async (): Promise<void> => {
  await world.db.execute(sql`UPDATE changes SET settled_at = settled_at - interval '1 day'`)
  await world.db.execute(sql`UPDATE invoices SET content_checked_at = now() - interval '10 days'`)
}
const asked = () => askedLines(world.db, organisationId, program, agreementId)
const answer = async (says: 'carry' | 'leave' | null): Promise<void> => {
  const [first] = await asked()
  if (first === undefined) throw new Error('Nothing is asked')
  const ctx = { db: world.db, organisationId, program, actor: 'Ann' }
  await answerLine({
    ctx,
    input: { agreementId, lineId: lineIdOf({ organisationId, agreementId }, first.line), says },
  })
}
const undoLast = async (): Promise<void> => {
  const { run } = await lastRun(world, organisationId)
  await requestUndo(world.db, { organisationId, runId: run.id, trigger: 'hand', actor: 'Ann' })
  await drain(world.worker, { budgetMs: 30_000 })
}

describe('An annual invoice of a mapped customer', () => {
  it('is carried by one addition a line, and ConnectWise invoices PRISM’s total to the cent [J9]', async () => {
    const id = await issueAnnual(world, '2026-05-10', [
      {},
      { subscriptionId: 'term-2', product: 'b', seats: 3, unit: [70.01, 90.03], totals: [210.03, 270.09] },
    ])
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).run).toMatchObject({ state: 'finished', status: 'Success' })
    expect(await months()).toMatchObject([
      { period: '2026-05', invoiceId: id, annual: { issuedOn: '2026-05-10' } },
    ])
    expect(await proof()).toEqual([`${id}: 870.09 billed 870.09, unexplained 0`])
    expect(await additionsOf(world)).toEqual([
      'A term-1 2026-05-10 2026-05-10 5 96 120',
      'B term-2 2026-05-10 2026-05-10 3 70.01 90.03',
    ])
    const lines = await invoiceOneTime(world, '2026-06-01')
    expect([totalOf(lines), totalOf(lines, 'cost')]).toEqual(['870.09', '690.03'])
  })

  it('is carried once: a second sync writes nothing, before and after ConnectWise invoiced it [J9]', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    const writes = writesTo(world.connectWise).length
    await sync(world, organisationId)
    expect(await status()).toBe('No Change')
    await invoiceOneTime(world, '2026-06-01')
    await sync(world, organisationId)
    expect(await status()).toBe('No Change')
    expect(writesTo(world.connectWise)).toHaveLength(writes)
    expect(await invoiceOneTime(world, '2026-07-01')).toEqual([])
    await detectAndSync(world, organisationId)
    expect((await oneTimeMapping(world.db, organisationId, program, tenantId))?.attemptedAt).not.toBeNull()
  })

  it('is one of several of its month: each has a proof of its own, an increase and a refund that names it [J9]', async () => {
    const first = await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    expect(totalOf(await invoiceOneTime(world, '2026-05-12'))).toBe('600.00')
    const increase = { seats: 2, first: '2026-05-20', totals: [186.74, 233.42] } as const
    const second = await issueAnnual(world, '2026-05-20', [increase])
    const third = await issueAnnual(world, '2026-05-24', [
      { seats: -2, first: '2026-05-24', totals: [-184.64, -230.79] },
    ])
    await detectAndSync(world, organisationId)
    expect(await proof()).toEqual([
      `${second}: 233.42 billed 233.42, unexplained 0`,
      `${third}: -230.79 billed -230.79, unexplained 0`,
    ])
    const texts = world.connectWise.store
      .additionsOf(agreementId)
      .map(({ invoiceDescription }) => String(invoiceDescription))
    expect(texts.at(-1)).toContain(`credit for 2, 20 May 2026 to 9 May 2027 (invoice ${second})`)
    expect(totalOf(await invoiceOneTime(world, '2026-06-01'))).toBe('2.63')
    expect(first).not.toBe(second)
  })

  it('that PRISM issued again waits for a pick, and then takes back what it does not have any more [F1]', async () => {
    const id = await issueAnnual(world, '2026-05-10', [{}, { subscriptionId: 'term-2', seats: 1 }])
    await detectAndSync(world, organisationId)
    await invoiceOneTime(world, '2026-05-12')
    await reissueAnnual(world, id, [{}, { subscriptionId: 'term-2', seats: 2 }])
    await later()
    await detectAndSync(world, organisationId)
    const held = (await invoicesOf(world.db, organisationId, program)).find(({ state }) => state === 'held')
    if (held === undefined) throw new Error('It is held')
    expect(await additionsOf(world)).toHaveLength(2)
    const decided = { db: world.db, organisationId, program, actor: 'Ann', now: new Date() }
    await pickInvoice({ ...decided, invoiceId: held.id })
    await detectAndSync(world, organisationId)
    expect(await proof()).toEqual([`${id}: 840 billed 840, unexplained 0`])
    expect(await additionsOf(world)).toEqual([
      'A term-1 2026-05-10 2026-05-10 5 96 120',
      'A term-2 2026-05-10 2026-05-10 1 96 120',
      'A term-2 2026-05-13 2026-05-13 -1 96 120',
      'A term-2 2026-05-13 2026-05-13 2 96 120',
    ])
    expect(totalOf(await invoiceOneTime(world, '2026-06-01'))).toBe('120.00')
  })

  it('with a deleted addition asks, and bills the line again on a yes alone [J9]', async () => {
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await remove('term-1')
    await later()
    await sync(world, organisationId)
    expect(await status()).toBe('Warning')
    expect(await asked()).toMatchObject([{ why: 'missing', line: { turn: 3 } }])
    expect(await additionsOf(world)).toEqual([])
    await answer('carry')
    await sync(world, organisationId)
    expect(await status()).toBe('Success')
    expect(await additionsOf(world)).toEqual(['A term-1 2026-05-10 2026-05-10 5 96 120'])
    expect(await asked()).toEqual([])
  })

  it('with a deleted addition is billed otherwise where a person says so, until that is taken back [J9]', async () => {
    const id = await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await remove('term-1')
    await later()
    await sync(world, organisationId)
    const [line] = await asked()
    await answer('leave')
    // The answer brings its sync.
    await detectAndSync(world, organisationId)
    expect(await status()).toBe('No Change')
    expect(await months()).toMatchObject([{ totals: { terms: { billedElsewhere: { price: '600' } } } }])
    expect(await proof()).toEqual([`${id}: 600 billed 0, unexplained 0`])
    const ctx = { db: world.db, organisationId, program, actor: 'Ann' }
    if (line === undefined) throw new Error('Nothing was asked')
    const lineId = lineIdOf({ organisationId, agreementId }, line.line)
    await answerLine({ ctx, input: { agreementId, lineId, says: null } })
    await detectAndSync(world, organisationId)
    expect(await asked()).toHaveLength(1)
  })

  it('is not begun while Sync is off, and left out where it was issued before these terms were on [J9]', async () => {
    const mapping = await oneTimeMapping(world.db, organisationId, program, tenantId)
    if (mapping === null) throw new Error('It is mapped')
    await issueAnnual(world, '2026-04-20', [{ subscriptionId: 'term-9' }])
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual([])
    const { companyId, mappedBy } = mapping
    await putOneTimeMapping(world.db, organisationId, program, tenantId, {
      companyId,
      mappedBy,
      agreementId,
      syncEnabled: false,
    })
    await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual([])
  })
})

describe('An addition that ConnectWise refuses', () => {
  it('fails its subscription alone, with ConnectWise’s words, and is sent again by the next sync [F8]', async () => {
    const id = await issueAnnual(world, '2026-05-10', [{}, { subscriptionId: 'term-2', seats: 1 }])
    world.connectWise.faults.add([{ kind: '403', method: 'POST', path: '*/additions', nth: 1 }])
    await detectAndSync(world, organisationId)
    expect(await status()).toBe('Error')
    const [month] = await months()
    expect(month?.subscriptions.map(({ status: of }) => of).sort()).toEqual(['Error', 'Success'])
    expect(JSON.stringify(month?.subscriptions)).toContain('You do not have security permission')
    expect(await proof()).toEqual([`${id}: 720 billed 120, unexplained 0`])
    expect(writesTo(world.connectWise).filter((each) => each.includes('additions'))).toHaveLength(2)
    await sync(world, organisationId)
    expect(await proof()).toEqual([`${id}: 720 billed 720, unexplained 0`])
  })
})

describe('An undo of a sync of annual invoices [J2]', () => {
  it('gives back each addition once, and nothing bills the line again until that is taken back', async () => {
    const id = await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    await undoLast()
    expect(await additionsOf(world)).toEqual([
      'A term-1 2026-05-10 2026-05-10 -1 480 600',
      'A term-1 2026-05-10 2026-05-10 5 96 120',
    ])
    expect(await proof()).toEqual([`${id}: 600 billed 0, unexplained 0`])
    expect(totalOf(await invoiceOneTime(world, '2026-06-01'))).toBe('0.00')
    await detectAndSync(world, organisationId)
    await sync(world, organisationId)
    expect(await status()).toBe('No Change')
    expect(await additionsOf(world)).toHaveLength(2)
  })
})

describe('A customer whose One-Time mapping moves', () => {
  it('is not billed again on the new agreement, and nothing is taken back on the old one [J9]', async () => {
    const id = await issueAnnual(world, '2026-05-10', [{}])
    await detectAndSync(world, organisationId)
    const [seeded] = world.connectWise.store.all('agreements').filter((each) => each.id === agreementId)
    const newId = agreementId + 1
    world.connectWise.store.put('agreements', { ...seeded, id: newId, name: 'Another' }, 'GClerk')
    const mapped = { companyId: 10, syncEnabled: true, mappedBy: 'Ann' }
    const move = (to: number) =>
      putOneTimeMapping(world.db, organisationId, program, tenantId, { ...mapped, agreementId: to })
    await move(newId)
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world, newId)).toEqual([])
    expect(await proof()).toEqual([`${id}: 600 billed 0, unexplained 0`])
    expect(await months()).toMatchObject([{ totals: { terms: { billedElsewhere: { price: '600' } } } }])
    await move(agreementId)
    await sync(world, organisationId)
    expect(await additionsOf(world)).toEqual(['A term-1 2026-05-10 2026-05-10 5 96 120'])
    expect(await status()).toBe('No Change')
  })
})
