/**
 * Which invoices an agreement still has to sync (F12, E6; docs/applying.md, "What is due"): each subscription
 * has its own good months.
 */

import type { Mapping } from '#db/mappings/mappings.ts'
import { type PeriodState, periodStatesOf } from '#db/mappings/period-states.ts'
import { type InvoicedSubscription, subscriptionsOnInvoices } from '#db/prism/invoice-lines.ts'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import type { BySubscription, SubscriptionKey } from '#lib/billing/keys.ts'
import { mayTakeOver, membershipOf } from '#lib/billing/moving.ts'
import { isBeforeStart, isElsewhere } from '#lib/billing/start.ts'
import type { Period } from '#lib/billing/types.ts'
import { usableInvoices } from '#lib/intake/judge-month.ts'
import type { SyncContext } from './context.ts'
import { type Former, nobodyLeft, type Stay, staysOf } from './former.ts'
import { type Beginnings, beginningsOf } from './starts.ts'

export interface Progress {
  /** Usable invoices, oldest first, up to the month that is waited for. */
  readonly invoices: readonly Invoice[]
  /** The first month that is due and of which no invoice is usable yet: it and later ones are not synced; `null`: none. */
  readonly waitsFor: Period | null
  /** Of those, all in which a subscription is not good. */
  readonly missing: readonly Invoice[]
  /** What a sync takes up, oldest first: all that are missing, else the last good one again. */
  readonly due: readonly Invoice[]
  /** Subscriptions with the month still to sync, and whose they are. */
  readonly openIn: (
    period: Period,
  ) => readonly { readonly subscriptionId: SubscriptionKey; readonly tenantId: string }[]
  /** By subscription, months that are good for the lines that it has there now. */
  readonly good: BySubscription<readonly Period[]>
  /** By subscription, months that a person skipped. */
  readonly skipped: BySubscription<readonly Period[]>
  /** Of those, months that a person undid. */
  readonly parked: BySubscription<readonly Period[]>
  /** Of those that are good, the ones that were so on another agreement. */
  readonly goodElsewhere: BySubscription<readonly Period[]>
  /** By tenant, the first usage period that it syncs; none where there is no usable invoice yet. */
  readonly firstPeriods: ReadonlyMap<string, Period>
  /** By tenant that is mapped here or was, which months are its here. */
  readonly stays: ReadonlyMap<string, Stay>
  /** Whether a month of a tenant that left is still to be synced here, or the invoice of its last one is to come. */
  readonly isOpen: (tenantId: string) => boolean
  /** By subscription, where it begins on the agreement. */
  readonly starts: Beginnings['starts']
  /** Subscriptions of which a month was synced. */
  readonly synced: readonly SubscriptionKey[]
  /** By tenant, how it begins. */
  readonly firstSyncs: Beginnings['firstSyncs']
  /** The hash of a subscription's lines on a usable invoice, `''` where it has none. */
  readonly linesHashOf: (id: SubscriptionKey, period: Period) => string
}

/** What PRISM invoiced the tenants: it does not depend on what a sync does. */
export interface Invoiced {
  readonly all: readonly Invoice[]
  readonly onInvoices: readonly InvoicedSubscription[]
}

const tenantsAbout = (mappings: readonly Mapping[], { here }: Former): string[] => [
  ...new Set([...mappings, ...here].map((each) => each.tenantId)),
]

/** As `progressOf`. */
export const invoicedTo = async (
  { db, organisationId, program }: Pick<SyncContext, 'db' | 'organisationId' | 'program'>,
  mappings: readonly Mapping[],
  former: Former,
): Promise<Invoiced> => ({
  all: await invoicesOf(db, organisationId, program.slug),
  onInvoices: await subscriptionsOnInvoices(db, organisationId, program.slug, tenantsAbout(mappings, former)),
})

/**
 * @param mappings those of the agreement whose Sync is on, or taken to be on
 * @param former tenants that left it, and agreements that its tenants left
 * @param invoiced where it was read before
 */
