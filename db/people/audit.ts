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

/** The actions there are, for a filter. */
export const auditActionsOf = async (db: Database, organisationId: string): Promise<string[]> => {
  const rows = await db
    .selectDistinct({ action: auditEvents.action })
    .from(auditEvents)
    .where(eq(auditEvents.organisationId, organisationId))
    .orderBy(auditEvents.action)
  return rows.map(({ action }) => action)
}
