/** Which invoices an agreement still has to sync (F12, E6): each subscription has its own last good period. */
import { subscriptionsOnInvoices } from '#db/queries/invoice-lines.ts'
import { type Invoice, invoicesOf } from '#db/queries/invoices.ts'
import type { Mapping } from '#db/queries/mappings.ts'
import { positionsOfTenants } from '#db/queries/positions.ts'
import type { Period } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'
import { usableInvoices } from './months.ts'

export interface Progress {
  /** Usable invoices, oldest first, up to the month that is waited for. */
  readonly invoices: readonly Invoice[]
  /** The first month that is due and of which no invoice is usable yet: it and later ones are not synced; `null`: none. */
  readonly waitsFor: Period | null
  /** Of those, what a sync takes up, oldest first: all that a subscription is behind on, else the last good one again. */
  readonly due: readonly Invoice[]
  /** Last good period by subscription id (lower case). */
  readonly lastGood: Readonly<Record<string, Period>>
  /** By tenant, the first usage period that it syncs; none where there is no usable invoice yet. */
  readonly firstPeriods: ReadonlyMap<string, Period>
}

/** @param mappings those of the agreement whose Sync is on, or taken to be on. */
export const progressOf = async (ctx: SyncContext, mappings: readonly Mapping[]): Promise<Progress> => {
  const { db, organisationId, program } = ctx
  const tenantIds = mappings.map((mapping) => mapping.tenantId)
  const all = await invoicesOf(db, organisationId, program.slug)
  const { invoices, waitsFor } = usableInvoices(all, mappings)
  const positions = await positionsOfTenants(db, organisationId, program.slug, tenantIds)
  const onInvoices = await subscriptionsOnInvoices(db, organisationId, program.slug, tenantIds)
  const lastGood = Object.fromEntries(positions.map((each) => [each.subscriptionId, each.period]))
  const latest = invoices.at(-1)?.period
  const firstPeriods = new Map<string, Period>()
  for (const { tenantId, firstPeriod } of mappings) {
    const first = firstPeriod ?? latest
    if (first !== undefined) firstPeriods.set(tenantId, first)
  }

  const isBehind = (
    { subscriptionId, tenantId }: { subscriptionId: string; tenantId: string },
    period: Period,
  ): boolean => {
    const first = firstPeriods.get(tenantId)
    const good = lastGood[subscriptionId]
    return first !== undefined && period >= first && (good === undefined || good < period)
  }
  const due = invoices.filter(
    ({ id, period }) =>
      positions.some((each) => isBehind(each, period)) ||
      onInvoices.some((each) => each.invoiceId === id && isBehind(each, period)),
  )
  const lastPeriod = positions.reduce<Period | null>(
    (last, { period }) => (last === null || period > last ? period : last),
    null,
  )
  const again = invoices.filter((each) => each.period === lastPeriod)
  return { invoices, waitsFor, due: due.length > 0 ? due : again, lastGood, firstPeriods }
}
