/** What of a world is compared day by day: ConnectWise's invoices with PRISM's, by subscription where their lines tell whose they are. */
import { addMonths, daysIn } from '../days.ts'
import { subscriptionKey } from '../keys.ts'
import { membershipOf } from '../moving.ts'
import { isBeforeStart, isElsewhere } from '../start.ts'
import type { Day, Period, SubscriptionPlan } from '../types.ts'
import { invoicedAfterLeaving } from './world-bills.ts'
import type { At, BilledLine } from './world-connectwise.ts'
import { goesToOneThatMoves, type WorldSubscription } from './world-prism.ts'
import { progressOf } from './world-progress.ts'
import { firstPeriod, hasUnnamed, worldMonths } from './world-story.ts'
import type { Synced, World } from './worlds.ts'

const items = [1, 2, 3]
const agreements: readonly At[] = [0, 1]
const allPeriods = Array.from({ length: worldMonths }, (_, at) => addMonths(firstPeriod, at))

/** Throws where a day is billed otherwise than PRISM invoiced it and no named term says why. Gives how many months were compared. */
export const compareDays = (world: World): number => {
  const told = toldOf(world)
  const isUnnamed = hasUnnamed(world.story)
  // Where customers come and go, an addition without a serial number is one's in one month and nobody's in the next.
  if (isUnnamed && world.story.tenants.some(({ moves }) => moves.length > 0)) return 0
  const monthly = world.subscriptions.filter(isEverInvoiced)
  let compared = 0
  for (const [month, period] of allPeriods.entries()) {
    if (isUnnamed) {
      if (told.isInvoicedAfter || monthly.some((each) => !told.isComparable(each, month))) continue
      for (const item of items.filter((each) => !world.edited.has(`item ${each}`)))
        compareItem(world, told, { month, period, item, whose: monthly, ids: null, at: null })
      compared += 1
      continue
    }
    for (const each of monthly) {
      if (world.edited.has(each.id) || !told.isComparable(each, month)) continue
      for (const at of agreements)
        for (const item of items)
          compareItem(world, told, { month, period, item, whose: [each], ids: [each.id], at })
      compared += 1
    }
  }
  return compared
}

const isEverInvoiced = ({ kindIn, quantities }: WorldSubscription): boolean =>
  allPeriods.some((_, month) => kindIn(month) === 'monthly') &&
  quantities.some((days) => days.some((quantity) => quantity > 0))

interface Comparison {
  readonly month: number
  readonly period: Period
  readonly item: number
  readonly whose: readonly WorldSubscription[]
  /** Serial numbers on ConnectWise's invoices; `null`: any. */
  readonly ids: readonly string[] | null
  /** `null`: both agreements together. */
  readonly at: At | null
}

const compareItem = (world: World, told: Told, comparison: Comparison): void => {
  const { month, period, item, whose, ids, at } = comparison
  const lines = billedOf(world, told, comparison)
  for (let day = 1; day <= daysIn(period); day += 1) {
    const on = `${period}-${String(day).padStart(2, '0')}` as Day
    const billed = quantityOn(lines, on)
    const invoiced = whose
      .filter((each) => {
        const of = told.billedOn(each, month)
        return of !== null && (at === null || at === of)
      })
      .reduce((total, each) => total + invoicedOn(each, month, item, day), 0)
    if (billed !== invoiced)
      throw new Error(
        `${ids?.join() ?? 'all'} item ${item} on ${on}, agreement ${at ?? 'any'}: billed ${billed}, invoiced ${invoiced}`,
      )
  }
}

/** Its lines on ConnectWise's invoices for a month, what was left as it is aside. */
const billedOf = (
  { cabinets, synced }: World,
  { left }: Told,
  { period, item, ids, at: of }: Comparison,
): BilledLine[] =>
  cabinets.flatMap(({ billed, serials }, at) => {
    // What people did by hand on an agreement before anything was due there is as it was.
    const isDueBy = synced.some((each) => each.agreement === at && each.period <= period)
    if ((of !== null && of !== at) || !isDueBy) return []
    const isPlanned = synced.some((each) => each.agreement === at && each.period === period)
    return billed.filter((each) => {
      if (each.month !== period || each.productIdentifier !== `${item}`) return false
      const serial = serials.get(each.additionId) ?? ''
      const isEver = left.has(`ever ${each.additionId}`)
      const isLeft = left.has(`${period} ${each.additionId}`) || (isEver && (serial === '' || !isPlanned))
      return !isLeft && (ids === null || ids.includes(serial))
    })
  })

