import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import {
  additionsOf,
  april,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  sync,
  type World,
  writesTo,
} from '#lib/sync/testing/world.ts'
import { excludeInvoice, pickInvoice } from './pick.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const control = async (method: string, path: string, body: string): Promise<Response> =>
  fetch(`${world.addresses.prism}/control/${path}`, {
    method,
    body,
    headers: { 'content-type': 'application/json' },
  })
const issued = async (): Promise<{ id: string; csv: string }> => {
  const [invoice] = (await (await world.worker.clients(organisationId)).prism.invoices()).records
  if (!invoice) throw new Error('Nothing is issued')
  return {
    id: invoice.id,
    csv: await (await fetch(`${world.addresses.prism}/control/invoices/${invoice.id}/csv`)).text(),
  }
}
const replace = async (change: (csv: string) => string): Promise<string> => {
  const { id, csv } = await issued()
  await control('PUT', `invoices/${id}/csv`, change(csv))
  return id
}
const stored = async (): Promise<Pick<Invoice, 'state' | 'reasonCode' | 'row' | 'column'>[]> =>
  (await invoicesOf(world.db, organisationId, program)).map(({ state, reasonCode, row, column }) => ({
    state,
    reasonCode,
    row,
    column,
  }))
const decide = (verb: typeof pickInvoice, invoiceId: string) =>
  verb({ db: world.db, organisationId, program, invoiceId, actor: 'Ann', now: new Date() })
/** Line 2 of the file with a column of it replaced; columns as in docs/facts/prism.md, "Invoice CSV". */
const columns = { chargeStart: 4, chargeEnd: 5, quantity: 9, subTotal: 11, subTotalRrp: 12 }
const withField = (column: keyof typeof columns, value: string) => (csv: string) => {
  const lines = csv.split('\n')
  const fields = (lines[1] ?? '').split(',')
  fields[columns[column]] = value
  return [lines[0], fields.join(','), ...lines.slice(2)].join('\n')
}

describe('a new standard invoice', () => {
  it('is stored with its sums and is usable at once [F1]', async () => {
    await detectAndSync(world, organisationId)
    const [invoice] = await invoicesOf(world.db, organisationId, program)
    expect(invoice).toMatchObject({
      state: 'ready',
      period: '2026-04',
      lineCount: 5,
      hasCycle: true,
      reason: null,
    })
    expect(Number(invoice?.totalPrice)).toBeGreaterThan(0)
  })

  const accepted = {
    'without a byte order mark': (csv: string) => csv.replace(/^\uFEFF/, ''),
    'with CRLF': (csv: string) => csv.replaceAll('\n', '\r\n'),
    'with a customer name of 60,000 characters': (csv: string) =>
      csv.replaceAll('Coho Winery', 'C'.repeat(60_000)),
  }
  for (const [what, change] of Object.entries(accepted))
    it(`${what} is synced as usual [F1]`, async () => {
      await replace(change)
      await detectAndSync(world, organisationId)
      expect(await additionsOf(world)).toEqual(april)
    })

  it('of another program is listed as ignored with the reason [F1]', async () => {
    const { csv } = await issued()
    await control(
      'POST',
      'invoices',
      JSON.stringify({ programName: 'SPLA', usageYear: 2026, usageMonth: 4, csv }),
    )
    expect(await detectAndSync(world, organisationId)).toMatchObject({ invoicesDetected: 2 })
    expect(await stored()).toContainEqual({
      state: 'ignored',
      reasonCode: 'other-program',
      row: null,
      column: null,
    })
    expect(await additionsOf(world)).toEqual(april)
  })

  it('whose load died half-way is loaded again [docs/applying.md]', async () => {
    const { id } = await issued()
    await world.db.execute(sql`
      INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state)
      VALUES (${organisationId}, ${program}, ${id}, ${id}, 'Microsoft CSP Indirect', '2026-04', 'loading')`)
    await detectAndSync(world, organisationId)
    expect(await stored()).toEqual([{ state: 'ready', reasonCode: null, row: null, column: null }])
    expect(await additionsOf(world)).toEqual(april)
  })
})

