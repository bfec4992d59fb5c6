/** Annual invoices come in (J9): told from others by their lines, each by itself, and no rival of a month's. PRISM is scripted. */
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import {
  annualNotAttempted,
  noteOneTimeAttempt,
  oneTimeMapping,
  putOneTimeMapping,
} from '#db/mappings/one-time.ts'
import { annualInvoicesFor } from '#db/prism/annual-invoices.ts'
import { forgetLoads } from '#db/prism/invoice-loads.ts'
import { type Invoice, type InvoiceChange, invoicesOf, updateInvoice } from '#db/prism/invoices.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { runItems } from '#db/runs/tables.ts'
import { createLog } from '#lib/base/log.ts'
import type { Day, Period } from '#lib/billing/types.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { programOptions } from '#lib/intake/context.ts'
import { type ScriptedPrism, scriptedPrism } from '#lib/jobs/testing/scripted-prism.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import { programs } from '#lib/programs/registry.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { enqueueDue } from '#lib/sync/due.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { decideMonths } from './decide-months.ts'
import { loadInvoice } from './load-invoice.ts'
import { lookAtPrism } from './look.ts'
import { excludeInvoice, pickInvoice } from './pick.ts'
import { leaveTakenInvoice, takeInvoice } from './take-annual.ts'

const [microsoftCsp] = programs
const program = microsoftCsp.slug
const dayMs = 24 * 60 * 60 * 1000

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
let organisationId: string
let prism: ScriptedPrism
let listed: InvoiceHeader[]
let now: Date
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})
beforeEach(async () => {
  prism = scriptedPrism([])
  listed = []
  now = new Date('2026-10-03T09:00:00Z')
  organisationId = (await createOrganisation(opened.db, { name: 'Northwind' })).id
  await switchOn('2026-09-01' as Day)
})

const switchOn = (since: Day | null) =>
  putProgramSettings(opened.db, organisationId, program, {
    ...microsoftCsp.defaults,
    enabled: true,
    annualTermsAtOnce: since,
  })

interface Row {
  id?: string
  days?: string
  seats?: number
  term?: string
}
const header =
  'PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit\n'
const atOnce = 'Annual,1,YEARS'
const monthly = 'Monthly,1,MONTHS'
const fileOf = (...rows: Row[]): string =>
  header +
  rows
    .map(({ id = 'sub-9', days = '2026-09-17,2027-09-16', seats = 5, term = atOnce }) =>
      [
        `coho.example,${id},Visio,${days},96,120,${seats},1,${96 * seats},${120 * seats},Coho Winery`,
        term,
      ].join(','),
    )
    .join('\n') +
  '\n'
const august = fileOf({ id: 'sub-1', days: '2026-08-01,2026-08-31', term: monthly })

/** PRISM lists the invoice, and gives the file from now on. */
const give = (id: string, file: string, over: Partial<InvoiceHeader> = {}): void => {
  if (!listed.some((each) => each.id === id))
    listed.push({
      id,
      programName: microsoftCsp.prismName,
      period: '2026-09' as Period,
      invoicedOn: '2026-09-17' as Day,
      ...over,
    })
  prism.files.set(id, async function* () {
    yield Buffer.from(file)
  })
}
const ofAugust = { period: '2026-08' as Period, invoicedOn: '2026-09-01' as Day }

