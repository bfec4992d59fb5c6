/** Mapping many customers at once and switching the Sync of many: each by the rules of one (E2-E4), stored together or not at all. */
import { type Mapping, mappingsOfTenants } from '#db/mappings/mappings.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'
import { type Judged, judgeMapping, type MapContext, type MapInput, storeMapping } from './map-customer.ts'

export interface ManyContext
  extends Pick<
    MapContext,
    'db' | 'organisationId' | 'program' | 'actor' | 'currency' | 'today' | 'onSwitchedOn' | 'acceptedIn'
  > {
  /** As ConnectWise has them now, by id; one that is not there does not exist. */
  readonly agreements: ReadonlyMap<number, AgreementRecord>
  /** By customer, why its bill would be doubled if its Sync was switched on. */
  readonly doubled: ReadonlyMap<string, string>
}

/** A customer goes to one agreement, so each is named once. */
export type Wanted = Pick<MapInput, 'tenantId' | 'companyId' | 'agreementId' | 'syncEnabled'>

export type Change =
  | { readonly does: 'map' | 'sync-on' | 'sync-off'; readonly wanted: Wanted; readonly judged: Judged }
  | { readonly does: 'nothing'; readonly wanted: Wanted }
  | { readonly does: 'refused'; readonly wanted: Wanted; readonly says: string }

/** What becomes of each, in the order in which they are wanted; nothing is stored. */
export async function judgeMany(ctx: ManyContext, wanted: readonly Wanted[]): Promise<Change[]> {
  const { db, organisationId, program } = ctx
  const stored = await mappingsOfTenants(
    db,
    organisationId,
    program,
    wanted.map(({ tenantId }) => tenantId),
  )
  const before = new Map(stored.map((each) => [each.tenantId, each]))
  const changes: Change[] = []
  for (const each of wanted) changes.push(await judge(ctx, each, before.get(each.tenantId) ?? null))
  return changes
}

async function judge(ctx: ManyContext, wanted: Wanted, before: Mapping | null): Promise<Change> {
  if (before !== null && before.agreementId !== wanted.agreementId)
    return { does: 'refused', wanted, says: movesSentence(before) }
  if (before !== null && before.syncEnabled === wanted.syncEnabled) return { does: 'nothing', wanted }
  const connectWise = { agreement: async (id: number) => ctx.agreements.get(id) ?? null }
  try {
    const judged = await judgeMapping({ ...ctx, connectWise }, wanted, before)
    const says = wanted.syncEnabled ? ctx.doubled.get(wanted.tenantId) : undefined
    if (says !== undefined) return { does: 'refused', wanted, says }
    const does = before === null ? 'map' : wanted.syncEnabled ? 'sync-on' : 'sync-off'
    return { does, wanted, judged }
  } catch (error) {
    if (error instanceof ProductError) return { does: 'refused', wanted, says: error.detail }
    throw error
  }
}

const movesSentence = ({ companyName, agreementName, agreementId }: Mapping): string =>
  `It is mapped to ${agreementName || `agreement ${agreementId}`} of ${companyName}. A customer is moved on its own page, where it is asked what becomes of what is billed there.`

/** Stores what was judged, in the transaction that `ctx.db` is. @returns how many were changed */
export async function storeMany(ctx: ManyContext, changes: readonly Change[]): Promise<number> {
  let count = 0
  for (const change of changes) {
    if (change.does === 'nothing' || change.does === 'refused') continue
    await storeMapping(ctx, change.wanted, change.judged)
    count += 1
  }
  return count
}

/**
 * Everything that decides what the changes would do, as text: two that are equal do the same. The months that a sync would take
 * follow from the invoices and from how far each customer is.
 */
export async function decisiveText(
  { db, organisationId, program }: Pick<ManyContext, 'db' | 'organisationId' | 'program'>,
  changes: readonly Change[],
): Promise<string> {
  const invoices = (await readyInvoices(db, organisationId, program)).map(({ id }) => id).sort()
  const decisive = changes.map((change) => {
    const { does, wanted } = change
    if (change.does === 'refused') return [does, wanted, change.says]
    if (change.does === 'nothing') return [does, wanted]
    const { before, from } = change.judged
    return [does, wanted, from, before?.firstPeriod, before?.begin, before?.attemptedInvoiceId]
  })
  return JSON.stringify([invoices, decisive])
}
