/** What people muted (J3), with what has become of it by now. */
import { and, asc, eq, isNull, max, sql } from 'drizzle-orm'
import { organisations } from '#db/directory/tables.ts'
import { invoices } from '#db/prism/invoice-tables.ts'
import { prismTenants } from '#db/prism/tables.ts'
import { dayIn } from '#lib/base/day-in.ts'
import type { LastingCause } from '#lib/billing/lasting-points.ts'
import { type Moment, type Muting, mutingOf } from '#lib/billing/mute.ts'
import type { Day, Money } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { lastingSums, type MutedPair } from './lasting-points.ts'
import { mutes } from './lasting-table.ts'

export type StoredMute = typeof mutes.$inferSelect

/** One that nobody has noted the end of, and how it stands: only `muted` holds. */
export interface MuteNow extends StoredMute {
  readonly muting: Muting
  /** The customer's name. */
  readonly customer: string
  /** What it is about now; `null`: nothing any more. */
  readonly amountNow: Money | null
}

/** What decides beside the amounts. */
export const momentOf = async (
  db: Database,
  organisationId: string,
  program: string,
  at: Date,
): Promise<Omit<Moment, 'amount'>> => {
  const [own] = await db
    .select({ timeZone: organisations.timeZone })
    .from(organisations)
    .where(eq(organisations.id, organisationId))
  const [newest] = await db
    .select({ period: max(invoices.period) })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'ready'),
      ),
    )
  return {
    today: dayIn(own?.timeZone ?? 'UTC', at) as Day,
    latestInvoice: newest?.period ?? null,
  }
}

/** All whose end is not noted, with how each stands at a time. @param tenantIds `null`: of all customers */
export const mutesNow = async (
  db: Database,
  organisationId: string,
  program: string,
  at: Date,
  tenantIds: readonly string[] | null = null,
): Promise<MuteNow[]> => {
  const stored = await db
    .select({ mute: mutes, customer: prismTenants.name })
    .from(mutes)
    .leftJoin(
      prismTenants,
      and(
        eq(prismTenants.organisationId, mutes.organisationId),
        eq(prismTenants.program, mutes.program),
        eq(prismTenants.id, mutes.tenantId),
      ),
    )
    .where(
      and(
        eq(mutes.organisationId, organisationId),
        eq(mutes.program, program),
        isNull(mutes.endedAt),
        tenantIds === null ? undefined : isOneOf(mutes.tenantId, tenantIds),
      ),
    )
    .orderBy(asc(mutes.mutedAt), asc(mutes.id))
  if (stored.length === 0) return []
  const theirs = [...new Set(stored.map(({ mute }) => mute.tenantId))]
  const sums = await lastingSums(db, organisationId, program, theirs)
  const moment = await momentOf(db, organisationId, program, at)
  return stored.map(({ mute, customer }) => {
    const amountNow = sums.find((each) => isOf(each, mute))?.amount ?? null
    const muting = mutingOf(mute, { ...moment, amount: amountNow })
    return { ...mute, customer: customer ?? mute.tenantId, amountNow, muting }
  })
}

const isOf = (a: MutedPair, b: MutedPair): boolean => a.tenantId === b.tenantId && a.cause === b.cause

/** What is muted at a time, and so in no list and no count. */
export const mutedPairs = async (
  db: Database,
  organisationId: string,
  program: string,
  at: Date,
): Promise<MutedPair[]> =>
  (await mutesNow(db, organisationId, program, at)).filter(({ muting }) => muting === 'muted')

export type NewMute = Pick<
  StoredMute,
  'program' | 'tenantId' | 'amount' | 'reason' | 'until' | 'untilInvoiceAfter' | 'mutedBy' | 'mutedAt'
> & { readonly cause: LastingCause }

/** `null` where the customer's cause has one whose end is not noted. */
export const putMute = async (
  db: Database,
  organisationId: string,
  mute: NewMute,
): Promise<StoredMute | null> => {
  const [row] = await db
    .insert(mutes)
    .values({ ...mute, organisationId })
    .onConflictDoNothing()
    .returning()
  return row ?? null
}

/** Notes its end; `null` where there is no such one, or it has ended. */
export const endMute = async (
  db: Database,
  organisationId: string,
  id: string,
  as: NonNullable<StoredMute['endedAs']>,
  at: Date,
): Promise<StoredMute | null> => {
  const [row] = await db
    .update(mutes)
    .set({ endedAs: as, endedAt: at })
    .where(and(eq(mutes.organisationId, organisationId), eq(mutes.id, id), isNull(mutes.endedAt)))
    .returning()
  return row ?? null
}

/** Makes others who mute for the same customer wait until the transaction ends. */
export const lockMutes = async (db: Database, organisationId: string, tenantId: string): Promise<void> => {
  await db.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`mutes/${organisationId}/${tenantId}`}, 0))`,
  )
}
