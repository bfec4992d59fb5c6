/**
 * One write: its intent is stored, one request goes out, its outcome is stored (docs/applying.md, "Writes").
 */
import { type Intent, insertIntent, type LedgerChange, settleChange } from '#db/ledger/changes.ts'
import { ProductError } from '#lib/base/errors.ts'
import { noSubscription, type SubscriptionKey } from '#lib/billing/keys.ts'
import type {
  Addition,
  AdditionWrite,
  CatalogItem,
  Change,
  CreateCatalogItemChange,
} from '#lib/billing/types.ts'
import type { UpdateCatalogItemChange } from '#lib/catalog/types.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { CatalogRecord } from '#lib/connectwise/values.ts'
import type { LedgerContext } from './context.ts'
import type { Lease } from './lease.ts'

/** Where a write belongs; what its ledger row says beside the change itself. */
export interface Writing {
  readonly ctx: LedgerContext
  readonly lease: Lease
  readonly about: Pick<Intent, 'agreementId' | 'runId' | 'period' | 'invoiceId'> & {
    /** The round whose plan is carried out; `null` for the catalog's own writes. */
    readonly round: number | null
  }
}

/** In the ledger, the agreement of what belongs to none: the catalog's own writes. */
export const CATALOG = 0

export type Written<T> =
  | { readonly outcome: 'done'; readonly result: T }
  | { readonly outcome: 'refused' | 'unknown'; readonly message: string }

/** Sends one change of an addition; a draft names its catalog item by now. @param position of the change in its round's plan. Throws `lease-lost` before anything is sent. */
export const writeAddition = async (
  writing: Writing,
  position: number,
  subscriptionId: SubscriptionKey,
  change: AdditionWrite,
): Promise<Written<Addition | null>> => {
  const before = change.kind === 'create' ? null : change.before
  const additionId = change.kind === 'create' ? null : change.additionId
  const lots = 'lots' in change ? (change.lots ?? null) : null
  const id = await intend(writing, { position, subscriptionId, intent: change, before, additionId, lots })
  return send(
    writing,
    id,
    () => request(writing, change),
    (after) => ({
      after,
      additionId: after?.id ?? additionId,
    }),
  )
}

/** Writes cost and price of a catalog item (D3), and the Vendor SKU of one that is taken over. */
export const writeAmounts = async (
  writing: Writing,
  change: UpdateCatalogItemChange,
): Promise<Written<CatalogRecord>> => {
  const id = await intend(writing, { position: null, subscriptionId: noSubscription, intent: change })
  const { catalogItemId, after, vendorSku } = change
  const values = vendorSku === undefined ? after : { ...after, vendorSku: vendorSku.after }
  return send(
    writing,
    id,
    () => writing.ctx.connectWise.updateCatalogItem(catalogItemId, values),
    (catalogItem) => ({ catalogItem }),
  )
}

/** Creates a catalog item through `create`. @param position of the change in its round's plan */
export const writeCatalogItem = async (
  writing: Writing,
  position: number | null,
  change: CreateCatalogItemChange,
  create: () => Promise<CatalogRecord>,
): Promise<Written<CatalogRecord>> => {
  const id = await intend(writing, { position, subscriptionId: noSubscription, intent: change })
  return send(writing, id, create, (catalogItem) => ({ catalogItem }))
}

/** Notes that a catalog item need not be created (the one that is there), or why it was not even asked for. */
export const noteCreation = async (
  writing: Writing,
  position: number | null,
  change: CreateCatalogItemChange,
  came: { readonly catalogItem: CatalogItem } | { readonly message: string },
): Promise<void> => {
  const outcome = 'catalogItem' in came ? 'kept' : 'not-sent'
  await intend(writing, { position, subscriptionId: noSubscription, intent: change, ...came }, outcome)
}

/** Notes that an addition is ours from now on, which needs no request: it carries the serial number already. */
export const noteAdoption = async (
  writing: Writing,
  position: number,
  subscriptionId: SubscriptionKey,
  change: Extract<Change, { kind: 'keep' }>,
): Promise<void> => {
  const { additionId, addition, lots = null } = change
  await intend(
    writing,
    { position, subscriptionId, intent: change, additionId, before: addition, after: addition, lots },
    'done',
  )
}

type Intended = Pick<Intent, 'position' | 'subscriptionId' | 'intent'> &
  Partial<Pick<Intent, 'before' | 'after' | 'additionId' | 'lots' | 'catalogItem' | 'message'>>

const intend = async (
  { ctx, lease, about }: Writing,
  intended: Intended,
  outcome: 'pending' | 'done' | 'kept' | 'not-sent' = 'pending',
): Promise<number> => {
  const intent = {
    ...about,
    ...intended,
    program: ctx.program.slug,
    leaseToken: lease.token,
    kind: intended.intent.kind,
  }
  const id = lease.isLost()
    ? null
    : await insertIntent(ctx.db, ctx.organisationId, lease.resource, intent, outcome)
  if (id === null)
    throw new ProductError(
      'lease-lost',
      about.agreementId === CATALOG
        ? 'The catalog was taken over.'
        : `Agreement ${about.agreementId} was taken over.`,
    )
  return id
}

const send = async <T>(
  { ctx }: Writing,
  id: number,
  ask: () => Promise<T>,
  found: (result: T) => Partial<Pick<LedgerChange, 'after' | 'additionId' | 'catalogItem'>>,
): Promise<Written<T>> => {
  try {
    const result = await ask()
    await settleChange(ctx.db, ctx.organisationId, id, { outcome: 'done', ...found(result) })
    return { outcome: 'done', result }
  } catch (error) {
    if (!(error instanceof ConnectWiseError)) throw error
    const outcome = error.outcome === 'refused' ? 'refused' : 'unknown'
    await settleChange(ctx.db, ctx.organisationId, id, { outcome, message: error.message })
    return { outcome, message: error.message }
  }
}

const request = async ({ ctx, about }: Writing, change: AdditionWrite): Promise<Addition | null> => {
  const { connectWise } = ctx
  const { agreementId } = about
  switch (change.kind) {
    case 'create': {
      const { catalogItemId } = change.addition
      if (catalogItemId === null) throw new Error('A draft was sent before its catalog item was known')
      return connectWise.createAddition(agreementId, { ...change.addition, catalogItemId })
    }
    case 'end':
      return connectWise.patchAddition(agreementId, change.additionId, {
        cancelledDate: change.cancelledDate,
      })
    case 'update':
      return connectWise.patchAddition(agreementId, change.additionId, change.set)
    case 'delete':
      await connectWise.deleteAddition(agreementId, change.additionId)
      return null
  }
}
