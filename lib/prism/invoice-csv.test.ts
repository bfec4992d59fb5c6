import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allOf } from '#lib/base/testing/test-server.ts'
import { InvoiceRefused } from './errors.ts'
import { readInvoiceCsv } from './invoice-csv.ts'
import type { BadCsvLine, CsvLine, FilePlace } from './values.ts'

/** An invented row of the file (docs/facts/prism.md, "Invoice CSV"). */
const sample = {
  ResellerName: 'Northwind Managed Services',
  PrimaryDomainName: 'fabrikam.example',
  SubscriptionId: '0f0f0f0f-0000-4000-8000-000000000002',
  OfferName: 'Exchange Online (Plan 1) (NCE Product)',
  ChargeStartDate: '2026-04-01T00:00:00.0000000+00:00',
  ChargeEndDate: '2026-04-15T00:00:00.0000000+00:00',
  LineDescription: 'Actual usage for period',
  UnitPrice: '5.37',
  UnitPriceRrp: '6.45',
  Quantity: '5',
  BillableRatio: '0.5',
  SubTotal: '13.43',
  SubTotalRrp: '16.13',
  AgreementNumber: '1000001',
  PurchaseOrderNumber: '',
  CustomerName: 'Fabrikam',
  BillingCycle: 'Monthly',
  TermDurationNumber: '1',
  TermDurationUnit: 'MONTHS',
}
type Row = Record<string, string>

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

function file(rows: readonly Row[], { bom = true, lineEnd = '\n' } = {}): string {
  const header = Object.keys(rows[0] ?? sample)
  const lines = [header, ...rows.map((row) => header.map((name) => quoted(row[name] ?? '')))]
  return (bom ? '\uFEFF' : '') + lines.map((line) => line.join(',') + lineEnd).join('')
}

function without(...names: string[]): Row {
  return Object.fromEntries(Object.entries(sample).filter(([name]) => !names.includes(name)))
}

async function* inPieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, size?: number): Promise<(CsvLine | BadCsvLine)[]> {
  return allOf(readInvoiceCsv(inPieces(text, size ?? 4096)))
}

/** The bad lines of a file that is usable. */
async function badLinesOf(text: string): Promise<BadCsvLine[]> {
  return (await read(text)).filter((each) => 'reason' in each)
}

async function refusalOf(text: string): Promise<InvoiceRefused> {
  const error = await read(text).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(InvoiceRefused)
  return error as InvoiceRefused
}

const line: CsvLine = {
  row: 2,
  subscriptionId: '0f0f0f0f-0000-4000-8000-000000000002',
  offerName: 'Exchange Online (Plan 1) (NCE Product)',
  first: '2026-04-01',
  last: '2026-04-15',
  description: 'Actual usage for period',
  quantity: '5',
  unitCost: '5.37',
  unitPrice: '6.45',
  cost: '13.43',
  price: '16.13',
  billingCycle: 'Monthly',
  termDuration: '1',
  termUnit: 'MONTHS',
  customerName: 'Fabrikam',
  primaryDomainName: 'fabrikam.example',
  agreementNumber: '1000001',
} as CsvLine