const quantityOn = (lines: readonly BilledLine[], day: Day): number =>
  lines
    .filter(({ first, last }) => first <= day && day <= last)
    .reduce((total, { quantity }) => total + Number(quantity), 0)

/** Quantity that PRISM invoices on a day. */
const invoicedOn = (each: WorldSubscription, month: number, item: number, day: number): number =>
  each.offerIn(month) + 1 === item ? (each.quantities[month]?.[day - 1] ?? 0) : 0

// ───────────────────────────── what the plans say ─────────────────────────────

interface Told {
  /** Whether a plan names what ConnectWise invoiced of a customer that had left. */
  readonly isInvoicedAfter: boolean
  /** Whether no plan says that a month of it is billed otherwise, and why. */
  readonly isComparable: (each: WorldSubscription, month: number) => boolean
  /** The agreement that bills it in the month; `null`: none, as its customer has no mapping then, or it begins later or elsewhere. */
  readonly billedOn: (each: WorldSubscription, month: number) => At | null
  /** Additions that a month's plans left as they are: `period additionId`, and `ever additionId`. */
  readonly left: ReadonlySet<string>
}

const toldOf = (world: World): Told => {
  const isUnnamed = hasUnnamed(world.story)
  const otherwise = new Set<string>()
  const unfit = new Set<string>()
  const left = new Set<string>()
  const last = new Map<string, Synced>()
  for (const each of world.synced) {
    last.set(`${each.agreement} ${each.period}`, each)
    noteLeft(each, left)
    // A late month takes an addition without a serial number for a subscription's, and cannot write that into what is billed.
    if (isUnnamed)
      for (const row of each.planned.subscriptions)
        if (row.late) otherwise.add(`${each.agreement} ${each.period} ${subscriptionKey(row.subscriptionId)}`)
  }
  for (const { planned, period, agreement } of last.values()) {
    if (planned.findings.some(({ severity }) => severity === 'error')) unfit.add(`${agreement} ${period}`)
    for (const row of planned.subscriptions.filter(isOtherwise))
      otherwise.add(`${agreement} ${period} ${subscriptionKey(row.subscriptionId)}`)
  }
  // What ConnectWise invoiced of one that left is named once, for all months after its last one there.
  const invoicedAfter = new Set<string>()
  for (const { planned } of world.synced)
    for (const row of invoicedAfterLeaving(planned)) invoicedAfter.add(subscriptionKey(row.subscriptionId))
  const stays = agreements.map((at) => progressOf(world.memory, at).stays)
  const memberOn = (each: WorldSubscription, month: number): At | null => {
    const period = addMonths(firstPeriod, month)
    const on = agreements.filter((at) => {
      const stay = stays[at]?.get(each.tenantIn(month))
      return stay?.syncs && membershipOf(stay, period) === 'member'
    })
    if (on.length > 1) throw new Error(`${each.id} is billed on both agreements in ${period}`)
    return on[0] ?? null
  }
  /** Before its customer was ever synced, what people did by hand is as it was; one of which nothing was ever due has no first month. */
  const isBefore = (each: WorldSubscription, month: number): boolean =>
    agreements.every((at) => {
      const tenant = each.tenantIn(month)
      const mapping = world.memory.mappings.get(tenant)
      const isBegun = mapping?.agreement !== at || mapping.firstPeriod !== null
      const from = isBegun ? stays[at]?.get(tenant)?.from : null
      return !from || from > addMonths(firstPeriod, month)
    })
  return {
    left,
    isInvoicedAfter: invoicedAfter.size > 0,
    isComparable: (each, month) => {
      const period = addMonths(firstPeriod, month)
      const on = memberOn(each, month)
      const isSkipped = world.memory.state(each.id, period)?.is === 'skipped'
      return (
        each.kindIn(month) === 'monthly' &&
        !goesToOneThatMoves(world.story, each) &&
        !isBefore(each, month) &&
        !isSkipped &&
        !(on !== null && unfit.has(`${on} ${period}`)) &&
        agreements.every((at) => !otherwise.has(`${at} ${period} ${each.id}`)) &&
        !invoicedAfter.has(each.id)
      )
    },
    billedOn: (each, month) => {
      const on = memberOn(each, month)
      const start = on === null ? undefined : world.memory.starts[on].get(each.id)
      const stay = on === null ? undefined : stays[on]?.get(each.tenantIn(month))
      const period = addMonths(firstPeriod, month)
      const isNotHere = isElsewhere(start, stay, period) || isBeforeStart(start, period)
      return isNotHere ? null : on
    },
  }
}