const look = async (): Promise<void> => {
  const ctx: SyncContext = {
    db: opened.db,
    organisationId,
    program: microsoftCsp,
    options: await programOptions(opened.db, organisationId, microsoftCsp),
    prism: { ...prism.client, invoices: async () => ({ records: listed, setAside: [], kept: [] }) },
    connectWise: {} as ConnectWiseClient,
    mayDelete: true,
    currency: 'AUD',
    actor: 'Scheduled',
    now: () => now,
    enqueue: async () => {},
    log: createLog({ write: () => {} }),
    settings: { connectWiseTimeoutMs: 1_000, leaseMs: 1_000 },
  }
  const seen = await lookAtPrism({ ctx })
  for (const prismInvoiceId of seen.loads) await loadInvoice({ ctx, input: { prismInvoiceId } })
  const closed = await decideMonths(ctx)
  if (closed === null) throw new Error('A file is not in')
  await enqueueDue(ctx)
  await forgetLoads(opened.db, organisationId, program, closed.loads.ids)
}
const tomorrow = (): void => {
  now = new Date(now.getTime() + dayMs)
}
const stored = (): Promise<Invoice[]> => invoicesOf(opened.db, organisationId, program)
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await stored()).map(({ id, kind, state, reasonCode }) => [id, `${kind} ${reasonCode ?? state}`]),
  )
const carried = async () =>
  (await annualInvoicesFor(opened.db, organisationId, program, ['t1'])).map(
    ({ invoiceId, issuedOn, lines, ...flags }) => [
      invoiceId,
      issuedOn,
      lines.map(({ quantity }) => quantity),
      flags.awaitsPick ?? false,
      flags.isTaken ?? false,
    ],
  )
const decided = (verb: typeof pickInvoice, invoiceId: string) =>
  verb({ db: opened.db, organisationId, program, invoiceId, actor: 'Ann', now })
const dueItems = async (): Promise<number[]> =>
  (
    await opened.db
      .select({ id: runItems.agreementId })
      .from(runItems)
      .where(eq(runItems.organisationId, organisationId))
  ).map(({ id }) => id)

describe('an invoice of terms that are billed at once alone', () => {
  it('is in use beside others of its month and the month’s own, whichever come first [J9]', async () => {
    give('11', fileOf({ seats: 5 }))
    give('12', fileOf({ id: 'sub-8', seats: 2, days: '2026-09-20,2027-09-16' }), {
      invoicedOn: '2026-09-21' as Day,
    })
    await look()
    expect(await states()).toEqual({ '11': 'annual annual', '12': 'annual annual' })
    give('10', fileOf({ id: 'sub-1', days: '2026-09-01,2026-09-30', term: monthly }), {
      invoicedOn: '2026-10-01' as Day,
    })
    await look()
    expect(await states()).toEqual({ '10': 'monthly ready', '11': 'annual annual', '12': 'annual annual' })
    expect(await carried()).toEqual([
      ['11', '2026-09-17', ['5'], false, false],
      ['12', '2026-09-21', ['2'], false, false],
    ])
  })
  it('may give back, and be within its month: neither holds it [J9]', async () => {
    give('11', fileOf({ seats: -2, days: '2026-09-17,2026-09-30' }))
    await look()
    expect(await states()).toEqual({ '11': 'annual annual' })
  })
  it('is the month’s where one line is of another kind, and those lines are ignored there [J9]', async () => {
    give(
      '10',
      fileOf(
        { days: '2026-09-01,2026-09-30' },
        { id: 'sub-1', days: '2026-09-01,2026-09-30', term: monthly },
      ),
    )
    await look()
    expect(await states()).toEqual({ '10': 'monthly ready' })
  })
  it('cannot be told without lines: it is held as the month’s [J9]', async () => {
    give('10', header)
    await look()
    expect(await states()).toEqual({ '10': 'monthly no-lines' })
  })
  it('waits where a line names no subscription, as a month’s does [J9]', async () => {
    give(
      '11',
      `${fileOf({})}coho.example,,Visio,2026-09-17,2027-09-16,96,120,1,1,96,120,Coho Winery,${atOnce}\n`,
    )
    await look()
    expect(await states()).toEqual({ '11': 'annual unplaced-line' })
    await decided(pickInvoice, '11')
    expect(await states()).toMatchObject({ '11': expect.stringMatching(/^annual/) })
    expect((await stored())[0]?.state).toBe('annual')
  })
})

