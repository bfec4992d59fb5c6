/**
 * Whole organisations for the property tests: some customers on two agreements, month after month. PRISM's files come in time
 * or late, ConnectWise invoices by its own engine (the stand-in's, which was written without ours), people edit and answer,
 * and each agreement is synced as `lib/sync` does it, from what is stored and read alone.
 */
import Big from 'big.js'
import fc from 'fast-check'
import {
  type AdditionTerms,
  type InvoiceLine as BilledLine,
  draftInvoice,
} from '#standin/connectwise/billing.ts'
import { normalise } from '../classify.ts'
import { addMonths, daysIn, firstDay, lastDay } from '../days.ts'
import { changesOf, disputedIn, isGood, plan } from '../plan.ts'
import { simulateChange } from '../simulate.ts'
import type {
  Addition,
  Agreement,
  AgreementInvoice,
  Change,
  Day,
  InvoiceLine,
  LineElsewhere,
  Money,
  OwnedAddition,
  Period,
  PeriodPlan,
  Quantity,
  Situation,
  Subscription,
  SubscriptionPlan,
  Usage,
} from '../types.ts'
import { agreement, catalogItem, line, product } from './factories.ts'

export const firstPeriod = '2026-01' as Period
const months = 6
const offers = ['Business Premium', 'Exchange Online (Plan 1)', 'Visio'] as const
const units: readonly (readonly [number, number])[] = [
  [8.37, 10.05],
  [4.07, 5.2],
  [12, 15.5],
]
const supportItem = 90

// ───────────────────────────── what happens ─────────────────────────────

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
  months: fc.array(stepsArb, { minLength: months, maxLength: months }),
  /** From this month on its lines have another product. */
  offerFrom: fc.option(fc.record({ month: fc.integer({ min: 1, max: months - 1 }), offer: fc.nat(2) }), {
    freq: 6,
  }),
  /** From this month on it is another tenant's. */
  tenantFrom: fc.option(fc.record({ month: fc.integer({ min: 1, max: months - 1 }), tenant: fc.nat(2) }), {
    freq: 8,
  }),
  /** An addition by hand that was there before: with its serial number or without. */
  byHand: fc.option(fc.record({ quantity: fc.integer({ min: 1, max: 5 }), hasSerial: fc.boolean() }), {
    freq: 4,
  }),
})

const editArb = fc.record({
  month: fc.nat(months - 1),
  agreement: fc.nat(1),
  /** Before or after ConnectWise invoices in that month. */
  isBefore: fc.boolean(),
  kind: fc.constantFrom<'quantity' | 'price' | 'delete' | 'cancel'>('quantity', 'price', 'delete', 'cancel'),
  pick: fc.nat(20),
  amount: fc.integer({ min: 0, max: 6 }),
})

export const worldArb = fc.record({
  tenants: fc.array(
    fc.record({
      agreement: fc.nat(1),
      subscriptions: fc.array(subscriptionArb, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  agreements: fc.tuple(
    fc.record({
      advance: fc.boolean(),
      ends: fc.option(fc.integer({ min: 2, max: months - 1 }), { freq: 8 }),
    }),
    fc.record({
      advance: fc.boolean(),
      ends: fc.option(fc.integer({ min: 2, max: months - 1 }), { freq: 8 }),
    }),
  ),
  /** Whether ConnectWise invoices in a month before we sync. */
  invoicesFirst: fc.array(fc.boolean(), { minLength: months + 1, maxLength: months + 1 }),
  /** By how many months the file of a month comes late. */
  delays: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) },
    ),
    {
      minLength: months,
      maxLength: months,
    },
  ),
  edits: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(editArb, { maxLength: 2 }) },
  ),
  /** What a person says where a late month waits. */
  late: fc.constantFrom<'confirm' | 'skip'>('confirm', 'skip'),
  /** Where each plan is cut short before it is made again. */
  cut: fc.nat(1000),
  /** A month that the second agreement is billed quarterly, seen at a sync and put right before the next. */
  unfit: fc.option(fc.integer({ min: 1, max: months - 1 }), { freq: 8 }),
})
export type WorldStory = typeof worldArb extends fc.Arbitrary<infer T> ? T : never

// ───────────────────────────── PRISM ─────────────────────────────

