/**
 * Whole organisations for the property tests: some customers on two agreements, month after month. PRISM's files come in time
 * or late, ConnectWise invoices by its own engine, people edit, answer and move mappings, and each agreement is synced as
 * `lib/sync` does it, from what is stored and read alone.
 */
import { addMonths, firstDay, lastDay } from '../days.ts'
import { goodSubscriptions } from '../good-subscriptions.ts'
import { type HeldBack, heldBackAfter, isGood, nothingHeldBack } from '../held-back.ts'
import { subscriptionKey } from '../keys.ts'
import { closingsOf, tenantOf } from '../moving.ts'
import { changesOf, plan } from '../plan.ts'
import { isMonth } from '../start.ts'
import type {
  Addition,
  Change,
  Money,
  Period,
  PeriodPlan,
  Quantity,
  Situation,
  SubscriptionPlan,
} from '../types.ts'
import { compareBills, invoicedAfterLeaving, keepsWhatIsInvoiced } from './world-bills.ts'
import { type Collecting, collect } from './world-collect.ts'
import { type At, applyTo, type Cabinet, cabinetOf, invoice, supportItem } from './world-connectwise.ts'
import { move } from './world-moves.ts'
import {
  fileOf,
  goesToOneThatMoves,
  subscriptionsOf,
  tenantId,
  type WorldSubscription,
} from './world-prism.ts'
import { Memory, type Progress, progressOf, stateKey } from './world-progress.ts'
import { firstPeriod, hasUnnamed, type Moment, type WorldStory, worldMonths } from './world-story.ts'

/** One sync of one agreement and month. */
export interface Synced {
  readonly agreement: At
  readonly period: Period
  readonly situation: Situation
  readonly planned: PeriodPlan
}

const onlyPeriod = (situation: Situation): PeriodPlan => {
  const [planned] = plan(situation).periods
  if (planned === undefined) throw new Error('a usage gives a period')
  return planned
}

/** Additions as they are billed, ids aside. */
const asSet = (additions: readonly Addition[], aside: ReadonlySet<string>): string =>
  additions
    .filter(({ serialNumber }) => !aside.has(subscriptionKey(serialNumber)))
    .map((each) =>
      [
        each.catalogItemId,
        subscriptionKey(each.serialNumber),
        each.effectiveDate,
        each.cancelledDate,
        each.quantity,
        each.unitCost,
        each.unitPrice,
      ].join(' '),
    )
    .sort()
    .join(', ')

/** A plan does not take back what it writes: whoever carries it out, and whoever reads it, has one end of an addition. */
const endsEachOnce = (planned: PeriodPlan): void => {
  const ended = new Set<number>()
  for (const change of changesOf(planned)) {
    if (change.kind !== 'end' && change.kind !== 'delete') continue
    if (ended.has(change.additionId)) throw new Error(`${planned.period}: ${change.additionId} ends twice`)
    ended.add(change.additionId)
  }
}

const both: readonly At[] = [0, 1]
/** How often an agreement is looked at again where a look left something to do. */
const mostLooks = 4

export class World implements Collecting {
  readonly story: WorldStory
  readonly subscriptions: readonly WorldSubscription[]
  readonly cabinets: readonly [Cabinet, Cabinet]
  readonly memory: Memory
  /** Subscriptions between customers that move, which are not looked at. */
  readonly #aside: ReadonlySet<string>
  readonly synced: Synced[] = []
  /** Serial numbers and items of additions that a person edited, and how many syncs were before the last edit. */
  readonly edited = new Map<string, number>()
  /** The month that it is, from 1: that of the first file. */
  now = 0

