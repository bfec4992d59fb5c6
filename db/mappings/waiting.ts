/** What of an agreement only a person can settle: an index of its last sync, for lists. */
import { and, eq, isNotNull } from 'drizzle-orm'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import { type OpenPoint, wholeFailureCause } from '#lib/billing/open-points.ts'
import type { AskedLine } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { insertRows } from '../rows.ts'
import { waitingSubscriptions } from './waiting-table.ts'

type StoredPoint = typeof waitingSubscriptions.$inferSelect

const keyOf = (
  of: Pick<StoredPoint, 'cause' | 'tenantId' | 'subscriptionId' | 'additionId' | 'through' | 'asksLine'>,
) => [of.cause, of.tenantId, of.subscriptionId, of.additionId, of.through, lineKey(of.asksLine)].join('\n')

const lineKey = (asked: StoredPoint['asksLine']): string =>
  asked === null ? '' : `${identityKey(asked.line)} ${asked.line.turn}`

interface FoundBy {
  readonly runId: string
  readonly agreementId: number
  /** Whether the sync planned any month; of one that came to none, what was found before still holds. */
  readonly isPlanned: boolean
}

/** Where what a sync without a month found stands: behind all that plans can say. */
const afterPlans = 1_000_000

/** Stores the points of an agreement in place of what was stored; one that was there before keeps when it was found first. */
export const putOpenPoints = async (
  db: Database,
  organisationId: string,
  program: string,
  { runId, agreementId, isPlanned }: FoundBy,
  points: readonly OpenPoint[],
): Promise<void> => {
  const before = await db
    .delete(waitingSubscriptions)
    .where(
      and(
        eq(waitingSubscriptions.organisationId, organisationId),
        eq(waitingSubscriptions.program, program),
        eq(waitingSubscriptions.agreementId, agreementId),
        isPlanned ? undefined : eq(waitingSubscriptions.cause, wholeFailureCause),
      ),
    )
    .returning()
  const since = new Map(before.map((each) => [keyOf(each), each.since]))
  const foundAt = new Date()
  const rows = points.map(({ from, to, invoiced, billed, ...point }, at) => {
    const asked = {
      additionId: point.asks?.additionId ?? point.asksBilled?.additionId ?? null,
      through: point.asksBilled?.through ?? null,
    }
    return {
      ...point,
      ...asked,
      organisationId,
      program,
      runId,
      agreementId,
      ordinal: isPlanned ? at : afterPlans + at,
      period: from,
      lastPeriod: to,
      invoicedPrice: invoiced,
      billedPrice: billed,
      since: since.get(keyOf({ ...point, ...asked })) ?? foundAt,
      foundAt,
    }
  })
  await insertRows(db, waitingSubscriptions, rows)
}

/** The lines of annual invoices that the agreement's last sync asked about. */
export const askedLines = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<AskedLine[]> => {
  const rows = await db
    .select({ asksLine: waitingSubscriptions.asksLine })
    .from(waitingSubscriptions)
    .where(
      and(
        eq(waitingSubscriptions.organisationId, organisationId),
        eq(waitingSubscriptions.program, program),
        eq(waitingSubscriptions.agreementId, agreementId),
        isNotNull(waitingSubscriptions.asksLine),
      ),
    )
  return rows.flatMap(({ asksLine }) => asksLine ?? [])
}