describe('an invoice CSV that is read', () => {
  it('gives each line with its dates cut to the day and its numbers as decimal texts', async () => {
    expect(await read(file([sample]))).toEqual([line])
  })

  it.each([
    ['with a BOM and LF', { bom: true, lineEnd: '\n' }],
    ['without a BOM, with CRLF', { bom: false, lineEnd: '\r\n' }],
    ['with a BOM and CRLF', { bom: true, lineEnd: '\r\n' }],
  ])('is the same %s, however it is cut into pieces', async (_how, form) => {
    for (const size of [1, 7, 4096]) expect(await read(file([sample], form), size)).toEqual([line])
  })

  it('is read by the names of its columns, in any order, others ignored', async () => {
    const reversed = Object.fromEntries([['Margin', 'not, a "number"'], ...Object.entries(sample).reverse()])
    expect(await read(file([reversed]))).toEqual([line])
  })

  it('keeps a customer name of 60,000 characters, commas, quotes and line ends included', async () => {
    const name = 'Äpfel, "Birnen" & Söhne\r\n'.repeat(2_400)
    expect(name.length).toBe(60_000)
    const [first, second] = await read(file([{ ...sample, CustomerName: name }, sample]))
    expect(first?.customerName).toBe(name)
    expect(second).toEqual({ ...line, row: 2_403 })
  })

  it('counts lines as an editor does, over empty lines and quoted line ends', async () => {
    const broken = { ...sample, LineDescription: 'two\nlines' }
    const [header = '', ...rows] = file([broken, sample, sample]).split(/\n(?=Northwind|$)/)
    const lines = await read([header, '', ...rows.slice(0, 2), '', ...rows.slice(2)].join('\n'))
    expect(lines.map(({ row }) => row)).toEqual([3, 5, 7])
  })

  it('reads negative amounts and quantities: they are held later, not refused [F1]', async () => {
    const [credit] = await read(
      file([{ ...sample, Quantity: '-5', SubTotal: '-13.43', SubTotalRrp: '-16.10' }]),
    )
    expect(credit).toMatchObject({ quantity: '-5', cost: '-13.43', price: '-16.1' })
  })

  it('tells an absent cycle or term column (null) from an empty field [F4]', async () => {
    const absent = without('BillingCycle', 'TermDurationNumber', 'TermDurationUnit')
    const empty = { ...sample, BillingCycle: '', TermDurationNumber: '', TermDurationUnit: '' }
    expect((await read(file([absent])))[0]).toMatchObject({
      billingCycle: null,
      termDuration: null,
      termUnit: null,
    })
    expect((await read(file([empty])))[0]).toMatchObject({ billingCycle: '', termDuration: '', termUnit: '' })
  })

  it('needs only one of customer name and domain', async () => {
    expect((await read(file([without('CustomerName')])))[0]).toMatchObject({ customerName: '' })
    expect((await read(file([without('PrimaryDomainName')])))[0]).toMatchObject({ primaryDomainName: '' })
  })

  it('may have rows of empty fields only, as Excel leaves them', async () => {
    const [header = '', row = ''] = file([sample]).split('\n')
    expect(await read([header, ','.repeat(18), row, ' ,,', ''].join('\n'))).toEqual([{ ...line, row: 3 }])
  })

  it('may hold no line at all', async () => {
    expect(await read(file([sample]).split('\n')[0] ?? '')).toEqual([])
  })
})

describe('an invoice CSV that is refused whole', () => {
  it.each([
    'SubscriptionId',
    'OfferName',
    'ChargeStartDate',
    'ChargeEndDate',
    'UnitPrice',
    'UnitPriceRrp',
    'Quantity',
    'BillableRatio',
    'SubTotal',
    'SubTotalRrp',
  ])('lacks the column %s', async (column) => {
    expect(await refusalOf(file([without(column)]))).toMatchObject({ row: 1, column })
  })

  it('names all columns that it lacks', async () => {
    const { reason } = await refusalOf(file([without('UnitPrice', 'Quantity')]))
    expect(reason).toBe('the file lacks the columns UnitPrice, Quantity')
  })

  it('has neither customer name nor domain', async () => {
    expect(await refusalOf(file([without('CustomerName', 'PrimaryDomainName')]))).toMatchObject({
      row: 1,
      column: 'CustomerName',
    })
  })

  it('has a column twice', async () => {
    const text = file([sample]).replace('PurchaseOrderNumber', 'Quantity')
    expect(await refusalOf(text)).toMatchObject({ row: 1, column: 'Quantity' })
  })

  it.each([
    [
      'a quote that is never closed',
      (text: string) => text.replace(',Fabrikam,', ',"Fabrikam,'),
      /never closed/,
    ],
    [
      'text after a closing quote',
      (text: string) => text.replace(',Fabrikam,', ',"Fab"rikam,'),
      /after a closing/,
    ],
    ['a quote in the middle', (text: string) => text.replace(',Fabrikam,', ',Fab"rikam,'), /inside a field/],
    ['a line without end', (text: string) => text.replace('Fabrikam', 'x'.repeat(2_000_000)), /longer than/],
  ])('has %s', async (_what, spoil, reason) => {
    const refusal = await refusalOf(spoil(file([sample, sample])))
    expect(refusal).toMatchObject({ row: 2, reason: expect.stringMatching(reason) })
  })

  it('is empty, or no CSV at all', async () => {
    expect(await refusalOf('')).toMatchObject({ row: null, reason: 'the file is empty' })
  })

  it.each([
    [
      '<!DOCTYPE html>\n<html lang="en"><body>Sign in, please</body></html>',
      'it is a web page, not an invoice file',
    ],
    ['\uFEFF <html>', 'it is a web page, not an invoice file'],
    ['{"Message":"try later"}', 'it is JSON, not an invoice file'],
    ['[]', 'it is JSON, not an invoice file'],
  ])('is something else, whatever its status said: %s', async (text, reason) => {
    expect(await refusalOf(text)).toMatchObject({ row: null, column: null, reason })
  })

  it('is cut inside a record, wherever that is', async () => {
    const whole = file([sample, sample])
    for (const cut of [10, 30, 60, 120, 200, 240]) {
      const refusal = await refusalOf(whole.slice(0, -cut))
      expect([refusal.row, refusal.reason]).toEqual([3, 'the file ends inside this line'])
    }
  })

  it.each([
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['the Windows code page', (text: string) => Buffer.from(text.replace('Fabrikam', 'Fäbrikam'), 'latin1')],
    ['UTF-8 that is cut inside a character', (text: string) => Buffer.from(`${text}ä`).subarray(0, -1)],
  ])('is written in %s', async (_encoding, bytesOf) => {
    const bytes = bytesOf(file([sample], { bom: false }))
    const error = await allOf(
      readInvoiceCsv(
        (async function* () {
          yield bytes
        })(),
      ),
    ).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'invoice-refused', reason: expect.stringContaining('UTF-8') })
  })
})

