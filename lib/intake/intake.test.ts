/** What comes from PRISM and is odd: it is named where it is, and stops nothing else. The source is scripted, the database real. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { badLinesOf } from '#db/prism/invoice-lines.ts'
import { forgetLoads } from '#db/prism/invoice-loads.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { setAsideOf } from '#db/prism/set-aside.ts'
import { createLog } from '#lib/base/log.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { programOptions } from '#lib/intake/context.ts'
import { PrismError } from '#lib/prism/errors.ts'
import { readInvoiceCsv } from '#lib/prism/invoice-csv.ts'
import { toContractAgreements, toInvoiceHeaders, toProducts, toTenants } from '#lib/prism/mapper.ts'
import type { Source } from '#lib/prism/values.ts'
import { programs } from '#lib/programs/registry.ts'
import { type SyncContext } from '#lib/sync/context.ts'
import { enqueueDue } from '#lib/sync/due.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { decideMonths } from './decide-months.ts'
import { loadInvoice } from './load-invoice.ts'
import { lookAtPrism } from './look.ts'
import { excludeInvoice, pickInvoice, readInvoiceAgain } from './pick.ts'

const [microsoftCsp] = programs
const program = microsoftCsp.slug
const prismName = microsoftCsp.prismName

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

/** PRISM's answers, as PRISM writes them; a file that is an error is not given. */
interface Script {
  customers: unknown[]
  tenants: unknown[]
  groups: unknown[]
  invoices: unknown[]
  files: Record<string, string | Error>
  asked: string[]
  /** What happens while a file is asked for. */
  meanwhile?: (id: string) => Promise<void>
}

const header =
  'PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit\n'
const csvLine = (over: { id?: string; quantity?: string; name?: string; month?: string } = {}): string => {
  const { id = 'sub-1', quantity = '5', name = 'Coho Winery', month = '2026-08' } = over
  const days = [`${month}-01`, `${month}-28`].map((day) => `${day}T00:00:00.0000000+00:00`)
  return `coho.example,${id},Visio (NCE Product),${days.join(',')},8,10,${quantity},1,40,50,${name},Monthly,1,MONTHS\n`
}
const file = (...lines: string[]): string => header + lines.join('')

const agreement = { ContractAgreementId: 'ca-1', ProgramName: prismName }
const coho = {
  TenantId: 't1',
  CustomerName: 'Coho Winery',
  TenantDomain: 'coho.example',
  Subscriptions: [{ SubscriptionId: 'sub-1' }, { SubscriptionId: 'sub-2' }],
}
const visio = { ProductId: 'v', ProductSku: 'V', ProductName: 'Visio', UnitPrice: 8, RetailUnitPrice: 10 }
const august = { InvoiceId: 1, ProgramName: prismName, UsageYear: 2026, UsageMonth: 8 }

const sourceOf = (script: Script): Source => ({
  contractAgreements: async () => toContractAgreements(script.customers),
  tenants: async (id) => {
    if (id !== 'ca-1') throw new PrismError('refused', `/api/v2/${id}: PRISM answered 404.`, 404)
    return toTenants(script.tenants)
  },
  priceList: async () => toProducts(script.groups),
  invoices: async () => toInvoiceHeaders(script.invoices),
  invoiceCsv: async (id) => {
    script.asked.push(id)
    await script.meanwhile?.(id)
    const text = script.files[id] ?? new PrismError('refused', 'no such file', 404)
    if (typeof text !== 'string') throw text
    return (async function* () {
      yield Buffer.from(text)
    })()
  },
  readInvoice: readInvoiceCsv,
})

let script: Script
let organisationId: string
let now: Date
beforeEach(async () => {
  script = {
    customers: [{ CustomerId: 1, CustomerProgramAgreements: [agreement] }],
    tenants: [coho],
    groups: [{ Products: [visio] }],
    invoices: [august],
    files: { '1': file(csvLine()) },
    asked: [],
  }
  now = new Date('2026-09-03T09:00:00Z')
  organisationId = (await createOrganisation(opened.db, { name: 'Northwind' })).id
  await putProgramSettings(opened.db, organisationId, program, { ...microsoftCsp.defaults, enabled: true })
})

