/** The second proof (J6): examples, and any months against the stand-in's billing engine, which was written without ours. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from '#lib/billing/bill.ts'
import { addMonths, firstDay, lastDay, periodOf } from '#lib/billing/days.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { addition, agreement } from '#lib/billing/testing/factories.ts'
import { type Cabinet, invoice } from '#lib/billing/testing/world-connectwise.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Addition, Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import { nextInvoicePrice, type SecondMonth, secondProof } from './second.ts'
import type { OwnInvoice, SecondFacts } from './second-facts.ts'

const september = '2026-09' as Period
const october = '2026-10' as Period

const monthly = (nextInvoiceDate: Day, periodType = 'Current') =>
  agreement({ id: 30, startDate: '2026-01-01' as Day, nextInvoiceDate, periodType })

const of = (id: number, more: Partial<Addition> = {}): Addition =>
  addition(5, '2026-06-01', null, { id, catalogItemId: id, ...more })

const made = (period: Period, price: string, more: Partial<OwnInvoice> = {}): OwnInvoice => ({
  id: Number(period.slice(5)),
  number: `INV-${period}`,
  period,
  price: price as Money,
  firstPrice: price as Money,
  items: null,
  ...more,
})

/** September and October were synced; September is invoiced, in arrears. */
const facts = (more: Partial<SecondFacts> = {}): SecondFacts => ({
  agreement: monthly('2026-10-01' as Day),
  months: [{ period: september, billed: '50' as Money }],
  read: [{ through: '2026-09-30' as Day, additions: [of(1)] }],
  readFrom: '2026-08-31' as Day,
  additions: [of(1)],
  nextInvoiceDate: '2026-10-01' as Day,
  counted: new Set([1]),
  created: new Set(),
  invoices: [made(september, '50')],
  ...more,
})
const only = (of: SecondFacts): SecondMonth => {
  const [month, another] = secondProof(of)
  if (month === undefined || another !== undefined) throw new Error('There is one month')
  return month
}

describe('an invoice of ConnectWise', () => {
  it('that has what the plan said leaves nothing [J6]', () => {
    expect(only(facts())).toEqual({
      period: september,
      state: 'compared',
      since: september,
      invoiced: '50',
      billedSoFar: '50',
      invoicedSoFar: '50',
      terms: {},
      depends: [],
    })
  })

  it('is not told of a month that is not invoiced, and is missing where none was read', () => {
    expect(only(facts({ nextInvoiceDate: '2026-09-01' as Day, invoices: [] })).state).toBe('not-invoiced')
    expect(only(facts({ nextInvoiceDate: null })).state).toBe('not-invoiced')
    expect(only(facts({ invoices: [] })).state).toBe('missing')
  })

  it('says nothing certain of months that it billed before the agreement was read', () => {
    expect(only(facts({ readFrom: '2026-09-30' as Day, read: [] })).state).toBe('blind')
  })

  it('that was made before the agreement was read and is not to be had is left out, with its month', () => {
    const months = [
      { period: september, billed: '50' as Money },
      { period: october, billed: '50' as Money },
    ]
    const found = secondProof(
      facts({
        months,
        readFrom: '2026-09-30' as Day,
        read: [{ through: '2026-10-31' as Day, additions: [of(1)] }],
        nextInvoiceDate: '2026-11-01' as Day,
        invoices: [made(october, '50')],
      }),
    )
    expect(found).toMatchObject([
      { state: 'missing', since: october },
      { state: 'compared', since: october, billedSoFar: '50', terms: {} },
    ])
  })

  it('with another amount and no lines leaves it unexplained', () => {
    expect(only(facts({ invoices: [made(september, '47.5')] })).terms).toEqual({ unexplained: '-2.5' })
  })

  it('that was changed after it was read is amended', () => {
    const changed = made(september, '47.5', { firstPrice: '50' as Money })
    expect(only(facts({ invoices: [changed] })).terms).toEqual({ amended: '-2.5' })
  })

  it('that lacks an addition’s line, has another amount or a line of nothing says which by its lines', () => {
    const two = {
      read: [{ through: '2026-09-30' as Day, additions: [of(1), of(2)] }],
      additions: [of(1), of(2)],
    }
    const plan = { months: [{ period: september, billed: '100' as Money }], counted: new Set([1, 2]) }
    const lines = (...items: [number, string][]): OwnInvoice => {
      const price = money(sum(items.map(([, each]) => decimal(each))))
      const shown = items.map(([catalogItemId, each]) => ({ catalogItemId, price: each as Money }))
      return made(september, price, { items: shown })
    }
    const termsOf = (own: OwnInvoice) => only(facts({ ...two, ...plan, invoices: [own] })).terms
    expect(termsOf(lines([1, '50'], [2, '50']))).toEqual({})
    expect(termsOf(lines([1, '50']))).toEqual({ lost: '-50' })
    expect(termsOf(lines([1, '50'], [2, '49']))).toEqual({ lines: '-1' })
    expect(termsOf(lines([1, '50'], [2, '50'], [7, '3']))).toEqual({ lines: '3' })
  })

  it('has other additions of the agreement beside the program’s', () => {
    const others = {
      read: [{ through: '2026-09-30' as Day, additions: [of(1), of(9)] }],
      additions: [of(1), of(9)],
    }
    expect(only(facts({ ...others, invoices: [made(september, '100')] })).terms).toEqual({ others: '50' })
  })

  it('bills an addition as somebody changed it before it was made', () => {
    const changed = [of(1, { quantity: '7' as Quantity })]
    const read = [{ through: '2026-09-30' as Day, additions: changed }]
    expect(only(facts({ read, additions: changed, invoices: [made(september, '70')] })).terms).toEqual({
      changed: '20',
    })
  })

  it('carries what a sync adds to a month that is invoiced to the next one, where it is gone [F15]', () => {
    const late = of(2, { effectiveDate: '2026-09-16' as Day })
    const base = facts({
      months: [{ period: september, billed: '75' as Money }],
      additions: [of(1), late],
      counted: new Set([1, 2]),
      created: new Set([2]),
    })
    expect(only(base).terms).toEqual({ carried: '-25' })
    expect(nextInvoicePrice(base)).toBe('125')
    const next = secondProof({
      ...base,
      months: [...base.months, { period: october, billed: '100' as Money }],
      read: [...base.read, { through: '2026-10-31' as Day, additions: base.additions }],
      nextInvoiceDate: '2026-11-01' as Day,
      invoices: [...base.invoices, made(october, '125')],
    })
    expect(next.map(({ terms }) => terms)).toEqual([{ carried: '-25' }, {}])
    expect(next.at(-1)).toMatchObject({ billedSoFar: '175', invoicedSoFar: '175', invoiced: '125' })
  })
})