describe('an annual invoice that PRISM gives again with other content', () => {
  beforeEach(async () => {
    give('10', august, ofAugust)
    give('11', fileOf({ seats: 5 }))
    await look()
    give('11', fileOf({ seats: 4 }))
  })

  it('is looked at once a day, and waits: nothing more of it is written until a person picks [J9]', async () => {
    await look()
    expect(await states()).toEqual({ '10': 'monthly ready', '11': 'annual annual' })
    tomorrow()
    await look()
    expect(await states()).toEqual({ '10': 'monthly ready', '11': 'annual annual', '11-2': 'annual reissue' })
    expect(await carried()).toEqual([['11', '2026-09-17', ['5'], true, false]])
    await decided(pickInvoice, '11-2')
    expect(await carried()).toEqual([['11', '2026-09-17', ['4'], false, false]])
    expect((await stored()).find(({ id }) => id === '11')?.state).toBe('superseded')
    await decided(pickInvoice, '11')
    expect(await carried()).toEqual([['11', '2026-09-17', ['5'], false, false]])
  })
  it('is left out where a person excludes it [J9]', async () => {
    tomorrow()
    await look()
    await decided(excludeInvoice, '11-2')
    expect(await carried()).toEqual([['11', '2026-09-17', ['5'], false, false]])
  })
  it('is of its kind still where the new file has no line, and does not hold the month [J9]', async () => {
    give('11', header)
    tomorrow()
    await look()
    expect(await states()).toMatchObject({ '11-2': 'annual no-lines' })
    give('12', fileOf({ id: 'sub-1', days: '2026-09-01,2026-09-30', term: monthly }))
    await look()
    expect(await states()).toMatchObject({ '12': 'monthly ready' })
  })
  it('waits, too, where it is a month’s now [J9]', async () => {
    give('11', fileOf({ id: 'sub-1', days: '2026-09-01,2026-09-30', term: monthly }))
    tomorrow()
    await look()
    expect(await states()).toMatchObject({ '11': 'annual annual', '11-2': 'monthly reissue' })
  })
})

describe('rows of a version that did not know of annual invoices', () => {
  /** As that version would have stored what is loaded now. */
  const asBefore = async (sets: Record<string, InvoiceChange>): Promise<void> => {
    for (const [id, set] of Object.entries(sets))
      await updateInvoice(opened.db, organisationId, program, id, { kind: 'monthly', ...set })
  }
  beforeEach(async () => {
    give('10', fileOf({ id: 'sub-1', days: '2026-09-01,2026-09-30', term: monthly }))
    give('11', fileOf({ seats: 5 }))
    give('12', fileOf({ id: 'sub-8', seats: 1, days: '2026-09-17,2026-09-28' }))
    await look()
  })

  it('are judged anew by the next look, and free the month’s own [J9]', async () => {
    await asBefore({
      '10': { state: 'held', reasonCode: 'candidates', reason: 'another' },
      '11': { state: 'held', reasonCode: 'out-of-month', reason: 'outside', row: 2 },
      '12': { state: 'held', reasonCode: 'candidates', reason: 'another' },
    })
    await look()
    expect(await states()).toEqual({ '10': 'monthly ready', '11': 'annual annual', '12': 'annual annual' })
    expect((await stored()).map(({ reason, row }) => reason ?? row)).toEqual([null, null, null])
  })
  it('are, too, where one had become the month’s [J9]', async () => {
    await asBefore({
      '10': { state: 'held', reasonCode: 'reissue', reason: 'in use' },
      '11': { state: 'held', reasonCode: 'out-of-month', reason: 'outside' },
      '12': { state: 'ready' },
    })
    await look()
    expect(await states()).toEqual({ '10': 'monthly ready', '11': 'annual annual', '12': 'annual annual' })
  })
  it('stay as a person decided [J9]', async () => {
    await asBefore({
      '11': { state: 'excluded', decidedBy: 'Ann' },
      '12': { state: 'held', reasonCode: 'no-lines', decidedBy: null, lineCount: 0 },
    })
    await look()
    expect(await states()).toEqual({
      '10': 'monthly ready',
      '11': 'annual excluded',
      '12': 'monthly no-lines',
    })
  })
})

