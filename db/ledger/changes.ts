import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { isOfMonths, type MonthKey } from '#db/runs/run-periods.ts'
import { runPeriods } from '#db/runs/tables.ts'
import { requestId } from '#lib/base/request-id.ts'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import {
  type Addition,
  type CarriedLine,
  carriedLineSchema,
  type OwnedAddition,
  type Period,
} from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { changes } from './tables.ts'

export type LedgerChange = typeof changes.$inferSelect
export type Intent = Pick<
  LedgerChange,
  | 'program'
  | 'agreementId'
  | 'runId'
  | 'period'
  | 'invoiceId'
  | 'round'
  | 'position'
  | 'subscriptionId'
  | 'leaseToken'
  | 'kind'
  | 'intent'
> &
  Partial<Pick<LedgerChange, 'before' | 'additionId' | 'lots' | 'after' | 'catalogItem' | 'message'>>

const ofAgreement = (organisationId: string, program: string, agreementId: number) =>
  and(
    eq(changes.organisationId, organisationId),
    eq(changes.program, program),
    eq(changes.agreementId, agreementId),
  )

const json = (value: unknown) =>
  sql`${value === undefined || value === null ? null : JSON.stringify(value)}::jsonb`

/**
 * Stores the intent of a write, if `leaseToken` still holds `resource`: one statement that also locks the lease's row, so
 * that nobody can take it over in between. `null` where the lease is lost; then nothing may be written
 * (docs/applying.md, "Lease").
 */
export const insertIntent = async (
  db: Database,
  organisationId: string,
  resource: string,
  intent: Intent,
  outcome: 'pending' | 'done' | 'kept' | 'not-sent' = 'pending',
): Promise<number | null> => {
  const { rows } = await db.execute<{ id: string }>(sql`
    WITH held AS (
      SELECT 1 FROM leases
      WHERE organisation_id = ${organisationId} AND resource = ${resource} AND token = ${intent.leaseToken} AND expires_at > now()
      FOR SHARE
    )
    INSERT INTO changes (organisation_id, program, agreement_id, run_id, period, invoice_id, round, position, subscription_id,
                         lease_token, kind, intent, outcome, addition_id, before, after, catalog_item, lots, message,
                         settled_at, request_id)
    SELECT ${organisationId}, ${intent.program}, ${intent.agreementId}, ${intent.runId}, ${intent.period}, ${intent.invoiceId},
           ${intent.round}, ${intent.position}, ${intent.subscriptionId}, ${intent.leaseToken}, ${intent.kind}, ${json(intent.intent)},
           ${outcome}, ${intent.additionId ?? null}, ${json(intent.before)}, ${json(intent.after)}, ${json(intent.catalogItem)}, ${json(intent.lots)},
           ${intent.message ?? null}, CASE WHEN ${outcome} <> 'pending' THEN now() END, ${requestId()}
    FROM held
    RETURNING id`)
  return rows[0] === undefined ? null : Number(rows[0].id)
}

/** Stores what became of a write. */
export const settleChange = async (
  db: Database,
  organisationId: string,
  id: number,
  set: Partial<Pick<LedgerChange, 'outcome' | 'additionId' | 'after' | 'catalogItem' | 'lots' | 'message'>>,
): Promise<void> => {
  await db
    .update(changes)
    .set({ ...set, settledAt: sql`clock_timestamp()` })
    .where(and(eq(changes.organisationId, organisationId), eq(changes.id, id)))
}

/** A write whose outcome is not known, with the ids of the additions that its plan was made from. */
export type UnsettledChange = Omit<LedgerChange, 'knownAdditionIds'> & {
  readonly knownAdditionIds: readonly number[]
  /** Since it was stored that its outcome is not known. */
  readonly unansweredMs: number
}

/**
 * Stores that writes to the agreement whose process is gone have no known outcome: from now on, as it is not known when their
 * requests went out. Call it as the only writer.
 */
export const noteUnanswered = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<void> => {
  await db
    .update(changes)
    .set({ outcome: 'unknown', settledAt: sql`clock_timestamp()` })
    .where(and(ofAgreement(organisationId, program, agreementId), eq(changes.outcome, 'pending')))
}

/** Writes of the agreement whose outcome is not known, oldest first. */
export const unsettledChanges = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<UnsettledChange[]> => {
  const rows = await db
    .select({
      change: changes,
      known: runPeriods.knownAdditionIds,
      unansweredMs: sql<number>`coalesce(extract(epoch FROM clock_timestamp() - ${changes.settledAt}) * 1000, 0)::float8`,
    })
    .from(changes)
    .leftJoin(
      runPeriods,
      and(
        eq(runPeriods.organisationId, changes.organisationId),
        eq(runPeriods.runId, changes.runId),
        eq(runPeriods.agreementId, changes.agreementId),
        eq(runPeriods.period, changes.period),
        eq(runPeriods.round, changes.round),
      ),
    )
    .where(
      and(
        ofAgreement(organisationId, program, agreementId),
        inArray(changes.outcome, ['pending', 'unknown']),
      ),
    )
    .orderBy(asc(changes.id))
  return rows.map(({ change, known, unansweredMs }) => ({
    ...change,
    unansweredMs,
    knownAdditionIds: known ?? change.knownAdditionIds ?? [],
  }))
}

