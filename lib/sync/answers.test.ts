/**
 * What people answer is asked in one sync and done by the next (F5, F12; docs/billing-rules.md,
 * "Each addition").
 */
import { and, eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readings } from '#db/ledger/tables.ts'
import { putAdditionAnswer } from '#db/mappings/addition-answers.ts'
import { putConfirmations } from '#db/mappings/confirmations.ts'
import { deleteMapping, putMapping } from '#db/mappings/mappings.ts'
import { periodStates } from '#db/mappings/tables.ts'
import { auditEvents } from '#db/people/tables.ts'
import { subscriptionsOfTenants } from '#db/prism/tenants.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { AdditionAnswer } from '#lib/billing/types.ts'
import { answerAddition, takeAnswerBack } from '#lib/inbox/answers.ts'
import { confirmWaiting } from '#lib/inbox/confirm.ts'
import { skipPeriod, unskipPeriod } from '#lib/setup/positions.ts'
import { clientsOf } from './testing/processes.ts'
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
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const connectWise = () => clientsOf(world.addresses).connectWise
const setup = () => ({ db: world.db, organisationId, program, actor: 'Ann' })
const answer = (said: AdditionAnswer) =>
  answerAddition({
    ctx: { ...setup(), connectWise: connectWise() },
    input: { agreementId, answer: said },
  })
/** Kind, product, status and first finding of every row of the newest month. */
const rows = async (): Promise<string[]> =>
  ((await lastRun(world, organisationId)).item.months.at(-1)?.subscriptions ?? []).map(
    ({ kind, subscriptionId, status, findings }) =>
      [kind, subscriptionId, status, findings[0]?.code ?? ''].join(' '),
  )
const ofC = async (): Promise<string[]> => (await additionsOf(world)).filter((each) => each.startsWith('C'))

/** The addition of product C that existed before us: 4 open since January. */
const existing = 900

describe('an addition with an unknown serial number [F5]', () => {
  beforeEach(async () => {
    await connectWise().patchAddition(agreementId, existing, { serialNumber: 'PO-77' })
    await detectAndSync(world, organisationId)
  })

  it('holds its product’s subscription until it is answered', async () => {
    expect(await rows()).toContain('subscription sub-3 Error unknown-serial-number')
    expect(await ofC()).toEqual(['C PO-77 2026-01-01 open 4 9.5 11.5'])
  })

  it('is nobody’s: the subscription gets additions of its own beside it', async () => {
    await answer({ additionId: existing, answer: 'nobody' })
    await sync(world, organisationId)
    expect(await rows()).toEqual(
      expect.arrayContaining(['subscription sub-3 Success ', 'addition PO-77 No Change addition-not-ours']),
    )
    expect(await ofC()).toEqual(
      expect.arrayContaining(['C PO-77 2026-01-01 open 4 9.5 11.5', 'C sub-3 2026-05-01 open 2 20 25']),
    )
  })

  it('is nobody’s also after the mapping was cleared and made again', async () => {
    await answer({ additionId: existing, answer: 'nobody' })
    await deleteMapping(world.db, organisationId, program, tenantId)
    await putMapping(world.db, organisationId, program, tenantId, {
      companyId: 10,
      agreementId,
      syncEnabled: true,
    })
    await sync(world, organisationId)
    expect(await rows()).toContain('addition PO-77 No Change addition-not-ours')
    expect(await ofC()).toContain('C PO-77 2026-01-01 open 4 9.5 11.5')
  })

  it('stays: it is not touched, and no Error any more', async () => {
    await answer({ additionId: existing, answer: 'stays' })
    await sync(world, organisationId)
    expect(await rows()).toContain('addition PO-77 No Change addition-not-ours')
    expect(await ofC()).toContain('C PO-77 2026-01-01 open 4 9.5 11.5')
  })

  it('ends on the day that was said, and is not asked about again', async () => {
    await answer({ additionId: existing, answer: 'ends', endsOn: '2026-04-30' as never })
    await sync(world, organisationId)
    expect(await rows()).toContain('addition PO-77 Success addition-not-ours')
    expect(await ofC()).toContain('C PO-77 2026-01-01 2026-04-30 4 9.5 11.5')
    await sync(world, organisationId)
    expect(await rows()).toContain('addition PO-77 No Change addition-not-ours')
  })

  it('is the subscription’s that it was said to be, and carries its id', async () => {
    await answer({ additionId: existing, answer: 'subscription', subscriptionId: 'SUB-3' })
    await sync(world, organisationId)
    expect((await rows()).find((each) => each.includes('sub-3'))).toContain('subscription sub-3 Warning')
    expect(await ofC()).toEqual([
      'C sub-3 2026-01-01 2026-04-30 4 9.5 11.5',
      'C sub-3 2026-04-21 2026-04-30 -2 9.5 11.5',
      'C sub-3 2026-05-01 open 2 20 25',
    ])
  })

  it('is asked about again once the answer is taken back', async () => {
    await answer({ additionId: existing, answer: 'stays' })
    await takeAnswerBack({ ctx: setup(), input: { agreementId, additionId: existing } })
    await sync(world, organisationId)
    expect(await rows()).toContain('subscription sub-3 Error unknown-serial-number')
    const events = await world.db
      .select({ action: auditEvents.action, subject: auditEvents.subject, actor: auditEvents.actor })
      .from(auditEvents)
      .where(eq(auditEvents.organisationId, organisationId))
    expect(events).toEqual([
      { action: 'answer-addition', subject: '900', actor: 'Ann' },
      { action: 'take-answer-back', subject: '900', actor: 'Ann' },
    ])
  })

  it('is not answered for another agreement, addition or subscription, nor ended where it is invoiced', async () => {
    const refused = (said: AdditionAnswer, agreement = agreementId) =>
      answerAddition({
        ctx: { ...setup(), connectWise: connectWise() },
        input: { agreementId: agreement, answer: said },
      }).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      )
    expect(await refused({ additionId: existing, answer: 'nobody' }, 31)).toBe('not-found')
    expect(await refused({ additionId: 99_999, answer: 'nobody' })).toBe('not-found')
    expect(await refused({ additionId: existing, answer: 'subscription', subscriptionId: 'sub-9' })).toBe(
      'not-found',
    )
    expect(await refused({ additionId: existing, answer: 'ends', endsOn: '2026-02-28' as never })).toBe(
      'request-invalid',
    )
    expect(await refused({ additionId: existing, answer: 'ends', endsOn: '2026-03-31' as never })).toBe(
      'done',
    )
    expect(await subscriptionsOfTenants(world.db, organisationId, program, [tenantId])).toHaveLength(3)
  })
})

