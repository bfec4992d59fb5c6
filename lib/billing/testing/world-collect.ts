/** What a sync of a world's agreement reads, as `lib/sync/collect.ts` collects it by SQL and from ConnectWise. */
import { lastDay } from '../days.ts'
import { subscriptionKey } from '../keys.ts'
import { tellsMore } from '../standing.ts'
import { stillBilledOf } from '../takeover.ts'
import type { InvoiceLine, LineElsewhere, Period, Situation, StillBilled, Usage } from '../types.ts'
import { type At, type Cabinet, worldCatalog } from './world-connectwise.ts'
import { listed, type WorldFile, type WorldSubscription, worldProducts } from './world-prism.ts'
import { type Memory, type Progress, progressOf } from './world-progress.ts'
import { monthOf, worldMonths } from './world-story.ts'

/** What there is to read. */
export interface Collecting {
  readonly subscriptions: readonly WorldSubscription[]
  readonly cabinets: readonly [Cabinet, Cabinet]
  readonly memory: Memory
  /** The month that it is, from 1: that of the first file. */
  readonly now: number
}

/** @param period `null`: of no month, as no file has come. @param isAlone leaves out what is open on the other agreement. */
export const collect = (world: Collecting, at: At, period: Period | null, isAlone = false): Situation => {
  const { memory, cabinets } = world
  const cabinet = cabinets[at]
  const progress = progressOf(memory, at)
  const { tenants, good, goodElsewhere, skipped, synced } = progress
  const file = period === null ? undefined : memory.file(period)
  return {
    agreement: cabinet.agreement,
    currency: 'AUD',
    additions: cabinet.additions,
    owned: cabinet.owned,
    invoices: cabinet.invoices,
    tenants,
    ...listedFor(world, progress, period),
    products: worldProducts,
    catalog: worldCatalog,
    usages: file ? [usageOf(memory, progress, file)] : [],
    newest: memory.newest,
    previous: period === null ? null : previousOf(memory, progress, period),
    latest: period === null ? {} : latestUpTo(memory, period),
    good,
    goodElsewhere,
    skipped,
    synced: synced.map(subscriptionKey),
    starts: Object.fromEntries(memory.starts[at]),
    stillBilled: isAlone ? {} : stillBilled(world, at, progress),
    confirmed: [...memory.confirmed].map((key) => ({
      period: key.slice(0, 7) as Period,
      subscriptionId: subscriptionKey(key.slice(8)),
      question: 'late' as const,
    })),
    options: {
      syncAzure: true,
      annualTermsMonthly: false,
      defaults: { category: '', subcategory: '', productType: '', unitOfMeasure: '', taxable: true },
    },
  }
}

/** An agreement as it is, whatever is due. */
export const readAlone = (world: Collecting, at: At): Situation =>
  collect(world, at, world.memory.newest, true)

type Listing = Pick<Situation, 'subscriptions' | 'foreignSubscriptionIds' | 'movedSubscriptionIds'>

/** Whose a subscription is is listed as of now, its product as of the month: a product that changes under one id is not told from a wrong list. */
const listedFor = (
  { subscriptions, now }: Collecting,
  { stays }: Progress,
  period: Period | null,
): Listing => {
  const month = Math.min(now, worldMonths - 1)
  const ofMonth = period === null ? month : monthOf(period)
  const isHere = (each: WorldSubscription): boolean => stays.has(each.tenantIn(month))
  const wasHere = (each: WorldSubscription): boolean =>
    Array.from({ length: month + 1 }, (_, of) => each.tenantIn(of)).some((tenant) => stays.has(tenant))
  const elsewhere = subscriptions.filter((each) => !isHere(each))
  return {
    subscriptions: subscriptions.filter(isHere).map((each) => listed(each, month, ofMonth)),
    foreignSubscriptionIds: elsewhere.filter((each) => !wasHere(each)).map(({ id }) => subscriptionKey(id)),
    movedSubscriptionIds: elsewhere.filter(wasHere).map(({ id }) => subscriptionKey(id)),
  }
}

const usageOf = (memory: Memory, { stays }: Progress, { period, lines, invoiced }: WorldFile): Usage => {
  const elsewhere = invoiced
    .filter(({ tenant }) => !stays.has(tenant))
    .map(({ id, tenant }): LineElsewhere => {
      const mapping = memory.mappings.get(tenant)
      const isMapped = mapping !== undefined && (mapping.firstPeriod ?? period) <= period
      return { subscriptionId: subscriptionKey(id), where: isMapped ? 'mapped' : 'aside' }
    })
  return {
    period,
    invoiceId: period,
    lines: lines.filter(({ tenantId }) => stays.has(tenantId)),
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
  }
}

const previousOf = (memory: Memory, { stays }: Progress, period: Period): Usage | null => {
  const before = memory.files.filter((each) => each.period < period).at(-1)
  if (before === undefined) return null
  const tenants = new Set(
    [...stays].filter(([, { from }]) => (from ?? period) <= before.period).map(([id]) => id),
  )
  if (tenants.size === 0) return null
  const lines = before.lines.filter(({ tenantId }) => tenants.has(tenantId))
  return { period: before.period, invoiceId: before.period, lines }
}

const latestUpTo = (memory: Memory, period: Period): Record<string, InvoiceLine> => {
  const latest: Record<string, InvoiceLine> = {}
  for (const { lines } of memory.files)
    for (const each of lines)
      if (each.last <= lastDay(period) && tellsMore(each, latest[each.subscriptionId], false))
        latest[each.subscriptionId] = each
  return latest
}

/** What is still open on the other agreement of customers that take over here. */
const stillBilled = (world: Collecting, at: At, { stays }: Progress): Record<string, StillBilled> => {
  const open = world.memory.former.filter(
    ({ agreement, tenant, isDone }) =>
      agreement !== at && !isDone && stays.get(tenant)?.syncs && stays.get(tenant)?.takesOver,
  )
  const still: Record<string, StillBilled> = {}
  for (const { agreement, tenant, lastPeriod } of open)
    Object.assign(still, stillBilledOf(readAlone(world, agreement), tenant, lastPeriod))
  return still
}