/** Ids of the additions that a done create of the agreement made: no other intent may claim them. */
export const claimedAdditionIds = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<number[]> => {
  const rows = await db
    .select({ id: changes.additionId })
    .from(changes)
    .where(
      and(
        ofAgreement(organisationId, program, agreementId),
        eq(changes.kind, 'create'),
        eq(changes.outcome, 'done'),
        isNotNull(changes.additionId),
      ),
    )
  return rows.flatMap((row) => (row.id === null ? [] : [row.id]))
}

/** Our additions on the agreement: created or adopted, with the lots that the ledger noted last, and the line that one was created for. */
export const ownedAdditions = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<OwnedAddition[]> => {
  const rows = await db
    .selectDistinctOn([changes.additionId], {
      additionId: changes.additionId,
      lots: changes.lots,
      created: sql<boolean>`bool_or(${changes.kind} = 'create') OVER (PARTITION BY ${changes.additionId})`,
      carries: sql<
        string | null
      >`max(${changes.intent} ->> 'carries') OVER (PARTITION BY ${changes.additionId})`,
    })
    .from(changes)
    .where(
      and(
        ofAgreement(organisationId, program, agreementId),
        eq(changes.outcome, 'done'),
        isNotNull(changes.additionId),
        isNotNull(changes.lots),
      ),
    )
    .orderBy(changes.additionId, sql`${changes.id} DESC`)
  return rows.flatMap(({ additionId, lots, created, carries }) =>
    additionId === null || lots === null
      ? []
      : [{ additionId, lots, created, ...(carries === null ? {} : { carries: carriedLineOf(carries) }) }],
  )
}

const carriedLineOf = (text: string): CarriedLine => carriedLineSchema.parse(JSON.parse(text))

/** Each addition of the agreement that we wrote or took over, as the ledger left it last; those that it deleted are left out. */
export const lastWrites = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<{ readonly subscriptionId: SubscriptionKey; readonly after: Addition }[]> => {
  const rows = await db
    .selectDistinctOn([changes.additionId], {
      subscriptionId: changes.subscriptionId,
      after: changes.after,
    })
    .from(changes)
    .where(
      and(
        ofAgreement(organisationId, program, agreementId),
        eq(changes.outcome, 'done'),
        isNotNull(changes.additionId),
        inArray(changes.kind, ['create', 'end', 'update', 'delete', 'keep']),
      ),
    )
    .orderBy(changes.additionId, sql`${changes.id} DESC`)
  return rows.flatMap(({ subscriptionId, after }) => (after === null ? [] : [{ subscriptionId, after }]))
}

/** Writes to the agreement's additions that ConnectWise confirmed in the last `withinMs`, oldest first. */
export const recentWrites = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  withinMs: number,
): Promise<LedgerChange[]> =>
  db
    .select()
    .from(changes)
    .where(
      and(
        ofAgreement(organisationId, program, agreementId),
        inArray(changes.kind, ['create', 'end', 'update', 'delete']),
        eq(changes.outcome, 'done'),
        sql`${changes.settledAt} > now() - ${withinMs} * interval '1 millisecond'`,
      ),
    )
    .orderBy(asc(changes.id))

/** What a run wrote, in order. */
export const changesOfRun = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<LedgerChange[]> =>
  db.select().from(changes).where(ofRun(organisationId, runId)).orderBy(asc(changes.id))

/** What runs did, or tried, in several months, in order. */
export const changesOfMonths = async (
  db: Database,
  organisationId: string,
  months: readonly MonthKey[],
): Promise<LedgerChange[]> =>
  db
    .select()
    .from(changes)
    .where(and(eq(changes.organisationId, organisationId), isOfMonths(changes, months)))
    .orderBy(asc(changes.id))

/** What a run did, or tried, for one agreement, in order. @param period of this month alone */
export const changesOfItem = async (
  db: Database,
  organisationId: string,
  { runId, agreementId, period }: Pick<LedgerChange, 'runId' | 'agreementId'> & { readonly period?: Period },
): Promise<LedgerChange[]> =>
  db
    .select()
    .from(changes)
    .where(
      and(
        ofRun(organisationId, runId),
        eq(changes.agreementId, agreementId),
        period === undefined ? undefined : eq(changes.period, period),
      ),
    )
    .orderBy(asc(changes.id))

const ofRun = (organisationId: string, runId: string) =>
  and(eq(changes.organisationId, organisationId), eq(changes.runId, runId))