export interface WorldSubscription {
  readonly id: string
  readonly kind: 'monthly' | 'annual' | 'azure'
  readonly tenantIn: (month: number) => number
  readonly offerIn: (month: number) => number
  /** Quantity on each day of each month. */
  readonly quantities: readonly (readonly number[])[]
}

const tenantId = (at: number): string => `tenant-${at}`
const subscriptionIdOf = (tenant: number, at: number): string =>
  `a000000${tenant}-0000-4000-8000-00000000000${at}`

const quantitiesOf = (
  steps: WorldStory['tenants'][number]['subscriptions'][number]['months'],
): number[][] => {
  let last = 3
  return steps.map((month, at) => {
    const days = daysIn(addMonths(firstPeriod, at))
    if (month === 'absent') {
      last = 0
      return Array.from({ length: days }, () => 0)
    }
    const changes = month === 'same' ? [] : [...month].sort((a, b) => a.day - b.day)
    return Array.from({ length: days }, (_, i) => {
      for (const change of changes) if (change.day === i + 1) last = change.quantity
      return last
    })
  })
}

const subscriptionsOf = (story: WorldStory): WorldSubscription[] =>
  story.tenants.flatMap((tenant, at) =>
    tenant.subscriptions.map((each, i) => ({
      id: subscriptionIdOf(at, i),
      kind: each.kind,
      tenantIn: (month: number) =>
        each.tenantFrom && month >= each.tenantFrom.month
          ? each.tenantFrom.tenant % story.tenants.length
          : at,
      offerIn: (month: number) =>
        each.offerFrom && each.kind === 'monthly' && month >= each.offerFrom.month
          ? each.offerFrom.offer
          : each.offer,
      quantities: quantitiesOf(each.months),
    })),
  )

const linesOf = (subscriptions: readonly WorldSubscription[], month: number): InvoiceLine[] => {
  const period = addMonths(firstPeriod, month)
  return subscriptions.flatMap((each) => {
    const offer = each.offerIn(month)
    const days = each.quantities[month] ?? []
    const isAzure = each.kind === 'azure'
    const lines: InvoiceLine[] = []
    for (let from = 1; from <= days.length; ) {
      const quantity = days[from - 1] ?? 0
      let to = from
      while (to < days.length && days[to] === quantity) to += 1
      if (quantity > 0)
        lines.push(
          line(isAzure ? 1 : quantity, period, isAzure ? 1 : from, isAzure ? days.length : to, {
            tenantId: tenantId(each.tenantIn(month)),
            subscriptionId: each.id,
            offerName: isAzure ? 'Azure plan' : `${offers[offer]} (NCE Product)`,
            unit: isAzure ? [quantity, quantity * 1.5] : ([...(units[offer] ?? [1, 1])] as [number, number]),
            ...(each.kind === 'annual' ? { billingCycle: 'Annual', termUnit: 'YEARS' } : {}),
          }),
        )
      from = to + 1
    }
    return lines
  })
}

// ───────────────────────────── ConnectWise ─────────────────────────────

interface Cabinet {
  agreement: Agreement
  additions: readonly Addition[]
  owned: readonly OwnedAddition[]
  readonly invoices: AgreementInvoice[]
  readonly billed: BilledLine[]
  /** The last serial number of each addition, deleted ones included. */
  readonly serials: Map<number, string>
}

const termsOf = (addition: Addition, at: Agreement): AdditionTerms => ({
  id: addition.id,
  serialNumber: addition.serialNumber,
  product: { id: addition.catalogItemId, identifier: `${addition.catalogItemId}` },
  description: '',
  billCustomer: addition.billCustomer,
  quantity: new Big(addition.quantity),
  lessIncluded: new Big(addition.lessIncluded),
  unitPrice: new Big(addition.unitPrice),
  unitCost: new Big(addition.unitCost),
  effective: addition.effectiveDate ?? at.startDate,
  cancelled: addition.cancelledDate,
})

/** What ConnectWise's own engine would put on its next invoice. */
export const nextDraft = ({
  agreement: at,
  additions,
  billed,
}: Pick<Cabinet, 'agreement' | 'additions' | 'billed'>) =>
  draftInvoice(
    {
      id: at.id,
      prorateFlag: true,
      periodType: at.periodType,
      invoicingCycle: at.invoicingCycle,
      billStart: at.startDate,
      nextInvoiceDate: at.nextInvoiceDate ?? at.startDate,
    },
    additions.map((each) => termsOf(each, at)),
    (id, first) => billed.some((each) => each.additionId === id && `${each.month}-01` === first),
  )

