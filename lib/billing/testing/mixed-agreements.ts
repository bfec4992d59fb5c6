/**
 * The two agreements of customers with terms of all motions: one that is billed by the month, and one that is billed once. Each is synced
 * month after month as `lib/sync` does it; ConnectWise invoices both by the stand-in's own engine, and people edit what is there.
 */
import fc from 'fast-check'
import { draftOnce } from '#standin/connectwise/billing-once.ts'
import { hold, isCounted } from '../additions.ts'
import type { AnnualInvoice, AnnualSituation, LineAnswer } from '../annual/annual-situation.ts'
import { planAnnual } from '../annual/plan-annual.ts'
import { isNegative } from '../classify.ts'
import { addMonths, firstDay, lastDay, nextDay } from '../days.ts'
import { isGood } from '../held-back.ts'
import { subscriptionKey } from '../keys.ts'
import { changesOf, plan } from '../plan.ts'
import { rulesFor, takenWith } from '../price-rules.ts'
import { simulate } from '../simulate.ts'
import { tellsMore } from '../standing.ts'
import { windowOf } from '../timeline.ts'
import type {
  Addition,
  AgreementInvoice,
  Amount,
  Change,
  Day,
  InvoiceLine,
  Money,
  Period,
  PeriodPlan,
  PriceRule,
  Quantity,
  Situation,
} from '../types.ts'
import { annualSituation, oneTimeAgreement } from './annual.ts'
import { engineTerms } from './engine-terms.ts'
import { agreement, catalogItem, situation } from './factories.ts'
import {
  firstMixedMonth,
  MixedLived,
  type mixedLifeArb,
  mixedMonths,
  mixedProducts,
  mixedTenants,
} from './mixed-lives.ts'
import { type BilledLine, engineLines, invoice } from './world-connectwise.ts'

const editArb = fc.record({
  which: fc.nat(30),
  what: fc.constantFrom('quantity', 'price', 'end', 'delete', 'included', 'not billed'),
  to: fc.integer({ min: 0, max: 7 }),
  /** Before ConnectWise invoices the month, or after. */
  isBefore: fc.boolean(),
})
export type MixedEdit = typeof editArb extends fc.Arbitrary<infer T> ? T : never

const ruleArb = fc.record({
  tenantId: fc.constantFrom(null, null, ...mixedTenants),
  sku: fc.constantFrom(null, 'sku-Business Premium', 'sku-E3'),
  /** Months from the one that is synced; `null`: each new quantity. */
  from: fc.constantFrom(null, null, 0, 1),
  terms: fc.constantFrom(
    { kind: 'cost-plus' as const, percent: '12.75' },
    { kind: 'fixed' as const, unitPrice: '9.6' },
    { kind: 'keep' as const },
  ),
})

const byMonth = <T>(arb: fc.Arbitrary<T>) => fc.array(arb, { minLength: mixedMonths, maxLength: mixedMonths })
const rarely = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(arb, { maxLength: 2 }) },
  )

export const mixedStoryArb = (life: typeof mixedLifeArb) =>
  fc.record({
    life,
    advance: fc.boolean(),
    exactAmounts: fc.boolean(),
    rules: byMonth(fc.option(fc.array(ruleArb, { maxLength: 2 }), { freq: 2 })),
    edits: byMonth(rarely(editArb)),
    onceEdits: byMonth(rarely(editArb)),
    /** What an invoice was before it was issued again: without a subscription, or with other quantities. */
    before: byMonth(
      fc.option(
        fc.record({
          pick: fc.nat(20),
          kind: fc.constantFrom('missing', 'seats', 'credits'),
          isInvoiced: fc.boolean(),
        }),
        { freq: 2 },
      ),
    ),
    /** Of the annual invoice that came last, what it was before. */
    annualBefore: byMonth(fc.option(fc.constantFrom('missing', 'seats'), { freq: 2 })),
    onceFirst: fc.boolean(),
    cuts: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
  })
export type MixedStory = ReturnType<typeof mixedStoryArb> extends fc.Arbitrary<infer T> ? T : never

/** One sync of the agreement that is billed by the month. */
export interface MonthSynced extends Rounds {
  readonly before: Situation
  readonly cut: number
  /** What ConnectWise's engine has invoiced and will invoice for the month. */
  readonly engine: readonly BilledLine[]
}
/** One sync of the agreement that is billed once. */
export interface OnceSynced {
  readonly before: AnnualSituation
  readonly after: AnnualSituation
  readonly cut: number
  readonly isEdited: boolean
}

export interface MixedChecks {
  readonly month: (done: MonthSynced, lived: MixedLived) => void
  readonly once: (done: OnceSynced, lived: MixedLived, upTo: Day) => void
}

