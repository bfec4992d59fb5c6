/**
 * Settling writes whose outcome is not known (docs/applying.md, "Unknown outcomes"): ConnectWise has no
 * idempotency key, so an unanswered write is never sent again blindly. After the time in which a late commit
 * would show, the agreement's additions tell what took place.
 */
import { setTimeout as pause } from 'node:timers/promises'
import {
  claimedAdditionIds,
  type LedgerChange,
  noteUnanswered,
  settleChange,
  type UnsettledChange,
  unsettledChanges,
} from '#db/ledger/changes.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Addition, AdditionDraft, AdditionPatch, UnreadableAddition } from '#lib/billing/types.ts'
import type { ListedAdditions } from '#lib/connectwise/values.ts'
import type { LedgerContext } from './context.ts'
import { CATALOG } from './write.ts'

export interface SettledChange {
  /** `unknown`: what could tell cannot be read; it is looked at again at the next sync. */
  readonly outcome: 'done' | 'lost' | 'unknown'
  readonly change: Pick<UnsettledChange, 'runId' | 'intent'>
  /** Of a catalog item that was found as it was to be written. */
  readonly catalogItemId: number | null
}

/** Waited for at once; what takes longer is for another job. */
const longestWaitMs = 5_000

/**
 * Settles every unsettled write of the agreement (or of the catalog) and returns them as settled, oldest first. Where the time
 * in which one of them may still show is not over for long, it says when it is, and has settled none. Call it as the only writer.
 */
export const settle = async (
  ctx: LedgerContext,
  agreementId: number,
): Promise<readonly SettledChange[] | Exclude<JobEnd, 'done'>> => {
  const { db, organisationId, program, connectWise } = ctx
  const open = await unsettledChanges(db, organisationId, program.slug, agreementId)
  if (open.length === 0) return []
  if (open.some(({ outcome }) => outcome === 'pending'))
    await noteUnanswered(db, organisationId, program.slug, agreementId)
  const againInMs = longestLeft(ctx, open)
  if (againInMs > longestWaitMs) return { againInMs }
  await pause(againInMs)
  const settled: SettledChange[] = []
  const listed = agreementId === CATALOG ? nothingListed : await connectWise.additions(agreementId)
  const claimed = new Set(await claimedAdditionIds(db, organisationId, program.slug, agreementId))
  for (const change of open) {
    const found = await findOutcome(ctx, change, listed, claimed)
    if (found === null) {
      settled.push({ outcome: 'unknown', change, catalogItemId: null })
      continue
    }
    if (found.outcome === 'done' && change.kind === 'create' && found.additionId)
      claimed.add(found.additionId)
    await settleChange(db, organisationId, change.id, found)
    ctx.log.info('write-settled', {
      agreementId,
      change: change.id,
      kind: change.kind,
      outcome: found.outcome,
    })
    settled.push({ outcome: found.outcome, change, catalogItemId: found.catalogItem?.id ?? null })
  }
  return settled
}

/** Milliseconds; a late commit shows within twice the time in which an answer is waited for. */
const longestLeft = ({ settings }: LedgerContext, open: readonly UnsettledChange[]): number =>
  open.reduce(
    (longest, { unansweredMs }) => Math.max(longest, 2 * settings.connectWiseTimeoutMs - unansweredMs),
    0,
  )

type Settled = Partial<Pick<LedgerChange, 'additionId' | 'after' | 'catalogItem'>> & {
  outcome: 'done' | 'lost'
}

const nothingListed: ListedAdditions = { additions: [], unreadable: [] }