describe('a bad line', () => {
  it.each([
    ['UnitPrice', 'AUD 5.37', "'AUD 5.37' is not a number"],
    ['UnitPriceRrp', '6,450', "'6,450' may have a decimal comma or a group of thousands"],
    ['Quantity', '', 'an empty field is not a number'],
    ['Quantity', 'NULL', 'an empty field is not a number'],
    [
      'Quantity',
      '1.33333333333333333333',
      "'1.33333333333333333333' has more digits than ConnectWise can hold",
    ],
    ['BillableRatio', 'half', "'half' is not a number"],
    ['SubTotal', '13.43.1', "'13.43.1' is not a number"],
    ['SubTotalRrp', 'NaN', "'NaN' is not a number"],
    ['ChargeStartDate', '01/04/2026', "'01/04/2026' is not a date"],
    ['ChargeStartDate', '2026-04-31T00:00:00.0000000+00:00', undefined],
    ['ChargeStartDate', '2026-04-01Tmorning', undefined],
    ['ChargeEndDate', '', 'an empty field is not a date'],
    ['ChargeStartDate', '0001-01-01T00:00:00', undefined],
    [
      'ChargeEndDate',
      '2026-03-31T00:00:00.0000000+00:00',
      'the charge ends on 2026-03-31, before its start on 2026-04-01',
    ],
  ])('has %s %j: it is told with its subscription, and the others are read', async (column, text, reason) => {
    const records = await read(file([sample, { ...sample, [column]: text }, sample]))
    expect(records[0]).toEqual(line)
    expect(records[2]).toEqual({ ...line, row: 4 })
    expect(records[1]).toMatchObject({
      row: 3,
      column,
      subscriptionId: line.subscriptionId,
      offerName: line.offerName,
      ...(reason === undefined ? {} : { reason }),
    })
    expect(await badLinesOf(file([sample, { ...sample, [column]: text }]))).toHaveLength(1)
  })

  it.each(['', '  ', 'null', '00000000-0000-0000-0000-000000000000', 'x'.repeat(201), 'sub\ufffd'])(
    'has the subscription id %j: it names none, and keeps its amount',
    async (SubscriptionId) => {
      expect(await badLinesOf(file([sample, { ...sample, SubscriptionId }]))).toEqual([
        {
          row: 3,
          subscriptionId: '',
          offerName: line.offerName,
          customerName: 'Fabrikam',
          primaryDomainName: 'fabrikam.example',
          column: 'SubscriptionId',
          reason: expect.stringMatching(/empty|no subscription id/),
          cost: '13.43',
          price: '16.13',
        },
      ])
    },
  )

  it('shows the offending text cut short, never inside a character', async () => {
    const [bad] = await badLinesOf(
      file([{ ...sample, Quantity: `${'x'.repeat(39)}😀${'x'.repeat(60_000)}` }]),
    )
    expect(bad?.reason).toBe(`'${'x'.repeat(39)}…' is not a number`)
  })

  it.each([
    ['too few', (row: string) => row.slice(0, row.lastIndexOf(',')), line.subscriptionId],
    ['too many', (row: string) => `${row},1`, line.subscriptionId],
    ['a comma too many before its id', (row: string) => row.replace('Managed', 'Managed,'), ''],
  ])('has %s fields: its id is believed where the dates are in their places', async (_what, spoil, id) => {
    const [header = '', first = '', second = ''] = file([sample, sample]).split('\n')
    const [bad] = await badLinesOf([header, first, spoil(second), first, ''].join('\n'))
    expect(bad).toMatchObject({ row: 3, column: null, subscriptionId: id })
    expect(bad?.reason).toMatch(/^the line has (18|20) fields, the header 19$/)
  })
})