export const onlyMonth = (of: Situation): PeriodPlan => {
  const [month] = plan(of).periods
  if (month === undefined) throw new Error('a usage gives a period')
  return month
}

interface Rounds {
  readonly after: Situation
  /** All that the rounds write, in order. */
  readonly writes: readonly Change[]
  /** The last plan, which writes nothing. */
  readonly shown: PeriodPlan
}

/** The rounds of a sync: the month's own, and then what is known only once the others are written. */
export const syncedMonth = (before: Situation): Rounds => {
  const writes: Change[] = []
  let after = before
  for (let round = 0; round < 4; round += 1) {
    const shown = onlyMonth(after)
    const changes = changesOf(shown)
    const wanted = changes.filter(({ kind }) => kind !== 'keep')
    if (round > 0 && wanted.length === 0) return { after, writes, shown }
    writes.push(...wanted)
    after = { ...after, ...simulate(after, changes) }
  }
  throw new Error(`${before.usages[0]?.period}: a fourth round writes ${JSON.stringify(writes.slice(-5))}`)
}

export const syncedOnce = (before: AnnualSituation, howMany = Number.POSITIVE_INFINITY): AnnualSituation => {
  const changes = planAnnual(before).periods.flatMap(changesOf).slice(0, howMany)
  const { additions, owned, catalog } = before
  return { ...before, ...simulate({ additions, owned, catalog }, changes) }
}

/** What the engine bills of all that is on the agreement that is billed once. */
export const billedOnce = (additions: readonly Addition[]): Amount => {
  const draft = draftOnce(
    {
      id: 8,
      prorateFlag: false,
      periodType: 'Current',
      invoicingCycle: 'CalendarYear',
      billStart: '2026-01-01',
      nextInvoiceDate: '2026-01-01',
    },
    additions.map((each) => engineTerms(each, '2026-01-01' as Day)),
    () => false,
    '2099-12-31',
  )
  return { cost: draft.cost as Money, price: draft.price as Money }
}

const edited = (
  additions: readonly Addition[],
  { which, what, to }: MixedEdit,
  upTo: Day,
): readonly Addition[] => {
  const running = additions.filter(({ cancelledDate }) => cancelledDate === null || cancelledDate >= upTo)
  const target = running[which % Math.max(1, running.length)]
  if (target === undefined) return additions
  const patches: Record<MixedEdit['what'], Partial<Addition> | null> = {
    quantity: { quantity: `${to}` as Quantity, lessIncluded: '0' as Quantity },
    price: { unitPrice: `${to + 3}.5` as Money },
    end: {
      cancelledDate: to % 2 === 0 ? lastDay(upTo.slice(0, 7) as Period) : (`${upTo.slice(0, 7)}-14` as Day),
    },
    delete: null,
    included: { lessIncluded: '1' as Quantity },
    'not billed': { billCustomer: to % 2 === 0 ? 'DoNotBill' : 'NoCharge' },
  }
  const patch = patches[what]
  // Licences that are included of none are no bill.
  if (what === 'included' && Number(target.quantity) === 0) return additions
  return additions.flatMap((each) =>
    each !== target ? [each] : patch === null ? [] : [{ ...each, ...patch }],
  )
}

const otherSeats = (each: InvoiceLine): InvoiceLine => {
  const seats = Number(each.quantity) + 2
  const share = (value: string): Money =>
    `${Math.round(((Number(value) * seats) / Number(each.quantity)) * 100) / 100}` as Money
  return { ...each, quantity: `${seats}` as Quantity, cost: share(each.cost), price: share(each.price) }
}

let ruleIds = 0

/** The agreements of a story, from month to month. */
export class MixedAgreements {
  readonly #story: MixedStory
  readonly #lived: MixedLived
  readonly #checks: MixedChecks
  #month: Situation
  #once: AnnualSituation
  readonly #invoices: AgreementInvoice[] = []
  readonly #billed: BilledLine[] = []
  #isOnceEdited = false

