/**
 * Lines of an invoice that are odd (docs/billing-rules.md, "Lines"): what they do to their own subscription,
 * and that they do nothing to others.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths } from './days.ts'
import { decimal } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  catalogItem,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import { firstPeriod, historyArb, PrismHistory, startOf, subscriptionIds } from './testing/histories.ts'
import type {
  Addition,
  BadLine,
  Change,
  InvoiceLine,
  Money,
  PeriodPlan,
  Quantity,
  Situation,
  Subscription,
  Usage,
} from './types.ts'

const other = 'B0000000-0000-4000-8000-000000000002'
const month = '2026-09'
const whole = (over: Parameters<typeof line>[4] = {}, quantity = 5): InvoiceLine =>
  line(quantity, month, 1, 30, over)
const bad = (over: Partial<BadLine> = {}): BadLine => ({
  row: 9,
  tenantId,
  subscriptionId,
  offerName: 'Business Premium (NCE Product)',
  column: 'Quantity',
  reason: "'five' is not a number",
  cost: '40' as Money,
  price: '50' as Money,
  ...over,
})
const subscription = (id: string, over: Partial<Subscription> = {}): Subscription => ({
  id,
  tenantId,
  productId: 'id-Business Premium',
  productName: 'Business Premium',
  displayTemplate: '',
  ...over,
})
const invoice = (lines: readonly InvoiceLine[], badLines: readonly BadLine[] = []): Partial<Situation> => ({
  usages: [{ ...usage(lines), badLines }],
})
const planned = (over: Partial<Situation>): PeriodPlan =>
  plan(situation(over)).periods[0] ?? expect.fail('no period')
const writes = (of: PeriodPlan): Change[] => changesOf(of).filter(({ kind }) => kind !== 'keep')
const codes = (of: PeriodPlan) =>
  of.subscriptions.map((row) => [row.subscriptionId, row.status, row.findings.map(({ code }) => code)])
const both = [subscription(subscriptionId), subscription(other)]
const ours = (...additions: Addition[]): Partial<Situation> => ({ additions, owned: owned(...additions) })

describe('A line that cannot be read', () => {
  it('refuses its subscription, which is not gone; its additions stay, and others sync [F1][F11]', () => {
    const of = planned({
      ...invoice([whole({ subscriptionId: other }, 3)], [bad()]),
      subscriptions: both,
      ...ours(addition(5, '2026-06-01')),
    })
    expect(codes(of)).toEqual([
      [subscriptionId, 'Error', ['line-unreadable']],
      [other, 'Success', []],
    ])
    expect(of.subscriptions[0]?.findings[0]?.detail).toContain(
      "Line 9, column Quantity: 'five' is not a number.",
    )
    expect(writes(of)).toMatchObject([{ kind: 'create', addition: { serialNumber: other } }])
    expect(of.subscriptions[0]?.reconciliation).toMatchObject({
      invoiced: { cost: '40', price: '50' },
      billed: { cost: '40', price: '50' },
      failed: { cost: '0', price: '0' },
    })
  })

  it('refuses its subscription also where another line of it is good', () => {
    const of = planned({ ...invoice([line(5, month, 1, 15)], [bad()]), ...ours(addition(5, '2026-06-01')) })
    expect([codes(of), writes(of)]).toEqual([[[subscriptionId, 'Error', ['line-unreadable']]], []])
  })

  it('refuses a subscription whose customer is not known, where an addition here has its id', () => {
    const over = { ...invoice([], [bad({ tenantId: '' })]), subscriptions: [] }
    expect(codes(planned({ ...over, ...ours(addition(5, '2026-06-01')) }))).toEqual([
      [subscriptionId, 'Error', ['line-unreadable']],
    ])
    expect(planned(over).subscriptions).toEqual([])
  })

  it('is nobody’s business where its customer does not sync, or is another agreement’s', () => {
    const off = [{ id: tenantId, name: 'Coho Winery', syncs: false }]
    expect(planned({ ...invoice([], [bad()]), tenants: off }).subscriptions).toEqual([])
    expect(planned(invoice([], [bad({ tenantId: 'tenant-9' })])).subscriptions).toEqual([])
  })

  it('leaves an addition without serial number alone that may be its subscription’s', () => {
    const strange = addition(5, '2026-06-01', null, { serialNumber: '' })
    const of = planned({
      ...invoice([whole({ subscriptionId: other })], [bad()]),
      subscriptions: both,
      additions: [strange],
    })
    expect([writes(of), codes(of).map(([, status]) => status)]).toEqual([[], ['Error', 'Error']])
  })

  it('holds later months of its subscription until it is mended [F12]', () => {
    const months = plan(
      situation({
        usages: [{ ...usage([]), badLines: [bad()] }, usage([line(8, '2026-10', 1, 31)], '2026-10')],
        ...ours(addition(5, '2026-06-01')),
      }),
    ).periods
    expect(months.map((of) => codes(of)[0]?.[2])).toEqual([['line-unreadable'], ['earlier-period-failed']])
  })
})

describe('A line without a subscription id', () => {
  const unplaced = (over: Partial<BadLine> = {}) =>
    bad({ subscriptionId: '', column: 'SubscriptionId', reason: 'the subscription id is empty', ...over })
  const running = {
    ...ours(addition(5, '2026-06-01')),
    previous: usage([line(5, '2026-08', 1, 31)], '2026-08'),
  }

  it('is listed with its amount, and the rest syncs: a credit is nobody’s usage', () => {
    const credit = unplaced({ offerName: 'Goodwill', cost: '-20' as Money, price: '-24' as Money })
    const of = planned({ ...invoice([whole()], [credit]), ...running })
    expect(codes(of)).toEqual([[subscriptionId, 'No Change', []]])
    expect(of.findings).toMatchObject([{ code: 'line-unplaced', severity: 'warning' }])
    expect(of.findings[0]?.detail).toContain('-24')
    expect(of.totals).toMatchObject({ invoiced: { price: '26' }, failed: { price: '-24' } })
  })

  it('of a customer that is not known is on no agreement', () => {
    const of = planned({ ...invoice([whole()], [unplaced({ tenantId: '', offerName: '' })]), ...running })
    expect([codes(of), of.findings]).toEqual([[[subscriptionId, 'No Change', []]], []])
  })

  it('keeps what may be its subscription from ending or changing', () => {
    const gone = planned({ ...invoice([], [unplaced()]), ...running })
    expect([codes(gone), writes(gone)]).toEqual([[[subscriptionId, 'Error', ['line-may-be-its']]], []])
    const less = planned({ ...invoice([line(5, month, 1, 10)], [unplaced({ offerName: '' })]), ...running })
    expect([codes(less), writes(less)]).toEqual([[[subscriptionId, 'Error', ['line-may-be-its']]], []])
    const nobodys = planned({ ...invoice([], [unplaced({ tenantId: '' })]), ...running })
    expect(codes(nobodys)).toEqual([[subscriptionId, 'Error', ['line-may-be-its']]])
    const anotherProduct = planned({ ...invoice([], [unplaced({ offerName: 'Visio' })]), ...running })
    expect(codes(anotherProduct)).toEqual([[subscriptionId, 'Success', []]])
  })
})

describe('Odd lines of Azure usage', () => {
  const azureLine = (price: string, over: Partial<InvoiceLine> = {}): InvoiceLine =>
    whole(
      {
        subscriptionId: 'AZ000000-0000-4000-8000-000000000009',
        offerName: 'Azure plan',
        cost: price as Money,
        price: price as Money,
        billingCycle: '',
        termUnit: '',
        termDuration: '',
        ...over,
      },
      1,
    )
  const azure = (lines: readonly InvoiceLine[], badLines: readonly BadLine[] = []): Partial<Situation> => ({
    ...invoice(lines, badLines),
    subscriptions: [],
    products: [product('Azure plan')],
    catalog: [catalogItem(3, 'Azure plan')],
  })

  it('are summed where they are refunds: 120.00 and -36.00 make 84.00 [F1][F3]', () => {
    const of = planned(azure([azureLine('120'), azureLine('-36', { row: 3 })]))
    expect(writes(of)).toMatchObject([{ kind: 'create', addition: { quantity: '1', unitPrice: '84' } }])
    expect(of.subscriptions[0]?.findings).toEqual([])
  })

  it.each([
    ['more than was used, which is a credit', '-150', '-30'],
    ['all of it', '-120', null],
  ])('are summed where they refund %s [case 19]', (_, refund, price) => {
    const of = planned(azure([azureLine('120'), azureLine(refund, { row: 3 })]))
    expect(
      writes(of).map((change) => (change.kind === 'create' ? change.addition.unitPrice : change.kind)),
    ).toEqual(price === null ? [] : [price])
    expect(of.totals).toMatchObject({ billed: { price: price ?? '0' }, unexplained: { price: '0' } })
  })

  it('take back what was billed before the refund came, with the month’s next file [case 19]', () => {
    const before = situation(azure([azureLine('120')]))
    const after = simulate(before, plan(before).periods.flatMap(changesOf))
    const again = plan({ ...after, ...azure([azureLine('120'), azureLine('-36', { row: 3 })]) }).periods[0]
    expect(again && writes(again)).toMatchObject([{ kind: 'update', set: { unitPrice: '84' } }])
  })

  it('are summed where they lie outside the month, or twice, with a note', () => {
    const late = azureLine('30', { row: 3, first: '2026-08-01' as InvoiceLine['first'] })
    const of = planned(azure([azureLine('120'), azureLine('120', { row: 4 }), late]))
    expect(writes(of)).toMatchObject([{ addition: { unitPrice: '270' } }])
    expect(of.subscriptions[0]?.findings.map(({ code }) => code)).toEqual(['line-twice'])
  })

  it('make the whole month’s Azure wait where one cannot be read, with or without an id', () => {
    for (const subscriptionId of ['az-2', '']) {
      const of = planned(azure([azureLine('120')], [bad({ subscriptionId, offerName: 'Azure plan' })]))
      expect([codes(of), writes(of)]).toEqual([[['', 'Error', ['line-unreadable']]], []])
      expect(of.totals.failed).toEqual({ cost: '160', price: '170' })
    }
  })

  it('with more digits than cents are written as ConnectWise can hold them, the rest is rounding', () => {
    const of = planned(azure([azureLine('84.12345678901234567')]))
    expect(writes(of)).toMatchObject([{ addition: { unitPrice: '84.12345679' } }])
    expect(of.totals).toMatchObject({
      unexplained: { cost: '0', price: '0' },
      rounding: { price: '0.00345678901234567' },
    })
  })

  it('are told by the offer where the stored subscription has no display template', () => {
    const stored = [subscription('AZ000000-0000-4000-8000-000000000009', { productId: 'id-Azure plan' })]
    const of = planned({ ...azure([azureLine('120')]), subscriptions: stored })
    expect(of.subscriptions.map(({ kind }) => kind)).toEqual(['azure'])
  })
})

describe('Terms [F4]', () => {
  it.each([
    ['12', 'MONTHS'],
    ['13', 'MONTHS'],
    ['36', 'MONTHS'],
    ['12.0', 'months'],
    ['1', 'YEARS'],
  ])('of %s %s are annual, unless the program takes them monthly', (termDuration, termUnit) => {
    const over = invoice([whole({ termDuration, termUnit })])
    expect(planned(over).ignored.map(({ reason }) => reason)).toEqual(['annual'])
    const options = { ...situation().options, annualTermsMonthly: true }
    expect(codes(planned({ ...over, options }))).toEqual([[subscriptionId, 'Success', []]])
  })

  it.each([
    ['1', 'MONTHS', 'Success'],
    ['11', 'MONTHS', 'Success'],
    ['', 'MONTHS', 'Error'],
    ['a dozen', 'MONTHS', 'Error'],
  ])('of %j %s are not: %s', (termDuration, termUnit, status) => {
    expect(planned(invoice([whole({ termDuration, termUnit })])).subscriptions[0]?.status).toBe(status)
  })
})

describe('The same line twice', () => {
  it('counts twice, with a note on the subscription', () => {
    const of = planned(invoice([whole({ row: 4 }), whole({ row: 7 })]))
    expect(writes(of)).toMatchObject([{ kind: 'create', addition: { quantity: '10' } }])
    expect(of.subscriptions[0]).toMatchObject({
      status: 'Success',
      findings: [{ code: 'line-twice', severity: 'note', detail: 'Lines 4, 7 of the file are equal.' }],
    })
    expect(of.totals.unexplained).toEqual({ cost: '0', price: '0' })
  })

  it('is not what two lines are that differ in a day, a price or an amount', () => {
    const lines = [
      line(5, month, 1, 15),
      line(5, month, 16, 30),
      whole({ subscriptionId: other }),
      whole({ subscriptionId: other, unit: [8, 10.5] }),
    ]
    const of = planned({ ...invoice(lines), subscriptions: both })
    expect(of.subscriptions.flatMap((row) => row.findings.map(({ code }) => code))).not.toContain(
      'line-twice',
    )
  })
})

describe('A unit price with more digits than ConnectWise can hold', () => {
  it.each([
    ['7.9166666666666667', '7.91666667'],
    ['7.9166666666666666666666666667', '7.91666667'],
    ['1234567890123.123456789', '1234567890123.1235'],
  ])('%s is written as %s, with a note, and the month is explained to the cent', (unitPrice, written) => {
    const charged = decimal(unitPrice).times(5).round(2).toFixed() as Money
    const over = invoice([whole({ unitPrice: unitPrice as Money, price: charged })])
    const of = planned(over)
    expect(writes(of)).toMatchObject([{ kind: 'create', addition: { unitPrice: written, unitCost: '8' } }])
    expect(of.subscriptions[0]?.findings).toMatchObject([
      { code: 'price-cut', severity: 'note', message: `Unit price ${unitPrice} is written as ${written}` },
    ])
    const { reconciliation } = of.subscriptions[0] ?? expect.fail()
    expect(reconciliation).toMatchObject({
      priceChange: { price: '0' },
      unexplained: { price: '0' },
    })
    expect(Number(remainder(reconciliation).price)).toBeCloseTo(0, 6)
    const after = { ...simulate(situation(over), changesOf(of)) }
    expect(isNothingToWrite(plan(after))).toBe(true)
  })

  it.each(['7.916666666666667', '0.00001', '12.3456789012'])('is not %s: a double holds it', (unitPrice) => {
    const of = planned(invoice([whole({ unitPrice: unitPrice as Money })]))
    expect(writes(of)).toMatchObject([{ addition: { unitPrice } }])
    expect(of.subscriptions[0]?.findings.map(({ code }) => code)).not.toContain('price-cut')
  })
})

describe('For every history with odd lines', () => {
  const oddArb = fc.record({
    history: historyArb,
    /** Which subscription has an odd line in which month, and of which kind. */
    odd: fc.array(
      fc.record({
        month: fc.nat(7),
        subscription: fc.nat(1),
        kind: fc.constantFrom<'bad' | 'negative' | 'outside' | 'no-cycle'>(
          'bad',
          'negative',
          'outside',
          'no-cycle',
        ),
        keepsLines: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    turn: fc.nat(20),
  })
  type Odd = typeof oddArb extends fc.Arbitrary<infer T> ? T : never

  const oddUsage = (usage: Usage, at: number, { odd }: Odd): { usage: Usage; refused: Set<string> } => {
    let { lines } = usage
    const badLines: BadLine[] = []
    const refused = new Set<string>()
    for (const [i, { month: of, subscription: index, kind, keepsLines }] of odd.entries()) {
      const id = subscriptionIds[index] ?? ''
      if (of !== at) continue
      // A credit or a charge for other days is carried apart, and the rest is planned as if it were not there.
      const isApart = kind === 'negative' || kind === 'outside'
      if (!isApart) refused.add(subscriptionKey(id))
      if (!keepsLines && !isApart) lines = lines.filter((each) => each.subscriptionId !== id)
      const own = { subscriptionId: id, row: 100 + i }
      if (kind === 'bad') badLines.push(bad(own))
      else if (kind === 'negative')
        lines = [...lines, line(1, usage.period, 1, 28, { ...own, quantity: '-1' as Quantity })]
      else if (kind === 'outside')
        lines = [
          ...lines,
          line(1, usage.period, 1, 28, { ...own, first: '2025-01-01' as InvoiceLine['first'] }),
        ]
      else lines = [...lines, line(1, usage.period, 1, 28, { ...own, billingCycle: '' })]
    }
    return { usage: { ...usage, lines, badLines }, refused }
  }

  const turned = <T>(values: readonly T[], by: number): T[] => {
    const at = values.length === 0 ? 0 : by % values.length
    return [...values.slice(at), ...values.slice(0, at)].reverse()
  }

  it('refused subscriptions’ additions never change, and the order of lines does not matter', {
    timeout: 600_000,
  }, () => {
    const histories = Number(process.env['HISTORIES'] ?? 2000) / 10
    const seen = { refused: 0 }
    const check = (example: Odd): void => {
      const prism = new PrismHistory()
      let current = startOf(example.history)
      for (const [at, each] of example.history.months.entries()) {
        const period = addMonths(firstPeriod, at)
        const lines = prism.invoice(period, each)
        prism.close(each)
        const odd = oddUsage({ period, invoiceId: period, lines }, at, example)
        const before: Situation = { ...current, usages: [odd.usage] }
        const of = plan(before).periods[0] ?? expect.fail()
        const after = simulate(before, changesOf(of))
        const again = plan({
          ...before,
          usages: [
            {
              ...odd.usage,
              lines: turned(odd.usage.lines, example.turn),
              badLines: turned(odd.usage.badLines ?? [], example.turn),
            },
          ],
        }).periods[0]
        const set = (planned: PeriodPlan | undefined) =>
          JSON.stringify([
            planned?.totals,
            planned?.subscriptions.map((row) => [
              row.subscriptionId,
              row.product.sku,
              row.status,
              row.findings[0]?.detail,
            ]),
          ])
        if (set(again) !== set(of)) throw new Error(`turned round: ${set(again)} instead of ${set(of)}`)
        const isOf = (addition: Addition) => odd.refused.has(subscriptionKey(addition.serialNumber))
        const owned = (all: readonly Addition[]) => JSON.stringify(all.filter(isOf))
        if (owned(after.additions) !== owned(before.additions))
          throw new Error(`${period}: ${owned(after.additions)} instead of ${owned(before.additions)}`)
        seen.refused += odd.refused.size
        // Refused months are skipped here, as a person would, so that later ones are planned.
        current = { ...after, previous: { period, invoiceId: period, lines } }
      }
    }
    fc.assert(fc.property(oddArb, check), { numRuns: histories })
    expect(seen.refused).toBeGreaterThan(histories / 2)
  })
})
