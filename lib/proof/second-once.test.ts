/** The second proof of One-Time agreements (J6, J9): examples, and any invoices of the stand-in's engine, which was written without ours. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, firstDay, nextDay, periodOf } from '#lib/billing/days.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { engineTerms } from '#lib/billing/testing/engine-terms.ts'
import { addition } from '#lib/billing/testing/factories.ts'
import type { Addition, Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import type { AgreementTerms } from '#standin/connectwise/billing.ts'
import { draftOnce } from '#standin/connectwise/billing-once.ts'
import { evidenceOf, type InvoicedOnce } from './evidence.ts'
import type { SecondMonth, SecondTerm } from './second.ts'
import { isAnyLater, nextOncePrice, type OnceFacts, type OnceInvoice, onceProof } from './second-once.ts'

const september = '2026-09' as Period
const october = '2026-10' as Period
const startDate = '2026-01-01' as Day

const of = (id: number, day: string, more: Partial<Addition> = {}): Addition =>
  addition(5, day, day, { id, catalogItemId: id, unitPrice: '120' as Money, ...more })

const made = (day: string, price: string, additions: readonly Addition[] | null, more = {}): OnceInvoice => ({
  id: Number(day.replaceAll('-', '')),
  number: `INV-${day}`,
  period: periodOf(day as Day),
  day: day as Day,
  price: price as Money,
  firstPrice: price as Money,
  items: null,
  additions,
  ...more,
})

const term = of(1, '2026-09-16')

/** An annual invoice of September of one line, written, and invoiced at the end of the month. */
const facts = (more: Partial<OnceFacts> = {}): OnceFacts => ({
  agreement: { startDate },
  months: [{ period: september, billed: '600' as Money }],
  invoices: [made('2026-09-30', '600', [term])],
  readFirst: { nextInvoiceDate: '2026-09-01' as Day, additions: [term] },
  additions: [term],
  nextInvoiceDate: '2026-10-01' as Day,
  monthOf: new Map([[1, september]]),
  ...more,
})
const only = (given: OnceFacts): SecondMonth => {
  const [month, another] = onceProof(given)
  if (month === undefined || another !== undefined) throw new Error('There is one month')
  return month
}

