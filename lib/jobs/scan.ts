/** Full scans of ConnectWise as jobs: begun and stopped by a person, each taking turns with the work of others (J7). */
import type { Database } from '#db/client.ts'
import { beginScan, failScan, requestStopOfScan, type Scan, scanOf } from '#db/connections/scans.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { scan } from '#lib/scan/scan.ts'
import { type Attempt, type Done, restOf } from './attempt.ts'
import { withConnections } from './context.ts'
import type { ScanPayload } from './definitions.ts'
import { enqueueScan } from './enqueue.ts'
import type { Worker } from './worker.ts'

/** What is left after so long is a job of its own, so that others have their turn. */
const sliceMs = 15_000

export const scanJob = async (
  worker: Worker,
  { organisationId }: ScanPayload,
  attempt: Attempt,
): Promise<Done> => {
  const { db, now = () => new Date() } = worker
  const slice = new Date(now().getTime() + sliceMs)
  const until = slice < attempt.until ? slice : attempt.until
  try {
    const end = await withConnections(worker, organisationId, ({ connectWise }) =>
      scan({ ctx: { db, organisationId, connectWise, until, now } }),
    )
    if (end !== 'done') await enqueueScan(db, { organisationId }, restOf(end, attempt))
  } catch (error) {
    if (!(error instanceof ProductError)) throw error
    await failScan(db, organisationId, error.detail)
  }
  return {}
}

export interface ScanRequest {
  readonly organisationId: string
  readonly actor: string
}

/** A scan that was stopped or failed goes on where it was for so long; after that agreements are listed anew. */
const goesOnForMs = 24 * 60 * 60 * 1000

/** Begins a scan, or goes on with one that was stopped or failed; one that is running goes on as it is. */
export const requestScan = async (db: Database, { organisationId, actor }: ScanRequest): Promise<void> => {
  const now = new Date()
  const last = await scanOf(db, organisationId)
  if (last?.state !== 'running') {
    const id = last !== null && goesOn(last, now) ? last.id : crypto.randomUUID()
    await db.transaction(async (tx) => {
      await beginScan(tx, organisationId, { id, startedAt: now, startedBy: actor })
      await audit(tx, organisationId, { actor, action: 'scan-connectwise', subject: 'connectwise' })
    })
  }
  // One that is running has a job, or lost it with its process.
  await enqueueScan(db, { organisationId })
}

const goesOn = ({ state, startedAt }: Scan, now: Date): boolean =>
  state !== 'finished' && now.getTime() - startedAt.getTime() < goesOnForMs

/** Asks it to end after the requests in flight. False where none is running, or it was asked before. */
export const stopScan = async (db: Database, { organisationId, actor }: ScanRequest): Promise<boolean> =>
  db.transaction(async (tx) => {
    const isAsked = await requestStopOfScan(tx, organisationId, actor)
    if (isAsked) await audit(tx, organisationId, { actor, action: 'stop-scan', subject: 'connectwise' })
    return isAsked
  })