// ───────────────────────────── any months, by the stand-in's engine ─────────────────────────────

const months = [0, 1, 2, 3].map((at) => addMonths(september, at))
const additionArb = fc.record({
  quantity: fc.integer({ min: -6, max: 9 }),
  cents: fc.integer({ min: 1, max: 5000 }),
  day: fc.integer({ min: 1, max: 28 }),
  /** In which sync it is written; 0: it was there before. */
  sync: fc.integer({ min: 0, max: 4 }),
  /** It starts so many months before the month of its sync. */
  back: fc.integer({ min: 0, max: 1 }),
  lasts: fc.option(fc.integer({ min: 0, max: 2 })),
  isOther: fc.boolean(),
})
const troubles = ['none', 'edit', 'foreign', 'amended', 'lost'] as const
const storyArb = fc.record({
  additions: fc.array(additionArb, { minLength: 1, maxLength: 6 }),
  isInAdvance: fc.boolean(),
  hasLines: fc.boolean(),
  trouble: fc.constantFrom(...troubles),
  at: fc.integer({ min: 0, max: 3 }),
  amount: fc.integer({ min: 1, max: 900 }),
})
type Story = typeof storyArb extends fc.Arbitrary<infer T> ? T : never

interface Lived {
  readonly facts: SecondFacts
  /** What the engine puts on the invoice after those. */
  readonly next: Money
  /** By how much the injected trouble moves what ConnectWise invoiced, from which invoice on. */
  readonly injected: { readonly price: Money; readonly on: Period } | null
}

const additionIn = (each: Story['additions'][number], at: number): Addition => {
  const start = addMonths(september, each.sync === 0 ? -2 : each.sync - 1 - each.back)
  return of(at + 1, {
    quantity: `${each.quantity}` as Quantity,
    unitPrice: money(decimal(each.cents).dividedBy(100, 2)),
    effectiveDate: `${start}-${String(each.day).padStart(2, '0')}` as Day,
    cancelledDate:
      each.lasts === null ? null : lastDay(addMonths(start, each.lasts + (each.sync === 0 ? 2 : 0))),
  })
}

