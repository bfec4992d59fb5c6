import type { Database } from '../client.ts'
import { auditEvents } from '../schema.ts'

export type AuditEvent = typeof auditEvents.$inferSelect

/** Notes what a person did; call it in the transaction of the change itself. `detail` never holds a secret. */
export const audit = async (
  db: Database,
  organisationId: string,
  event: Pick<AuditEvent, 'actor' | 'action' | 'subject'> & Partial<Pick<AuditEvent, 'detail'>>,
): Promise<void> => {
  await db.insert(auditEvents).values({ ...event, organisationId })
}
