/** An annual invoice's lines, and what was written of lines that it does not have any more: each with its product, and what stops it. */
import * as months from '../findings.ts'
import { type SubscriptionKey, subscriptionKey } from '../keys.ts'
import { motionOfLine } from '../motion.ts'
import { type ProductLookup, productName, type Resolution, type ResolvedProduct } from '../products.ts'
import type { AdditionProduct } from '../step-rules.ts'
import type { Finding, InvoiceLine } from '../types.ts'
import * as findings from './annual-findings.ts'
import type { AnnualInvoice, AnnualSituation } from './annual-situation.ts'
import type { Turn } from './carried.ts'
import { type IdentifiedLine, identified, identityKey } from './line-identity.ts'

/** Whose an entry is; equal for those of one row. */
export interface EntryOwner {
  readonly id: SubscriptionKey
  readonly subscriptionId: string
  readonly tenantId: string
  /** `null` where it could not be resolved. */
  readonly product: ResolvedProduct | null
  readonly name: string
}

export interface Entry {
  /** `null`: the invoice does not have it any more. */
  readonly of: IdentifiedLine | null
  readonly is: IdentifiedLine['is']
  /** What was written of it. */
  readonly turns: readonly Turn[]
  readonly owner: EntryOwner
  /** What an addition of it is of. */
  readonly billedAs: AdditionProduct
  /** Why nothing can be written of it. */
  readonly stop: Finding | null
}

export type TurnsByLine = ReadonlyMap<string, readonly Turn[]>

/** @param lines those of the invoice that are planned */
export const entriesOf = (
  situation: AnnualSituation,
  invoice: AnnualInvoice,
  lines: readonly IdentifiedLine[],
  turns: TurnsByLine,
  lookup: ProductLookup,
): Entry[] => {
  const offers = Map.groupBy(invoice.lines, ({ subscriptionId }) => subscriptionKey(subscriptionId))
  const hasSeveralOffers = (id: SubscriptionKey): boolean =>
    new Set(offers.get(id)?.map(({ offerName }) => offerName.trim())).size > 1
  return [
    ...lines.map((of): Entry => {
      const { line, is } = of
      const resolution = lookup.resolve(line, hasSeveralOffers(subscriptionKey(is.subscriptionId)))
      const product = 'product' in resolution ? resolution.product : null
      const { subscriptionId, tenantId, offerName } = line
      const name = product?.name ?? productName(offerName)
      const isFresh = !turns.has(identityKey(is))
      return {
        of,
        is,
        turns: turns.get(identityKey(is)) ?? [],
        owner: { id: subscriptionKey(is.subscriptionId), subscriptionId, tenantId, product, name },
        billedAs: {
          sku: product?.sku ?? '',
          catalogItemId: product?.item?.id ?? null,
          taxable: product?.item?.taxable ?? situation.options.defaults.taxable,
        },
        stop: stopOf(invoice, line, resolution) ?? (isFresh ? unreadableFor(situation, of) : null),
      }
    }),
    ...goneEntries(situation, invoice, turns, lookup),
  ]
}

const stopOf = ({ contested }: AnnualInvoice, line: InvoiceLine, resolution: Resolution): Finding | null => {
  const customers = contested?.[subscriptionKey(line.subscriptionId)]
  if (customers) return months.lineContested(customers)
  const motion = motionOfLine(line)
  if (motion === 'unclear') return months.billingCycleMissing(line.row)
  if (motion !== 'annual') return findings.lineNotAtOnce(line)
  return 'finding' in resolution ? resolution.finding : null
}

/** An addition that cannot be read and may bill the line already: not known is not none. */
const unreadableFor = (
  { unreadableAdditions = [], owned }: AnnualSituation,
  { line, is }: IdentifiedLine,
): Finding | null => {
  const ours = new Set<number | null>(owned.map(({ additionId }) => additionId))
  const odd = unreadableAdditions.find(
    ({ id, serialNumber, cancelledDate }) =>
      !ours.has(id) &&
      (serialNumber === null || subscriptionKey(serialNumber) === is.subscriptionId) &&
      (cancelledDate === null || cancelledDate >= line.first),
  )
  return odd === undefined ? null : findings.unreadable(odd)
}

const goneEntries = (
  { subscriptions, options }: AnnualSituation,
  invoice: AnnualInvoice,
  turns: TurnsByLine,
  lookup: ProductLookup,
): Entry[] => {
  const there = new Set(identified(invoice).map(({ is }) => identityKey(is)))
  return [...turns].flatMap(([key, of]): Entry[] => {
    const [first] = of
    if (first === undefined || first.is.invoiceId !== invoice.invoiceId || there.has(key)) return []
    const { is, held } = of.findLast((each) => each.held !== null) ?? first
    const item = lookup.item(held?.addition?.catalogItemId ?? 0)
    const known = item && lookup.productOf(item)
    const sku = known?.sku ?? item?.vendorSku.trim() ?? ''
    const name = known?.name ?? item?.identifier ?? 'Annual term'
    const product = item && {
      key: `item:${item.id}`,
      productId: known?.productId ?? '',
      sku,
      name,
      item,
      missing: null,
    }
    const owned = subscriptions.find(({ id }) => subscriptionKey(id) === is.subscriptionId)
    return [
      {
        of: null,
        is,
        turns: of,
        owner: {
          id: subscriptionKey(is.subscriptionId),
          subscriptionId: held?.addition?.serialNumber ?? is.subscriptionId,
          tenantId: owned?.tenantId ?? '',
          product: product ?? null,
          name,
        },
        billedAs: {
          sku,
          catalogItemId: held?.addition?.catalogItemId ?? null,
          taxable: held?.taxable ?? options.defaults.taxable,
        },
        stop: null,
      },
    ]
  })
}
