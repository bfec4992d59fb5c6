/**
 * Readings of an agreement: which are kept, and what they tell of its invoices (docs/billing-rules.md,
 * "Days billed").
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { deleteBilledAnswer, putBilledAnswer } from '#db/ledger/billed-answers.ts'
import { insertIntent, settleChange } from '#db/ledger/changes.ts'
import { takeLease } from '#db/ledger/leases.ts'
import { readingsOf } from '#db/ledger/readings.ts'
import { addMonths, firstDay } from '#lib/billing/days.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { addition } from '#lib/billing/testing/factories.ts'
import type {
  Addition,
  AdditionDraft,
  Day,
  Period,
  Quantity,
  UnreadableAddition,
} from '#lib/billing/types.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { leaseResource } from '#lib/ledger/context.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { type SyncContext } from './context.ts'
import { beforeReading, invoicesKnown, type Read } from './readings.ts'

const agreementId = 30
const [program] = programs
const june = addition(5, '2026-06-01')
const of = (quantity: number): Addition => ({ ...june, quantity: `${quantity}` as Quantity })

let db: Database
let close: () => Promise<void>
let ctx: SyncContext
let asked: number
let madeAt: readonly string[]
beforeAll(async () => {
  const database = await createTestDatabase()
  const opened = openDatabase(database.url)
  db = opened.db
  close = async () => {
    await opened.close()
    await database.drop()
  }
})
afterAll(() => close())
beforeEach(async () => {
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  asked = 0
  madeAt = []
  const invoiceTimes = async () => {
    asked += 1
    return madeAt
  }
  ctx = {
    db,
    organisationId: id,
    program,
    connectWise: { invoiceTimes } as unknown as ConnectWiseClient,
    settings: { connectWiseTimeoutMs: 400, leaseMs: 3000 },
  } as SyncContext
})

interface Seen extends Partial<Pick<Read, 'readAt' | 'isWriter' | 'firstPeriod'>> {
  readonly unreadable?: readonly UnreadableAddition[]
  readonly changedAt?: ReadonlyMap<number, string>
}
const read = async (next: string, additions: readonly Addition[], seen: Seen = {}): Promise<string[]> => {
  const { unreadable = [], changedAt, readAt = await beforeReading(ctx), isWriter = true } = seen
  const { firstPeriod = '2026-09' as Period } = seen
  const invoices = await invoicesKnown(ctx, {
    readAt,
    agreement: { id: agreementId, nextInvoiceDate: next as Day },
    firstPeriod,
    listed: { additions, unreadable, ...(changedAt ? { changedAt } : {}) },
    isWriter,
  })
  return invoices.map(({ through, additions: billed, doubts = [] }) =>
    [
      `${through}:`,
      ...billed.map(({ quantity }) => quantity),
      ...doubts.map(({ after }) => `or ${after?.quantity ?? 'none'}`),
    ].join(' '),
  )
}
const stored = async (): Promise<string[]> =>
  (await readingsOf(db, ctx.organisationId, agreementId, '2020-01-01' as Day)).map(
    (each) => `${each.nextInvoiceDate}: ${each.additions.map(({ quantity }) => quantity).join(' ')}`,
  )
const odd = (id: number | null): UnreadableAddition => ({
  id,
  record: `addition ${id}`,
  reason: 'Unit Price is not understood',
  serialNumber: '',
  catalogItemId: 1,
  cancelledDate: null,
})

/** A write of a sync: its intent is stored, and it is settled where `outcome` says so. */
const write = async (after: Addition, outcome?: 'done' | 'unknown'): Promise<void> => {
  const resource = leaseResource(ctx.program.slug, agreementId)
  const token = randomUUID()
  await db.execute(sql`DELETE FROM leases`)
  await takeLease(db, ctx.organisationId, { resource, token, holder: 'a sync', durationMs: 60_000 })
  const { id: _, ...draft } = after
  const id = await insertIntent(db, ctx.organisationId, resource, {
    program: ctx.program.slug,
    agreementId,
    runId: randomUUID(),
    period: '2026-09' as Period,
    invoiceId: 'invoice',
    round: null,
    position: null,
    subscriptionId: subscriptionKey('sub'),
    leaseToken: token,
    kind: 'create',
    intent: {
      kind: 'create',
      reason: { rule: 'start', day: '2026-09-01' as Day, to: after.quantity },
      addition: { ...draft, sku: 'A', effectiveDate: '2026-09-01' as Day } satisfies AdditionDraft,
      lots: [],
    },
  })
  if (outcome) await settleChange(db, ctx.organisationId, id ?? 0, { outcome, additionId: after.id, after })
  await db.execute(sql`DELETE FROM leases`)
}