const look = async (of = script) => {
  const ctx: SyncContext = {
    db: opened.db,
    organisationId,
    program: microsoftCsp,
    options: await programOptions(opened.db, organisationId, microsoftCsp),
    prism: sourceOf(of),
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
  return { invoicesDetected: seen.invoicesDetected + closed.loads.detected + closed.decided }
}
const stored = () => invoicesOf(opened.db, organisationId, program)
const states = async () =>
  Object.fromEntries((await stored()).map(({ id, state, reasonCode }) => [id, reasonCode ?? state]))
const aside = async () =>
  (await setAsideOf(opened.db, organisationId, program)).map(({ list, record, reason }) => [
    list,
    record,
    reason,
  ])
const rows = async <T = string>(what: string, from: string): Promise<T[]> =>
  (
    await opened.db.execute<{ value: T }>(
      sql`SELECT ${sql.raw(what)} AS value FROM ${sql.raw(from)} AND organisation_id = ${organisationId} ORDER BY 1`,
    )
  ).rows.map(({ value }) => value)
const decided = (verb: typeof pickInvoice, invoiceId: string) =>
  verb({ db: opened.db, organisationId, program, invoiceId, actor: 'Ann', now })
const checkError = async () =>
  (await programSettings(opened.db, organisationId, program))?.lastCheckError ?? null

describe('rows that come twice', () => {
  it('count once, be it a tenant, a subscription, a product or an invoice [J16]', async () => {
    script.tenants = [coho, { ...coho, Subscriptions: [...coho.Subscriptions, { SubscriptionId: 'sub-1' }] }]
    script.groups = [{ Products: [visio, visio] }, { Products: [visio] }]
    script.invoices = [august, august]
    expect(await look()).toMatchObject({ invoicesDetected: 1 })
    expect(await states()).toEqual({ '1': 'ready' })
    expect([
      await rows('id', 'prism_tenants WHERE current'),
      await rows('id', 'prism_subscriptions WHERE current'),
    ]).toEqual([['t1'], ['sub-1', 'sub-2']])
    expect(await aside()).toEqual([])
  })

  it('and contradict each other: the first counts, and the other is named', async () => {
    script.tenants = [coho, { ...coho, CustomerName: 'Coho Vineyard' }]
    script.invoices = [august, { ...august, UsageMonth: 7 }]
    await look()
    expect(await rows('name', 'prism_tenants WHERE true')).toEqual(['Coho Winery'])
    expect((await aside()).map(([list, record]) => [list, record])).toEqual([
      ['invoices', `${prismName} (1)`],
      ['tenants', 'Coho Vineyard (t1)'],
    ])
  })
})

describe('an odd record', () => {
  it('of each list is set aside and named, the rest is used, and the next look forgets it [J16]', async () => {
    script.customers.push({ CustomerName: 'Odd', CustomerProgramAgreements: 'none' })
    script.tenants.push({ CustomerName: 'No id' })
    script.groups.push({ Products: [{ ...visio, ProductId: 'w', ProductSku: 'W', UnitPrice: null }] })
    script.invoices.push({ InvoiceId: 9, ProgramName: 'Credit note', UsageYear: null })
    await look()
    expect(await states()).toEqual({ '1': 'ready' })
    expect(await aside()).toEqual([
      ['contract-agreements', 'Odd', 'CustomerProgramAgreements is not understood'],
      ['invoices', 'Credit note (9)', 'UsageYear is missing'],
      ['products', 'Visio (w)', 'UnitPrice is missing'],
      ['tenants', 'No id', 'TenantId is missing'],
    ])
    script = {
      ...script,
      customers: script.customers.slice(0, 1),
      tenants: [coho],
      groups: [{ Products: [visio] }],
      invoices: [august],
    }
    await look()
    expect(await aside()).toEqual([])
  })

  it('that was known stays as it was stored; what is gone is gone [D4]', async () => {
    const fabrikam = {
      TenantId: 't2',
      CustomerName: 'Fabrikam',
      Subscriptions: [{ SubscriptionId: 'sub-9' }],
    }
    const others = ['w', 'x'].map((id) => ({ ...visio, ProductId: id, ProductSku: id.toUpperCase() }))
    script.tenants = [coho, fabrikam, { TenantId: 't3', CustomerName: 'Litware' }]
    script.groups = [{ Products: [visio, ...others] }]
    await look()
    script.tenants = [
      { ...coho, Subscriptions: [{ SubscriptionId: 'sub-1', Status: {} }] },
      { ...fabrikam, CustomerName: ['Fabrikam'] },
    ]
    script.groups = [{ Products: [{ ...visio, RetailUnitPrice: 'on request' }, others[0]] }]
    await look()
    expect(await rows('id', 'prism_tenants WHERE current')).toEqual(['t1', 't2'])
    expect(await rows('id', 'prism_subscriptions WHERE current')).toEqual(['sub-1', 'sub-9'])
    expect(await rows('sku', 'products WHERE current')).toEqual(['V', 'W'])
  })

  it('without an id may be anyone: nothing is taken for gone', async () => {
    await look()
    script.tenants = [{ CustomerName: 'No id' }]
    script.groups = ['no group']
    await look()
    expect(await rows('id', 'prism_tenants WHERE current')).toEqual(['t1'])
    expect(await rows('id', 'prism_subscriptions WHERE current')).toEqual(['sub-1', 'sub-2'])
    expect(await rows('sku', 'products WHERE current')).toEqual(['V'])
  })

  it('that several customers list stays with the one it was stored for', async () => {
    await look()
    script.tenants = [
      { TenantId: 't2', CustomerName: 'Fabrikam', Subscriptions: [{ SubscriptionId: 'sub-1' }] },
      coho,
    ]
    await look()
    expect(await rows(`id || ' ' || tenant_id`, 'prism_subscriptions WHERE current')).toEqual([
      'sub-1 t1',
      'sub-2 t1',
    ])
  })
})

describe('text that PostgreSQL refuses', () => {
  it('is dropped in files and lists [J16]', async () => {
    script.files['1'] = file(csvLine({ name: 'Coho\u0000 Winery' }))
    script.tenants = [{ ...coho, CustomerName: 'Coho\u0000 \ud800Winery' }]
    await look()
    expect(await rows('customer_name', 'invoice_lines WHERE true')).toEqual(['Coho Winery'])
    expect(await rows('name', 'prism_tenants WHERE true')).toEqual(['Coho \ufffdWinery'])
  })

  it('in the words of a failure does not stop its being noted', async () => {
    await look()
    const broken = new PrismError('unreachable', 'PRISM said a\u0000\ud800b', null)
    Object.defineProperty(script, 'invoices', {
      get: () => {
        throw broken
      },
    })
    await expect(look()).rejects.toBe(broken)
    expect(await checkError()).toBe('PRISM said a\ufffdb')
  })
})

describe('an invoice file', () => {
  it.each([
    ['a web page', '<html>Sign in</html>', 'it is a web page, not an invoice file'],
    [
      'cut inside a record',
      file(csvLine(), csvLine({ id: 'sub-2' })).slice(0, -40),
      'the file ends inside this line',
    ],
    ['another header', 'A,B\n1,2\n', /^the file lacks the columns/],
  ])(
    'that is %s at first is refused, read again by the next look, and taken [F1]',
    async (_what, text, reason) => {
      const good = script.files['1'] ?? ''
      script.files['1'] = text
      expect(await look()).toMatchObject({ invoicesDetected: 1 })
      expect((await stored())[0]).toMatchObject({
        state: 'refused',
        contentHash: null,
        reason: expect.stringMatching(reason),
      })
      expect(await rows('row', 'invoice_lines WHERE true')).toEqual([])
      expect(await look()).toMatchObject({ invoicesDetected: 0 })
      script.files['1'] = good
      expect(await look()).toMatchObject({ invoicesDetected: 1 })
      expect(await states()).toEqual({ '1': 'ready' })
      expect(await rows('row', 'invoice_lines WHERE true')).toEqual([2])
    },
  )

  it('that was good, then a web page, then good again is what it was', async () => {
    const good = script.files['1'] ?? ''
    await look()
    script.files['1'] = '<html>'
    await look()
    expect(await states()).toEqual({ '1': 'ready', '1-2': 'unreadable' })
    script.files['1'] = good
    expect(await look()).toMatchObject({ invoicesDetected: 0 })
    expect(await states()).toEqual({ '1': 'ready' })
  })

  it('has the identity of the bytes that were stored, whatever a second download gives', async () => {
    const [first, second] = [file(csvLine()), file(csvLine({ quantity: '8' }))]
    Object.defineProperty(script.files, '1', { get: () => (script.asked.length === 1 ? first : second) })
    await look()
    const { createHash } = await import('node:crypto')
    expect((await stored())[0]?.contentHash).toBe(createHash('sha256').update(first).digest('hex'))
    await look()
    expect(await states()).toEqual({ '1': 'ready', '1-2': 'reissue' })
    expect(await rows('quantity', `invoice_lines WHERE invoice_id = '1-2'`)).toEqual(['8'])
  })

  it('without lines at first gives its place to the lines [F1]', async () => {
    script.files['1'] = header
    await look()
    expect(await states()).toEqual({ '1': 'no-lines' })
    expect(await look()).toMatchObject({ invoicesDetected: 0 })
    script.files['1'] = file(csvLine())
    expect(await look()).toMatchObject({ invoicesDetected: 1 })
    expect(
      (await stored()).map(({ id, state, lineCount, reason }) => [id, state, lineCount, reason]),
    ).toEqual([['1', 'ready', 1, null]])
  })

  it('without lines is a rival of another one of its month, until it is excluded', async () => {
    script.invoices.push({ ...august, InvoiceId: 2 })
    script.files = { '1': header, '2': file(csvLine()) }
    await look()
    expect(await states()).toEqual({ '1': 'no-lines', '2': 'candidates' })
    await decided(excludeInvoice, '1')
    expect(await states()).toEqual({ '1': 'no-lines', '2': 'ready' })
    expect((await stored())[0]?.state).toBe('excluded')
  })

  it('whose content goes A, B and back to A is a re-issue each time [F1]', async () => {
    const [a, b] = [file(csvLine()), file(csvLine({ quantity: '8' }))]
    script.files['1'] = a
    await look()
    script.files['1'] = b
    await look()
    await decided(pickInvoice, '1-2')
    expect(await states()).toEqual({ '1': 'superseded', '1-2': 'reissue' })
    expect((await stored()).find(({ id }) => id === '1-2')?.state).toBe('ready')
    script.files['1'] = a
    expect(await look()).toMatchObject({ invoicesDetected: 1 })
    expect((await stored()).map(({ id, state }) => [id, state])).toEqual([
      ['1', 'superseded'],
      ['1-2', 'ready'],
      ['1-3', 'held'],
    ])
    expect(await look()).toMatchObject({ invoicesDetected: 0 })
  })
})

describe('a bad line', () => {
  it('with a subscription id leaves the file usable, and is stored with its customer [F1]', async () => {
    script.files['1'] = file(csvLine(), csvLine({ id: 'SUB-2', quantity: 'five' }))
    await look()
    expect(await states()).toEqual({ '1': 'ready' })
    expect(await badLinesOf(opened.db, organisationId, program, ['1'])).toMatchObject([
      { row: 3, column: 'Quantity', subscriptionId: 'sub-2', tenantId: 't1', price: '50' },
    ])
  })

  it('without one holds the file; picked, its amount is told, and the rest is used [F1]', async () => {
    const credit = csvLine({ id: '', name: '' }).replace('coho.example', '').replace(',40,50,', ',-20,-24,')
    script.files['1'] = file(csvLine(), credit)
    await look()
    expect(await stored()).toMatchObject([
      { state: 'held', reasonCode: 'unplaced-line', row: 3, column: 'SubscriptionId', lineCount: 1 },
    ])
    await decided(pickInvoice, '1')
    await look()
    expect((await stored())[0]?.state).toBe('ready')
    expect(await badLinesOf(opened.db, organisationId, program, ['1'])).toMatchObject([
      { row: 3, subscriptionId: '', tenantId: '', cost: '-20', price: '-24' },
    ])
  })

  it('on every row refuses the file: nothing of it can be used', async () => {
    script.files['1'] = file(csvLine({ quantity: 'x' }), csvLine({ quantity: 'y' }))
    await look()
    expect(await stored()).toMatchObject([{ state: 'refused', row: 2, column: 'Quantity' }])
    expect(await rows('row', 'invoice_bad_lines WHERE true')).toEqual([])
  })
})

describe('an invoice that PRISM does not give', () => {
  const july = { ...august, InvoiceId: 7, UsageMonth: 7 }
  const january = { ...august, InvoiceId: 4, UsageMonth: 1 }

  it.each([
    [
      '404',
      new PrismError('refused', '/api/v1/me/invoice/7/csv: PRISM answered 404.', 404),
      'PRISM has no file for it.',
    ],
    ['403', new PrismError('refused', 'x', 403), 'PRISM refuses to give its file (status 403).'],
    [
      'no answer',
      new PrismError('unreachable', 'x', null),
      'PRISM did not answer when its file was asked for.',
    ],
  ])('(%s) is noted on its own row, and the newer ones are taken [J16]', async (_what, error, reason) => {
    script.invoices = [august, july]
    script.files['7'] = error
    expect(await look()).toMatchObject({ invoicesDetected: 2 })
    expect(await states()).toEqual({ '1': 'ready', '7': 'not-given' })
    expect((await stored())[1]).toMatchObject({ state: 'unread', reason, unreadSince: now })
    expect(await checkError()).toBeNull()
    const since = now
    now = new Date('2026-09-03T10:00:00Z')
    await look()
    expect((await stored())[1]).toMatchObject({ unreadSince: since })
    script.files['7'] = file(csvLine({ month: '2026-07' }))
    await look()
    expect((await stored())[1]).toMatchObject({
      id: '7',
      state: 'ready',
      unreadSince: null,
      unreadReason: null,
    })
  })

  it('stays as it is where it was loaded before, with since when', async () => {
    const good = script.files['1'] ?? ''
    await look()
    script.files['1'] = new PrismError('unreachable', 'x', 500)
    await look()
    expect(await stored()).toMatchObject([
      { state: 'ready', unreadSince: now, unreadReason: 'PRISM could not give its file (status 500).' },
    ])
    script.files['1'] = good
    await look()
    expect(await stored()).toMatchObject([{ state: 'ready', unreadSince: null, unreadReason: null }])
  })

  it('is asked for hourly where it is old, and at once when a person asks', async () => {
    script.invoices = [august, january]
    await look()
    script.asked = []
    await look()
    expect(script.asked).toEqual(['1'])
    now = new Date('2026-09-03T10:00:00Z')
    await look()
    expect(script.asked).toEqual(['1', '4', '1'])
    await decided(readInvoiceAgain, '4')
    script.files['4'] = file(csvLine({ month: '2026-01' }))
    await look()
    expect(await states()).toEqual({ '1': 'ready', '4': 'ready' })
  })

  it('is left alone once it is excluded, until a person has it read again', async () => {
    script.invoices = [august, july]
    await look()
    await decided(excludeInvoice, '7')
    script.files['7'] = file(csvLine({ month: '2026-07' }))
    await look()
    expect((await stored()).map(({ state }) => state)).toEqual(['ready', 'excluded'])
    await decided(readInvoiceAgain, '7')
    await look()
    expect(await states()).toEqual({ '1': 'ready', '7': 'ready' })
  })

  it('because the credentials are refused is no fault of the file: nothing is noted on it, or decided', async () => {
    script.files['1'] = new PrismError('refused', 'it ran out', 401)
    await expect(look()).rejects.toThrowError('it ran out')
    expect(await stored()).toEqual([])
    script.files['1'] = file(csvLine())
    expect(await look()).toMatchObject({ invoicesDetected: 1 })
    expect(await states()).toEqual({ '1': 'ready' })
  })
})

describe('a first load that does not fit one request', () => {
  it('goes on where it stopped: what was loaded stays, and nothing is usable before all is [H7]', async () => {
    const months = [3, 4, 5, 6, 7, 8]
    script.invoices = months.map((month) => ({ ...august, InvoiceId: month, UsageMonth: month }))
    for (const month of months) script.files[month] = file(csvLine({ month: `2026-0${month}` }))
    const whole = { ...script.files }
    for (const killedAt of [4, 6]) {
      script.files = { ...whole, [killedAt]: new Error('the process is killed') }
      await expect(look()).rejects.toThrowError('killed')
      expect((await stored()).map(({ id, state }) => [id, state])).toEqual(
        months
          .filter((month) => month < killedAt)
          .map((month) => [`${month}`, 'loaded'])
          .reverse(),
      )
    }
    script.files = whole
    script.asked = []
    expect(await look()).toMatchObject({ invoicesDetected: 6 })
    // July and August are recent, and 3 to 5 were loaded before.
    expect(script.asked).toEqual(['6', '7', '8'])
    expect(Object.values(await states())).toEqual(months.map(() => 'ready'))
  })

  it('deletes only what was still coming in when the process died', async () => {
    await look()
    await opened.db.execute(sql`
      INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state)
      VALUES (${organisationId}, ${program}, '9', '9', ${prismName}, '2026-07', 'loading'),
             (${organisationId}, ${program}, '8', '8', ${prismName}, '2026-06', 'loaded')`)
    await look()
    expect(await states()).toEqual({ '1': 'ready', '8': 'ready' })
  })
})

describe('a person’s word while a look is under way', () => {
  it('is not undone: what was picked stays picked [F1]', async () => {
    script.invoices = [august, { ...august, InvoiceId: 2 }]
    script.files['2'] = file(csvLine({ quantity: '6' }))
    await look()
    expect(await states()).toEqual({ '1': 'candidates', '2': 'candidates' })
    await look({
      ...script,
      meanwhile: async (id) => {
        if (id === '2') await decided(pickInvoice, '1')
      },
    })
    expect((await stored()).map(({ id, state }) => [id, state])).toEqual([
      ['1', 'ready'],
      ['2', 'superseded'],
    ])
  })

  it('is not undone: what was excluded while it was read again stays excluded', async () => {
    script.files['1'] = '<html>'
    await look()
    script.files['1'] = file(csvLine())
    await look({ ...script, meanwhile: () => decided(excludeInvoice, '1') })
    expect(await rows('row', 'invoice_lines WHERE true')).toEqual([])
    expect((await stored()).map(({ state }) => state)).toEqual(['excluded'])
  })

  it('cannot make two invoices of a month the one', async () => {
    script.invoices = [august, { ...august, InvoiceId: 2 }]
    script.files['2'] = file(csvLine({ quantity: '6' }))
    await look()
    await Promise.all([decided(pickInvoice, '1'), decided(pickInvoice, '2'), look()])
    expect((await stored()).filter(({ state }) => state === 'ready')).toHaveLength(1)
    await expect(
      opened.db.execute(sql`UPDATE invoices SET state = 'ready' WHERE organisation_id = ${organisationId}`),
    ).rejects.toThrowError()
  })
})

describe('the contract agreement', () => {
  it.each([
    [
      'is picked and unknown',
      'nope',
      1,
      `PRISM does not know the contract agreement 'nope' that is picked for Microsoft CSP.`,
    ],
    [
      'is one of two',
      null,
      2,
      /^PRISM lists 2 contract agreements of Microsoft CSP Indirect, and none is picked/,
    ],
    ['is not there', null, 0, 'PRISM lists no contract agreement of Microsoft CSP Indirect.'],
  ])('that %s is said in one sentence [F14]', async (_what, contractAgreementId, count, sentence) => {
    const options = { ...microsoftCsp.defaults, enabled: true, contractAgreementId }
    await putProgramSettings(opened.db, organisationId, program, options)
    const agreements = ['ca-1', 'ca-2'].slice(0, count)
    script.customers = agreements.map((id) => ({
      CustomerProgramAgreements: [{ ...agreement, ContractAgreementId: id }],
    }))
    await expect(look()).rejects.toMatchObject({ code: 'contract-agreement-unclear' })
    expect(await checkError()).toEqual(
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    )
  })
})

describe('two organisations', () => {
  it('have their own odd records, bad lines and unread invoices [I2]', async () => {
    script.files['1'] = file(csvLine(), csvLine({ id: 'sub-2', quantity: 'x' }))
    script.tenants.push({})
    await look()
    const first = organisationId
    organisationId = (await createOrganisation(opened.db, { name: 'Other' })).id
    await putProgramSettings(opened.db, organisationId, program, { ...microsoftCsp.defaults, enabled: true })
    await look({ ...script, tenants: [coho], files: {} })
    expect([await states(), await aside()]).toEqual([{ '1': 'not-given' }, []])
    expect(await badLinesOf(opened.db, organisationId, program, ['1'])).toEqual([])
    organisationId = first
    expect([await states(), (await aside()).length]).toEqual([{ '1': 'ready' }, 1])
  })
})
