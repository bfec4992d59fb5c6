/**
 * Lives of a customer's seats under terms of all kinds, day by day: upgrades, whole and in part, renewals, longer terms, paid extension.
 * PRISM's invoices of them, and the situations in which an agreement is synced.
 */
import fc from 'fast-check'
import { addMonths, firstDay, lastDay, nextDay } from '../days.ts'
import { type BySubscription, subscriptionKey } from '../keys.ts'
import type { Motion } from '../motion.ts'
import type { Day, InvoiceLine, Period, Product, Quantity, Subscription } from '../types.ts'
import { line, product, tenantId } from './factories.ts'

export const lifeMonths = 4
export const firstMonth = '2026-06' as Period

const offers = ['Business Premium', 'E3', 'E3 Extended Service Term'] as const
type Offer = (typeof offers)[number]

/** What happens to one of the holdings, from a day on. */
export const events = [
  'quantity',
  'upgrade',
  'partial upgrade',
  'renewal',
  'renewal with a new id',
  'longer term by the month',
  'longer term at once',
  'paid extension',
  'paid extension with a new id',
  'end',
] as const
const eventArb = fc.record({
  kind: fc.constantFrom(...events),
  /** Days after the first month's first, from the second day on; each fourth or so is a month's first. */
  on: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 119 }) },
    { weight: 1, arbitrary: fc.constantFrom(30, 61, 92) },
  ),
  which: fc.nat(5),
  seats: fc.integer({ min: 1, max: 9 }),
})

export const lifeArb = fc.record({
  start: fc.integer({ min: 0, max: 40 }),
  seats: fc.integer({ min: 2, max: 20 }),
  motion: fc.constantFrom<'monthly' | 'long-term'>('monthly', 'long-term'),
  events: fc.array(eventArb, { maxLength: 6 }),
  advance: fc.boolean(),
})
export type LifeStory = typeof lifeArb extends fc.Arbitrary<infer T> ? T : never

/** Seats under one id. */
export interface Holding {
  readonly id: string
  readonly offer: Offer
  readonly seats: number
  readonly motion: Motion
  /** How often it was renewed at a higher price. */
  readonly dearer: number
}

export const lifeProducts: readonly Product[] = offers.map((name) => product(name))

const idOf = (count: number): string => `${count}0000000-0000-4000-8000-00000000000${count}`.slice(-36)

/** What is held on each day of the life. */
export const daysOf = (story: LifeStory): ReadonlyMap<Day, readonly Holding[]> => {
  const days = new Map<Day, readonly Holding[]>()
  let holdings: readonly Holding[] = []
  let ids = 0
  const newId = (): string => idOf(++ids)
  let at = 0
  for (
    let day = firstDay(firstMonth);
    day <= lastDay(addMonths(firstMonth, lifeMonths - 1));
    day = nextDay(day)
  ) {
    if (at === story.start)
      holdings = [
        { id: newId(), offer: 'Business Premium', seats: story.seats, motion: story.motion, dearer: 0 },
      ]
    for (const event of story.events) if (event.on === at) holdings = after(holdings, event, newId)
    days.set(day, holdings)
    at += 1
  }
  return days
}

const after = (
  holdings: readonly Holding[],
  { kind, which, seats }: LifeStory['events'][number],
  newId: () => string,
): readonly Holding[] => {
  const one = holdings[which % Math.max(1, holdings.length)]
  if (one === undefined) return holdings
  const by = (...those: Holding[]): Holding[] => holdings.flatMap((each) => (each === one ? those : [each]))
  const another: Offer = one.offer === 'E3' ? 'Business Premium' : 'E3'
  switch (kind) {
    case 'quantity':
      return by({ ...one, seats })
    case 'upgrade':
      return by({ ...one, offer: another })
    case 'partial upgrade':
      return one.seats < 2
        ? holdings
        : by({ ...one, seats: one.seats - 1 }, { ...one, id: newId(), offer: another, seats: 1 })
    case 'renewal':
      return by({ ...one, dearer: one.dearer + 1 })
    case 'renewal with a new id':
      return by({ ...one, id: newId(), dearer: one.dearer + 1 })
    case 'longer term by the month':
      return by({ ...one, motion: one.motion === 'monthly' ? 'long-term' : one.motion })
    case 'longer term at once':
      return by({ ...one, motion: 'annual' })
    case 'paid extension':
      return by({ ...one, offer: 'E3 Extended Service Term', motion: 'monthly' })
    case 'paid extension with a new id':
      return by({ ...one, id: newId(), offer: 'E3 Extended Service Term', motion: 'monthly' })
    case 'end':
      return by()
  }
}

