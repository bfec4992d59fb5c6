/** What happens to a whole organisation, at random: the stories that the property tests over worlds live through. */
import fc from 'fast-check'
import { addMonths } from '../days.ts'
import type { Period } from '../types.ts'

export const firstPeriod = '2026-01' as Period
/** Months that PRISM invoices; in each of them ConnectWise invoices once. */
export const worldMonths = 6

/** Which of the months it is, from 0. */
export const monthOf = (period: Period): number =>
  Array.from({ length: worldMonths }, (_, at) => addMonths(firstPeriod, at)).indexOf(period)

const monthArb = fc.nat(worldMonths - 1)
const laterMonthArb = fc.integer({ min: 1, max: worldMonths - 1 })

/** `null` in all but one of so many stories. */
const onceIn = <T>(stories: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: stories - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

const stepsArb = fc.oneof(
  { weight: 4, arbitrary: fc.constant('same' as const) },
  { weight: 1, arbitrary: fc.constant('absent' as const) },
  {
    weight: 4,
    arbitrary: fc.array(
      fc.record({ day: fc.integer({ min: 1, max: 28 }), quantity: fc.integer({ min: 0, max: 7 }) }),
      { minLength: 1, maxLength: 2 },
    ),
  },
)

const subscriptionArb = fc.record({
  offer: fc.nat(2),
  kind: fc.constantFrom<'monthly' | 'annual' | 'azure'>('monthly', 'monthly', 'monthly', 'annual', 'azure'),
  months: fc.array(stepsArb, { minLength: worldMonths, maxLength: worldMonths }),
  /** A monthly one has an annual term in some months. */
  annual: onceIn(6, fc.record({ month: monthArb, months: fc.integer({ min: 1, max: 3 }) })),
  /** From this month on its lines have another product. */
  offerFrom: onceIn(3, fc.record({ month: laterMonthArb, offer: fc.nat(2) })),
  /** From this month on it is another tenant's. */
  tenantFrom: onceIn(4, fc.record({ month: laterMonthArb, tenant: fc.nat(2) })),
  /** An addition by hand that was there before: with its serial number or without. */
  byHand: onceIn(
    2,
    fc.record({
      quantity: fc.integer({ min: 1, max: 5 }),
      hasSerial: fc.constantFrom(true, true, false),
    }),
  ),
})
export type SubscriptionStory = typeof subscriptionArb extends fc.Arbitrary<infer T> ? T : never

/** When in a month a person does something: before ConnectWise may invoice, between a sync and an invoice after it, at the end. */
const momentArb = fc.constantFrom<Moment>('before', 'synced', 'after')
export type Moment = 'before' | 'synced' | 'after'

const editArb = fc.record({
  month: monthArb,
  when: momentArb,
  agreement: fc.nat(1),
  kind: fc.constantFrom<'quantity' | 'price' | 'delete' | 'cancel'>('quantity', 'price', 'delete', 'cancel'),
  pick: fc.nat(20),
  amount: fc.integer({ min: 0, max: 6 }),
})

const moveArb = fc.record({
  month: monthArb,
  when: momentArb,
  /** To the other agreement, or to none: the mapping is cleared. A customer without one is mapped to that, or to its last one. */
  to: fc.constantFrom<'other' | 'none'>('other', 'other', 'none'),
  /** How many months after the earliest one the other agreement takes over; those are the last ones where the mapping is cleared. */
  later: fc.constantFrom(0, 0, 0, 1, 2),
})
export type MoveStory = typeof moveArb extends fc.Arbitrary<infer T> ? T : never

const beginArb = fc.constantFrom<'next' | 'catch-up' | 'elsewhere'>('next', 'catch-up', 'elsewhere')

const tenantArb = fc.record({
  agreement: fc.nat(1),
  subscriptions: fc.array(subscriptionArb, { minLength: 1, maxLength: 3 }),
  moves: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(moveArb, { minLength: 1, maxLength: 2 }) },
  ),
  /** How a person has the customer begin, when it is mapped or when that is asked. */
  begin: beginArb,
  isBeginChosen: fc.boolean(),
})

const agreementArb = fc.record({
  advance: fc.boolean(),
  ends: onceIn(5, fc.integer({ min: 2, max: worldMonths - 1 })),
})

export const worldArb = fc.record({
  tenants: fc.array(tenantArb, { minLength: 1, maxLength: 3 }),
  agreements: fc.tuple(agreementArb, agreementArb),
  /** How a customer begins of which nobody said it. */
  begin: fc.oneof(
    { weight: 2, arbitrary: fc.constant('catch-up' as const) },
    { weight: 1, arbitrary: beginArb },
  ),
  /** Whether the customers' first month is that of the first file, as a person said, or of the newest one. */
  beginsOldest: fc.boolean(),
  /** Whether ConnectWise invoices in a month before we sync. */
  invoicesFirst: fc.array(fc.boolean(), { minLength: worldMonths + 1, maxLength: worldMonths + 1 }),
  /** By how many months the file of a month comes late. */
  delays: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) },
    ),
    { minLength: worldMonths, maxLength: worldMonths },
  ),
  edits: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(editArb, { minLength: 1, maxLength: 2 }) },
  ),
  /** What a person says where a late month waits. */
  late: fc.constantFrom<'confirm' | 'skip'>('confirm', 'skip'),
  /** Where each plan is cut short before it is made again. */
  cut: fc.nat(1000),
  /** A month in which the second agreement is billed quarterly, seen at a sync and put right before the next. */
  unfit: onceIn(5, laterMonthArb),
})
export type WorldStory = typeof worldArb extends fc.Arbitrary<infer T> ? T : never

type TenantStory = WorldStory['tenants'][number]

/**
 * Whether an addition that was there before has its subscription's id. Those of a customer that moves do: one without is asked about
 * where its customer goes to, as another agreement's (also-billed.ts), which is no part of a world.
 */
export const hasSerial = ({ moves }: TenantStory, { byHand }: SubscriptionStory): boolean =>
  byHand?.hasSerial === true || moves.length > 0

/** Where an addition had no serial number, its lines do not tell whose it was. */
export const hasUnnamed = ({ tenants }: WorldStory): boolean =>
  tenants.some((tenant) =>
    tenant.subscriptions.some((each) => each.byHand !== null && !hasSerial(tenant, each)),
  )