describe('an invoice of a One-Time agreement', () => {
  it('that has what the annual lines say leaves nothing, and depends on that each is billed once [J9]', () => {
    expect(only(facts())).toEqual({
      period: september,
      state: 'compared',
      since: september,
      invoiced: '600',
      billedSoFar: '600',
      invoicedSoFar: '600',
      terms: {},
      depends: ['once'],
    })
  })

  it('that is still to come leaves nothing to compare, and says what it is to have', () => {
    const open = facts({ invoices: [], nextInvoiceDate: '2026-09-01' as Day })
    expect(only(open).state).toBe('not-invoiced')
    expect(nextOncePrice(open, '2026-09-16' as Day)).toBe('600')
    expect(nextOncePrice(open, '2026-09-15' as Day)).toBe('0')
    expect([isAnyLater(open, '2026-09-15' as Day), isAnyLater(open, '2026-09-16' as Day)]).toEqual([
      true,
      false,
    ])
  })

  it('is missing where ConnectWise has invoiced further and shows none', () => {
    expect(only(facts({ invoices: [] })).state).toBe('missing')
  })

  it('says nothing of what was invoiced before the agreement was read', () => {
    const readFirst = { nextInvoiceDate: '2026-10-01' as Day, additions: [term] }
    const blind = facts({ readFirst, invoices: [made('2026-09-30', '600', null)] })
    expect(only(blind)).toMatchObject({ state: 'blind', terms: {}, billedSoFar: '600' })
    const later = of(2, '2026-10-05')
    const next = onceProof({
      ...blind,
      months: [...blind.months, { period: october, billed: '600' as Money }],
      invoices: [...blind.invoices, made('2026-10-31', '600', [term, later])],
      additions: [term, later],
      nextInvoiceDate: '2026-11-01' as Day,
      monthOf: new Map([
        [1, september],
        [2, october],
      ]),
    })
    expect(next.map(({ state, since, terms }) => [state, since, terms])).toEqual([
      ['blind', september, {}],
      ['compared', october, {}],
    ])
  })

  it('says nothing where the agreement was never read', () => {
    expect(onceProof(facts({ readFirst: null }))).toEqual([])
  })

  it('with another amount and no lines leaves it unexplained; changed after it was read it is amended', () => {
    const invoices = [made('2026-09-30', '590', [term])]
    expect(only(facts({ invoices })).terms).toEqual({ unexplained: '-10' })
    const amended = [made('2026-09-30', '590', [term], { firstPrice: '600' })]
    expect(only(facts({ invoices: amended })).terms).toEqual({ amended: '-10' })
  })

  it('that lacks a line, or has another amount on it, says which by its items', () => {
    const two = of(2, '2026-09-17')
    const both = facts({
      months: [{ period: september, billed: '1200' as Money }],
      additions: [term, two],
      monthOf: new Map([
        [1, september],
        [2, september],
      ]),
    })
    const termsOf = (price: string, items: OnceInvoice['items']) =>
      only({ ...both, invoices: [made('2026-09-30', price, [term, two], { items })] }).terms
    const first = { catalogItemId: 1, price: '600' as Money }
    expect(termsOf('600', [first])).toEqual({ lost: '-600' })
    expect(termsOf('1199', [first, { catalogItemId: 2, price: '599' as Money }])).toEqual({ lines: '-1' })
  })

  it('has other additions beside the program’s, and an addition as somebody changed it', () => {
    const other = of(9, '2026-09-20')
    const foreign = facts({
      invoices: [made('2026-09-30', '1200', [term, other])],
      additions: [term, other],
    })
    expect(only(foreign).terms).toEqual({ others: '600' })
    const edited = [of(1, '2026-09-16', { quantity: '6' as Quantity })]
    const changed = facts({ invoices: [made('2026-09-30', '720', edited)], additions: edited })
    expect(only(changed).terms).toEqual({ changed: '120' })
  })

  it('of two months has the later one’s lines by name; what comes later is carried', () => {
    const late = of(2, '2026-09-24')
    const next = of(3, '2026-10-03')
    const found = onceProof(
      facts({
        months: [
          { period: september, billed: '1200' as Money },
          { period: october, billed: '600' as Money },
        ],
        invoices: [made('2026-09-20', '600', [term])],
        additions: [term, late, next],
        nextInvoiceDate: '2026-09-21' as Day,
        monthOf: new Map([
          [1, september],
          [2, september],
          [3, october],
        ]),
      }),
    )
    expect(found).toMatchObject([
      { state: 'compared', terms: { carried: '-600' } },
      { state: 'not-invoiced', terms: {} },
    ])
    const after = onceProof(
      facts({
        months: [
          { period: september, billed: '1200' as Money },
          { period: october, billed: '600' as Money },
        ],
        invoices: [made('2026-09-20', '600', [term]), made('2026-10-31', '1200', [term, late, next])],
        additions: [term, late, next],
        nextInvoiceDate: '2026-11-01' as Day,
        monthOf: new Map([
          [1, september],
          [2, september],
          [3, october],
        ]),
      }),
    )
    expect(after).toMatchObject([
      { state: 'compared', terms: { later: '600' }, billedSoFar: '1200', invoicedSoFar: '1800' },
      { state: 'compared', terms: {}, billedSoFar: '1800', invoicedSoFar: '1800' },
    ])
  })
})

// ───────────────────────────── any invoices, by the stand-in's engine ─────────────────────────────

const months = [0, 1, 2, 3].map((at) => addMonths(september, at))
const lineArb = fc.record({
  quantity: fc.integer({ min: -6, max: 9 }),
  cents: fc.integer({ min: 1, max: 50_000 }),
  day: fc.integer({ min: 1, max: 28 }),
  month: fc.integer({ min: 0, max: 3 }),
  isOther: fc.boolean(),
})
const troubles = ['edit', 'foreign', 'amended', 'lost'] as const
const storyArb = fc.record({
  lines: fc.array(lineArb, { minLength: 1, maxLength: 8 }),
  /** On which day of each month ConnectWise invoices; `null`: not in that month. */
  invoicedOn: fc.array(fc.option(fc.integer({ min: 1, max: 28 })), { minLength: 4, maxLength: 4 }),
  hasLines: fc.boolean(),
  trouble: fc.constantFrom(...troubles),
  at: fc.integer({ min: 0, max: 3 }),
  amount: fc.integer({ min: 1, max: 900 }),
})
type Story = typeof storyArb extends fc.Arbitrary<infer T> ? T : never

