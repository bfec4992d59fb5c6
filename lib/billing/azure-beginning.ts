/**
 * How Azure usage begins at a customer's first sync: as a subscription of it (docs/billing-rules.md,
 * "First sync").
 */
import { existingAzure } from './azure.ts'
import type { Context, Group } from './context.ts'
import { holdable, mapPair } from './decimal.ts'
import { beginningOf, beginningRow } from './first-sync.ts'
import { groupLines } from './groups.ts'
import type { Matching } from './matching.ts'
import { invoicedTotal } from './reconcile.ts'
import type { InvoiceLine, SubscriptionPlan } from './types.ts'

export interface AzureBeginning {
  /** With the Azure lines that are billed here. */
  readonly context: Context
  /** A row of each Azure subscription that begins later, or is billed elsewhere. */
  readonly rows: readonly SubscriptionPlan[]
  /** Customers whose Azure usage the agreement has an addition of, or gets one of with this plan. */
  readonly there: ReadonlySet<string>
}

export const azureBeginning = (context: Context, { azure }: Pick<Matching, 'azure'>): AzureBeginning => {
  const { situation, window, classified, lookup } = context
  const groups = groupLines(classified.azure, lookup)
  const begins = groups.map((group) => ({ group, begin: beginningOf(context, group, [], window) }))
  const later = begins.flatMap(({ group, begin }) => (begin === 'catch-up' ? [] : [{ group, begin }]))
  const isDecided = ({ id }: Group): boolean => situation.starts?.[id] !== undefined
  const without = (aside: readonly { group: Group }[]): InvoiceLine[] =>
    groups.filter((group) => aside.every((each) => each.group !== group)).flatMap(({ lines }) => lines)

  const existing = existingAzure({ held: azure, window })
  const ofOthers = mapPair(invoicedTotal(without(later)), holdable)
  const isTheirs = existing !== undefined && !existing.unit.price.eq(ofOthers.price)
  const aside = isTheirs ? later.filter(({ group }) => isDecided(group)) : later
  const lines = without(aside)
  return {
    context: { ...context, classified: { ...classified, azure: lines } },
    rows: aside.map(({ group, begin }) =>
      beginningRow(
        context,
        {
          group,
          timeline: [],
          held: [],
          additions: { matched: [], ended: [], ofId: [], doubts: [] },
          changes: [],
        },
        begin,
        window,
      ),
    ),
    there: new Set(lines.map(({ tenantId }) => tenantId)),
  }
}
