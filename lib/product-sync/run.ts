/** A sync of the product catalog: collect, plan, apply, record. The same reads and the same plan are its preview. */
import {
  finishProductRun,
  type ProductResult,
  productResultsOf,
  putProductResult,
  startProductRun,
} from '#db/runs/product-runs.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { multipleProducts, productRetired, productUnreadable } from '#lib/billing/findings.ts'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import type { CreateCatalogItemChange } from '#lib/billing/types.ts'
import { countStates, planProducts } from '#lib/catalog/plan-products.ts'
import type { PlannedProduct, ProductPlan, UpdateCatalogItemChange } from '#lib/catalog/types.ts'
import { isTimeUp } from '#lib/intake/context.ts'
import * as writeFindings from '#lib/ledger/findings.ts'
import { type Lease, withLease } from '#lib/ledger/lease.ts'
import { type SettledChange, settle } from '#lib/ledger/settle.ts'
import { CATALOG } from '#lib/ledger/write.ts'
import { collectCustomerProducts, collectProducts } from './collect.ts'
import type { ProductSyncContext } from './context.ts'
import { blank, failed, ProductWork } from './send.ts'

export interface ProductSyncInput {
  readonly runId: string
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
  const products = planProducts(situation).products.filter(({ sku }) => skus.has(skuKey(sku)))
  return { products, counts: countStates(products) }
}

/** Writes at a time; the client's own limit is no lower. */
const PARALLEL = 8

/**
 * Syncs the catalog as its only writer; where its time is up, or a write without an answer has to be waited for, it is to be
 * called again. What goes wrong is recorded, not thrown; thrown is `already-running` and `lease-lost`, where another process is
 * at it.
 */
export async function syncProducts({
  ctx,
  input,
}: {
  ctx: ProductSyncContext
  input: ProductSyncInput
}): Promise<JobEnd> {
  const { db, organisationId, program } = ctx
  const resource = `${program.slug}/products`
  return withLease(ctx, { resource, what: 'The catalog' }, async (lease) => {
    await startProductRun(db, organisationId, input.runId)
    try {
      const settled = await settle(ctx, CATALOG)
      if ('againInMs' in settled) return settled
      return await syncPlan(ctx, input, lease, settled)
    } catch (error) {
      if (isDatabaseLost(error)) throw error
      if (error instanceof ProductError && ['lease-lost', 'already-running'].includes(error.code)) throw error
      await recordFailure(ctx, input.runId, error)
      return 'done'
    }
  })
}

async function syncPlan(
  ctx: ProductSyncContext,
  input: ProductSyncInput,
  lease: Lease,
  before: readonly SettledChange[],
): Promise<JobEnd> {
  const { db, organisationId } = ctx
  const { runId } = input
  const plan = await previewProducts({ ctx })
  await recordSettled(ctx, runId, plan, before)
  const results = await productResultsOf(db, organisationId, runId)
  const known = new Set(results.map(({ sku }) => skuKey(sku)))
  await recordUnwritable(ctx, runId, plan, known)
  const left = plan.products.filter(({ change, sku }) => change !== null && !known.has(skuKey(sku)))
  const written = results.filter(({ what }) => what !== 'noted').length
  const work = new ProductWork(ctx, runId, lease, { done: written, total: written + left.length })
  await work.note(null)
  await inParallel(left, async (product) => {
    // One is written however late it is, so that every job gets something done.
    if (work.done === written || !isTimeUp(ctx)) await work.write(product)
  })
  const unchanged = plan.counts.same + plan.counts.retired
  const held = heldNote(plan)
  if (work.stopped !== null) {
    const note = [work.stopped, ...(held === null ? [] : [held])].join('. ')
    await finishProductRun(db, organisationId, runId, { unchanged, floor: 'Warning', note })
    return 'done'
  }
  const settled = await settle(ctx, CATALOG)
  if ('againInMs' in settled) return settled
  await recordSettled(ctx, runId, plan, settled)
  if (work.done < work.total) return { againInMs: 0 }
  await finishProductRun(db, organisationId, runId, {
    unchanged,
    ...(held === null ? {} : { floor: 'Error', note: held }),
  })
  return 'done'
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
  known: ReadonlySet<SkuKey>,
): Promise<void> {
  for (const product of plan.products) {
    const said = saidOf(product)
    if (said === null || known.has(skuKey(product.sku))) continue
    await putProductResult(ctx.db, ctx.organisationId, { ...blank(runId, product), ...said })
  }
}

type Said = Pick<ProductResult, 'status' | 'what' | 'message' | 'remedy'>

function saidOf({ state, sku, name, items, unreadable }: PlannedProduct): Said | null {
  switch (state) {
    case 'ambiguous': {
      const { message, remedy } = multipleProducts(sku)
      return { status: 'Error', what: 'failed', message, remedy }
    }
    case 'claimed':
      return {
        status: 'Warning',
        what: 'noted',
        message: `Several products in the ConnectWise product catalog name the SKU '${sku}', or an inactive one: ${items.map(({ identifier }) => identifier).join(', ')}`,
        remedy:
          'Enter the SKU as Vendor SKU of the one that is to be used, then sync again. Nothing was created beside them.',
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

/** What became of the run's unanswered writes; what did not take place is an Error, and the next sync's. */
async function recordSettled(
  ctx: ProductSyncContext,
  runId: string,
  { products }: ProductPlan,
  settled: readonly SettledChange[],
): Promise<void> {
  for (const { change, ...found } of settled) {
    const { intent } = change
    if (change.runId !== runId || !('sku' in intent)) continue
    const name = products.find(({ sku }) => sku === intent.sku)?.name ?? intent.sku
    const product = blank(runId, { sku: intent.sku, name })
    await putProductResult(ctx.db, ctx.organisationId, { ...product, ...resultOf(intent, found) })
  }
}

function resultOf(
  intent: CreateCatalogItemChange | UpdateCatalogItemChange,
  { outcome, catalogItemId }: Omit<SettledChange, 'change'>,
): Partial<ProductResult> {
  const isUpdate = intent.kind === 'updateCatalogItem'
  if (outcome !== 'done')
    return failed(writeFindings.outcomeUnknown(), isUpdate ? intent.catalogItemId : null)
  if (isUpdate) {
    const { before, after } = intent
    return { what: 'updated', catalogItemId, before, after }
  }
  const { unitCost, unitPrice } = intent
  return { what: 'created', catalogItemId, after: { unitCost, unitPrice } }
}

/** The sync as a whole failed: the run says why (F10). */
async function recordFailure(ctx: ProductSyncContext, runId: string, error: unknown): Promise<void> {
  const note =
    error instanceof ProductError
      ? `${error.detail} ${errorKinds[error.code].remedy}`
      : `${errorKinds.unexpected.meaning}, reference ${ctx.log.unexpected(error, { runId })}`
  await finishProductRun(ctx.db, ctx.organisationId, runId, { unchanged: 0, floor: 'Error', note })
}