const agreementTerms = (nextInvoiceDate: Day): AgreementTerms => ({
  id: 1,
  prorateFlag: false,
  periodType: 'Current',
  invoicingCycle: 'CalendarYear',
  billStart: startDate,
  nextInvoiceDate,
  isOnce: true,
})

interface Lived {
  readonly facts: OnceFacts
  /** By how much the trouble moves what ConnectWise invoiced; `null`: it came to nothing. */
  readonly injected: Money | null
}

/** Each month: its lines are written and read, the trouble comes and is read too, and ConnectWise invoices on its day. */
const live = (story: Story, trouble: Story['trouble'] | 'none'): Lived => {
  let all: Addition[] = []
  let next = firstDay(september)
  const billed = new Set<number>()
  const invoices: OnceInvoice[] = []
  const planned: { period: Period; billed: Money }[] = []
  const monthOf = new Map<number, Period>()
  let injected: Money | null = null
  for (const [index, period] of months.entries()) {
    const own = story.lines
      .map((line, at) => ({ ...line, id: at + 1 }))
      .filter(({ month }) => month === index)
    const written = own.map((line) => {
      const issued = `${period}-${String(line.day).padStart(2, '0')}` as Day
      const day = issued < next ? next : issued
      if (!line.isOther) monthOf.set(line.id, period)
      return of(line.id, day, {
        quantity: `${line.quantity}` as Quantity,
        unitPrice: money(decimal(line.cents).dividedBy(100, 2)),
      })
    })
    all = [...all, ...written]
    if (own.some(({ isOther }) => !isOther))
      planned.push({ period, billed: linesPrice(written.filter(({ id }) => monthOf.has(id))) })
    const isNow = index === story.at
    if (isNow && trouble === 'edit')
      all = all.map((each) =>
        each.id === [...monthOf.keys()][0] && !billed.has(each.id)
          ? { ...each, unitPrice: money(decimal(each.unitPrice).plus(story.amount)) }
          : each,
      )
    if (isNow && trouble === 'foreign')
      all = [...all, of(99, next, { quantity: '1' as Quantity, unitPrice: `${story.amount}` as Money })]
    const dayOfMonth = story.invoicedOn[index] ?? null
    if (dayOfMonth === null) continue
    const day = `${period}-${String(dayOfMonth).padStart(2, '0')}` as Day
    if (day < next) continue
    const { lines } = draftOnce(
      agreementTerms(next),
      all.map((each) => engineTerms(each, startDate)),
      (id) => billed.has(id),
      day,
    )
    for (const { additionId } of lines) billed.add(additionId)
    const items = lines.map((line) => ({
      catalogItemId: Number(line.productIdentifier),
      price: money(decimal(line.price)),
    }))
    const price = money(sum(items.map((each) => decimal(each.price))))
    let invoice = made(day, price, all, { items: story.hasLines ? items : null })
    if (isNow && trouble === 'amended') {
      invoice = { ...invoice, price: money(decimal(price).plus(story.amount)) }
      injected = `${story.amount}` as Money
    }
    const [first] = items
    if (isNow && trouble === 'lost' && story.hasLines && first !== undefined && !decimal(first.price).eq(0)) {
      const left = money(decimal(price).minus(first.price))
      invoice = { ...invoice, price: left, firstPrice: left, items: items.slice(1) }
      injected = money(decimal('0').minus(first.price))
    }
    invoices.push(invoice)
    next = nextDay(day)
  }
  return {
    injected,
    facts: {
      agreement: { startDate },
      months: planned,
      invoices,
      readFirst: { nextInvoiceDate: firstDay(september), additions: [] },
      additions: all,
      nextInvoiceDate: next,
      monthOf,
    },
  }
}

