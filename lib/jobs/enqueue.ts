/** Putting jobs into the queue. Who enqueues also drains (docs/applying.md, "Jobs and time"). */
import type { Database } from '#db/client.ts'
import { unfinishedProductRun } from '#db/runs/product-runs.ts'
import type { Enqueue } from '#lib/sync/context.ts'
import {
  type DetectPayload,
  detectKey,
  type InvoicingPayload,
  loadInvoiceKey,
  type RemoveOldPayload,
  type ScanPayload,
  type SyncAgreementPayload,
  type SyncProductsPayload,
  syncAgreementKey,
  syncProductsKey,
  withOrigin,
} from './definitions.ts'
import { hasJob, queueOf, within } from './queue.ts'

/** Jobs of an organisation take turns with those of others. */
const groupOf = ({ organisationId }: { readonly organisationId: string }) => ({
  group: { id: organisationId },
})

interface JobOptions {
  readonly priority?: number
  /** Not before so many seconds from now. */
  readonly startAfter?: number
}

/** Enqueues a look at PRISM, unless one is waiting already. */
export const enqueueDetect = async (db: Database, payload: DetectPayload): Promise<void> => {
  const boss = await queueOf(db)
  await boss.send('detect', withOrigin(payload), { singletonKey: detectKey(payload), ...groupOf(payload) })
}

/** Enqueues the scheduled looks of organisations, inside `tx`; one that has a look waiting keeps that. */
export const enqueueDetects = async (
  db: Database,
  tx: Database,
  payloads: readonly DetectPayload[],
): Promise<void> => {
  const boss = await queueOf(db)
  const rows = payloads.map((data) => ({
    data: withOrigin(data),
    singletonKey: detectKey(data),
    ...groupOf(data),
  }))
  await boss.insert('detect', rows, within(tx))
}

/** Enqueues loads of a program's invoice files; one that waits already keeps its place, or gets that of a person where `priority` says so. */
export const enqueueLoads = async (
  db: Database,
  { organisationId, program }: DetectPayload,
  prismInvoiceIds: readonly string[],
  options: JobOptions = {},
): Promise<void> => {
  if (prismInvoiceIds.length === 0) return
  const boss = await queueOf(db)
  const payloads = prismInvoiceIds.map((prismInvoiceId) => ({ organisationId, program, prismInvoiceId }))
  const rows = payloads.map((data) => ({
    data: withOrigin(data),
    singletonKey: loadInvoiceKey(data),
    ...groupOf(data),
    ...options,
  }))
  await boss.insert('load-invoice', rows)
  const { priority = 0 } = options
  if (priority > 0)
    for (const { singletonKey } of rows)
      await boss.update('load-invoice', undefined, { singletonKey, priority, match: 'all' })
}

/** Agreements wait no longer for their program's products than this: one that is still missing then they create themselves (D9). */
const productsFirstSeconds = 25

/** Enqueues syncs of a run's agreements, inside `tx`. */
export const enqueueSyncs = async (
  db: Database,
  tx: Database,
  jobs: readonly SyncAgreementPayload[],
  options: JobOptions = {},
): Promise<void> => {
  const boss = await queueOf(db)
  const rows = jobs.map((data) => ({
    data: withOrigin(data),
    singletonKey: syncAgreementKey(data),
    ...groupOf(data),
    ...options,
  }))
  if (rows.length > 0) await boss.insert('sync-agreement', rows, within(tx))
}

/**
 * For `SyncContext.enqueue`, by which a look enqueues: customers of a detected invoice wait for the product sync that came with
 * it (D9), which lets them begin when it ends. @param areProductsNext a person asks for the products as soon as the look has ended
 */
export const enqueueScheduled =
  (db: Database, areProductsNext = false): Enqueue =>
  async (tx, jobs) => {
    const [first] = jobs
    if (first === undefined) return
    const isWaiting =
      areProductsNext || (await areProductsUnderWay(db, tx, first.organisationId, first.program))
    await enqueueSyncs(db, tx, jobs, isWaiting ? { startAfter: productsFirstSeconds } : {})
  }

/** Enqueues a full scan of ConnectWise, or what is left of it, unless one is waiting already. */
export const enqueueScan = async (
  db: Database,
  payload: ScanPayload,
  options: JobOptions = {},
): Promise<void> => {
  const boss = await queueOf(db)
  const { organisationId: singletonKey } = payload
  await boss.send('scan', withOrigin(payload), { singletonKey, ...groupOf(payload), ...options })
}

/** Has organisations that are being deleted gone on with, unless that waits already. */
export const enqueueDeletions = async (db: Database, options: JobOptions = {}): Promise<void> => {
  const boss = await queueOf(db)
  await boss.send('delete-organisations', withOrigin({}), { singletonKey: 'all', ...options })
}

/** Enqueues a look at what an organisation keeps for a time alone, unless one is waiting already. */
export const enqueueRemoval = async (
  db: Database,
  payload: RemoveOldPayload,
  options: JobOptions = {},
): Promise<void> => {
  const boss = await queueOf(db)
  const { organisationId: singletonKey } = payload
  await boss.send('remove-old', withOrigin(payload), { singletonKey, ...groupOf(payload), ...options })
}

/** Enqueues a look at what ConnectWise invoiced, unless one is waiting already. */
export const enqueueInvoicing = async (db: Database, payload: InvoicingPayload): Promise<void> => {
  const boss = await queueOf(db)
  const singletonKey = detectKey(payload)
  await boss.send('invoicing', withOrigin(payload), { singletonKey, ...groupOf(payload) })
}

/** Enqueues a run over products, or what is left of it. */
export const enqueueProducts = async (
  db: Database,
  payload: SyncProductsPayload,
  options: JobOptions = {},
  tx: Database = db,
): Promise<void> => {
  const boss = await queueOf(db)
  const row = {
    data: withOrigin(payload),
    singletonKey: syncProductsKey(payload),
    ...groupOf(payload),
    ...options,
  }
  await boss.insert('sync-products', [row], within(tx))
}

/** Whether a run over products waits or is being done. */
const areProductsUnderWay = async (
  db: Database,
  tx: Database,
  organisationId: string,
  program: string,
): Promise<boolean> => {
  const active = await unfinishedProductRun(tx, organisationId, program)
  if (active === null) return false
  return hasJob(db, tx, 'sync-products', syncProductsKey({ organisationId, program }), active.id)
}