/**
 * Each month is synced after it has ended, and read; ConnectWise then invoices it, or in advance the one after next. The trouble comes
 * between a sync and the invoice after it, and is seen by the reading after that.
 */
const live = ({ additions, isInAdvance, hasLines, trouble, at, amount }: Story): Lived => {
  const start = isInAdvance ? addMonths(september, 1) : september
  const cabinet: Cabinet = {
    agreement: monthly(firstDay(start), isInAdvance ? 'Future' : 'Current'),
    additions: [],
    owned: [],
    invoices: [],
    billed: [],
    serials: new Map(),
  }
  // Of another's addition that came with the first reading nothing tells whether it was billed before.
  const all = additions
    .map((each) => (each.isOther && each.sync === 1 ? { ...each, sync: 0 } : each))
    .map((each, index) => ({ ...each, addition: additionIn(each, index) }))
  cabinet.additions = all.filter(({ sync }) => sync === 0).map((each) => each.addition)
  // Months up to the first reading were invoiced by what was there.
  const before: OwnInvoice[] = []
  cabinet.agreement = { ...cabinet.agreement, nextInvoiceDate: firstDay(addMonths(september, -3)) }
  while ((cabinet.agreement.nextInvoiceDate ?? '') < firstDay(start))
    before.push(invoiceNow(cabinet, hasLines))
  cabinet.invoices.length = 0
  const made: OwnInvoice[] = before.filter(({ period }) => period >= september)
  const planned: { period: Period; billed: Money }[] = []
  const counted = new Set(all.flatMap(({ isOther, addition: { id } }) => (isOther ? [] : [id])))
  const created = new Set(
    all.flatMap(({ sync, isOther, addition: { id } }) => (sync > 0 && !isOther ? [id] : [])),
  )
  let injected: Lived['injected'] = null
  for (const [index, period] of months.entries()) {
    const written = all.filter(({ sync }) => sync === index + 1).map((each) => each.addition)
    cabinet.additions = [...cabinet.additions, ...written]
    // Of a month before it has a plan, too, in part.
    const late = written.filter(({ id }) => counted.has(id))
    for (const [earlier, { period: month, billed }] of planned.entries()) {
      const more = bill(late, cabinet.agreement, month).total.price
      planned[earlier] = { period: month, billed: money(decimal(billed).plus(more)) }
    }
    const ours = cabinet.additions.filter(({ id }) => counted.has(id))
    planned.push({ period, billed: bill(ours, cabinet.agreement, period).total.price })
    const isNow = index === at && trouble !== 'none'
    if (isNow && trouble === 'edit') editFirst(cabinet, counted, amount)
    if (isNow && trouble === 'foreign')
      cabinet.additions = [
        ...cabinet.additions,
        of(99, {
          quantity: '1' as Quantity,
          unitPrice: `${amount}` as Money,
          // In the first reading, as above, it begins with what is not invoiced.
          effectiveDate: index === 0 ? cabinet.agreement.nextInvoiceDate : firstDay(period),
        }),
      ]
    const own = invoiceNow(cabinet, hasLines)
    made.push(own)
    if (isNow && (trouble === 'amended' || trouble === 'lost')) {
      const changed = trouble === 'amended' ? amendedBy(own, amount) : withoutLine(own, cabinet)
      if (changed !== null) {
        made[made.length - 1] = changed
        injected = { price: money(decimal(changed.price).minus(own.price)), on: own.period }
      }
    }
  }
  const next = invoiceNow({ ...cabinet, invoices: [], billed: [...cabinet.billed] }, false).price
  return {
    injected,
    next,
    facts: {
      agreement: cabinet.agreement,
      months: planned,
      read: cabinet.invoices.map(({ through, additions: then }) => ({ through, additions: then })),
      readFrom: lastDay(addMonths(start, -1)),
      additions: cabinet.additions,
      nextInvoiceDate: cabinet.agreement.nextInvoiceDate,
      counted,
      created,
      invoices: made,
    },
  }
}

const invoiceNow = (cabinet: Cabinet, hasLines: boolean): OwnInvoice => {
  const known = cabinet.billed.length
  invoice(cabinet)
  const lines = cabinet.billed.slice(known)
  const price = money(sum(lines.map((line) => decimal(line.price))))
  const through = invoicedThrough(cabinet.agreement)
  if (through === null) throw new Error('It was invoiced')
  const items = lines.map((line) => ({
    catalogItemId: Number(line.productIdentifier),
    price: money(decimal(line.price)),
  }))
  return made(periodOf(through), price, { items: hasLines ? items : null })
}

