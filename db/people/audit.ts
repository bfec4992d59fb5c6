import { and, desc, eq, gte, lt, or, sql } from 'drizzle-orm'
import { requestId } from '#lib/base/request-id.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { auditEvents } from './tables.ts'

export type AuditEvent = typeof auditEvents.$inferSelect

/** Notes what a person did; call it in the transaction of the change itself. `detail` never holds a secret. */
export const audit = async (
  db: Database,
  organisationId: string,
  event: Pick<AuditEvent, 'actor' | 'action' | 'subject'> & Partial<Pick<AuditEvent, 'detail'>>,
): Promise<void> => {
  await db.insert(auditEvents).values({ ...event, organisationId, requestId: requestId() })
}

/** The last time that one of the actions was done, to the subject where one is named; `null` where it never was. */
export const lastEvent = async (
  db: Database,
  organisationId: string,
  actions: readonly string[],
  subject?: string,
): Promise<AuditEvent | null> => {
  const [event] = await db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.organisationId, organisationId),
        isOneOf(auditEvents.action, actions),
        subject === undefined ? undefined : eq(auditEvents.subject, subject),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(1)
  return event ?? null
}

export interface AuditFilter {
  /** Part of who or which, or the name of a request; `''`: all. */
  readonly search: string
  /** `''`: every action. */
  readonly action: string
  /** From this moment on; `null`: from the beginning. */
  readonly from: Date | null
  /** Before this moment; `null`: until now. */
  readonly until: Date | null
}

const fitting = (organisationId: string, { search, action, from, until }: AuditFilter) => {
  const text = search.toLowerCase()
  // strpos, because a person's % or _ is no pattern.
  const holds = (column: typeof auditEvents.actor) => sql`strpos(lower(${column}), ${text}) > 0`
  return and(
    eq(auditEvents.organisationId, organisationId),
    search === ''
      ? undefined
      : or(
          holds(auditEvents.actor),
          sql`strpos(lower(${auditEvents.subject}), ${text}) > 0`,
          // Its jobs' names begin with it.
          sql`strpos(${auditEvents.requestId}, ${search}) = 1`,
        ),
    action === '' ? undefined : eq(auditEvents.action, action),
    from === null ? undefined : gte(auditEvents.at, from),
    until === null ? undefined : lt(auditEvents.at, until),
  )
}

/** The newest first; `before` is the id of the last one that was read. */
export const auditEventsOf = async (
  db: Database,
  organisationId: string,
  filter: AuditFilter,
  page: { readonly limit: number; readonly before: number | null },
): Promise<AuditEvent[]> =>
  db
    .select()
    .from(auditEvents)
    .where(
      and(
        fitting(organisationId, filter),
        page.before === null ? undefined : lt(auditEvents.id, page.before),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(page.limit)

/** What is a customer's in an organisation. */
export interface CustomerIdentity {
  readonly program: string
  readonly tenantId: string
  readonly agreementIds: readonly number[]
}

/** Actions of which an agreement is the subject; of which an addition is, and the agreement is told beside; of which a run is. */
const ofAgreement = ['set-back-edits']
const ofAdditions = [
  'answer-addition',
  'take-answer-back',
  'answer-billed',
  'take-billed-back',
  'answer-line',
  'take-line-back',
]
const ofRuns = ['undo-run', 'stop-run']

/** The newest of what people did about a customer: to it, to its subscriptions, to its agreements' additions and to their syncs. */
export const auditEventsAbout = async (
  db: Database,
  organisationId: string,
  { program, tenantId, agreementIds }: CustomerIdentity,
  limit: number,
): Promise<AuditEvent[]> => {
  const agreements = agreementIds.map(String)
  const events = sql`SELECT e.id, e.at FROM audit_events e WHERE e.organisation_id = ${organisationId}`
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT id::text AS id FROM (
      ${events} AND e.subject = ${tenantId}
      UNION ${events} AND e.detail ->> 'tenantId' = ${tenantId}
      UNION ${events} AND ${isOneOf(sql`e.subject`, agreements)} AND ${isOneOf(sql`e.action`, ofAgreement)}
      UNION ${events} AND ${isOneOf(sql`e.detail ->> 'agreementId'`, agreements)} AND ${isOneOf(sql`e.action`, ofAdditions)}
      UNION SELECT e.id, e.at FROM (
        SELECT DISTINCT i.run_id::text AS run_id FROM run_items i WHERE i.organisation_id = ${organisationId}
          AND i.program = ${program} AND ${isOneOf(sql`i.agreement_id`, agreementIds)}) r
      CROSS JOIN LATERAL (${events} AND e.subject = r.run_id AND ${isOneOf(sql`e.action`, ofRuns)} OFFSET 0) e) found
    ORDER BY at DESC, id DESC LIMIT ${limit}`)
  return db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.organisationId, organisationId),
        isOneOf(
          auditEvents.id,
          rows.map(({ id }) => Number(id)),
        ),
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
}

/** The actions there are, for a filter. */
export const auditActionsOf = async (db: Database, organisationId: string): Promise<string[]> => {
  const rows = await db
    .selectDistinct({ action: auditEvents.action })
    .from(auditEvents)
    .where(eq(auditEvents.organisationId, organisationId))
    .orderBy(auditEvents.action)
  return rows.map(({ action }) => action)
}
