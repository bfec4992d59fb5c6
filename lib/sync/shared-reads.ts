/**
 * What the agreements of a run share of what is read of ConnectWise (decision 090). The first job that needs it asks; the others
 * wait for that and take its rows. Where that does not come to be, each asks for itself.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { releaseLease, takeLease } from '#db/ledger/leases.ts'
import { readingClock } from '#db/ledger/readings.ts'
import { agreementsToRead, sharedValues, storeShared } from '#db/runs/shared-reads.ts'
import { ProductError } from '#lib/base/errors.ts'
import { type AgreementRecord, agreementRecordSchema } from '#lib/connectwise/values.ts'
import type { SyncContext } from './context.ts'

/**
 * How long a row is of use. What ConnectWise invoices, or a person changes, meanwhile is not in it, so it is no longer than what a
 * sync of one agreement may take by itself.
 */
export const maxAgeMs = 60_000
const agreementsPerRequest = 100
const sharedAgreementSchema = z.object({ record: agreementRecordSchema.nullable() })
const pollMs = 50

/** Throws `agreement-gone` where ConnectWise has no such agreement. @param runId where it may be shared with that run's others */
export const readAgreement = async (
  ctx: SyncContext,
  agreementId: number,
  runId?: string,
): Promise<AgreementRecord> => {
  const shared = runId === undefined ? null : await sharedAgreement(ctx, runId, agreementId)
  const agreement = shared ?? (await ctx.connectWise.agreement(agreementId))
  if (!agreement) throw new ProductError('agreement-gone', `ConnectWise has no agreement ${agreementId}.`)
  return agreement
}

/** `null` where it is to be read by itself: it is the only one, or the list does not have it or cannot be read. */
const sharedAgreement = async (
  ctx: SyncContext,
  runId: string,
  agreementId: number,
): Promise<AgreementRecord | null> => {
  const { db, organisationId } = ctx
  const key = String(agreementId)
  const wanted = { kind: 'agreement', keys: [key], schema: sharedAgreementSchema, maxAgeMs } as const
  const limits = { maxAgeMs, most: agreementsPerRequest }
  const found = await readOnce(ctx, `${runId}/agreements`, {
    find: () => sharedValues(db, organisationId, runId, wanted),
    isWhole: (rows) => rows.has(key),
    read: async () => {
      const ids = await agreementsToRead(db, organisationId, runId, agreementId, limits)
      if (ids.length === 1) return
      const readAt = await readingClock(db)
      const { records } = await ctx.connectWise.agreementsByIds(ids)
      const byId = new Map(records.map((each) => [each.id, each]))
      const rows = ids.map((id) => ({
        kind: 'agreement' as const,
        key: String(id),
        value: { record: byId.get(id) ?? null },
      }))
      await storeShared(db, organisationId, runId, rows, readAt)
    },
  })
  return found.get(key)?.record ?? null
}

interface Shared<T> {
  readonly find: () => Promise<T>
  readonly isWhole: (found: T) => boolean
  /** Asks ConnectWise, and stores what `find` finds then. */
  readonly read: () => Promise<void>
}

/**
 * What there is after one job at most has asked for what was missing; something may be missing still.
 * @param what of the run: only one job at a time asks for it
 */
export const readOnce = async <T>(
  ctx: SyncContext,
  what: string,
  { find, isWhole, read }: Shared<T>,
): Promise<T> => {
  const { db, organisationId, program, settings } = ctx
  const resource = `${program.slug}/run/${what}`
  const until = performance.now() + settings.connectWiseTimeoutMs
  for (;;) {
    const found = await find()
    if (isWhole(found)) return found
    const key = { resource, token: randomUUID(), durationMs: 3 * settings.connectWiseTimeoutMs }
    if (await takeLease(db, organisationId, { ...key, holder: resource })) {
      try {
        const meanwhile = await find()
        if (isWhole(meanwhile)) return meanwhile
        await read()
        return await find()
      } finally {
        await releaseLease(db, organisationId, key)
      }
    }
    if (performance.now() > until) return found
    await wait(pollMs)
  }
}
