/** Send: writes what the plan of the catalog says, product by product, each recorded. */
import { noteProductProgress, type ProductResult, putProductResult } from '#db/runs/product-runs.ts'
import { stopRequested } from '#db/runs/stops.ts'
import type { Finding, Period } from '#lib/billing/types.ts'
import type { PlannedProduct } from '#lib/catalog/types.ts'
import { checkSetup } from '#lib/connectwise/setup-ids.ts'
import type { SetupRecords } from '#lib/connectwise/values.ts'
import { createOnce } from '#lib/ledger/create-once.ts'
import * as writeFindings from '#lib/ledger/findings.ts'
import { type Lease } from '#lib/ledger/lease.ts'
import { CATALOG, type Writing, writeAmounts } from '#lib/ledger/write.ts'
import type { ProductSyncContext } from './context.ts'

export const blank = (
  runId: string,
  { sku, name }: Pick<PlannedProduct, 'sku' | 'name'>,
): Omit<ProductResult, 'organisationId'> => ({
  runId,
  sku,
  name,
  status: 'Success',
  what: 'noted',
  catalogItemId: null,
  before: null,
  after: null,
  message: null,
  remedy: null,
})

/** Writing products one by one, with what came of each. */
export class ProductWork {
  readonly ctx: ProductSyncContext
  readonly runId: string
  readonly total: number
  done: number
  /** Who asked to stop. */
  stopped: string | null = null
  readonly #writing: Writing
  #setup: Promise<SetupRecords> | null = null

  constructor(
    ctx: ProductSyncContext,
    runId: string,
    lease: Lease,
    { done, total }: { done: number; total: number },
  ) {
    this.ctx = ctx
    this.runId = runId
    this.done = done
    this.total = total
    // The catalog belongs to no agreement, period or invoice.
    const about = { agreementId: CATALOG, runId, period: '' as Period, invoiceId: '', round: null }
    this.#writing = { ctx, lease, about }
  }

  async write(product: PlannedProduct): Promise<void> {
    const { db, organisationId } = this.ctx
    this.stopped ??= await stopRequested(db, organisationId, this.runId)
    if (this.stopped !== null) return
    const result = await this.#send(product)
    if (result !== 'unknown') await this.record(product, result)
    this.done += 1
    await this.note(product.name)
  }

  async record(product: PlannedProduct, result: Partial<ProductResult>): Promise<void> {
    const { db, organisationId } = this.ctx
    await putProductResult(db, organisationId, { ...blank(this.runId, product), ...result })
  }

  async note(doing: string | null): Promise<void> {
    const { db, organisationId } = this.ctx
    await noteProductProgress(db, organisationId, this.runId, { done: this.done, total: this.total, doing })
  }

  #send(product: PlannedProduct): Promise<Partial<ProductResult> | 'unknown'> {
    const { change } = product
    if (change === null) throw new Error(`Nothing is to be written of ${product.sku}`)
    return change.kind === 'createCatalogItem' ? this.#create(change) : this.#update(change)
  }

  async #create(
    change: Extract<PlannedProduct['change'], { kind: 'createCatalogItem' }>,
  ): Promise<Partial<ProductResult> | 'unknown'> {
    const { connectWise, options } = this.ctx
    this.#setup ??= connectWise.setupRecords(options.defaults)
    const setup = checkSetup(await this.#setup, change)
    if (!setup.usable) return notCreated(setup.message)
    const written = await createOnce(this.#writing, null, change, () =>
      connectWise.createCatalogItem(change, setup.ids),
    )
    const { unitCost, unitPrice } = change
    switch (written.outcome) {
      case 'done':
        return { what: 'created', catalogItemId: written.result.id, after: { unitCost, unitPrice } }
      case 'kept':
        return { what: 'created', catalogItemId: written.item.id, after: { unitCost, unitPrice } }
      case 'open':
        return notCreated(writeFindings.productFailure('another sync is creating it and has no answer yet'))
      case 'refused':
        return notCreated(writeFindings.productFailure(written.message))
      case 'unknown':
        return 'unknown'
    }
  }

  async #update(
    change: Extract<PlannedProduct['change'], { kind: 'updateCatalogItem' }>,
  ): Promise<Partial<ProductResult> | 'unknown'> {
    const written = await writeAmounts(this.#writing, change)
    if (written.outcome === 'unknown') return 'unknown'
    if (written.outcome === 'refused')
      return failed(
        writeFindings.productNotCreated(writeFindings.productFailure(written.message)),
        change.catalogItemId,
      )
    const { catalogItemId, before, after } = change
    return { what: 'updated', catalogItemId, before, after }
  }
}

export const failed = (
  { message, remedy }: Pick<Finding, 'message' | 'remedy'>,
  catalogItemId: number | null = null,
): Partial<ProductResult> => ({ what: 'failed', status: 'Error', message, remedy, catalogItemId })

const notCreated = (message: string): Partial<ProductResult> =>
  failed(writeFindings.productNotCreated(message))
