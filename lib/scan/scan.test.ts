/** A full scan goes on where it stopped, whatever ended it, and reads each agreement once (J7). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { openDatabase } from '#db/client.ts'
import { scannedDomains, scannedLines } from '#db/connections/scanned.ts'
import { beginScan, requestStopOfScan, scanOf } from '#db/connections/scans.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { skuKey } from '#lib/billing/keys.ts'
import { addition, agreement, catalogItem } from '#lib/billing/testing/factories.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { AgreementRecord, CatalogRecord } from '#lib/connectwise/values.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type ScanContext, scan } from './scan.ts'

const AGREEMENTS = 100
const now = new Date('2026-11-26T12:00:00Z')

let database: TestDatabase
let open: OpenDatabase
let organisationId: string
/** Agreements whose additions were asked for, in order. */
let asked: number[] = []
let atOnce = 0
let mostAtOnce = 0
/** Called before each answer. */
let before: (agreementId: number) => void | Promise<void> = () => undefined
let agreements: AgreementRecord[] = []

const record = (id: number, over: Partial<AgreementRecord> = {}): AgreementRecord => ({
  ...agreement({ id, name: `Agreement ${id}` }),
  company: { id: 1_000 + id, name: `Company ${id}` },
  type: 'Cloud',
  ...over,
})
const connectWise: ScanContext['connectWise'] = {
  everyAgreement: async () => ({ records: agreements, unreadable: [] }),
  everyContact: async () => ({
    records: [
      { id: 1, companyId: 1_001, mailDomains: ['one.example'] },
      { id: 2, companyId: 1_001, mailDomains: ['one.example', 'two.example'] },
      { id: 3, companyId: null, mailDomains: ['nobody.example'] },
    ],
    unreadable: [],
  }),
  additions: async (id) => {
    asked.push(id)
    atOnce += 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    try {
      await Promise.resolve()
      await before(id)
      return {
        additions: [
          addition(2, '2026-01-01', null, { id: id * 10, serialNumber: `SUB-${id}` }),
          addition(5, '2026-01-01', '2026-03-31', { id: id * 10 + 1, serialNumber: '' }),
        ],
        unreadable: [],
      }
    } finally {
      atOnce -= 1
    }
  },
  catalogByIds: async (ids) => ({
    items: ids.map(
      (id): CatalogRecord => ({
        ...catalogItem(id, 'ABC', { vendorSku: 'P1M:M ABC-1' }),
        description: 'ABC',
        unitCost: '8' as CatalogRecord['unitCost'],
        unitPrice: '10' as CatalogRecord['unitPrice'],
      }),
    ),
    unreadable: [],
  }),
}
const refused = (status: number) =>
  new ConnectWiseError({
    outcome: 'refused',
    status,
    message: 'No.',
    remoteCode: '',
    fieldErrors: [],
    retryAfterMs: null,
    method: 'GET',
    path: '/finance/agreements',
  })

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})
beforeEach(async () => {
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
  ;[asked, atOnce, mostAtOnce] = [[], 0, 0]
  before = () => undefined
  agreements = Array.from({ length: AGREEMENTS }, (_, at) => record(at + 1))
  await begin()
})

const begin = async (id = crypto.randomUUID(), startedAt = now): Promise<string> => {
  await beginScan(open.db, organisationId, { id, startedAt, startedBy: 'Ann' })
  return id
}
const run = (over: Partial<ScanContext> = {}) =>
  scan({
    ctx: {
      db: open.db,
      organisationId,
      connectWise,
      until: new Date(now.getTime() + 60_000),
      now: () => now,
      ...over,
    },
  })
const state = () => scanOf(open.db, organisationId)
const lines = () => scannedLines(open.db, organisationId, [skuKey('abc-1')])