describe('an annual invoice of before', () => {
  const since = '2026-09-18' as Day
  const said = () => ({
    db: opened.db,
    organisationId,
    program,
    invoiceId: '11',
    since,
    actor: 'Ann',
    now,
  })
  /** A sync writes a line of it. */
  const write = () =>
    opened.db.execute(sql`
      INSERT INTO changes (organisation_id, program, agreement_id, run_id, period, invoice_id, subscription_id, lease_token, kind,
        intent, outcome, addition_id)
      VALUES (${organisationId}, ${program}, 8, gen_random_uuid(), '2026-09', '11', 'sub-9', gen_random_uuid(), 'create',
        '{"kind": "create", "carries": {"invoiceId": "11", "subscriptionId": "sub-9", "charge": "c", "ordinal": 1, "turn": 1}}', 'done', 1)`)

  it('stays taken over once a line of it is written, also where another content of it is picked [J9]', async () => {
    await switchOn(since)
    give('11', fileOf({ seats: 5 }))
    await look()
    await takeInvoice(said())
    expect(await carried()).toEqual([['11', '2026-09-17', ['5'], false, true]])
    await leaveTakenInvoice(said())
    expect(await carried()).toEqual([['11', '2026-09-17', ['5'], false, false]])
    await takeInvoice(said())
    await write()
    await expect(leaveTakenInvoice(said())).rejects.toThrow('Lines of invoice 11 are on an agreement already')
    give('11', fileOf({ seats: 4 }))
    tomorrow()
    await look()
    await decided(pickInvoice, '11-2')
    expect(await carried()).toEqual([['11', '2026-09-17', ['4'], false, true]])
    expect((await stored()).map(({ id, takenBy }) => [id, takenBy])).toEqual([
      ['11', 'Ann'],
      ['11-2', 'Ann'],
    ])
  })
})

describe('a One-Time agreement', () => {
  const map = (over: Partial<Parameters<typeof putOneTimeMapping>[4]> = {}) =>
    putOneTimeMapping(opened.db, organisationId, program, 't1', {
      companyId: 3,
      agreementId: 8,
      syncEnabled: true,
      mappedBy: 'Ann',
      ...over,
    })
  const attempt = async () =>
    noteOneTimeAttempt(opened.db, organisationId, program, 8, ['t1'], {
      readAt: now,
      seen: [(await oneTimeMapping(opened.db, organisationId, program, 't1'))?.lookAgainAt ?? null],
      lookAgainAt: null,
      lookingSince: null,
    })

  it('is due with each annual invoice that no sync of it has read, and only then [J9]', async () => {
    give('11', fileOf({ seats: 5 }))
    await look()
    expect(await dueItems()).toEqual([])
    await map()
    expect(await annualNotAttempted(opened.db, organisationId, program)).toHaveLength(1)
    await look()
    expect(await dueItems()).toEqual([8])
    await attempt()
    expect(await annualNotAttempted(opened.db, organisationId, program)).toEqual([])
    tomorrow()
    give('12', fileOf({ id: 'sub-8', seats: 2 }), { invoicedOn: '2026-09-21' as Day })
    await look()
    expect(await annualNotAttempted(opened.db, organisationId, program)).toHaveLength(1)
  })
  it('is not while its Sync or these terms are off, nor of what was issued before they were switched on [J9]', async () => {
    give('11', fileOf({ seats: 5 }))
    await map({ syncEnabled: false })
    await look()
    await map()
    await switchOn(null)
    await look()
    await switchOn('2026-09-18' as Day)
    await look()
    expect(await dueItems()).toEqual([])
    await updateInvoice(opened.db, organisationId, program, '11', { takenBy: 'Ann', takenAt: now })
    await look()
    expect(await dueItems()).toEqual([8])
    expect((await programSettings(opened.db, organisationId, program))?.annualTermsAtOnce).toBe('2026-09-18')
  })
})
