/**
 * Lives of several customers' seats under terms of all motions, day by day: orders, upgrades whole and in part, renewals, longer
 * terms, paid extensions, seats given back. PRISM's monthly invoice of each month, and an annual one after each day that charged at once.
 */
import fc from 'fast-check'
import type { AnnualInvoice } from '../annual/annual-situation.ts'
import { addMonths, firstDay, lastDay, nextDay } from '../days.ts'
import { type BySubscription, subscriptionKey } from '../keys.ts'
import type { Day, InvoiceLine, Money, Period, Product, Quantity, Subscription } from '../types.ts'
import { annualInvoice, annualLine } from './annual.ts'
import { line, product } from './factories.ts'

export const mixedMonths = 4
export const firstMixedMonth = '2026-06' as Period
export const mixedTenants = ['tenant-a', 'tenant-b', 'tenant-c'] as const

const offers = ['Business Premium', 'E3', 'E3 Extended Service Term'] as const
type Offer = (typeof offers)[number]
const azurePlan = 'Azure plan'
export const mixedProducts: readonly Product[] = [...offers, azurePlan].map((name) => product(name))

/** What happens to one of a customer's holdings on a day; an order is a new one. */
export const mixedEvents = [
  'order',
  'quantity',
  'upgrade',
  'partial upgrade',
  'renewal',
  'renewal with a new id',
  'longer term by the month',
  'longer term at once',
  'paid extension',
  'paid extension with a new id',
  'seats back',
  'end',
] as const
type Kind = (typeof mixedEvents)[number]

const planArb = fc.constantFrom<Terms>('monthly', 'long-term', 'annual', 'triennial')
const eventArb = fc.record({
  kind: fc.constantFrom<Kind>(...mixedEvents),
  /** Days after the first month's first; each fourth or so is a month's first. */
  on: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 119 }) },
    { weight: 1, arbitrary: fc.constantFrom(30, 61, 92) },
  ),
  which: fc.nat(5),
  seats: fc.integer({ min: 1, max: 9 }),
  terms: planArb,
  /** Days of a first term that ends with another one; `null`: it is whole. */
  coterminous: fc.option(fc.integer({ min: 8, max: 80 }), { freq: 2 }),
  /** What follows a term that ends. */
  follows: fc.constantFrom<Kind>(
    'renewal',
    'renewal with a new id',
    'paid extension',
    'paid extension with a new id',
    'end',
  ),
})
type Event = typeof eventArb extends fc.Arbitrary<infer T> ? T : never

const creditArb = fc.record({
  pick: fc.nat(20),
  /** In cents. */
  amount: fc.integer({ min: 1, max: 9000 }),
  kind: fc.constantFrom<'back' | 'charge'>('back', 'charge'),
  isBefore: fc.boolean(),
})

export const mixedLifeArb = fc.record({
  tenants: fc.array(fc.array(eventArb, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 3 }),
  /** By month and customer, Azure usage in cents; 0: none. */
  azure: fc.array(fc.array(fc.constantFrom(0, 0, 1234, 77_777, 5), { minLength: 3, maxLength: 3 }), {
    minLength: mixedMonths,
    maxLength: mixedMonths,
  }),
  credits: fc.array(fc.oneof(fc.constant([]), fc.array(creditArb, { minLength: 1, maxLength: 2 })), {
    minLength: mixedMonths,
    maxLength: mixedMonths,
  }),
  /** The list price of a month's term from a day on. */
  priceStep: fc.option(
    fc.record({ on: fc.integer({ min: 5, max: 110 }), by: fc.constantFrom(-0.31, 0.52, 2.35) }),
  ),
})
export type MixedLife = typeof mixedLifeArb extends fc.Arbitrary<infer T> ? T : never

type Terms = 'monthly' | 'long-term' | 'annual' | 'triennial'

/** Seats under one id. */
interface Seats {
  readonly id: string
  readonly tenantId: string
  readonly offer: Offer
  readonly seats: number
  readonly terms: Terms
  /** How often it was renewed at a higher price. */
  readonly dearer: number
  /** The last day of a term that is billed at once. */
  readonly lastDay: Day | null
  readonly follows: Kind
}

const isAtOnce = ({ terms }: Pick<Seats, 'terms'>): boolean => terms === 'annual' || terms === 'triennial'
const yearsOf = (terms: Terms): number => (terms === 'triennial' ? 3 : 1)