describe('a full scan', () => {
  it('stores what each agreement carries, and the domains of each company’s contacts [J7]', async () => {
    expect(await run()).toBe('done')
    expect(await state()).toMatchObject({ state: 'finished', agreements: AGREEMENTS, contacts: 'read' })
    expect((await state())?.completeAt).toEqual(now)
    const found = await lines()
    expect(found.length).toBe(2 * AGREEMENTS)
    expect(found.slice(0, 2)).toMatchObject([
      {
        agreementId: 1,
        companyId: 1_001,
        serial: 'sub-1',
        quantity: '2',
        amount: '20',
        isActive: true,
        sku: 'abc-1',
      },
      { agreementId: 1, serial: '', quantity: '5', isActive: false },
    ])
    expect(await scannedDomains(open.db, organisationId)).toEqual(
      new Map([[1_001, ['one.example', 'two.example']]]),
    )
  })

  it('asks for no more than 8 agreements at a time, and for each once', async () => {
    await run()
    expect(mostAtOnce).toBe(8)
    expect(asked.toSorted((a, b) => a - b)).toEqual(agreements.map(({ id }) => id))
  })

  it('leaves the rest where its time is up, and goes on there', async () => {
    let clock = now.getTime()
    before = () => {
      clock += 1_000
    }
    const until = new Date(now.getTime() + 40_000)
    expect(await run({ until, now: () => new Date(clock) })).toEqual({ againInMs: 0 })
    const read = asked.length
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(AGREEMENTS)
    expect(await state()).toMatchObject({ state: 'running' })
    before = () => undefined
    expect(await run()).toBe('done')
    expect(asked.length).toBe(AGREEMENTS)
    expect((await lines()).length).toBe(2 * AGREEMENTS)
  })

  it('goes on after its process was killed, having lost no more than what was in flight', async () => {
    before = (id) => {
      if (id === 50) throw new Error('The process is gone')
    }
    await expect(run()).rejects.toThrow('gone')
    expect(await state()).toMatchObject({ state: 'running' })
    before = () => undefined
    expect(await run()).toBe('done')
    expect(new Set(asked).size).toBe(AGREEMENTS)
    expect(asked.length).toBeLessThanOrEqual(AGREEMENTS + 32)
    expect(await state()).toMatchObject({ state: 'finished' })
  })

  it('ends where somebody stops it, keeps what it read, and goes on when it is begun again soon', async () => {
    const id = await begin()
    before = async (agreementId) => {
      if (agreementId === 40) await requestStopOfScan(open.db, organisationId, 'Bob')
    }
    expect(await run()).toBe('done')
    expect(await state()).toMatchObject({ state: 'stopped', note: 'Stopped by Bob', completeAt: null })
    const read = asked.length
    expect(read).toBeLessThan(AGREEMENTS)
    // What the items name is read last, so only serial numbers tell anything yet.
    expect((await lines()).map(({ agreementId }) => agreementId)).toEqual(asked.toSorted((a, b) => a - b))
    expect(await run()).toBe('done')
    expect(asked.length).toBe(read)
    await begin(id)
    expect(await run()).toBe('done')
    expect(asked.length).toBe(AGREEMENTS)
    expect(await state()).toMatchObject({ state: 'finished' })
  })

  it('leaves out and counts agreements that are not given, and has failed where nothing is answered', async () => {
    before = (id) => {
      if (id % 10 === 0) throw refused(403)
    }
    await run()
    expect(await state()).toMatchObject({ state: 'finished', refused: 10 })
    await begin()
    before = () => {
      throw refused(401)
    }
    expect(await run()).toBe('done')
    expect(await state()).toMatchObject({ state: 'failed', note: 'No.', completeAt: now })
    expect((await lines()).length).toBe(2 * 90)
  })

  it('forgets agreements that are not active any more, and what it read of them', async () => {
    await run()
    agreements = [record(1), record(2, { cancelled: true }), record(3, { endDate: '2026-11-25' as never })]
    await begin()
    await run()
    expect(await state()).toMatchObject({ state: 'finished', agreements: 1 })
    expect((await lines()).map(({ agreementId }) => agreementId)).toEqual([1, 1])
  })

  it('gives nothing of what it read to another organisation [I2]', async () => {
    await run()
    organisationId = (await createOrganisation(open.db, { name: 'Adventure' })).id
    expect(await state()).toBeNull()
    expect(await lines()).toEqual([])
    expect(await run()).toBe('done')
  })
})