describe('an invoice file that cannot be read', () => {
  const refused = [
    ['without a column', (csv: string) => csv.replace('Quantity', 'Amount'), { row: 1, column: 'Quantity' }],
    [
      'with a header twice',
      (csv: string) => csv.replace('LineDescription', 'Quantity'),
      { row: 1, column: 'Quantity' },
    ],
  ] as const
  for (const [what, change, where] of refused)
    it(`${what} is refused with line and column, and nothing is written [F1]`, async () => {
      await replace(change)
      await detectAndSync(world, organisationId)
      expect(await stored()).toEqual([{ state: 'refused', reasonCode: 'unreadable', ...where }])
      expect(writesTo(world.connectWise)).toEqual([])
      const { rows } = await world.db.execute(sql`SELECT 1 FROM invoice_lines`)
      expect(rows).toEqual([])
    })

  it('is taken again as soon as PRISM gives it corrected [F1]', async () => {
    const { csv } = await issued()
    await replace((text) => text.replace('Quantity', 'Amount'))
    await detectAndSync(world, organisationId)
    expect(await detectAndSync(world, organisationId)).toMatchObject({ invoicesDetected: 0 })
    await replace(() => csv)
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
  })

  it('belongs to the month that PRISM lists once it is corrected, whatever it listed before [F1]', async () => {
    const { csv } = await issued()
    await replace((text) => text.replace('Quantity', 'Amount'))
    await detectAndSync(world, organisationId)
    await world.db.execute(sql`UPDATE invoices SET period = '2026-03'`)
    await replace(() => csv)
    await detectAndSync(world, organisationId)
    const [invoice] = await invoicesOf(world.db, organisationId, program)
    expect(invoice).toMatchObject({ state: 'ready', period: '2026-04' })
    expect(await additionsOf(world)).toEqual(april)
  })
})

describe('an odd line of an invoice file', () => {
  it('that cannot be read refuses its subscription; the others sync, and it is not gone [F1][F11]', async () => {
    await replace(withField('quantity', 'five'))
    await detectAndSync(world, organisationId)
    expect(await stored()).toMatchObject([{ state: 'ready' }])
    const { item } = await lastRun(world, organisationId)
    const rows = item.months[0]?.subscriptions ?? []
    expect(rows.map(({ status, findings }) => `${status} ${findings[0]?.code ?? ''}`).sort()).toEqual([
      'Error line-unreadable',
      'Success ',
      'Warning price-replaced',
    ])
    const failed = rows.find(({ status }) => status === 'Error')?.subscriptionId
    expect(await additionsOf(world)).toEqual(april.filter((each) => !each.includes(` ${failed} `)))
  })

  it('that names no customer and no subscription holds the file; picked, the others sync [F1]', async () => {
    const credit = `Northwind,,,,2026-04-01,2026-04-30,Credit,-20,-24,1,1,-20,-24,1000001,,,Monthly,1,MONTHS\n`
    const id = await replace((csv) => csv + credit)
    await detectAndSync(world, organisationId)
    expect(await stored()).toMatchObject([{ state: 'held', reasonCode: 'unplaced-line', row: 7 }])
    await decide(pickInvoice, id)
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world)).toEqual(april)
  })

  it.each(['7.9166666666666666666666666667'])(
    'with the unit price %s is written as ConnectWise can hold it [F17]',
    async (price) => {
      await replace((csv) => csv.replaceAll(',7.35,9,', `,7.35,${price},`))
      await detectAndSync(world, organisationId)
      expect((await additionsOf(world)).filter((each) => each.startsWith('B '))).toEqual([
        'B sub-2 2026-04-12 open 3 7.35 7.91666667',
      ])
      const { item } = await lastRun(world, organisationId)
      expect(item.months[0]?.subscriptions.flatMap(({ findings }) => findings)).toContainEqual(
        expect.objectContaining({ code: 'price-cut' }),
      )
    },
  )
})

