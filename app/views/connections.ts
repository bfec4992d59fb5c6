import type { ShownConnection } from '#app/api/schemas/connections.ts'
import type { Connection, ConnectionKind } from '#db/connections/connections.ts'

/** What may be shown of a connection (B4, B5): its settings never hold a secret. */
export function shownConnection(kind: ConnectionKind, stored: Connection | null): ShownConnection {
  if (stored === null) {
    const nothing = { connectedAt: null, failingSince: null, lastCheckedAt: null, error: null, settings: {} }
    return { kind, state: 'never', ...nothing }
  }
  return {
    kind,
    state: stored.state,
    connectedAt: stored.connectedAt.toISOString(),
    failingSince: stored.failingSince?.toISOString() ?? null,
    lastCheckedAt: stored.lastCheckedAt?.toISOString() ?? null,
    error: stored.lastError,
    settings: Object.fromEntries(
      Object.entries(stored.settings).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : null,
      ]),
    ),
  }
}