describe('a reading', () => {
  it('takes the place of the one before until ConnectWise invoices; then that one stays', async () => {
    expect(await read('2026-09-01', [of(5)])).toEqual([])
    expect(await read('2026-09-01', [of(6)])).toEqual([])
    expect(await stored()).toEqual(['2026-09-01: 6'])
    expect(await read('2026-10-01', [of(6)])).toEqual(['2026-09-30: 6'])
    expect(await read('2026-10-01', [of(7)])).toEqual(['2026-09-30: 6'])
    expect(await stored()).toEqual(['2026-09-01: 6', '2026-10-01: 7'])
  })

  it('that is equal to the one before only moves on when it was read last', async () => {
    await read('2026-09-01', [of(5)])
    const times = async () => {
      const { rows } = await db.execute<{ first: string; last: string }>(
        sql`SELECT first_read_at::text AS first, last_read_at::text AS last FROM readings WHERE organisation_id = ${ctx.organisationId}`,
      )
      return rows[0]
    }
    const before = await times()
    await new Promise((resolve) => setTimeout(resolve, 5))
    await read('2026-09-01', [of(5)])
    const after = await times()
    expect(after?.first).toBe(before?.first)
    expect((after?.last ?? '') > (before?.last ?? '')).toBe(true)
  })

  it('is kept for two years of invoices', async () => {
    for (let month = 0; month < 30; month += 1)
      await read(firstDay(addMonths('2026-01' as Period, month)), [of(month + 1)], {})
    const kept = await stored()
    expect(kept).toHaveLength(25)
    expect(kept.at(-1)).toBe('2028-06-01: 30')
  })

  it('tells of the invoices from the month before the first that is planned', async () => {
    for (const month of ['07', '08', '09', '10', '11', '12'])
      await read(`2026-${month}-01`, [of(Number(month))])
    const told = (period: string) => read('2026-12-01', [of(12)], { firstPeriod: period as Period })
    expect(await told('2026-10')).toEqual([
      '2026-09-30: 9 or 10',
      '2026-10-31: 10 or 11',
      '2026-11-30: 11 or 12',
    ])
    expect(await told('2026-12')).toEqual(['2026-11-30: 11 or 12'])
    expect(await told('2027-06')).toEqual([])
  })

  it('in which an addition cannot be read keeps it as it was before', async () => {
    await read('2026-09-01', [of(5)])
    await read('2026-09-01', [], { unreadable: [odd(june.id)] })
    expect(await read('2026-10-01', [of(5)])).toEqual(['2026-09-30: 5'])
  })

  it('in which nobody can say what cannot be read is not kept', async () => {
    await read('2026-09-01', [of(5)])
    await read('2026-09-01', [], { unreadable: [odd(null)] })
    expect(await stored()).toEqual(['2026-09-01: 5'])
  })
})

describe('a reading beside a sync', () => {
  const preview = { isWriter: false }

  it('is kept where nobody syncs', async () => {
    await read('2026-09-01', [of(5)], preview)
    expect(await stored()).toEqual(['2026-09-01: 5'])
  })

  it('is not kept while somebody syncs, but tells of invoices', async () => {
    await read('2026-09-01', [of(5)])
    const resource = leaseResource(ctx.program.slug, agreementId)
    const lease = { resource, token: randomUUID(), holder: 'a sync', durationMs: 60_000 }
    await takeLease(db, ctx.organisationId, lease)
    expect(await read('2026-10-01', [of(7)], preview)).toEqual(['2026-09-30: 5 or 7'])
    expect(await stored()).toEqual(['2026-09-01: 5'])
  })

  it('is not kept where the sync wrote and ended while it was taken', async () => {
    await read('2026-09-01', [])
    const readAt = await beforeReading(ctx)
    await write(of(5), 'done')
    await read('2026-09-01', [], { ...preview, readAt })
    expect(await read('2026-10-01', [of(5)])).toEqual(['2026-09-30: 5'])
  })

  it('is not kept where it does not show what was written just before', async () => {
    await read('2026-09-01', [])
    await write(of(5), 'done')
    await read('2026-09-01', [], preview)
    expect(await read('2026-10-01', [of(5)])).toEqual(['2026-09-30: 5'])
  })

  it('does not take the place of one that was begun later', async () => {
    const readAt = await beforeReading(ctx)
    await new Promise((resolve) => setTimeout(resolve, 5))
    await read('2026-09-01', [of(6)])
    await read('2026-09-01', [of(5)], { ...preview, readAt })
    expect(await stored()).toEqual(['2026-09-01: 6'])
  })
})

