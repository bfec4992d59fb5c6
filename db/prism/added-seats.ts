/** Seats that looks find added, by which those that can still be given back are told (J12). */
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Day, Quantity } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches } from '../rows.ts'
import { addedSeats } from './term-tables.ts'

/** Longer than any of them can be given back. */
const keptFor = sql`interval '30 days'`

interface Look {
  readonly organisationId: string
  readonly program: string
  readonly seenAt: Date
}

interface Listed {
  readonly id: SubscriptionKey
  readonly listedQuantity: Quantity | null
  readonly firstPurchased: Day | null
}

/**
 * Notes of which subscriptions a look finds more than is stored of them; call it before what it found is stored. One that is not stored
 * was added where PRISM says that it was bought of late: else it may only be new to us.
 */
export const noteAddedSeats = async (
  tx: Database,
  { organisationId, program, seenAt }: Look,
  listed: readonly Listed[],
): Promise<void> => {
  const at = seenAt.toISOString()
  for (const part of batches(listed))
    await tx.execute(sql`
      INSERT INTO added_seats (organisation_id, program, subscription_id, seen_at, seats, fewer_at)
      SELECT ${organisationId}, ${program}, now.id, ${at}::timestamptz,
        now.quantity - coalesce(stored.listed_quantity, 0), stored.seen_at
      FROM json_to_recordset(${JSON.stringify(part.map(toJson))}::json) AS now (id text, quantity numeric, bought date)
      LEFT JOIN prism_subscriptions stored
        ON stored.organisation_id = ${organisationId} AND stored.program = ${program} AND stored.id = now.id
      WHERE now.quantity > CASE
        WHEN stored.id IS NOT NULL THEN stored.listed_quantity
        WHEN now.bought >= ${at}::timestamptz::date - 7 THEN 0
      END
      ON CONFLICT DO NOTHING`)
  await tx
    .delete(addedSeats)
    .where(
      and(
        eq(addedSeats.organisationId, organisationId),
        eq(addedSeats.program, program),
        lt(addedSeats.seenAt, sql`${at}::timestamptz - ${keptFor}`),
      ),
    )
}

const toJson = ({ id, listedQuantity, firstPurchased }: Listed) => ({
  id,
  quantity: listedQuantity,
  bought: firstPurchased,
})

export type AddedSeats = Pick<
  typeof addedSeats.$inferSelect,
  'subscriptionId' | 'seats' | 'seenAt' | 'fewerAt'
>

/** Those that looks found since then, oldest first. */
export const addedSeatsSince = async (
  db: Database,
  organisationId: string,
  program: string,
  since: Date,
): Promise<AddedSeats[]> =>
  db
    .select({
      subscriptionId: addedSeats.subscriptionId,
      seats: addedSeats.seats,
      seenAt: addedSeats.seenAt,
      fewerAt: addedSeats.fewerAt,
    })
    .from(addedSeats)
    .where(
      and(
        eq(addedSeats.organisationId, organisationId),
        eq(addedSeats.program, program),
        gte(addedSeats.seenAt, since),
      ),
    )
    .orderBy(asc(addedSeats.seenAt), asc(addedSeats.subscriptionId))