  constructor(story: MixedStory, checks: MixedChecks) {
    this.#story = story
    this.#checks = checks
    this.#lived = new MixedLived(story.life)
    const tenants = mixedTenants
      .slice(0, story.life.tenants.length)
      .map((id) => ({ id, name: id, syncs: true }))
    // What is billed with the last product has no catalog item yet.
    const catalog = mixedProducts
      .filter(({ name }) => !name.endsWith('Term'))
      .map(({ name }, index) => catalogItem(index + 1, name))
    const { options } = situation()
    this.#month = situation({
      agreement: agreement({
        periodType: story.advance ? 'Future' : 'Current',
        nextInvoiceDate: firstDay(addMonths(firstMixedMonth, story.advance ? 1 : 0)),
      }),
      tenants,
      products: mixedProducts,
      catalog,
      latest: {},
      invoices: [],
      options: { ...options, annualTermsMonthly: true, exactAmounts: story.exactAmounts },
    })
    this.#once = annualSituation([], {
      tenants,
      products: mixedProducts,
      catalog,
      options: { defaults: options.defaults, annualTermsAtOnce: firstDay(firstMixedMonth) },
    })
  }

  live(): void {
    for (let index = 0; index < mixedMonths; index += 1) {
      const month = addMonths(firstMixedMonth, index)
      const { onceFirst } = this.#story
      if (onceFirst) this.#lookAtOnce(month, index)
      this.#lookAtMonth(month, index)
      if (!onceFirst) this.#lookAtOnce(month, index)
      if (this.#story.before[index] === null) this.#people(month, index, true)
      this.#invoice(month)
      this.#people(month, index, false)
    }
  }

  // ───────────────────────────── by the month ─────────────────────────────

  #lookAtMonth(month: Period, index: number): void {
    const right = this.#lived.invoice(month)
    const before = this.#story.before[index] ?? null
    this.#rule(month, index)
    if (before !== null) {
      const wrong = wrongLines(right, before)
      this.#syncMonth(month, index, wrong)
      this.#people(month, index, true)
      if (before.isInvoiced) this.#invoice(month)
      this.#forget(month, right, wrong)
    }
    this.#syncMonth(month, index, right)
  }

  #rule(month: Period, index: number): void {
    const drawn = this.#story.rules[index] ?? null
    if (drawn === null) return
    const priceRules = drawn.map((each) => ({
      ...each,
      id: `rule-${(ruleIds += 1)}`,
      from: each.from === null ? null : addMonths(month, each.from),
    })) as PriceRule[]
    this.#month = { ...this.#month, priceRules }
  }

  /** What an invoice that is issued again has otherwise is good no more. */
  #forget(month: Period, lines: readonly InvoiceLine[], before: readonly InvoiceLine[]): void {
    const says = (all: readonly InvoiceLine[], id: string): string =>
      JSON.stringify(
        all
          .filter(({ subscriptionId }) => subscriptionKey(subscriptionId) === id)
          .map(({ row: _, ...each }) => each),
      )
    const good = Object.fromEntries(
      Object.entries(this.#month.good).map(([id, all]) => [
        id,
        says(lines, id) === says(before, id) ? all : all.filter((each) => each !== month),
      ]),
    )
    this.#month = { ...this.#month, good }
  }

  #syncMonth(month: Period, index: number, lines: readonly InvoiceLine[]): void {
    const before: Situation = {
      ...this.#month,
      subscriptions: this.#lived.listedOn(lastDay(month)),
      atOnceFrom: this.#lived.atOnceFrom(lastDay(month)),
      invoices: [...this.#invoices],
      usages: [{ period: month, invoiceId: month, lines }],
    }
    const rounds = syncedMonth(before)
    const { after, shown } = rounds
    const cut = this.#story.cuts[index % 4] ?? 0
    this.#checks.month({ ...rounds, before, cut, engine: this.#engine(after, month) }, this.#lived)
    this.#month = remembered(before, after, shown)
    this.#once = { ...this.#once, catalog: after.catalog }
  }

  #cabinet({ agreement: at, additions, owned }: Pick<Situation, 'agreement' | 'additions' | 'owned'>) {
    return {
      agreement: at,
      additions,
      owned,
      invoices: this.#invoices,
      billed: this.#billed,
      serials: new Map<number, string>(),
    }
  }

  #engine(after: Situation, month: Period): readonly BilledLine[] {
    return engineLines(this.#cabinet(after), month)
  }

  /** ConnectWise invoices up to a month; one that bills in advance, the one after it. */
  #invoice(month: Period): void {
    const ahead = addMonths(month, this.#story.advance ? 1 : 0)
    const cabinet = this.#cabinet(this.#month)
    while ((cabinet.agreement.nextInvoiceDate ?? '') <= firstDay(ahead)) invoice(cabinet)
    this.#month = { ...this.#month, agreement: cabinet.agreement }
    this.#once = { ...this.#once, agreement: oneTimeAgreement({ nextInvoiceDate: nextDay(lastDay(month)) }) }
  }

  // ───────────────────────────── at once ─────────────────────────────

  #lookAtOnce(month: Period, index: number): void {
    const upTo = nextDay(lastDay(month))
    const right = this.#lived.annualInvoices(upTo)
    const before = this.#story.annualBefore[index] ?? null
    if (before !== null) this.#syncOnce(upTo, index, wrongAnnual(right, before), false)
    this.#syncOnce(upTo, index, right, true)
  }

  #syncOnce(upTo: Day, index: number, invoices: readonly AnnualInvoice[], isRight: boolean): void {
    let before: AnnualSituation = {
      ...this.#once,
      invoices,
      subscriptions: this.#lived.listedOn(lastDay(this.#previousMonth(upTo))),
    }
    const cut = this.#story.cuts[(index + 1) % 4] ?? 0
    // A person says yes to what is asked, until nothing is.
    for (let round = 0; round < 4; round += 1) {
      const after = syncedOnce(before)
      const asked = planAnnual(after).periods.flatMap(askedIn)
      const isLast = asked.length === 0 && isRight
      this.#checks.once({ before, after, cut, isEdited: this.#isOnceEdited || !isLast }, this.#lived, upTo)
      before = { ...after, lineAnswers: [...(after.lineAnswers ?? []), ...asked] }
      if (asked.length === 0) break
    }
    this.#once = before
    this.#month = { ...this.#month, catalog: before.catalog }
  }

  #previousMonth(day: Day): Period {
    return addMonths(day.slice(0, 7) as Period, -1)
  }

  // ───────────────────────────── what people do ─────────────────────────────

  #people(month: Period, index: number, isBefore: boolean): void {
    const upTo = firstDay(isBefore ? month : addMonths(month, 1))
    for (const each of this.#story.edits[index] ?? [])
      if (each.isBefore === isBefore)
        this.#month = { ...this.#month, additions: edited(this.#month.additions, each, upTo) }
    for (const each of this.#story.onceEdits[index] ?? [])
      if (each.isBefore === isBefore && this.#once.additions.length > 0) {
        this.#once = {
          ...this.#once,
          additions: edited(this.#once.additions, each, firstDay(firstMixedMonth)),
        }
        this.#isOnceEdited = true
      }
  }
}