export const progressOf = async (
  ctx: Pick<SyncContext, 'db' | 'organisationId' | 'program'>,
  mappings: readonly Mapping[],
  former: Former = nobodyLeft(mappings),
  invoiced?: Invoiced,
): Promise<Progress> => {
  const { agreementId } = former
  const { db, organisationId, program } = ctx
  const { all, onInvoices } = invoiced ?? (await invoicedTo(ctx, mappings, former))
  const { invoices, waitsFor } = usableInvoices(all, [...mappings, ...former.here])
  const states = await periodStatesOf(db, organisationId, program.slug, tenantsAbout(mappings, former))
  const newest = invoices.at(-1)
  const firstPeriods = firstPeriodsOf(mappings, newest?.period)
  const stays = staysOf(mappings, former, firstPeriods, states)
  const hashes = new Map(onInvoices.map((each) => [keyOf(each), each.linesHash]))
  const linesHashOf = (subscriptionId: SubscriptionKey, period: Period) =>
    hashes.get(keyOf({ subscriptionId, period })) ?? ''

  const settled = settledPeriods(agreementId, invoices, states, onInvoices, linesHashOf)
  const tenantOf = new Map([...states, ...onInvoices].map((each) => [each.subscriptionId, each.tenantId]))
  const begun = await beginningsOf(ctx, mappings, states, tenantOf)
  const isDone = (id: SubscriptionKey, period: Period): boolean =>
    settled.isDone(id, period) ||
    isElsewhere(begun.starts[id], stays.get(tenantOf.get(id) ?? ''), period) ||
    isBeforeBegin(begun, settled, id, period)
  const openIn = (period: Period) =>
    [...tenantOf].flatMap(([subscriptionId, tenantId]) => {
      const stay = stays.get(tenantId)
      const isTheirs = stay?.syncs === true && membershipOf(stay, period) === 'member'
      return isTheirs && !isDone(subscriptionId, period) ? [{ subscriptionId, tenantId }] : []
    })
  const missing = invoices.filter(
    (invoice) =>
      openIn(invoice.period).length > 0 ||
      (invoice === newest && isNewestNeeded(invoice.period, former, stays)),
  )
  const shown = [
    ...states.filter((each) => each.agreementId === agreementId),
    ...onInvoices.filter(({ subscriptionId: id }) => begun.starts[id] === 'elsewhere'),
  ]
  const lastPeriod = shown.reduce<Period | null>(
    (last, { period }) => (last === null || period > last ? period : last),
    null,
  )
  const again = invoices.filter((each) => each.period === lastPeriod)
  const { good, skipped, parked } = settled
  const { starts, firstSyncs } = begun
  return {
    invoices,
    waitsFor,
    missing: missing.filter(({ period }) => openIn(period).length > 0),
    due: missing.length > 0 ? missing : again,
    openIn,
    good,
    goodElsewhere: goodOnOthers(good, states, agreementId),
    skipped,
    parked,
    firstPeriods,
    stays,
    isOpen: (tenantId) => {
      const until = stays.get(tenantId)?.until
      const hasCome = !until || invoices.some(({ period }) => period === until)
      const isUnsynced = invoices.some(
        ({ period }) => until && period <= until && openIn(period).some((each) => each.tenantId === tenantId),
      )
      return !hasCome || isUnsynced
    },
    starts,
    synced: [...new Set(states.flatMap((each) => (each.state === 'good' ? [each.subscriptionId] : [])))],
    firstSyncs,
    linesHashOf,
  }
}

/** The newest invoice is looked at where it says what a tenant takes over, or where something is left of one that moved away. */
const isNewestNeeded = (newest: Period, { here }: Former, stays: ReadonlyMap<string, Stay>): boolean =>
  [...stays.values()].some((stay) => stay.syncs && mayTakeOver(stay, newest)) ||
  here.some(
    (each) =>
      each.doneAt === null && stays.get(each.tenantId)?.leaves !== true && stays.get(each.tenantId)?.syncs,
  )

const goodOnOthers = (
  good: Progress['good'],
  states: readonly PeriodState[],
  agreementId: number,
): Progress['goodElsewhere'] => {
  const others: Record<SubscriptionKey, Period[]> = {}
  for (const { subscriptionId: id, period, agreementId: of } of states)
    if (of !== agreementId && good[id]?.includes(period)) others[id] = [...(others[id] ?? []), period]
  return others
}

/** A month that is not billed here by decision: before the one that it begins with, once a later one is good. */
const isBeforeBegin = (
  { starts }: Beginnings,
  { good }: Settled,
  id: SubscriptionKey,
  period: Period,
): boolean => isBeforeStart(starts[id], period) && (good[id]?.some((each) => each > period) ?? false)

const keyOf = ({ subscriptionId, period }: { subscriptionId: string; period: Period }): string =>
  `${period} ${subscriptionId}`

const firstPeriodsOf = (mappings: readonly Mapping[], latest: Period | undefined): Map<string, Period> => {
  const firstPeriods = new Map<string, Period>()
  for (const { tenantId, firstPeriod } of mappings) {
    const first = firstPeriod ?? latest
    if (first !== undefined) firstPeriods.set(tenantId, first)
  }
  return firstPeriods
}

interface Settled extends Pick<Progress, 'good' | 'skipped' | 'parked'> {
  readonly isDone: (subscriptionId: SubscriptionKey, period: Period) => boolean
}

/**
 * A month is good where it was synced for the very lines that it has now. A subscription that came later has nothing to
 * sync on an invoice that was applied to the agreement before it came.
 */
const settledPeriods = (
  agreementId: number,
  invoices: readonly Invoice[],
  states: readonly PeriodState[],
  onInvoices: readonly InvoicedSubscription[],
  linesHashOf: Progress['linesHashOf'],
): Settled => {
  const stated = new Map(states.map((each) => [keyOf(each), each]))
  const here = states.filter((each) => each.agreementId === agreementId)
  const applied = new Set(here.map((each) => each.invoiceId))
  const firstSeen = new Map<SubscriptionKey, Period>()
  for (const { subscriptionId, period } of [...states, ...onInvoices])
    if (period < (firstSeen.get(subscriptionId) ?? '9999-12')) firstSeen.set(subscriptionId, period)
  const good: Record<SubscriptionKey, Period[]> = {}
  const skipped: Record<SubscriptionKey, Period[]> = {}
  const parked: Record<SubscriptionKey, Period[]> = {}
  const ids = new Set([...firstSeen.keys(), ...onInvoices.map((each) => each.subscriptionId)])
  for (const id of ids)
    for (const { id: invoiceId, period } of invoices) {
      const state = stated.get(keyOf({ subscriptionId: id, period }))
      const hash = linesHashOf(id, period)
      const cameLater = hash === '' && (firstSeen.get(id) ?? '') > period && applied.has(invoiceId)
      const isGood = state === undefined ? cameLater : state.linesHash === null || state.linesHash === hash
      if (state?.state === 'parked') parked[id] = [...(parked[id] ?? []), period]
      if (state !== undefined && state.state !== 'good') skipped[id] = [...(skipped[id] ?? []), period]
      else if (isGood) good[id] = [...(good[id] ?? []), period]
    }
  const isDone = (id: SubscriptionKey, period: Period): boolean =>
    (good[id]?.includes(period) ?? false) || (skipped[id]?.includes(period) ?? false)
  return { good, skipped, parked, isDone }
}
