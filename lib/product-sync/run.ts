/** A sync of the product catalog: collect, plan, apply, record. The same reads and the same plan are its preview. */
import {
  finishProductRun,
  noteProductProgress,
  type ProductResult,
  productResultsOf,
  putProductResult,
  startProductRun,
} from '#db/runs/product-runs.ts'
import { stopRequested } from '#db/runs/runs.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { normalise } from '#lib/billing/classify.ts'
import { multipleProducts, productRetired, productUnreadable } from '#lib/billing/findings.ts'
import type { Finding, Period } from '#lib/billing/types.ts'
import { countStates, planProducts } from '#lib/catalog/plan-products.ts'
import type { PlannedProduct, ProductPlan } from '#lib/catalog/types.ts'
import { checkSetup } from '#lib/connectwise/setup-ids.ts'
import type { SetupRecords } from '#lib/connectwise/values.ts'
import { createOnce } from '#lib/ledger/create-once.ts'
import * as writeFindings from '#lib/ledger/findings.ts'
import { type Lease, withLease } from '#lib/ledger/lease.ts'
import { settle } from '#lib/ledger/settle.ts'
import { CATALOG, type Writing, writeAmounts } from '#lib/ledger/write.ts'
import { collectCustomerProducts, collectProducts } from './collect.ts'
import type { ProductSyncContext } from './context.ts'

export interface ProductSyncInput {
  readonly runId: string
  /** No write is begun after this time; what is left is for another call. */
  readonly budgetMs: number
}

/** What a sync would do now, and nothing after it (D5). */
export const previewProducts = async ({ ctx }: { ctx: PreviewContext }): Promise<ProductPlan> =>
  planProducts(await collectProducts({ ctx }))

type PreviewContext = Parameters<typeof collectProducts>[0]['ctx']

/** The same for the products of one customer, as if it synced. */
export async function previewCustomerProducts({
  ctx,
  tenantId,
}: {
  ctx: PreviewContext
  tenantId: string
}): Promise<ProductPlan> {
  const { situation, skus } = await collectCustomerProducts({ ctx, tenantId })
  const products = planProducts(situation).products.filter(({ sku }) => skus.has(normalise(sku)))
  return { products, counts: countStates(products) }
}

/** Writes at a time; the client's own limit is no lower. */
const PARALLEL = 8

/**
 * Syncs the catalog as its only writer; false where writes are left, for which it is to be called again. What goes wrong is
 * recorded, not thrown; thrown is `already-running` and `lease-lost`, where another process is at it.
 */
export async function syncProducts({
  ctx,
  input,
}: {
  ctx: ProductSyncContext
  input: ProductSyncInput
}): Promise<boolean> {
  const { db, organisationId, program } = ctx
  const resource = `${program.slug}/products`
  return withLease(ctx, { resource, what: 'The catalog' }, async (lease) => {
    await startProductRun(db, organisationId, input.runId)
    try {
      await settle(ctx, CATALOG)
      return await syncPlan(ctx, input, lease)
    } catch (error) {
      if (isDatabaseLost(error)) throw error
      if (error instanceof ProductError && ['lease-lost', 'already-running'].includes(error.code)) throw error
      await recordFailure(ctx, input.runId, error)
      return true
    }
  })
}

async function syncPlan(ctx: ProductSyncContext, input: ProductSyncInput, lease: Lease): Promise<boolean> {
  const { db, organisationId } = ctx
  const { runId } = input
  const until = performance.now() + input.budgetMs
  const plan = await previewProducts({ ctx })
  const results = await productResultsOf(db, organisationId, runId)
  const known = new Set(results.map(({ sku }) => normalise(sku)))
  await recordUnwritable(ctx, runId, plan, known)
  const left = plan.products.filter(({ change, sku }) => change !== null && !known.has(normalise(sku)))
  const written = results.filter(({ what }) => what !== 'noted').length
  const work = new ProductWork(ctx, runId, lease, { done: written, total: written + left.length })
  await work.note(null)
  await inParallel(left, async (product) => {
    if (performance.now() < until) await work.write(product)
  })
  const unchanged = plan.counts.same + plan.counts.retired
  const held = heldNote(plan)
  if (work.stopped !== null) {
    const note = [work.stopped, ...(held === null ? [] : [held])].join('. ')
    await finishProductRun(db, organisationId, runId, { unchanged, floor: 'Warning', note })
    return true
  }
  if (work.done < work.total) return false
  await settleUnknown(ctx, work)
  await finishProductRun(db, organisationId, runId, {
    unchanged,
    ...(held === null ? {} : { floor: 'Error', note: held }),
  })
  return true
}