const askedIn = ({ subscriptions }: PeriodPlan): LineAnswer[] =>
  subscriptions.flatMap(({ askedLines = [] }) => askedLines.map(({ line }) => ({ line, says: 'carry' })))

const wrongLines = (
  right: readonly InvoiceLine[],
  { pick, kind }: NonNullable<MixedStory['before'][number]>,
): InvoiceLine[] => {
  const usage = right.filter((each) => !isNegative(each) && !each.offerName.startsWith('Azure'))
  const one = usage[pick % Math.max(1, usage.length)]
  if (kind === 'credits') return right.filter(({ description }) => description !== 'Adjustment')
  if (one === undefined) return [...right]
  const isOne = (each: InvoiceLine): boolean =>
    each.subscriptionId === one.subscriptionId && usage.includes(each)
  return kind === 'missing'
    ? right.filter((each) => !isOne(each))
    : right.map((each) => (isOne(each) && each.description !== 'Adjustment' ? otherSeats(each) : each))
}

const wrongAnnual = (right: readonly AnnualInvoice[], kind: 'missing' | 'seats'): AnnualInvoice[] => {
  const last = right.at(-1)
  if (last === undefined) return [...right]
  const [first, ...others] = last.lines
  if (first === undefined) return [...right]
  const lines = kind === 'missing' ? others : [otherSeats(first), ...others]
  return [...right.slice(0, -1), { ...last, lines }]
}

/** What is known once a month is good (`lib/sync/close.ts`). */
const remembered = (before: Situation, after: Situation, shown: PeriodPlan): Situation => {
  const good = { ...before.good }
  const rulesTaken = { ...before.rulesTaken }
  const latest = { ...before.latest }
  const window = windowOf(before.agreement, shown.period)
  const open = new Set(
    shown.subscriptions.flatMap((row) =>
      row.kind === 'credit' && !isGood(row) ? [subscriptionKey(row.subscriptionId)] : [],
    ),
  )
  const lotsOf = new Map(after.owned.map((each) => [each.additionId, each]))
  for (const row of shown.subscriptions) {
    const id = subscriptionKey(row.subscriptionId)
    if (row.kind !== 'subscription' || !isGood(row) || open.has(id)) continue
    good[id] = [...new Set([...(good[id] ?? []), shown.period])]
    const rules = rulesFor(before.priceRules ?? [], row.tenantId, row.product.sku)
    const taken = rulesTaken[id] ?? []
    const held = after.additions
      .filter((each) => subscriptionKey(each.serialNumber) === id)
      .map((each) => hold(each, after.agreement, lotsOf.get(each.id)))
      .filter(isCounted)
    rulesTaken[id] = [...taken, ...takenWith({ rules, taken }, held, window)]
  }
  for (const line of (before.usages[0]?.lines ?? []).filter((each) => !isNegative(each))) {
    const id = subscriptionKey(line.subscriptionId)
    if (tellsMore(line, latest[id], true)) latest[id] = line
  }
  return { ...after, good, rulesTaken, latest, previous: before.usages[0] ?? null }
}
