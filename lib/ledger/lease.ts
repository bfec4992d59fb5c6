import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { prolongLease, releaseLease, takeMarkedLease } from '#db/ledger/leases.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { LedgerContext } from './context.ts'

/** The right to write to one agreement, or to the catalog. Every intent's insert checks the token itself; `isLost` only ends the work early. */
export interface Lease {
  readonly resource: string
  readonly token: string
  readonly isLost: () => boolean
  /** When it was taken, by the database's clock: what the ledger settled since may be missing from what was collected. */
  readonly mark: string
}

/** Heartbeats in the time after which the lease would expire: two may be lost. */
const beatsPerLease = 3

/**
 * Does `work` as the only writer of the resource, prolonging the lease while it runs. Throws `already-running` where
 * another process holds it.
 */
export const withLease = async <T>(
  ctx: Pick<LedgerContext, 'db' | 'organisationId' | 'settings' | 'log'>,
  { resource, what }: { readonly resource: string; readonly what: string },
  work: (lease: Lease) => Promise<T>,
): Promise<T> => {
  const { db, organisationId, settings } = ctx
  const key = { resource, token: randomUUID(), durationMs: settings.leaseMs }
  const holder = `${hostname()} ${process.pid}`
  const mark = await takeMarkedLease(db, organisationId, { ...key, holder })
  if (mark === null) throw new ProductError('already-running', `${what} is being synced by another process.`)
  let lost = false
  const beat = setInterval(() => {
    prolongLease(db, organisationId, key).then(
      (held) => {
        lost ||= !held
      },
      // The database is out of reach: the next beat tries again, and the lease expires by itself if it stays so.
      (error: unknown) => ctx.log.warn('lease-not-prolonged', { resource, error }),
    )
  }, settings.leaseMs / beatsPerLease)
  try {
    return await work({ resource, token: key.token, isLost: () => lost, mark })
  } finally {
    clearInterval(beat)
    await releaseLease(db, organisationId, key)
  }
}
