import type { Clock } from '../http/clock.ts'
import type { AuditTrail } from './audit-trail.ts'
import type { Site } from './auth.ts'
import type { Role } from './roles.ts'
import type { StaleReads } from './stale-reads.ts'
import type { Store } from './store.ts'
import type { UnknownSwitches } from './unknowns.ts'

/** What one running stand-in holds. */
export interface ApiContext {
  readonly store: Store
  readonly clock: Clock
  readonly site: Site
  readonly role: Role
  readonly auditTrail: AuditTrail
  readonly staleReads: StaleReads
  readonly unknowns: UnknownSwitches
}
