import type { Database } from '#db/client.ts'
import { finishProductRun } from '#db/queries/product-runs.ts'
import { finishRunWhereDone, updateItem } from '#db/queries/runs.ts'
import type { QueueName } from '#db/queues.ts'
import { errorKinds } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { syncAgreementPayload, syncProductsPayload } from './definitions.ts'

/** Finishes what a job that failed for good leaves open, so that it blocks nothing and people see it (F10). */
export const giveUp = async (db: Database, queue: QueueName, payload: unknown): Promise<void> => {
  if (queue === 'sync-products') return giveUpProducts(db, payload)
  if (queue !== 'sync-agreement') return
  const { organisationId, runId, agreementId } = syncAgreementPayload.parse(payload)
  const { meaning, remedy } = errorKinds.unexpected
  const reference = log.unexpected(new Error('A sync job was given up'), {
    organisationId,
    runId,
    agreementId,
  })
  await updateItem(db, organisationId, runId, agreementId, {
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

const giveUpProducts = async (db: Database, payload: unknown): Promise<void> => {
  const { organisationId, runId } = syncProductsPayload.parse(payload)
  const reference = log.unexpected(new Error('A product sync was given up'), { organisationId, runId })
  const note = `${errorKinds.unexpected.meaning}, reference ${reference}`
  await finishProductRun(db, organisationId, runId, { unchanged: 0, floor: 'Error', note })
}