  constructor(story: WorldStory) {
    this.story = story
    this.subscriptions = subscriptionsOf(story)
    this.cabinets = [cabinetOf(story, 0), cabinetOf(story, 1)]
    this.#aside = new Set(
      this.subscriptions.filter((each) => goesToOneThatMoves(story, each)).map(({ id }) => id),
    )
    this.memory = new Memory(story.begin, story.beginsOldest)
    story.tenants.forEach(({ agreement, begin, isBeginChosen }, index) => {
      const tenant = tenantId(index)
      const mapping = { tenant, agreement: agreement as At, firstPeriod: null }
      this.memory.mappings.set(tenant, { ...mapping, begin: isBeginChosen ? begin : null })
    })
  }

  /** Lives through all months, and has ConnectWise invoice what is left, a month beyond the last one. */
  live(): this {
    for (let now = 1; now <= worldMonths; now += 1) this.#month(now)
    for (const cabinet of this.cabinets)
      while ((cabinet.agreement.nextInvoiceDate ?? '') <= firstDay(addMonths(firstPeriod, worldMonths + 1)))
        invoice(cabinet)
    return this
  }

  #month(now: number): void {
    const { story } = this
    this.now = now
    this.#people('before')
    if (story.invoicesFirst[now]) this.#invoiceAll()
    story.delays.forEach((delay, month) => {
      const comes = Math.min(month + 1 + delay, worldMonths)
      if (comes === now) this.memory.addFile(fileOf(this.subscriptions, month))
    })
    const second = this.cabinets[1]
    const fit = second.agreement
    const isUnfit = story.unfit === now && now < worldMonths
    if (isUnfit) second.agreement = { ...fit, billingCycle: 'Quarterly', billsMonthly: false }
    this.#look()
    if (isUnfit) second.agreement = fit
    this.#people('synced')
    if (!story.invoicesFirst[now]) this.#invoiceAll()
    this.#people('after')
  }

  #invoiceAll(): void {
    for (const cabinet of this.cabinets) {
      const ahead = cabinet.agreement.periodType === 'Future' ? 1 : 0
      const month = addMonths(firstPeriod, this.now - 1 + ahead)
      while ((cabinet.agreement.nextInvoiceDate ?? '') <= firstDay(month)) invoice(cabinet)
    }
  }

  // ───────────────────────────── what people do ─────────────────────────────

  /** What people do at a moment of the month; what moved is looked at at once, as the next look does it in minutes. */
  #people(when: Moment): void {
    this.#edit(when)
    this.story.tenants.forEach((tenant, index) => {
      for (const each of tenant.moves)
        if (each.month + 1 === this.now && each.when === when && move(this, index, each)) {
          if (this.memory.newest === null) this.#movedBlind.add(tenantId(index))
          this.#look()
        }
    })
  }

  #edit(when: Moment): void {
    for (const each of this.story.edits) {
      if (each.month + 1 !== this.now || each.when !== when || this.now >= worldMonths) continue
      const cabinet = this.cabinets[each.agreement as At]
      const running = cabinet.additions.filter(
        (addition) => addition.catalogItemId !== supportItem && addition.cancelledDate === null,
      )
      const target = running[each.pick % Math.max(1, running.length)]
      if (target === undefined) continue
      this.edited.set(subscriptionKey(target.serialNumber), this.synced.length)
      this.edited.set(`item ${target.catalogItemId}`, this.synced.length)
      const patch: Partial<Addition> | null =
        each.kind === 'quantity'
          ? { quantity: `${each.amount}` as Quantity }
          : each.kind === 'price'
            ? { unitPrice: `${each.amount + 3}.5` as Money }
            : each.kind === 'cancel'
              ? { cancelledDate: lastDay(addMonths(firstPeriod, this.now)) }
              : null
      cabinet.additions = cabinet.additions.flatMap((addition) =>
        addition !== target ? [addition] : patch === null ? [] : [{ ...addition, ...patch }],
      )
    }
  }

  /** A person answers what waits; true where there is something to sync now. */
  #answer(at: At, { period, subscriptions }: PeriodPlan): boolean {
    let isSent = false
    for (const row of subscriptions) {
      const id = subscriptionKey(row.subscriptionId)
      if (row.waits?.question === 'first-sync') {
        this.#begin(at, row.tenantId)
        isSent = true
      }
      if (row.waits?.question !== 'late') continue
      const key = stateKey(id, period)
      if (this.story.late === 'skip')
        this.memory.putState({ id, period, tenant: row.tenantId, agreement: at, is: 'skipped', hash: '' })
      else {
        this.memory.confirmed.add(key)
        isSent = true
      }
    }
    return isSent
  }

  /** A person says how a customer begins; what was decided by the program's default is decided anew (`lib/sync/begin.ts`). */
  #begin(at: At, tenant: string): void {
    const { mappings, starts, files } = this.memory
    const mapping = mappings.get(tenant)
    const begin = this.story.tenants.find((_, index) => tenantId(index) === tenant)?.begin
    if (mapping === undefined || begin === undefined)
      throw new Error(`${tenant} is asked about and not mapped`)
    mappings.set(tenant, { ...mapping, begin })
    const away = this.subscriptions
      .filter((each) => each.tenantIn(Math.min(this.now, worldMonths - 1)) === tenant)
      .flatMap(({ id }) => (starts[at].get(id) === 'elsewhere' ? [id] : []))
    if (begin === 'elsewhere') return
    for (const id of away) {
      starts[at].set(id, begin)
      for (const { period, invoiced } of files.slice(0, -1))
        for (const { hash } of invoiced.filter((each) => each.id === id && each.tenant === tenant))
          if (period >= (mapping.firstPeriod ?? '9999-12'))
            this.memory.putState({ id, period, tenant, agreement: at, is: 'skipped', hash })
    }
  }

  // ───────────────────────────── our syncs ─────────────────────────────

  /** Syncs both agreements: one that a customer left before the one that it went to, and again while something is billed on both. */
  #look(): void {
    const isLeft = (at: At): boolean =>
      this.memory.former.some((each) => each.agreement === at && !each.isDone)
    for (let look = 0; look < mostLooks; look += 1) {
      const inOrder = [...both].sort((a, b) => Number(isLeft(b)) - Number(isLeft(a)))
      if (!inOrder.map((at) => this.sync(at)).includes(true)) return
    }
  }

  /** Syncs every month of the agreement that is due, oldest first, as `lib/sync/run.ts` does. True where it is to be looked at again. */
  sync(at: At): boolean {
    const stand = progressOf(this.memory, at)
    let held = nothingHeldBack
    let last: Situation | null = null
    const plans: PeriodPlan[] = []
    for (const period of stand.due) {
      const { situation, planned } = this.#syncMonth(at, period, held, stand)
      last = situation
      plans.push(planned)
      held = heldBackAfter(held, planned, isGood)
    }
    this.#finishFormer(at, last)
    // A yes is a sync of its own.
    const isAnswered = plans.map((planned) => this.#answer(at, planned)).includes(true)
    return isAnswered ? this.sync(at) : Object.keys(last?.stillBilled ?? {}).length > 0
  }

  #syncMonth(at: At, period: Period, held: HeldBack, stand: Progress) {
    const cabinet = this.cabinets[at]
    const base: Situation = { ...collect(this, at, period), ...held }
    const now = (): Situation => ({
      ...base,
      additions: cabinet.additions,
      owned: cabinet.owned,
      starts: Object.fromEntries(this.memory.starts[at]),
    })
    const planned = onlyPeriod(base)
    const changes = changesOf(planned)
    this.synced.push({ agreement: at, period, situation: base, planned })
    endsEachOnce(planned)
    const hasBegun = this.#rememberStarts(at, planned)
    const before = cabinet.additions
    // What changes nothing that a plan reads gives the same plan again.
    if (changes.some((change) => change.kind !== 'keep' || change.lots) || hasBegun)
      this.#applyInTwoWays(cabinet, period, changes, () => onlyPeriod(now()))
    keepsWhatIsInvoiced(cabinet, before, planned, this.#aside)
    const recognised = new Set(
      changes.flatMap((change) =>
        change.kind === 'update' && change.set.serialNumber !== undefined ? [change.additionId] : [],
      ),
    )
    for (const row of invoicedAfterLeaving(planned)) this.#mayBeInvoicedAfter(period, row, recognised)
    this.compared += compareBills(cabinet, planned, {
      isNamed: !hasUnnamed(this.story),
      isWhole: period === this.memory.newest && this.#aside.size === 0,
      aside: this.#aside,
    })
    const situation = now()
    this.#record(at, period, situation, planned, stand)
    return { situation, planned }
  }
  /**
   * A move takes over after what is invoiced and ends the rest at once. Four things come between: ConnectWise invoices before the
   * first file came, with which there is nothing to look at; a subscription goes to a customer that left before; an addition without
   * a serial number is recognised as its only now; somebody gives one a quantity again after it was left.
   */
  #mayBeInvoicedAfter(period: Period, row: SubscriptionPlan, recognised: ReadonlySet<number>): void {
    const { subscriptionId, tenantId: tenant, changes } = row
    if (this.edited.has(subscriptionKey(subscriptionId))) return
    if (changes.some((change) => 'additionId' in change && recognised.has(change.additionId))) return
    const each = this.subscriptions.find(({ id }) => id === subscriptionKey(subscriptionId))
    const customers = Array.from({ length: worldMonths }, (_, month) => each?.tenantIn(month))
    if (new Set(customers).size === 1 && !this.#movedBlind.has(tenant))
      throw new Error(`${period}: ${subscriptionId} is invoiced after its customer left`)
  }
  /** Customers that moved before any file came. */
  readonly #movedBlind = new Set<string>()

  /** How many amounts were compared with ConnectWise's own engine. */
  compared = 0

  /** Applies a plan, cut short and planned anew, and as a whole: both end alike, and a second plan is empty. */
  #applyInTwoWays(
    cabinet: Cabinet,
    period: Period,
    changes: readonly Change[],
    planAgain: () => PeriodPlan,
  ): void {
    const before = { additions: cabinet.additions, owned: cabinet.owned }
    const cut = this.story.cut % (changes.length + 1)
    applyTo(cabinet, changes.slice(0, cut))
    applyTo(cabinet, changesOf(planAgain()))
    const afterCut = asSet(cabinet.additions, this.#aside)
    Object.assign(cabinet, before)
    applyTo(cabinet, changes)
    if (asSet(cabinet.additions, this.#aside) !== afterCut)
      throw new Error(
        `${period}: cut at ${cut} it ends as ${afterCut}, else as ${asSet(cabinet.additions, this.#aside)}`,
      )
    const isAside = (change: Change): boolean =>
      ('addition' in change && this.#aside.has(subscriptionKey(change.addition.serialNumber))) ||
      ('before' in change && this.#aside.has(subscriptionKey(change.before.serialNumber)))
    const again = changesOf(planAgain()).filter((change) => change.kind !== 'keep' && !isAside(change))
    if (again.length > 0) throw new Error(`${period}: a second plan writes ${JSON.stringify(again)}`)
  }

  /** What was decided stays; what was only to be decided is decided by it. True where something was. */
  #rememberStarts(at: At, { subscriptions }: PeriodPlan): boolean {
    let hasBegun = false
    const starts = this.memory.starts[at]
    for (const { subscriptionId, begins } of subscriptions) {
      const known = starts.get(subscriptionKey(subscriptionId))
      if (begins === undefined || isMonth(known) || known === 'elsewhere') continue
      starts.set(subscriptionKey(subscriptionId), begins)
      hasBegun = true
    }
    return hasBegun
  }

  /** Notes the months that are good (`lib/sync/close.ts`). @param stand as it was when the sync began */
  #record(at: At, period: Period, situation: Situation, planned: PeriodPlan, stand: Progress): void {
    const { memory } = this
    for (const mapping of memory.mappings.values())
      if (mapping.agreement === at)
        memory.mappings.set(mapping.tenant, { ...mapping, firstPeriod: memory.firstPeriodOf(mapping) })
    for (const { subscriptionId: id, tenantId: tenant } of goodSubscriptions(
      planned,
      isGood,
      situation,
      stand,
    ))
      memory.putState({ id, period, tenant, agreement: at, is: 'good', hash: stand.hashOf(id, period) })
  }

  /** Of a customer that left, notes whether anything is left to end or to sync there (`lib/sync/former.ts`). */
  #finishFormer(at: At, situation: Situation | null): void {
    const open = this.memory.former.filter((each) => each.agreement === at && !each.isDone)
    if (situation === null || open.length === 0) return
    const { isOpen } = progressOf(this.memory, at)
    for (const former of open) {
      const tenant = tenantOf(situation, former.tenant)
      if (tenant && closingsOf(situation, tenant).length === 0 && !isOpen(former.tenant))
        this.memory.putFormer({ ...former, isDone: true })
    }
  }
}