/** `null` where what could tell cannot be read: it is neither done nor lost. */
const findOutcome = async (
  ctx: LedgerContext,
  change: UnsettledChange,
  { additions, unreadable }: ListedAdditions,
  claimed: ReadonlySet<number>,
): Promise<Settled | null> => {
  const { intent } = change
  const byId = (id: number): Addition | undefined => additions.find((each) => each.id === id)
  const mayBe = (id: number): boolean => unreadable.some((each) => each.id === null || each.id === id)
  switch (intent.kind) {
    case 'create': {
      const known = new Set(change.knownAdditionIds)
      const created = additions
        .filter(
          (each) => !known.has(each.id) && !claimed.has(each.id) && isCreatedFrom(each, intent.addition),
        )
        .sort((a, b) => a.id - b.id)[0]
      if (created) return { outcome: 'done', additionId: created.id, after: created }
      const mayBeIt = ({ id, serialNumber, catalogItemId }: UnreadableAddition): boolean =>
        (id === null || !(known.has(id) || claimed.has(id))) &&
        (serialNumber === null || sameSerial(serialNumber, intent.addition.serialNumber)) &&
        (catalogItemId === null || catalogItemId === intent.addition.catalogItemId)
      return unreadable.some(mayBeIt) ? null : { outcome: 'lost' }
    }
    case 'end':
    case 'update': {
      const now = byId(intent.additionId)
      if (!now && mayBe(intent.additionId)) return null
      const set = intent.kind === 'end' ? { cancelledDate: intent.cancelledDate } : intent.set
      return now && carries(now, set) ? { outcome: 'done', after: now } : { outcome: 'lost' }
    }
    case 'delete':
      if (byId(intent.additionId)) return { outcome: 'lost' }
      return mayBe(intent.additionId) ? null : { outcome: 'done' }
    case 'createCatalogItem': {
      const { items, unreadable: odd } = await ctx.connectWise.catalogByVendorSku([intent.sku])
      const [item] = items
      if (item === undefined && odd.length > 0) return null
      return item ? { outcome: 'done', catalogItem: item } : { outcome: 'lost' }
    }
    case 'updateCatalogItem': {
      const { items, unreadable: odd } = await ctx.connectWise.catalogByIds([intent.catalogItemId])
      const [item] = items
      if (item === undefined && odd.length > 0) return null
      const isWritten =
        item !== undefined &&
        sameDecimal(item.unitCost, intent.after.unitCost) &&
        sameDecimal(item.unitPrice, intent.after.unitPrice) &&
        (intent.vendorSku === undefined || skuKey(item.vendorSku) === skuKey(intent.vendorSku.after))
      return isWritten ? { outcome: 'done', catalogItem: item } : { outcome: 'lost' }
    }
    case 'keep':
      return { outcome: 'done' }
  }
}

const sameSerial = (a: string, b: string): boolean => subscriptionKey(a) === subscriptionKey(b)
const sameDecimal = (a: string, b: string): boolean => decimal(a).eq(b)

/** Equal in serial number, product, dates, quantity and prices. */
const isCreatedFrom = (addition: Addition, draft: AdditionDraft): boolean =>
  addition.catalogItemId === draft.catalogItemId &&
  sameSerial(addition.serialNumber, draft.serialNumber) &&
  addition.effectiveDate === draft.effectiveDate &&
  addition.cancelledDate === draft.cancelledDate &&
  sameDecimal(addition.quantity, draft.quantity) &&
  sameDecimal(addition.unitCost, draft.unitCost) &&
  sameDecimal(addition.unitPrice, draft.unitPrice)

const carries = (addition: Addition, set: AdditionPatch): boolean =>
  (set.serialNumber === undefined || sameSerial(addition.serialNumber, set.serialNumber)) &&
  (set.cancelledDate === undefined || addition.cancelledDate === set.cancelledDate) &&
  (set.quantity === undefined || sameDecimal(addition.quantity, set.quantity)) &&
  (set.lessIncluded === undefined || sameDecimal(addition.lessIncluded, set.lessIncluded)) &&
  (set.effectiveDate === undefined || addition.effectiveDate === set.effectiveDate) &&
  (set.billCustomer === undefined || addition.billCustomer === set.billCustomer) &&
  (set.unitCost === undefined || sameDecimal(addition.unitCost, set.unitCost)) &&
  (set.unitPrice === undefined || sameDecimal(addition.unitPrice, set.unitPrice))