/** A price, as a quantity of 0 would be on no invoice. */
const editFirst = (cabinet: Cabinet, counted: ReadonlySet<number>, amount: number): void => {
  const target = cabinet.additions.find(({ id }) => counted.has(id))
  cabinet.additions = cabinet.additions.map((each) =>
    each === target ? { ...each, unitPrice: money(decimal(each.unitPrice).plus(amount)) } : each,
  )
}

const amendedBy = (own: OwnInvoice, amount: number): OwnInvoice => ({
  ...own,
  price: money(decimal(own.price).plus(amount)),
  items: null,
})

/** One item's lines are gone from what is invoiced, before it was read. `null`: there is nothing to lose. */
const withoutLine = (own: OwnInvoice, { billed }: Cabinet): OwnInvoice | null => {
  const [lost] = own.items ?? []
  if (lost === undefined || billed.length === 0) return null
  const items = (own.items ?? []).filter(({ catalogItemId }) => catalogItemId !== lost.catalogItemId)
  const price = money(sum(items.map((each) => decimal(each.price))))
  return price === own.price ? null : { ...own, items, price, firstPrice: price }
}

const left = ({ billedSoFar, invoicedSoFar, terms }: SecondMonth): string => {
  const explained = sum(Object.values(terms).map((value) => decimal(value)))
  return decimal(invoicedSoFar).minus(billedSoFar).minus(explained).toFixed()
}

describe('any months', () => {
  it('come out exactly, and without trouble nothing is unexplained [J6]', () => {
    let compared = 0
    fc.assert(
      fc.property(storyArb, (story) => {
        const { facts: lived } = live({ ...story, trouble: 'none' })
        for (const month of secondProof(lived)) {
          if (month.state !== 'compared' && month.state !== 'blind') continue
          compared += 1
          expect(left(month)).toBe('0')
          for (const term of ['unexplained', 'lost', 'lines', 'amended', 'changed', 'unread'] as const)
            expect([month.period, term, month.terms[term]]).toEqual([month.period, term, undefined])
        }
      }),
      { numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(1000)
  })

  it('have each injected trouble in its own term, with its own amount', () => {
    const found = new Map<string, number>()
    const saw = (what: string) => found.set(what, (found.get(what) ?? 0) + 1)
    fc.assert(
      fc.property(storyArb, (story) => {
        const quiet = live({ ...story, trouble: 'none' }).facts
        const { facts: lived, injected } = live(story)
        const [was, is] = [secondProof(quiet), secondProof(lived)]
        for (const [index, month] of is.entries()) {
          const calm = was[index]
          if (calm === undefined || month.state !== 'compared') continue
          expect(left(month)).toBe('0')
          const moved = (term: keyof SecondMonth['terms']): string =>
            decimal(month.terms[term] ?? '0')
              .minus(calm.terms[term] ?? '0')
              .toFixed()
          expect(moved('unexplained')).toBe('0')
          const gap = decimal(month.invoicedSoFar).minus(calm.invoicedSoFar)
          if (story.trouble === 'foreign') {
            expect([month.period, moved('others')]).toEqual([month.period, gap.toFixed()])
            if (!gap.eq(0)) saw('foreign')
          } else if (story.trouble === 'edit') {
            const terms = decimal(moved('changed'))
              .plus(moved('carried'))
              .plus(moved('earlier'))
              .plus(moved('unread'))
            const planned = decimal(month.billedSoFar).minus(calm.billedSoFar)
            expect([month.period, terms.plus(planned).toFixed()]).toEqual([month.period, gap.toFixed()])
            if (moved('changed') !== '0') saw('edit')
          } else if (injected !== null && injected.on <= month.period) {
            expect([month.period, moved(story.trouble === 'amended' ? 'amended' : 'lost')]).toEqual([
              month.period,
              injected.price,
            ])
            saw(story.trouble)
          } else expect(gap.toFixed()).toBe('0')
        }
      }),
      { numRuns: 500 },
    )
    for (const trouble of ['edit', 'foreign', 'amended', 'lost'])
      expect([trouble, (found.get(trouble) ?? 0) > 10]).toEqual([trouble, true])
  })

  it('say what the next invoice is to have', () => {
    fc.assert(
      fc.property(storyArb, (story) => {
        const { facts: lived, next } = live({ ...story, trouble: 'none' })
        expect(nextInvoicePrice(lived)).toBe(next)
      }),
      { numRuns: 300 },
    )
  })
})