describe('a sync that died before it read what it had written', () => {
  it('counts as it was read before, with the writes that took place', async () => {
    await read('2026-09-01', [of(5)])
    const created = addition(3, '2026-09-16')
    await write(created, 'done')
    await write(addition(9, '2026-09-16'))
    expect(await read('2026-10-01', [of(5), created])).toEqual(['2026-09-30: 5 3'])
    expect(asked).toBe(0)
  })

  it.each([undefined, 'unknown'] as const)(
    'keeps no reading while a write is %s, which may take place yet',
    async (outcome) => {
      await read('2026-09-01', [of(5)])
      await write(addition(3, '2026-09-16'), outcome)
      await read('2026-09-01', [of(7)])
      expect(await stored()).toEqual(['2026-09-01: 5'])
    },
  )
})

describe('an addition that somebody changed between the readings around an invoice', () => {
  const edited = (at: string) => ({ changedAt: new Map([[june.id, at]]) })

  it('was billed as it is now where it was changed before that was made; asked once', async () => {
    await read('2026-09-01', [of(5)])
    madeAt = ['2026-10-01T09:00:00Z']
    expect(await read('2026-10-01', [of(7)], edited('2026-09-20T09:00:00Z'))).toEqual(['2026-09-30: 7'])
    expect(await read('2026-10-01', [of(8)], edited('2026-10-20T09:00:00Z'))).toEqual(['2026-09-30: 7'])
    expect(asked).toBe(1)
  })

  it('was billed as it was where it was changed after that', async () => {
    await read('2026-09-01', [of(5)])
    madeAt = ['2026-10-01T09:00:00Z']
    expect(await read('2026-10-01', [of(7)], edited('2026-10-05T09:00:00Z'))).toEqual(['2026-09-30: 5'])
  })

  it('was billed by each of several invoices as it was then', async () => {
    await read('2026-09-01', [of(5)])
    madeAt = ['2026-11-01T09:00:00Z', '2026-10-01T09:00:00Z']
    const expected = ['2026-09-30: 5', '2026-10-31: 7']
    expect(await read('2026-11-01', [of(7)], edited('2026-10-20T09:00:00Z'))).toEqual(expected)
    expect(await read('2026-11-01', [of(9)])).toEqual(expected)
    expect(await stored()).toEqual(['2026-09-01: 5', '2026-10-01: 7', '2026-11-01: 9'])
  })

  it('was billed the one way or the other where the role may not read invoices, also months later', async () => {
    await read('2026-09-01', [of(5)])
    expect(await read('2026-10-01', [of(7)], edited('2026-09-20T09:00:00Z'))).toEqual(['2026-09-30: 5 or 7'])
    expect(await read('2026-10-01', [of(8)])).toEqual(['2026-09-30: 5 or 7'])
    expect(await read('2026-11-01', [of(8)])).toEqual(['2026-09-30: 5 or 7', '2026-10-31: 8'])
  })

  describe('nobody knows when', () => {
    const say = async (through: string, billed: 'before' | 'after') => {
      const stored = await readingsOf(db, ctx.organisationId, agreementId, '2020-01-01' as Day)
      const readingId = stored.findLast(({ doubts }) => doubts.length > 0)?.id ?? 0
      const answer = { agreementId, additionId: june.id, through: through as Day, readingId, billed }
      await putBilledAnswer(db, ctx.organisationId, { ...answer, answeredBy: 'Ann' })
    }

    it.each([
      ['before', ['2026-09-30: 5']],
      ['after', ['2026-09-30: 7']],
    ] as const)(
      'was billed as a person says: as it was %s; until that is taken back',
      async (billed, told) => {
        await read('2026-09-01', [of(5)])
        await read('2026-10-01', [of(7)])
        await say('2026-09-30', billed)
        expect(await read('2026-10-01', [of(9)])).toEqual(told)
        const key = { agreementId, additionId: june.id, through: '2026-09-30' as Day }
        expect(await deleteBilledAnswer(db, ctx.organisationId, key)).toMatchObject({ billed })
        expect(await read('2026-10-01', [of(9)])).toEqual(['2026-09-30: 5 or 7'])
        expect(await deleteBilledAnswer(db, ctx.organisationId, key)).toBeNull()
      },
    )

    it('is asked again where that invoice was deleted and made once more', async () => {
      await read('2026-09-01', [of(5)])
      await read('2026-10-01', [])
      await say('2026-09-30', 'after')
      expect(await read('2026-10-01', [])).toEqual(['2026-09-30:'])
      expect(await read('2026-09-01', [of(6)])).toEqual([])
      expect(await read('2026-10-01', [])).toEqual(['2026-09-30: 6 or none'])
      expect(await read('2026-10-01', [])).toEqual(['2026-09-30: 6 or none'])
    })
  })

  it('costs no request where nothing was changed', async () => {
    await read('2026-09-01', [of(5)])
    await read('2026-10-01', [of(5)])
    expect(asked).toBe(0)
  })
})