describe('numbers and texts as other programs write them', () => {
  it.each([
    ['1E-05', '0.00001'],
    ['5E+2', '500'],
    ['+5.37', '5.37'],
    ['5.', '5'],
    ['.5', '0.5'],
    ['1,234.56', '1234.56'],
    ['6,45', '6.45'],
    ['7.9166666666666667', '7.9166666666666667'],
    ['7.9166666666666666666666666667', '7.9166666666666666666666666667'],
  ])('reads the unit price %s', async (UnitPrice, unitCost) => {
    expect((await read(file([{ ...sample, UnitPrice }])))[0]).toMatchObject({ unitCost })
  })

  it('drops what PostgreSQL cannot store from every text [J16]', async () => {
    const odd = {
      ...sample,
      CustomerName: 'Fab\u0000rikam',
      OfferName: '\u0000Visio',
      SubscriptionId: 'sub\u0000-1',
    }
    expect((await read(file([odd])))[0]).toMatchObject({
      customerName: 'Fabrikam',
      offerName: 'Visio',
      subscriptionId: 'sub-1',
    })
  })

  it.each(['', ' ', 'NULL', 'null'])('takes the cycle %j for unset', async (BillingCycle) => {
    expect((await read(file([{ ...sample, BillingCycle }])))[0]).toMatchObject({ billingCycle: '' })
  })
})

describe('reading behind a place', () => {
  const field = fc.constantFrom('', 'a', 'é😀', '"', 'x,y', 'one\ntwo', 'one\r\ntwo\n', ' ', '\\N')
  const row = fc.record({ LineDescription: field, CustomerName: field, Quantity: fc.constantFrom('5', 'x') })
  /** Whole rows, and what stands between them: blank lines, and rows that lack their last fields. */
  const text = fc
    .record({
      rows: fc.array(row, { minLength: 1, maxLength: 12 }),
      between: fc.array(fc.constantFrom('', '\n', '\r\n', 'short,row\n', ',,\n'), { maxLength: 12 }),
      bom: fc.boolean(),
      lineEnd: fc.constantFrom('\n', '\r\n'),
    })
    .map(({ rows, between, bom, lineEnd }) =>
      rows.reduce(
        (all, each, at) =>
          all +
          (between[at] ?? '') +
          file([{ ...sample, ...each }], { bom: false, lineEnd }).slice(headerLength + lineEnd.length),
        file([sample], { bom, lineEnd }).slice(0, (bom ? 1 : 0) + headerLength + lineEnd.length),
      ),
    )
  const headerLength = Object.keys(sample).join(',').length

  it('gives what follows it, in the same rows of the file, whatever the rows are [H7]', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (csv, size) => {
        const rows = readInvoiceCsv(inPieces(csv))
        const read: { line: CsvLine | BadCsvLine; place: FilePlace }[] = []
        for await (const line of rows) read.push({ line, place: rows.place() })
        for (const [at, { place }] of read.entries()) {
          const behind = readInvoiceCsv(inPieces(csv, size), place)
          const rest: typeof read = []
          for await (const line of behind) rest.push({ line, place: behind.place() })
          expect(rest).toEqual(read.slice(at + 1))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('names the line of the file where it cannot be read on', async () => {
    const good = file([sample, sample], { bom: false })
    const rows = readInvoiceCsv(inPieces(good))
    for await (const _ of rows) continue
    const broken = `${good}a"b\n`
    await expect(allOf(readInvoiceCsv(inPieces(broken), rows.place()))).rejects.toMatchObject({ row: 4 })
    await expect(allOf(readInvoiceCsv(inPieces(broken)))).rejects.toMatchObject({ row: 4 })
  })
})

describe('a source', () => {
  it('that fails half-way passes its own error on', async () => {
    async function* failing() {
      yield file([sample])
      throw new Error('connection lost')
    }
    await expect(allOf(readInvoiceCsv(failing()))).rejects.toThrowError('connection lost')
  })

  it('is let go of when the reader stops early', async () => {
    let closed = false
    async function* endless() {
      try {
        yield file([sample])
        for (;;) yield file([sample], { bom: false }).split('\n').slice(1).join('\n')
      } finally {
        closed = true
      }
    }
    for await (const { row } of readInvoiceCsv(endless())) if (row === 50) break
    await expect.poll(() => closed).toBe(true)
  })

  it('of 200,000 lines is read in a few MB', async () => {
    const lines = 200_000
    const rows = file([sample], { bom: false }).split('\n').slice(1).join('\n').repeat(100)
    async function* long() {
      yield file([sample]).split('\n')[0] + '\n'
      for (let sent = 0; sent < lines; sent += 100) yield rows
    }
    globalThis.gc?.()
    const before = process.memoryUsage()
    let [count, most] = [0, 0]
    for await (const { row } of readInvoiceCsv(long())) {
      count += 1
      if (row % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before.heapUsed)
    }
    // The file is 60 MB; held as lines it would be several times that.
    expect(count).toBe(lines)
    expect(most).toBeLessThan(60 * 1024 * 1024)
  })
})