/** Said once of the catalog: products that were not created because one that cannot be read may be theirs; `null`: none. */
function heldNote({ products }: ProductPlan): string | null {
  const held = products.flatMap(({ unreadable }) => (unreadable?.vendorSku === null ? [unreadable] : []))
  const [first] = held
  if (first === undefined) return null
  const { message, remedy } = productUnreadable('', first)
  const count = held.length === 1 ? '1 product was' : `${held.length} products were`
  return `${message}. It may be a missing one, so ${count} not created. ${remedy}`
}

/** A few at a time, in their order. */
async function inParallel<T>(values: readonly T[], work: (value: T) => Promise<void>): Promise<void> {
  const queue = values.values()
  const worker = async (): Promise<void> => {
    for (const value of queue) await work(value)
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
}

/** What is to be said of products that are not written: it is their result (D4, D6). */
async function recordUnwritable(
  ctx: ProductSyncContext,
  runId: string,
  plan: ProductPlan,
  known: ReadonlySet<string>,
): Promise<void> {
  for (const product of plan.products) {
    const said = saidOf(product)
    if (said === null || known.has(normalise(product.sku))) continue
    await putProductResult(ctx.db, ctx.organisationId, { ...blank(runId, product), ...said })
  }
}

type Said = Pick<ProductResult, 'status' | 'what' | 'message' | 'remedy'>

function saidOf({ state, sku, name, unreadable }: PlannedProduct): Said | null {
  switch (state) {
    case 'ambiguous': {
      const { message, remedy } = multipleProducts(sku)
      return { status: 'Error', what: 'failed', message, remedy }
    }
    case 'contradictory':
      return {
        status: 'Error',
        what: 'failed',
        message: `The PRISM price list has the SKU '${sku}' several times, with different prices`,
        remedy: 'Ask rhipe which of the prices is right; the product is not written until they agree.',
      }
    case 'unreadable': {
      // One whose SKU cannot be read is said once, of the catalog.
      if (unreadable === null || unreadable.vendorSku === null) return null
      const { message, remedy } = productUnreadable(sku, unreadable)
      return { status: 'Error', what: 'failed', message, remedy }
    }
    case 'retired-missing': {
      const { message, remedy } = productRetired(name)
      return { status: 'Warning', what: 'noted', message, remedy }
    }
    default:
      return null
  }
}

const blank = (runId: string, { sku, name }: PlannedProduct): Omit<ProductResult, 'organisationId'> => ({
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
class ProductWork {
  readonly ctx: ProductSyncContext
  readonly runId: string
  readonly total: number
  readonly unknown: PlannedProduct[] = []
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
    const about = { agreementId: CATALOG, runId, period: '' as Period, invoiceId: '', knownAdditionIds: [] }
    this.#writing = { ctx, lease, about }
  }

  async write(product: PlannedProduct): Promise<void> {
    const { db, organisationId } = this.ctx
    this.stopped ??= await stopRequested(db, organisationId, this.runId)
    if (this.stopped !== null) return
    const result = await this.#send(product)
    if (result === 'unknown') this.unknown.push(product)
    else await this.record(product, result)
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
    const written = await createOnce(this.#writing, change, () =>
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

const failed = (
  { message, remedy }: Pick<Finding, 'message' | 'remedy'>,
  catalogItemId: number | null = null,
): Partial<ProductResult> => ({ what: 'failed', status: 'Error', message, remedy, catalogItemId })

const notCreated = (message: string): Partial<ProductResult> =>
  failed(writeFindings.productNotCreated(message))

/** Unanswered writes: after a pause the catalog tells what took place; what did not is an Error, and the next sync's. */
async function settleUnknown(ctx: ProductSyncContext, work: ProductWork): Promise<void> {
  if (work.unknown.length === 0) return
  await settle(ctx, CATALOG)
  const { items: found } = await ctx.connectWise.catalogByVendorSku(work.unknown.map(({ sku }) => sku))
  for (const product of work.unknown) {
    const { change, sku } = product
    const item = found.find(({ vendorSku }) => normalise(vendorSku) === normalise(sku))
    const after = { unitCost: product.unitCost, unitPrice: product.unitPrice }
    const isThere =
      item !== undefined && item.unitCost === after.unitCost && item.unitPrice === after.unitPrice
    if (!isThere) await work.record(product, failed(writeFindings.outcomeUnknown(), item?.id ?? null))
    else if (change?.kind === 'updateCatalogItem')
      await work.record(product, { what: 'updated', catalogItemId: item.id, before: change.before, after })
    else await work.record(product, { what: 'created', catalogItemId: item.id, after })
  }
}

/** The sync as a whole failed: the run says why (F10). */
async function recordFailure(ctx: ProductSyncContext, runId: string, error: unknown): Promise<void> {
  const note =
    error instanceof ProductError
      ? `${error.detail} ${errorKinds[error.code].remedy}`
      : `${errorKinds.unexpected.meaning}, reference ${ctx.log.unexpected(error, { runId })}`
  await finishProductRun(ctx.db, ctx.organisationId, runId, { unchanged: 0, floor: 'Error', note })
}
