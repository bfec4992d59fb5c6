/**
 * Where the customers of an agreement begin (docs/billing-rules.md, "First sync"): what is decided, and
 * remembering it.
 */
import type { Database } from '#db/client.ts'
import type { Mapping } from '#db/mappings/mappings.ts'
import type { PeriodState } from '#db/mappings/period-states.ts'
import { rememberStarts, type StoredStart, subscriptionStartsOf } from '#db/mappings/subscription-starts.ts'
import { type BySubscription, subscriptionKey } from '#lib/billing/keys.ts'
import { firstSyncOf } from '#lib/billing/start.ts'
import type { FirstSync, MappedTenant, PeriodPlan } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'

export interface Beginnings {
  /** By subscription, where it begins on the agreement. */
  readonly starts: BySubscription<StoredStart>
  /** By tenant, how a person chose that it begins (`null`: nobody did), and which months its first sync is about. */
  readonly firstSyncs: ReadonlyMap<
    string,
    { readonly chosen: FirstSync | null } & ReturnType<typeof firstSyncOf>
  >
}

/** @param mappings of one agreement. @param tenantOf the tenant of each subscription */
export const beginningsOf = async (
  { db, organisationId, program }: Pick<SyncContext, 'db' | 'organisationId' | 'program'>,
  mappings: readonly Mapping[],
  states: readonly PeriodState[],
  tenantOf: ReadonlyMap<string, string>,
): Promise<Beginnings> => {
  const [mapping] = mappings
  if (mapping === undefined) return { starts: {}, firstSyncs: new Map() }
  const { agreementId } = mapping
  const starts = await subscriptionStartsOf(db, organisationId, program.slug, agreementId)
  const good = states.filter((each) => each.agreementId === agreementId && each.state === 'good')
  return {
    starts,
    firstSyncs: new Map(
      mappings.map(({ tenantId, begin }) => {
        const about = firstSyncOf(
          good.filter((each) => each.tenantId === tenantId).map(({ period }) => period),
          Object.entries(starts).flatMap(([id, start]) => (tenantOf.get(id) === tenantId ? [start] : [])),
        )
        return [tenantId, { chosen: begin, ...about }]
      }),
    ),
  }
}

/** How a tenant begins, for its planning. */
export const firstSyncFor = (
  { options }: Pick<SyncContext, 'options'>,
  { firstSyncs }: Pick<Beginnings, 'firstSyncs'>,
  tenantId: string,
): Pick<MappedTenant, 'firstSync'> => {
  const known = firstSyncs.get(tenantId)
  if (known === undefined) return {}
  const { chosen, ...about } = known
  return { firstSync: { begin: chosen ?? options.firstSync, isChosen: chosen !== null, ...about } }
}

/** Remembers where a plan has subscriptions begin; before anything of them is written. */
export const rememberBeginnings = (
  tx: Database,
  { organisationId, program }: Pick<SyncContext, 'organisationId' | 'program'>,
  agreementId: number,
  { subscriptions }: PeriodPlan,
): Promise<void> =>
  rememberStarts(
    tx,
    organisationId,
    program.slug,
    agreementId,
    Object.fromEntries(
      subscriptions.flatMap(({ subscriptionId, begins }) =>
        begins === undefined ? [] : [[subscriptionKey(subscriptionId), begins]],
      ),
    ),
  )