describe('an invoice that waits for a person', () => {
  it('holds later months of the customers it is due for, which are told; picked, all are applied in order [F12]', async () => {
    await detectAndSync(world, organisationId)
    const before = await additionsOf(world)
    const next = async () => {
      const answer = await control('POST', 'invoices/next', '{}')
      return ((await answer.json()) as { invoiceId: number }).invoiceId
    }
    const may = await next()
    const csv = await (await fetch(`${world.addresses.prism}/control/invoices/${may}/csv`)).text()
    await control('PUT', `invoices/${may}/csv`, withField('subTotal', '-1')(csv))
    await next()
    await detectAndSync(world, organisationId)
    expect((await stored()).map(({ state }) => state)).toEqual(['ready', 'held', 'ready'])
    expect(await additionsOf(world)).toEqual(before)
    await sync(world, organisationId)
    expect((await lastRun(world, organisationId)).item).toMatchObject({
      status: 'Warning',
      message: 'The invoice for May 2026 usage cannot be used yet, so this month and later ones wait',
    })
    await decide(pickInvoice, `${may}`)
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).item.months.map(({ period }) => period)).toEqual([
      '2026-05',
      '2026-06',
    ])
  })

  const held = [
    ['with a negative amount', withField('subTotal', '-1'), 'negative-line', 'Error', []],
    [
      'with a line outside its month',
      withField('chargeStart', '2026-03-31T00:00:00.0000000+00:00'),
      'out-of-month',
      'Success',
      ['A credit-2026-04 2026-04-01 2026-04-30 1 25 30'],
    ],
  ] as const
  for (const [what, change, reasonCode, status, carried] of held)
    it(`${what} is held, nothing is written until it is picked, and then that line is carried or refused apart [F1]`, async () => {
      const id = await replace(change)
      await detectAndSync(world, organisationId)
      expect(await stored()).toEqual([{ state: 'held', reasonCode, row: 2, column: null }])
      expect(writesTo(world.connectWise)).toEqual([])
      await decide(pickInvoice, id)
      await detectAndSync(world, organisationId)
      const { item } = await lastRun(world, organisationId)
      const rows = item.months[0]?.subscriptions ?? []
      // Its cost is below zero and its price is not, so that no quantity bills it.
      expect(rows.filter(({ kind }) => kind === 'credit').map((each) => each.status)).toEqual([status])
      expect(rows.filter((each) => each.status === 'Error').map(({ kind }) => kind)).toEqual(
        status === 'Error' ? ['credit'] : [],
      )
      const others = april.filter((each) => !each.includes(' sub-1 '))
      expect(await additionsOf(world)).toEqual(
        [...carried, 'A sub-1 2026-04-16 open 8 10 12', ...others].sort(),
      )
    })

  it('is each of two candidates of one month; the one that is picked syncs, the other never [F1]', async () => {
    const { id, csv } = await issued()
    await control('POST', 'invoices', JSON.stringify({ usageYear: 2026, usageMonth: 4, csv }))
    await detectAndSync(world, organisationId)
    expect((await stored()).map(({ state, reasonCode }) => [state, reasonCode])).toEqual([
      ['held', 'candidates'],
      ['held', 'candidates'],
    ])
    expect(writesTo(world.connectWise)).toEqual([])
    await decide(pickInvoice, id)
    await detectAndSync(world, organisationId)
    expect((await stored()).map(({ state }) => state).sort()).toEqual(['ready', 'superseded'])
    expect(await additionsOf(world)).toEqual(april)
  })

  it('becomes usable by itself where the other candidate is excluded [F1]', async () => {
    const { id, csv } = await issued()
    await control('POST', 'invoices', JSON.stringify({ usageYear: 2026, usageMonth: 4, csv }))
    await detectAndSync(world, organisationId)
    const other = (await invoicesOf(world.db, organisationId, program)).find((each) => each.id !== id)
    await decide(excludeInvoice, other?.id ?? '')
    await detectAndSync(world, organisationId)
    expect((await stored()).map(({ state }) => state).sort()).toEqual(['excluded', 'ready'])
    expect(await additionsOf(world)).toEqual(april)
  })

  it('is a re-issue: other content under the same id; picked, the last good period is applied again [F1]', async () => {
    const { csv } = await issued()
    await detectAndSync(world, organisationId)
    const before = writesTo(world.connectWise).length
    const id = await replace(() => csv.replaceAll(/\n.*sub-2.*/g, ''))
    await detectAndSync(world, organisationId)
    expect(writesTo(world.connectWise)).toHaveLength(before)
    expect((await stored()).map(({ state, reasonCode }) => [state, reasonCode])).toEqual([
      ['ready', null],
      ['held', 'reissue'],
    ])
    await decide(pickInvoice, `${id}-2`)
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).item.months[0]?.invoiceId).toBe(`${id}-2`)
    const active = (await additionsOf(world)).filter((each) => each.startsWith('B '))
    expect(active).not.toEqual(april.filter((each) => each.startsWith('B ')))
  })
})
