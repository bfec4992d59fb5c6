/** One at a time, in whatever process, for what ConnectWise itself would do twice. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'
import { prolongLease, releaseLease, takeLease } from '#db/ledger/leases.ts'
import { ProductError } from '#lib/base/errors.ts'

interface AloneContext {
  readonly db: Database
  readonly organisationId: string
  /** Who does it, for whoever looks at the database. */
  readonly actor: string
}

interface AloneInput<T> {
  /** What is done one at a time, in one word. */
  readonly resource: string
  /** What is said to whom it takes too long, in a sentence. */
  readonly busy: string
  /** @param mayWrite throws `conflict` where it took so long that somebody else has begun; to be asked before each write */
  readonly work: (mayWrite: () => Promise<void>) => Promise<T>
}

/** A process that ended in the middle holds others up no longer than this. */
const LEASE_MS = 90_000
const WAIT_MS = 60_000
const TRY_EVERY_MS = 250

/** Does the work once whoever is at it has finished. Throws `conflict` where that takes longer than a minute. */
export async function alone<T>({
  ctx: { db, organisationId, actor },
  input: { resource, busy, work },
}: {
  ctx: AloneContext
  input: AloneInput<T>
}): Promise<T> {
  const lease = { resource, token: crypto.randomUUID(), holder: actor, durationMs: LEASE_MS }
  const until = performance.now() + WAIT_MS
  while (!(await takeLease(db, organisationId, lease))) {
    if (performance.now() > until) throw new ProductError('conflict', busy)
    await pause(TRY_EVERY_MS)
  }
  try {
    return await work(async () => {
      if (!(await prolongLease(db, organisationId, lease))) throw new ProductError('conflict', busy)
    })
  } finally {
    await releaseLease(db, organisationId, lease)
  }
}