const linesPrice = (all: readonly Addition[]): Money =>
  money(sum(all.map((each) => decimal(each.unitPrice).times(decimal(each.quantity)))))

const left = ({ billedSoFar, invoicedSoFar, terms }: SecondMonth): string =>
  decimal(invoicedSoFar)
    .minus(billedSoFar)
    .minus(sum(Object.values(terms).map((value) => decimal(value))))
    .toFixed()

describe('any invoices of a One-Time agreement', () => {
  it('come out exactly, and without trouble nothing but what has a good name is left [J6, J9]', () => {
    let compared = 0
    fc.assert(
      fc.property(storyArb, (story) => {
        const { facts: lived } = live(story, 'none')
        for (const month of onceProof(lived)) {
          expect(['compared', 'not-invoiced']).toContain(month.state)
          if (month.state !== 'compared') continue
          compared += 1
          expect(left(month)).toBe('0')
          for (const name of ['unexplained', 'lost', 'lines', 'amended', 'changed', 'unread'] as const)
            expect([month.period, name, month.terms[name]]).toEqual([month.period, name, undefined])
        }
      }),
      { numRuns: 500 },
    )
    expect(compared).toBeGreaterThan(300)
  })

  it('have each injected trouble in its own term, with its own amount', () => {
    const found = new Map<string, number>()
    fc.assert(
      fc.property(storyArb, (story) => {
        const [calm, lived] = [live(story, 'none'), live(story, story.trouble)]
        const was = onceProof(calm.facts)
        for (const [index, month] of onceProof(lived.facts).entries()) {
          const before = was[index]
          if (before === undefined || month.state !== 'compared') continue
          expect(left(month)).toBe('0')
          const moved = (name: SecondTerm): string =>
            decimal(month.terms[name] ?? '0')
              .minus(before.terms[name] ?? '0')
              .toFixed()
          expect([moved('unexplained'), moved('lines')]).toEqual(['0', '0'])
          const gap = decimal(month.invoicedSoFar).minus(before.invoicedSoFar).toFixed()
          const [one] = troubleTerms[story.trouble]
          const parts = sum(troubleTerms[story.trouble].map((name) => decimal(moved(name))))
          expect([month.period, parts.toFixed()]).toEqual([month.period, gap])
          if (lived.injected !== null && moved(one) !== '0') expect(moved(one)).toBe(lived.injected)
          if (moved(one) !== '0') found.set(story.trouble, (found.get(story.trouble) ?? 0) + 1)
        }
      }),
      { numRuns: 1500 },
    )
    for (const trouble of troubles) expect([trouble, (found.get(trouble) ?? 0) > 10]).toEqual([trouble, true])
  })

  it('tell that each addition is billed once, and whole, or that it is not [J13]', () => {
    const given = (price: string, hasAll = true): InvoicedOnce => ({
      name: 'Annual terms',
      startDate,
      hasAll,
      samples: [
        {
          name: 'INV-1 of Annual terms',
          period: september,
          day: '2026-09-30' as Day,
          agreementAmount: '0' as Money,
          productTotal: price as Money,
          subtotal: price as Money,
          items: null,
          additions: [term],
          unsure: new Set(),
        },
      ],
    })
    const verdictOf = (...of: InvoicedOnce[]) =>
      evidenceOf([], of).find(({ rule }) => rule === 'once')?.verdict
    expect(verdictOf(given('600'))).toBe('holds')
    // 15 of 30 days.
    expect(verdictOf(given('300'))).toBe('fails')
    expect(verdictOf(given('599'))).toBe('unknown')
    expect(verdictOf(given('600', false))).toBe('unknown')
    expect(verdictOf(given('600'), given('300'))).toBe('unknown')
  })
})

const troubleTerms: Readonly<Record<Story['trouble'], readonly [SecondTerm, ...SecondTerm[]]>> = {
  edit: ['changed', 'carried', 'later'],
  foreign: ['others'],
  amended: ['amended'],
  lost: ['lost'],
}
