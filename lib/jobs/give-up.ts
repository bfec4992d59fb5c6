/** Closing what a job leaves open that failed for good, so that it blocks nothing and people see it (F10). */
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { failScan } from '#db/connections/scans.ts'
import type { QueueName } from '#db/queues.ts'
import { finishProductRun } from '#db/runs/product-runs.ts'
import { busyAgreements, finishRunWhereDone, updateUnfinishedItem } from '#db/runs/runs.ts'
import { errorKinds } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import {
  type ScanPayload,
  type SyncProductsPayload,
  scanPayload,
  syncAgreementPayload,
  syncProductsPayload,
} from './definitions.ts'
import { releaseSyncs } from './queue.ts'

/** Finishes what the job of this payload was to do; one that names nothing that is open finishes nothing. */
export const giveUp = async (db: Database, queue: QueueName, payload: unknown): Promise<void> => {
  const products = syncProductsPayload.safeParse(payload)
  if (queue === 'sync-products' && products.success) await giveUpProducts(db, products.data)
  const scanned = scanPayload.safeParse(payload)
  if (queue === 'scan' && scanned.success) await giveUpScan(db, scanned.data)
  const agreement = syncAgreementPayload.safeParse(payload)
  if (queue === 'sync-agreement' && agreement.success) await giveUpAgreement(db, agreement.data)
}

const giveUpAgreement = async (
  db: Database,
  item: { readonly organisationId: string; readonly runId: string; readonly agreementId: number },
): Promise<void> => {
  const { organisationId, runId, agreementId } = item
  const { meaning, remedy } = errorKinds.unexpected
  const reference = log.unexpected(new Error('A sync job was given up'), {
    organisationId,
    runId,
    agreementId,
  })
  await updateUnfinishedItem(db, organisationId, runId, agreementId, {
    state: 'finished',
    status: 'Error',
    message: meaning,
    detail: `Reference ${reference}`,
    remedy,
    reference,
    doing: null,
    finishedAt: new Date(),
  })
  await finishRunWhereDone(db, organisationId, runId)
}

const giveUpScan = async (db: Database, { organisationId }: ScanPayload): Promise<void> => {
  const reference = log.unexpected(new Error('A scan was given up'), { organisationId })
  await failScan(db, organisationId, `${errorKinds.unexpected.meaning} Reference ${reference}`)
}

const giveUpProducts = async (
  db: Database,
  { organisationId, program, runId }: SyncProductsPayload,
): Promise<void> => {
  const reference = log.unexpected(new Error('A product sync was given up'), { organisationId, runId })
  const note = `${errorKinds.unexpected.meaning}, reference ${reference}`
  await finishProductRun(db, organisationId, runId, { unchanged: 0, floor: 'Error', note })
  await releaseSyncs(db, organisationId, program)
}

/**
 * Closes what is open without a job: giving it up could not be stored when its job failed, or the job's payload named it no
 * more. An open agreement is left out by the schedule, so it would wait for ever. In SQL, because pg-boss would be asked once for
 * each open agreement (`findJobs`).
 */
export const giveUpForsaken = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<void> => {
  await giveUpItems(db, organisationId, program)
  const { rows: runs } = await db.execute<{ id: string }>(sql`
    SELECT id FROM runs
    WHERE organisation_id = ${organisationId} AND program = ${program} AND kind = 'customers' AND state <> 'finished'
      AND NOT EXISTS (
        SELECT FROM run_items
        WHERE organisation_id = runs.organisation_id AND run_id = runs.id AND state <> 'finished')`)
  for (const { id } of runs) await finishRunWhereDone(db, organisationId, id)
}

const giveUpItems = async (db: Database, organisationId: string, program: string): Promise<void> => {
  // Nearly always none; the jobs of all organisations are looked through only where there is one.
  if ((await busyAgreements(db, organisationId, program)).size === 0) return
  const { rows } = await db.execute<{ runId: string; agreementId: number }>(sql`
    SELECT item.run_id AS "runId", item.agreement_id AS "agreementId" FROM run_items AS item
    WHERE item.organisation_id = ${organisationId} AND item.program = ${program} AND item.state <> 'finished'
      AND NOT EXISTS (
        SELECT FROM pgboss.job
        WHERE name = 'sync-agreement' AND state IN ('created', 'retry', 'active')
          AND singleton_key = item.organisation_id || '/' || item.program || '/' || item.agreement_id
          AND data->>'runId' = item.run_id::text)`)
  for (const each of rows) await giveUpAgreement(db, { organisationId, ...each })
}