const cycles: Readonly<Record<Motion, Pick<InvoiceLine, 'billingCycle' | 'termDuration' | 'termUnit'>>> = {
  monthly: { billingCycle: 'Monthly', termDuration: '1', termUnit: 'MONTHS' },
  'long-term': { billingCycle: 'Monthly', termDuration: '1', termUnit: 'YEARS' },
  annual: { billingCycle: 'Annual', termDuration: '1', termUnit: 'YEARS' },
}
const units: Readonly<Record<Offer, readonly [number, number]>> = {
  'Business Premium': [8, 10],
  E3: [20, 25],
  'E3 Extended Service Term': [20.6, 25.75],
}

/** The monthly invoice: what is billed by the month, a line for each stretch of equal days. What is billed at once is not on it. */
export const linesOf = (days: ReadonlyMap<Day, readonly Holding[]>, month: Period): InvoiceLine[] => {
  const open = new Map<string, { readonly of: Holding; readonly first: number; last: number }>()
  const done: InvoiceLine[] = []
  const close = ({
    of,
    first,
    last,
  }: {
    readonly of: Holding
    readonly first: number
    last: number
  }): void => {
    const { id, offer, seats, motion, dearer } = of
    const [cost, price] = units[offer]
    done.push(
      line(seats, month, first, last, {
        subscriptionId: id,
        offerName: `${offer} (NCE Product)`,
        unit: [cost + dearer / 2, price + dearer / 2],
        ...cycles[motion],
      }),
    )
  }
  for (let day = firstDay(month); day <= lastDay(month); day = nextDay(day)) {
    const number = Number(day.slice(8))
    const held = (days.get(day) ?? []).filter(({ motion }) => motion !== 'annual')
    const keys = new Map(held.map((each) => [JSON.stringify(each), each]))
    for (const [key, each] of open) {
      if (keys.has(key)) each.last = number
      else {
        close(each)
        open.delete(key)
      }
    }
    for (const [key, of] of keys) if (!open.has(key)) open.set(key, { of, first: number, last: number })
  }
  for (const each of open.values()) close(each)
  return done.map((each, index) => ({ ...each, row: index + 2 }))
}

/** What PRISM lists on a day: the last that each id was, whether it runs or not. */
export const listedOn = (days: ReadonlyMap<Day, readonly Holding[]>, on: Day): Subscription[] => {
  const last = new Map<string, Holding>()
  for (const [day, holdings] of days) if (day <= on) for (const each of holdings) last.set(each.id, each)
  const now = new Set(days.get(on)?.map(({ id }) => id))
  return [...last.values()].map(({ id, offer, seats, motion }) => ({
    id,
    tenantId,
    productId: `id-${offer}`,
    productName: offer,
    displayTemplate: 'Licence',
    billingCycle: cycles[motion].billingCycle ?? '',
    listedQuantity: `${now.has(id) ? seats : 0}` as Quantity,
  }))
}

/** By subscription, the first day of a term that is billed at once, as the annual invoices up to a day tell. */
export const atOnceFrom = (days: ReadonlyMap<Day, readonly Holding[]>, on: Day): BySubscription<Day> => {
  const from: Record<string, Day> = {}
  for (const [day, holdings] of days)
    if (day <= on)
      for (const { id, motion } of holdings) if (motion === 'annual') from[subscriptionKey(id)] ??= day
  return from
}

/** Seats of an id that are billed by the month on a day. */
export const seatsOn = (days: ReadonlyMap<Day, readonly Holding[]>, id: string, day: Day): number =>
  (days.get(day) ?? [])
    .filter((each) => each.id === id && each.motion !== 'annual')
    .reduce((sum, { seats }) => sum + seats, 0)