describe('an answer that outlives a mapping [F5]', () => {
  it('touches nothing where its subscription’s customer is not mapped here any more', async () => {
    const before = world
    world = await startWorld({ withSecond: true })
    await before.close()
    organisationId = await createMapped(world.db)
    const said = {
      answer: 'subscription',
      subscriptionId: subscriptionKey('sub-9'),
      endsOn: null,
      answeredBy: 'Ann',
    } as const
    const of = { agreementId, additionId: existing }
    await putAdditionAnswer(world.db, organisationId, program, of, said)
    await detectAndSync(world, organisationId)
    expect(await rows()).toEqual(
      expect.arrayContaining(['subscription sub-3 Success ', 'addition  No Change addition-not-ours']),
    )
    expect(await ofC()).toContain('C  2026-01-01 open 4 9.5 11.5')
  })
})

describe('a late month that waits [F12]', () => {
  const april = '2026-04' as never
  const step = 'A sub-1 2026-04-16 2026-04-30 3 10 12'
  const alone = <T>(_: number, work: () => Promise<T>): Promise<T> => work()
  const months = { tenantId, subscriptionId: 'SUB-1', period: april }
  const waits = async (): Promise<unknown[]> =>
    (await lastRun(world, organisationId)).item.months.flatMap(({ period, subscriptions }) =>
      subscriptions.flatMap((row) =>
        row.waits ? [`${period} ${row.subscriptionId} ${row.waits.question}`] : [],
      ),
    )

  /** April was invoiced without the step of sub-1, and May was synced since. */
  beforeEach(async () => {
    await detectAndSync(world, organisationId)
    await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await detectAndSync(world, organisationId)
    const { additions } = await connectWise().additions(agreementId)
    const lost = additions.find(
      (each) => each.serialNumber === 'sub-1' && each.effectiveDate === '2026-04-16',
    )
    await connectWise().deleteAddition(agreementId, lost?.id ?? 0)
    // What was written of late is waited for; this was long ago, and nobody has read the agreement since.
    await world.db.delete(readings)
    await world.db.execute(sql`UPDATE changes SET settled_at = settled_at - interval '1 day'`)
    for (const _ of ['April', 'May'])
      await fetch(`${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`, {
        method: 'POST',
        body: '{}',
      })
    await world.db
      .delete(periodStates)
      .where(
        and(
          eq(periodStates.organisationId, organisationId),
          eq(periodStates.period, april),
          eq(periodStates.subscriptionId, subscriptionKey('sub-1')),
        ),
      )
    await sync(world, organisationId)
  })

  it('is sent after a yes to its invoice, and not after one to another', async () => {
    expect(await waits()).toEqual(['2026-04 sub-1 late'])
    expect(await additionsOf(world)).not.toContain(step)
    const { run } = await lastRun(world, organisationId)
    const yes = {
      agreementId,
      subscriptionId: subscriptionKey('sub-1'),
      period: april,
      question: 'late' as const,
    }
    await putConfirmations(world.db, organisationId, program, 'Ann', [{ ...yes, invoiceId: 'replaced' }])
    await sync(world, organisationId)
    expect(await waits()).toEqual(['2026-04 sub-1 late'])
    expect(await confirmWaiting({ ctx: setup(), input: { runId: run.id, which: {} } })).toEqual([agreementId])
    await sync(world, organisationId)
    expect(await waits()).toEqual([])
    expect(await additionsOf(world)).toContain(step)
  })

  it('is not planned once it was billed otherwise, and waits again when that is taken back', async () => {
    const skipped = await skipPeriod({ ctx: { ...setup(), alone }, input: months })
    expect(skipped.price).toBe('78')
    await sync(world, organisationId)
    expect(await waits()).toEqual([])
    expect(await additionsOf(world)).not.toContain(step)
    expect(await unskipPeriod({ ctx: { ...setup(), alone }, input: months })).toEqual(skipped)
    await sync(world, organisationId)
    expect(await waits()).toEqual(['2026-04 sub-1 late'])
    await expect(unskipPeriod({ ctx: { ...setup(), alone }, input: months })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
