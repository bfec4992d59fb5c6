/** Catalog items that a plan needs first (D2, D7, D8). */
import type { AppliedChange } from '#db/values.ts'
import type { CreateCatalogItemChange } from '#lib/billing/types.ts'
import { checkSetup } from '#lib/connectwise/setup-ids.ts'
import { createOnce } from '#lib/ledger/create-once.ts'
import * as writeFindings from '#lib/ledger/findings.ts'
import { applied, skuKey, type Work } from './work.ts'

/** By SKU (trimmed, lower case): the new item's id, or why there is none. */
export interface CreatedItems {
  readonly ids: ReadonlyMap<string, number>
  readonly failures: ReadonlyMap<string, string>
  readonly applied: AppliedChange[]
}

export const createCatalogItems = async (
  work: Work,
  changes: readonly CreateCatalogItemChange[],
): Promise<CreatedItems> => {
  const ids = new Map<string, number>()
  const failures = new Map<string, string>()
  const results: AppliedChange[] = []
  for (const change of changes) {
    const created = await createCatalogItem(work, change)
    work.pass()
    results.push(created.result)
    if (created.id !== null) ids.set(skuKey(change.sku), created.id)
    if (created.failure !== null) failures.set(skuKey(change.sku), created.failure)
  }
  return { ids, failures, applied: results }
}

interface Created {
  readonly result: AppliedChange
  readonly id: number | null
  readonly failure: string | null
}

const createCatalogItem = async (work: Work, change: CreateCatalogItemChange): Promise<Created> => {
  if (!(await work.mayWrite())) return { result: applied(change, 'not-sent'), id: null, failure: null }
  const { connectWise } = work.writing.ctx
  const setup = checkSetup(await connectWise.setupRecords(change), change)
  if (!setup.usable)
    return {
      result: applied(change, 'refused', { message: setup.message }),
      id: null,
      failure: setup.message,
    }
  await work.noteWrite(`Creating product ${change.sku}`)
  const written = await createOnce(work.writing, change, () =>
    connectWise.createCatalogItem(change, setup.ids),
  )
  if (written.outcome === 'kept')
    return { result: applied(change, 'kept'), id: written.item.id, failure: null }
  if (written.outcome === 'open') {
    const failure = writeFindings.productFailure('another sync is creating it and has no answer yet')
    return { result: applied(change, 'not-sent', { message: failure }), id: null, failure }
  }
  if (written.outcome === 'done')
    return { result: applied(change, 'done'), id: written.result.id, failure: null }
  if (written.outcome === 'unknown') work.interrupted = { by: 'unknown' }
  const failure = written.outcome === 'refused' ? writeFindings.productFailure(written.message) : null
  return {
    result: applied(change, written.outcome, { message: failure ?? written.message }),
    id: null,
    failure,
  }
}