const isOtherwise = ({ status, waits }: SubscriptionPlan): boolean =>
  status === 'Error' || waits !== undefined

/** One that ends as its customer left, and was left as it is up to then. */
const isLeftUntilNow = ({ kind, reconciliation }: SubscriptionPlan): boolean =>
  kind === 'closing' && reconciliation.terms !== undefined

/** What is left in one plan may be a subscription's in a later one of the same month. */
const noteLeft = (synced: Synced, left: Set<string>): void => {
  const { planned, period } = synced
  // One without a serial number of which it is asked whose it is stays as it is, wherever its customer goes meanwhile.
  for (const { code, additionIds } of planned.subscriptions.flatMap(({ findings }) => findings))
    if (code === 'ambiguous-additions')
      for (const id of additionIds) left.add(`${period} ${id}`).add(`ever ${id}`)
    else if (code === 'addition-annual') for (const id of additionIds) left.add(`annual ${period} ${id}`)
  for (const row of planned.subscriptions)
    if (row.kind === 'addition' || row.kind === 'leftover' || isLeftUntilNow(row))
      for (const id of row.findings.flatMap((each) => each.additionIds))
        left.add(`${period} ${id}`).add(`ever ${id}`)
    else if (row.kind === 'subscription' && row.status !== 'Error') {
      noteTaken(row, synced, left)
      for (const id of keptElsewhere(row, synced)) left.add(`${period} ${id}`)
    }
}

/** What was left and is a subscription's by its row. */
const noteTaken = (row: SubscriptionPlan, { period, situation }: Synced, left: Set<string>): void => {
  const isTaken = (id: number): boolean => !isBilledAsAnnual(row, `annual ${period} ${id}`, left)
  for (const { id, serialNumber } of situation.additions)
    if (subscriptionKey(serialNumber) === subscriptionKey(row.subscriptionId) && isTaken(id)) {
      left.delete(`${period} ${id}`)
      // It is the subscription's from then on, in months that no plan was made for as well.
      if (row.changes.some((change) => change.kind === 'end' && change.additionId === id))
        left.delete(`ever ${id}`)
    }
  for (const change of row.changes)
    if ('additionId' in change && isTaken(change.additionId)) left.delete(`${period} ${change.additionId}`)
}

/**
 * A good month that ConnectWise has invoiced is not planned again (docs/billing-rules.md, "Days billed"). What it left as annual
 * is billed, also where an invoice that comes late has the subscription by the month, so that it is gone by now: that is drift.
 */
const isBilledAsAnnual = (
  { reconciliation }: SubscriptionPlan,
  annual: string,
  left: ReadonlySet<string>,
): boolean => reconciliation.terms?.drift !== undefined && left.has(annual)

/**
 * Of a subscription that is billed elsewhere nothing is written (docs/billing-rules.md, "First sync"). What people made of it bills
 * on, and what that does not bill of the invoice is named.
 */
const keptElsewhere = ({ begins, changes }: SubscriptionPlan, { situation }: Synced): number[] => {
  if (begins !== 'elsewhere') return []
  const ours = new Set(situation.owned.map(({ additionId }) => additionId))
  return changes.flatMap((change) =>
    change.kind === 'keep' && !ours.has(change.additionId) ? [change.additionId] : [],
  )
}