/** Invoices the agreement's next month. */
const invoice = (cabinet: Cabinet): void => {
  const draft = nextDraft(cabinet)
  cabinet.invoices.push({ through: draft.period.last as Day, additions: cabinet.additions })
  cabinet.billed.push(...draft.lines)
  cabinet.agreement = { ...cabinet.agreement, nextInvoiceDate: draft.nextInvoiceDate as Day }
}

// ───────────────────────────── our side ─────────────────────────────

/** One sync of one agreement and month. */
export interface Synced {
  readonly agreement: number
  readonly period: Period
  readonly situation: Situation
  readonly planned: PeriodPlan
}

interface State {
  /** By agreement, then by subscription and month: its lines there when it was good. */
  readonly good: readonly [Map<string, string>, Map<string, string>]
  readonly skipped: Set<string>
  readonly confirmed: Set<string>
}

const stateKey = (id: string, period: Period): string => `${period} ${id}`

/** What a month leaves to the later ones of the same sync. */
type HeldBack = Pick<Situation, 'waiting' | 'unanswered' | 'disputed'>

const heldAfter = (before: HeldBack, period: Period, { subscriptions }: PeriodPlan): HeldBack => {
  const held = subscriptions.filter((row) => row.kind === 'subscription' && !row.late && !isGood(row))
  const since = (rows: readonly SubscriptionPlan[]) =>
    Object.fromEntries(rows.map((row) => [normalise(row.subscriptionId), period]))
  return {
    waiting: { ...since(held.filter(({ waits }) => waits === undefined)), ...before.waiting },
    unanswered: { ...since(held.filter(({ waits }) => waits !== undefined)), ...before.unanswered },
    disputed: [...(before.disputed ?? []), ...disputedIn(subscriptions)],
  }
}

const onlyPeriod = (situation: Situation): PeriodPlan => {
  const [planned] = plan(situation).periods
  if (planned === undefined) throw new Error('a usage gives a period')
  return planned
}

/** Additions as they are billed, ids aside. */
const asSet = (additions: readonly Addition[]): string =>
  additions
    .map((each) =>
      [
        each.catalogItemId,
        normalise(each.serialNumber),
        each.effectiveDate,
        each.cancelledDate,
        each.quantity,
        each.unitCost,
        each.unitPrice,
      ].join(' '),
    )
    .sort()
    .join(', ')

export class World {
  readonly story: WorldStory
  readonly subscriptions: readonly WorldSubscription[]
  readonly cabinets: readonly [Cabinet, Cabinet]
  readonly synced: Synced[] = []
  readonly #state: State = { good: [new Map(), new Map()], skipped: new Set(), confirmed: new Set() }
  readonly #files = new Map<Period, readonly InvoiceLine[]>()
  readonly edited = new Set<string>()

  constructor(story: WorldStory) {
    this.story = story
    this.subscriptions = subscriptionsOf(story)
    const cabinet = (at: 0 | 1): Cabinet => {
      const { advance, ends } = story.agreements[at]
      return {
        agreement: agreement({
          id: at,
          name: `Agreement ${at}`,
          startDate: '2025-01-01' as Day,
          periodType: advance ? 'Future' : 'Current',
          endDate: ends === null ? null : lastDay(addMonths(firstPeriod, ends)),
          nextInvoiceDate: firstDay(addMonths(firstPeriod, advance ? 1 : 0)),
        }),
        additions: this.#byHand(at),
        owned: [],
        invoices: [],
        billed: [],
        serials: new Map(this.#byHand(at).map((each) => [each.id, normalise(each.serialNumber)])),
      }
    }
    this.cabinets = [cabinet(0), cabinet(1)]
  }

  #byHand(at: 0 | 1): Addition[] {
    const additions: Addition[] = [this.#addition(1 + at * 1000, supportItem, '', 4)]
    this.story.tenants.forEach((tenant, index) => {
      if (tenant.agreement !== at) return
      tenant.subscriptions.forEach((each, i) => {
        if (each.byHand === null || each.kind === 'azure') return
        const serial = each.byHand.hasSerial ? subscriptionIdOf(index, i) : ''
        additions.push(
          this.#addition(10 + at * 1000 + index * 100 + i, each.offer + 1, serial, each.byHand.quantity),
        )
      })
    })
    return additions
  }

  #addition(id: number, catalogItemId: number, serialNumber: string, quantity: number): Addition {
    const [cost, price] = units[catalogItemId - 1] ?? [4, 6]
    return {
      id,
      catalogItemId,
      serialNumber,
      quantity: `${quantity}` as Quantity,
      lessIncluded: '0' as Quantity,
      unitCost: `${cost}` as Money,
      unitPrice: `${price}` as Money,
      effectiveDate: firstDay(firstPeriod),
      cancelledDate: null,
      billCustomer: 'Billable',
      taxable: true,
      invoiceDescription: '',
      invoiceGrouping: null,
    }
  }