const dayAfter = (from: Day, days: number): Day =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10) as Day
const daysFrom = (first: Day, last: Day): number => (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1

const units: Readonly<Record<Offer, readonly [number, number]>> = {
  'Business Premium': [8.37, 10.05],
  E3: [20.11, 25.3],
  'E3 Extended Service Term': [20.71, 26.06],
}
const cents = (value: number): number => Math.round(value * 100 + 1e-7) / 100

/** Of a month; a term of a year that is billed by the month is dearer by a twentieth, one of a month by a fifth. */
const monthlyUnit = ({ offer, terms, dearer }: Seats, step: number): [number, number] => {
  const factor = terms === 'monthly' ? 1.2 : 1.05
  const by = terms === 'monthly' ? step : 0
  const [cost, price] = units[offer]
  return [cents((cost + dearer / 2) * factor + by / 2), cents((price + dearer / 2) * factor + by)]
}
const annualUnit = ({ offer, dearer }: Seats): [number, number] => {
  const [cost, price] = units[offer]
  return [cents((cost + dearer / 2) * 12), cents((price + dearer / 2) * 12)]
}

/** One life, lived: what is held on each day, and what PRISM invoiced. */
export class MixedLived {
  readonly days = new Map<Day, readonly Seats[]>()
  /** By the day on which it was ordered, what was charged and given back at once. */
  readonly #atOnce = new Map<Day, InvoiceLine[]>()
  readonly #life: MixedLife
  readonly #ids = new Map<string, number>()

  constructor(life: MixedLife) {
    this.#life = life
    const last = lastDay(addMonths(firstMixedMonth, mixedMonths - 1))
    let held: readonly Seats[] = []
    let at = 0
    for (let day = firstDay(firstMixedMonth); day <= last; day = nextDay(day)) {
      held = this.#renewed(held, day)
      life.tenants.forEach((events, index) => {
        const tenantId = mixedTenants[index] ?? ''
        events.forEach((event, order) => {
          // Each customer begins with an order.
          const on = order === 0 ? event.on % 40 : event.on
          const kind = order === 0 ? 'order' : event.kind
          if (on === at) held = this.#after(held, tenantId, { ...event, kind }, day)
        })
      })
      this.days.set(day, held)
      at += 1
    }
  }

  #newId(tenantId: string): string {
    const count = (this.#ids.get(tenantId) ?? 0) + 1
    this.#ids.set(tenantId, count)
    return `${tenantId.at(-1)}0000000-0000-4000-8000-${String(count).padStart(12, '0')}`
  }

  /** Terms that ended the day before go on as they were to. */
  #renewed(held: readonly Seats[], day: Day): readonly Seats[] {
    return held.flatMap((each) => {
      if (each.lastDay === null || each.lastDay >= day) return [each]
      return this.#next(each, each.follows, day)
    })
  }

  #next(each: Seats, kind: Kind, day: Day): Seats[] {
    const id = kind.endsWith('new id') ? this.#newId(each.tenantId) : each.id
    if (kind.startsWith('renewal'))
      return [this.#ordered({ ...each, id, dearer: each.dearer + 1 }, day, null)]
    if (kind.startsWith('paid extension'))
      return [{ ...each, id, offer: 'E3 Extended Service Term', terms: 'monthly', lastDay: null }]
    return []
  }

  /** With the last day of its term, charged at once where it is. @param length of its first term, in days */
  #ordered(each: Seats, day: Day, length: number | null): Seats {
    if (!isAtOnce(each)) return { ...each, lastDay: null }
    const whole = yearsOf(each.terms) * 365
    const ordered = { ...each, lastDay: dayAfter(day, (length ?? whole) - 1) }
    this.#charge(ordered, each.seats, day)
    return ordered
  }

  /** Charges seats for the rest of a term, or gives them back. */
  #charge(each: Seats, seats: number, day: Day): void {
    if (each.lastDay === null || seats === 0) return
    const charged = annualLine(seats, day, each.lastDay, {
      unit: annualUnit(each),
      days: daysFrom(day, each.lastDay),
      tenantId: each.tenantId,
      subscriptionId: each.id,
      offerName: `${each.offer} (NCE Product)`,
      billingCycle: each.terms === 'triennial' ? 'Triennial' : 'Annual',
      termDuration: `${yearsOf(each.terms)}`,
    })
    this.#atOnce.set(day, [...(this.#atOnce.get(day) ?? []), charged])
  }

  #after(held: readonly Seats[], tenantId: string, event: Event, day: Day): readonly Seats[] {
    if (event.kind === 'order') return [...held, this.#order(tenantId, event, day)]
    const own = held.filter((each) => each.tenantId === tenantId)
    const one = own[event.which % Math.max(1, own.length)]
    if (one === undefined) return held
    return held.flatMap((each) => (each === one ? this.#changed(one, event, day) : [each]))
  }

  #order(tenantId: string, { which, seats, terms, coterminous, follows }: Event, day: Day): Seats {
    const offer = offers[which % 2] ?? 'E3'
    const id = this.#newId(tenantId)
    return this.#ordered(
      { id, tenantId, offer, seats, terms, dearer: 0, lastDay: null, follows },
      day,
      coterminous,
    )
  }

  #changed(one: Seats, { kind, seats, terms, coterminous }: Event, day: Day): readonly Seats[] {
    const another: Offer = one.offer === 'E3' ? 'Business Premium' : 'E3'
    switch (kind) {
      case 'order':
        return [one]
      case 'quantity':
        this.#charge(one, seats - one.seats, day)
        return [{ ...one, seats }]
      case 'seats back':
        if (one.seats < 2) return [one]
        this.#charge(one, -1, day)
        return [{ ...one, seats: one.seats - 1 }]
      case 'upgrade':
        return [this.#moved(one, { ...one, offer: another }, day)]
      case 'partial upgrade':
        if (one.seats < 2) return [one]
        return [
          { ...one, seats: one.seats - 1 },
          this.#moved(
            { ...one, seats: 1 },
            { ...one, id: this.#newId(one.tenantId), offer: another, seats: 1 },
            day,
          ),
        ]
      case 'longer term by the month':
        return [one.terms === 'monthly' ? { ...one, terms: 'long-term' } : one]
      case 'longer term at once': {
        if (one.terms === 'triennial') return [one]
        this.#charge(one, -one.seats, day)
        const longer = terms === 'triennial' || one.terms === 'annual' ? 'triennial' : 'annual'
        return [this.#ordered({ ...one, terms: longer }, day, coterminous)]
      }
      case 'end':
        this.#charge(one, -one.seats, day)
        return []
      default:
        // A term that is billed at once ends when it ends.
        return isAtOnce(one) ? [one] : this.#next(one, kind, day)
    }
  }

  #moved(from: Seats, to: Seats, day: Day): Seats {
    this.#charge(from, -from.seats, day)
    this.#charge(to, to.seats, day)
    return to
  }

  /** Annual invoices that PRISM has issued up to a day, each the day after its orders. */
  annualInvoices(upTo: Day): AnnualInvoice[] {
    return [...this.#atOnce]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, lines], index) =>
        annualInvoice(lines, { invoiceId: `${91_000 + index}`, issuedOn: nextDay(day) }),
      )
      .filter(({ issuedOn }) => issuedOn <= upTo)
  }

  /** Seats of an id that are held on a day: by the month, or at once. */
  seatsOn(id: string, day: Day, atOnce: boolean): number {
    return (this.days.get(day) ?? [])
      .filter((each) => each.id === id && isAtOnce(each) === atOnce)
      .reduce((sum, { seats }) => sum + seats, 0)
  }

  /** Whether an id was billed by the month on some days and at once on others. */
  hasTurned(id: string): boolean {
    const all = [...this.days.values()].flat().filter((each) => each.id === id)
    return all.some(isAtOnce) && !all.every(isAtOnce)
  }

  get ids(): ReadonlySet<string> {
    return new Set([...this.days.values()].flat().map(({ id }) => id))
  }

  /** What PRISM lists on a day: the last that each id was, whether it runs or not. */
  listedOn(on: Day): Subscription[] {
    const last = new Map<string, Seats>()
    for (const [day, held] of this.days) if (day <= on) for (const each of held) last.set(each.id, each)
    const now = new Set(this.days.get(on)?.map(({ id }) => id))
    return [
      ...[...last.values()].map((each) => ({
        id: each.id,
        tenantId: each.tenantId,
        productId: `id-${each.offer}`,
        productName: each.offer,
        displayTemplate: 'Licence',
        billingCycle: isAtOnce(each) ? 'Annual' : 'Monthly',
        listedQuantity: `${now.has(each.id) ? each.seats : 0}` as Quantity,
      })),
      ...mixedTenants.slice(0, this.#life.tenants.length).map((tenantId) => ({
        id: azureId(tenantId),
        tenantId,
        productId: `id-${azurePlan}`,
        productName: azurePlan,
        displayTemplate: 'Azure',
      })),
    ]
  }

  /** By subscription, the first day of a term that is billed at once, as the annual invoices up to a day tell. */
  atOnceFrom(on: Day): BySubscription<Day> {
    const from: Record<string, Day> = {}
    for (const [day, held] of this.days)
      if (day <= on) for (const each of held) if (isAtOnce(each)) from[subscriptionKey(each.id)] ??= day
    return from
  }

  /** The monthly invoice: a line for each stretch of equal days, Azure usage, and credits. */
  invoice(month: Period): InvoiceLine[] {
    const lines = [...this.#usage(month), ...this.#azure(month), ...this.#credits(month)]
    return lines.map((each, index) => ({ ...each, row: index + 2 }))
  }

  #usage(month: Period): InvoiceLine[] {
    interface Stretch {
      readonly of: Seats
      readonly unit: [number, number]
      readonly first: number
      last: number
    }
    const stretches: Stretch[] = []
    let open = new Map<string, Stretch>()
    for (let day = firstDay(month); day <= lastDay(month); day = nextDay(day)) {
      const next = new Map<string, Stretch>()
      const number = Number(day.slice(8))
      for (const of of this.days.get(day) ?? []) {
        if (isAtOnce(of)) continue
        const unit = monthlyUnit(of, this.#stepOn(day))
        const key = JSON.stringify([of, unit])
        const stretch = open.get(key) ?? { of, unit, first: number, last: number }
        if (!open.has(key)) stretches.push(stretch)
        stretch.last = number
        next.set(key, stretch)
      }
      open = next
    }
    return stretches.map(({ of, unit, first, last }) =>
      line(of.seats, month, first, last, {
        tenantId: of.tenantId,
        subscriptionId: of.id,
        offerName: `${of.offer} (NCE Product)`,
        unit,
        billingCycle: 'Monthly',
        termDuration: '1',
        termUnit: of.terms === 'monthly' ? 'MONTHS' : 'YEARS',
      }),
    )
  }

  #stepOn(day: Day): number {
    const { priceStep } = this.#life
    return priceStep !== null && day >= dayAfter(firstDay(firstMixedMonth), priceStep.on) ? priceStep.by : 0
  }

  #azure(month: Period): InvoiceLine[] {
    return this.#life.tenants.flatMap((_, index) => {
      const used = this.#life.azure[monthIndex(month)]?.[index] ?? 0
      const tenantId = mixedTenants[index] ?? ''
      if (used === 0) return []
      const unit: [number, number] = [cents(used / 125), used / 100]
      return [
        line(1, month, 1, Number(lastDay(month).slice(8)), {
          tenantId,
          subscriptionId: azureId(tenantId),
          offerName: azurePlan,
          unit,
        }),
      ]
    })
  }

  #credits(month: Period): InvoiceLine[] {
    const known = this.listedOn(lastDay(month)).filter(({ displayTemplate }) => displayTemplate !== 'Azure')
    const before = addMonths(month, -1)
    return (this.#life.credits[monthIndex(month)] ?? []).flatMap(({ pick, amount, kind, isBefore }) => {
      const of = known[pick % Math.max(1, known.length)]
      if (of === undefined) return []
      const days = isBefore || kind === 'charge' ? before : month
      const sign = kind === 'back' ? -1 : 1
      return [
        {
          ...line(1, month, 1, 1),
          tenantId: of.tenantId,
          subscriptionId: of.id,
          offerName: `${of.productName} (NCE Product)`,
          description: 'Adjustment',
          first: firstDay(days),
          last: lastDay(days),
          quantity: `${sign}` as Quantity,
          cost: `${(sign * Math.round(amount * 0.8)) / 100}` as Money,
          price: `${(sign * amount) / 100}` as Money,
        },
      ]
    })
  }
}

const azureId = (tenantId: string): string => `${tenantId.at(-1)}1111111-0000-4000-8000-00000000aaaa`
const monthIndex = (month: Period): number => Number(month.slice(5)) - Number(firstMixedMonth.slice(5))