  /** Lives through all months. */
  live(): this {
    for (let now = 1; now <= months; now += 1) this.#month(now)
    return this
  }

  #month(now: number): void {
    const { story } = this
    this.#edit(now, true)
    if (story.invoicesFirst[now]) this.#invoiceAll(now)
    for (let month = 0; month < months; month += 1)
      if (
        month + 1 + (story.delays[month] ?? 0) === now ||
        (now === months && month + 1 + (story.delays[month] ?? 0) > now)
      )
        this.#files.set(addMonths(firstPeriod, month), linesOf(this.subscriptions, month))
    for (const at of [0, 1] as const) {
      if (at === 1 && story.unfit === now && now < months) {
        const fit = this.cabinets[1].agreement
        this.cabinets[1].agreement = { ...fit, billingCycle: 'Quarterly', billsMonthly: false }
        this.sync(1)
        this.cabinets[1].agreement = fit
      } else this.sync(at)
    }
    if (!story.invoicesFirst[now]) this.#invoiceAll(now)
    this.#edit(now, false)
  }

  #invoiceAll(now: number): void {
    for (const cabinet of this.cabinets) {
      const ahead = cabinet.agreement.periodType === 'Future' ? 1 : 0
      const month = addMonths(firstPeriod, now - 1 + ahead)
      while ((cabinet.agreement.nextInvoiceDate ?? '') <= firstDay(month)) invoice(cabinet)
    }
  }

  #edit(now: number, isBefore: boolean): void {
    for (const each of this.story.edits) {
      if (each.month + 1 !== now || each.isBefore !== isBefore || now >= months) continue
      const cabinet = this.cabinets[each.agreement as 0 | 1]
      const running = cabinet.additions.filter(
        (addition) => addition.catalogItemId !== supportItem && addition.cancelledDate === null,
      )
      const target = running[each.pick % Math.max(1, running.length)]
      if (target === undefined) continue
      this.edited.add(normalise(target.serialNumber))
      this.edited.add(`item ${target.catalogItemId}`)
      const patch: Partial<Addition> | null =
        each.kind === 'quantity'
          ? { quantity: `${each.amount}` as Quantity }
          : each.kind === 'price'
            ? { unitPrice: `${each.amount + 3}.5` as Money }
            : each.kind === 'cancel'
              ? { cancelledDate: lastDay(addMonths(firstPeriod, now)) }
              : null
      cabinet.additions = cabinet.additions.flatMap((addition) =>
        addition !== target ? [addition] : patch === null ? [] : [{ ...addition, ...patch }],
      )
    }
  }

  /** Syncs every month of the agreement that is due, oldest first, as `lib/sync/run.ts` does. */
  sync(at: 0 | 1): void {
    let held: HeldBack = {}
    for (const period of this.#due(at)) {
      const planned = this.#syncMonth(at, period, held)
      held = heldAfter(held, period, planned)
      if (this.#answer(period, planned)) this.#syncMonth(at, period, held)
    }
  }

  #syncMonth(at: 0 | 1, period: Period, held: HeldBack): PeriodPlan {
    const situation: Situation = { ...this.collect(at, period), ...held }
    const planned = onlyPeriod(situation)
    const changes = changesOf(planned)
    this.synced.push({ agreement: at, period, situation, planned })
    const cabinet = this.cabinets[at]
    const before = { additions: cabinet.additions, owned: cabinet.owned }
    this.#apply(at, changes.slice(0, this.story.cut % (changes.length + 1)))
    this.#apply(at, changesOf(onlyPeriod({ ...this.collect(at, period), ...held })))
    const afterCut = asSet(cabinet.additions)
    Object.assign(cabinet, before)
    this.#apply(at, changes)
    if (asSet(cabinet.additions) !== afterCut)
      throw new Error(
        `${period}: cut at ${this.story.cut % (changes.length + 1)} it ends as ${afterCut}, else as ${asSet(cabinet.additions)}`,
      )
    const again = changesOf(onlyPeriod({ ...this.collect(at, period), ...held })).filter(
      ({ kind }) => kind !== 'keep',
    )
    if (again.length > 0) throw new Error(`${period}: a second plan writes ${JSON.stringify(again)}`)
    this.#compareBills(at, period, planned)
    this.#record(at, period, situation, planned)
    return planned
  }

  /** Of a month that ConnectWise invoices next: what the plan says that its additions bill is what its engine would invoice. */
  #compareBills(at: 0 | 1, period: Period, { totals }: PeriodPlan): void {
    const cabinet = this.cabinets[at]
    if (cabinet.agreement.nextInvoiceDate !== firstDay(period) || period !== this.#periods.at(-1)) return
    const lines = nextDraft(cabinet).lines.filter(
      (each) => each.month === period && each.productIdentifier !== `${supportItem}`,
    )
    const drafted = lines.reduce((total, each) => total.plus(each.price), new Big(0))
    if (!drafted.eq(totals.billed.price))
      throw new Error(
        `${period}: ConnectWise would invoice ${drafted.toFixed(2)}, the plan says ${totals.billed.price}`,
      )
    this.compared += 1
  }
  /** How many months were compared with ConnectWise's own draft. */
  compared = 0

  /** Applies changes to what ConnectWise and our ledger hold. */
  #apply(at: 0 | 1, changes: readonly Change[]): void {
    const cabinet = this.cabinets[at]
    for (const change of changes) {
      // ConnectWise never gives an id twice.
      const highest = Math.max(...cabinet.serials.keys())
      const isDeleted = cabinet.additions.every(({ id }) => id !== highest)
      const ghosts = isDeleted ? [this.#addition(highest, supportItem, '', 0)] : []
      const additions = [...cabinet.additions, ...ghosts]
      const after = simulateChange({ ...cabinet, additions, catalog: this.catalog }, change)
      cabinet.additions = after.additions.filter((each) => !ghosts.includes(each))
      cabinet.owned = after.owned
      for (const each of cabinet.additions) cabinet.serials.set(each.id, normalise(each.serialNumber))
    }
  }

  readonly catalog = [
    ...offers.map((name, i) => catalogItem(i + 1, name)),
    catalogItem(80, 'Azure plan'),
    { ...catalogItem(supportItem, 'Support'), vendorSku: '' },
  ]

  tenantsOf(at: number): string[] {
    return this.story.tenants.flatMap((tenant, index) => (tenant.agreement === at ? [tenantId(index)] : []))
  }

  readonly #hashes = new Map<string, string>()
  /** Of its lines for the agreement's customers, in a month whose file is there. */
  #hash(at: 0 | 1, id: string, period: Period): string {
    const key = `${at} ${stateKey(id, period)}`
    const known = this.#hashes.get(key)
    if (known !== undefined) return known
    const tenants = this.tenantsOf(at)
    const isOwn = (each: InvoiceLine): boolean =>
      each.subscriptionId === id && tenants.includes(each.tenantId)
    const hash = JSON.stringify((this.#files.get(period) ?? []).filter(isOwn))
    if (this.#files.has(period)) this.#hashes.set(key, hash)
    return hash
  }

  #isSettled(at: 0 | 1, id: string, period: Period): boolean {
    const key = stateKey(id, period)
    const good = this.#state.good[at].get(key)
    return this.#state.skipped.has(key) || (good !== undefined && good === this.#hash(at, id, period))
  }

  get #periods(): Period[] {
    return [...this.#files.keys()].sort()
  }

  #knownOn(at: number): Set<string> {
    const tenants = new Set(this.tenantsOf(at))
    const known = new Set<string>()
    for (const lines of this.#files.values())
      for (const each of lines) if (tenants.has(each.tenantId)) known.add(each.subscriptionId)
    return known
  }

  /** First month of the agreement: the first file that came. */
  #from: Period | null = null

  #due(at: 0 | 1): Period[] {
    this.#from ??= this.#periods[0] ?? null
    const known = [...this.#knownOn(at)]
    const all = this.#periods.filter((period) => this.#from !== null && period >= this.#from)
    const due = all.filter((period) =>
      known.some((id) => !this.#isSettled(at, id, period) && !this.#cameLater(at, id, period)),
    )
    return due.length > 0 ? due : all.slice(-1)
  }

  #isApplied(at: 0 | 1, period: Period): boolean {
    return [...this.#state.good[at].keys()].some((key) => key.startsWith(period))
  }

  /** The first month in which it was good there, or has a line. */
  #firstSeen(at: 0 | 1, id: string): string {
    const good = [...this.#state.good[at].keys()]
      .filter((key) => key.endsWith(id))
      .map((key) => key.slice(0, 7))
    const lines = this.#periods.filter((period) => this.#hash(at, id, period) !== '[]')
    return [...good, ...lines].sort()[0] ?? '9999-12'
  }

  #cameLater(at: 0 | 1, id: string, period: Period): boolean {
    return this.#firstSeen(at, id) > period && this.#isApplied(at, period)
  }

  collect(at: 0 | 1, period: Period): Situation {
    const cabinet = this.cabinets[at]
    const tenants = this.tenantsOf(at)
    const isHere = (each: InvoiceLine): boolean => tenants.includes(each.tenantId)
    const usageOf = (of: Period): Usage => ({
      period: of,
      invoiceId: of,
      lines: (this.#files.get(of) ?? []).filter(isHere),
      elsewhere: this.#elsewhere(of, tenants),
    })
    const month = this.#monthOf(period)
    const before = this.#periods
      .filter((each) => each < period && (this.#from === null || each >= this.#from))
      .at(-1)
    const latest: Record<string, InvoiceLine> = {}
    for (const lines of this.#files.values())
      for (const each of lines)
        if (each.last <= lastDay(period) && (latest[each.subscriptionId]?.last ?? '') < each.last)
          latest[each.subscriptionId] = each
    const good: Record<string, Period[]> = {}
    const skipped: Record<string, Period[]> = {}
    for (const each of this.subscriptions)
      for (const of of this.#periods) {
        if (this.#state.skipped.has(stateKey(each.id, of)))
          skipped[each.id] = [...(skipped[each.id] ?? []), of]
        else if (this.#isSettled(at, each.id, of) || this.#cameLater(at, each.id, of))
          good[each.id] = [...(good[each.id] ?? []), of]
      }
    const listed = (each: WorldSubscription): Subscription => ({
      id: each.id,
      tenantId: tenantId(each.tenantIn(month)),
      productId: each.kind === 'azure' ? 'id-Azure plan' : `id-${offers[each.offerIn(month)]}`,
      productName: each.kind === 'azure' ? 'Azure plan' : (offers[each.offerIn(month)] ?? ''),
      displayTemplate: each.kind === 'azure' ? 'Azure' : '',
    })
    const all = this.subscriptions.map(listed)
    return {
      agreement: cabinet.agreement,
      currency: 'AUD',
      additions: cabinet.additions,
      owned: cabinet.owned,
      invoices: cabinet.invoices,
      tenants: tenants.map((id) => ({ id, name: id, syncs: true, from: this.#from })),
      subscriptions: all.filter((each) => tenants.includes(each.tenantId)),
      foreignSubscriptionIds: [],
      movedSubscriptionIds: all.filter((each) => !tenants.includes(each.tenantId)).map(({ id }) => id),
      products: [...offers.map((name) => product(name)), product('Azure plan')],
      catalog: this.catalog,
      usages: [usageOf(period)],
      newest: this.#periods.at(-1) ?? null,
      previous: before === undefined ? null : usageOf(before),
      latest,
      good,
      skipped,
      confirmed: [...this.#state.confirmed].map((key) => ({
        period: key.slice(0, 7) as Period,
        subscriptionId: key.slice(8),
        question: 'late' as const,
      })),
      options: {
        syncAzure: true,
        annualTermsMonthly: false,
        defaults: { category: '', subcategory: '', productType: '', unitOfMeasure: '', taxable: true },
      },
    }
  }

  #elsewhere(period: Period, tenants: readonly string[]): LineElsewhere[] {
    const ids = new Set(
      (this.#files.get(period) ?? [])
        .filter((each) => !tenants.includes(each.tenantId))
        .map((each) => each.subscriptionId),
    )
    return [...ids].map((subscriptionId) => ({ subscriptionId, where: 'mapped' as const }))
  }

  #monthOf(period: Period): number {
    return Array.from({ length: months }, (_, at) => addMonths(firstPeriod, at)).indexOf(period)
  }

  #record(at: 0 | 1, period: Period, situation: Situation, planned: PeriodPlan): void {
    if (planned.findings.some(({ severity }) => severity === 'error')) return
    const bad = new Set(
      planned.subscriptions
        .filter((row) => row.kind === 'subscription' && !isGood(row))
        .map((row) => normalise(row.subscriptionId)),
    )
    const isAzureBad = planned.subscriptions.some((row) => row.kind === 'azure' && !isGood(row))
    const azure = new Set(this.subscriptions.filter(({ kind }) => kind === 'azure').map(({ id }) => id))
    const tenants = new Set(this.tenantsOf(at))
    const seen = situation.subscriptions
      .filter(({ id }) => situation.good[id] !== undefined)
      .map(({ id }) => id)
    const onLines = (situation.usages[0]?.lines ?? [])
      .filter((each) => tenants.has(each.tenantId))
      .map((each) => each.subscriptionId)
    for (const id of new Set([...seen, ...onLines]))
      if (!bad.has(id) && !(isAzureBad && azure.has(id)) && !this.#state.skipped.has(stateKey(id, period)))
        this.#state.good[at].set(stateKey(id, period), this.#hash(at, id, period))
  }

  /** A person answers what waits; true where it is to be sent. */
  #answer(period: Period, planned: PeriodPlan): boolean {
    let isSent = false
    for (const row of planned.subscriptions) {
      if (row.waits?.question !== 'late') continue
      const key = stateKey(normalise(row.subscriptionId), period)
      if (this.story.late === 'skip') this.#state.skipped.add(key)
      else {
        this.#state.confirmed.add(key)
        isSent = true
      }
    }
    return isSent
  }

  isSkipped(id: string, period: Period): boolean {
    return this.#state.skipped.has(stateKey(id, period))
  }

  get from(): Period | null {
    return this.#from
  }

  /** ConnectWise invoices everything that is left, a month beyond the last one. */
  invoiceRest(): void {
    for (const cabinet of this.cabinets)
      while ((cabinet.agreement.nextInvoiceDate ?? '') <= firstDay(addMonths(firstPeriod, months + 1)))
        invoice(cabinet)
  }
}

/** Additions that a month's plans left as they are: `period additionId`, and `ever additionId`. */
export type LeftAsIs = ReadonlySet<string>

/** What ConnectWise billed of a product for a month, over both agreements, what was left as it is aside. @param ids whose; `null`: anybody's. */
export const billedOf = (
  { cabinets, synced }: World,
  left: LeftAsIs,
  ids: readonly string[] | null,
  itemId: number,
  month: Period,
): BilledLine[] =>
  cabinets.flatMap(({ billed, serials }, at) => {
    const isPlanned = synced.some((each) => each.agreement === at && each.period === month)
    return billed.filter((each) => {
      if (each.month !== month || each.productIdentifier !== `${itemId}`) return false
      const serial = serials.get(each.additionId) ?? ''
      const isEver = left.has(`ever ${each.additionId}`)
      const isLeft = left.has(`${month} ${each.additionId}`) || (isEver && (serial === '' || !isPlanned))
      return !isLeft && (ids === null || ids.includes(serial))
    })
  })

/** Its quantity on a day. */
export const quantityOn = (lines: readonly BilledLine[], day: Day): number =>
  lines
    .filter(({ first, last }) => first <= day && day <= last)
    .reduce((total, { quantity }) => total + Number(quantity), 0)

/** Quantity that PRISM invoices on a day. */
export const invoicedOn = (each: WorldSubscription, month: number, itemId: number, day: number): number =>
  each.offerIn(month) + 1 === itemId ? (each.quantities[month]?.[day - 1] ?? 0) : 0

export const worldMonths = months
