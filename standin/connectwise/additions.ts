/** The rules of additions beyond their table (docs/facts/connectwise.md, "Errors" and "Records"). */

import { dayOf } from './days.ts'
import { agreementTerms, billStartOf } from './derived.ts'
import { invalidObject } from './errors.ts'
import * as inferred from './inferred.ts'
import type { Row } from './records.ts'
import { referenceId } from './show.ts'
import type { Store } from './store.ts'
import type { Draft } from './write.ts'

const beforeBillStart = 'effectiveDate cannot be less than the agreement billing start date'
const alreadyInvoiced =
  'Since this period has already been invoiced there will not be an invoice generated for additional products for this period. ' +
  'Please prorate the agreement or update the start date to on or after the Next Invoice Date.'

/** What an addition takes from its catalog item where the client names nothing. */
export function completeAddition(draft: Draft, store: Store): Draft {
  const item = store.get('catalog', referenceId(draft.product) ?? -1)
  if (item === undefined) return draft
  const unit = store.get('unitOfMeasures', referenceId(item.unitOfMeasure) ?? -1)
  return {
    ...draft,
    quantity: draft.quantity ?? inferred.defaultQuantity,
    lessIncluded: draft.lessIncluded ?? 0,
    unitPrice: draft.unitPrice ?? item.price ?? 0,
    unitCost: draft.unitCost ?? item.cost ?? 0,
    taxableFlag: draft.taxableFlag ?? item.taxableFlag ?? false,
    description: draft.description ?? item.customerDescription,
    invoiceDescription: draft.invoiceDescription ?? item.customerDescription,
    uom: draft.uom ?? unit?.name ?? null,
  }
}

/**
 * What a PATCH to another product takes from its catalog item again (docs/facts/connectwise.md,
 * "Verbs and PATCH").
 */
export function takenAnew(before: Row, changes: Draft, store: Store): Draft {
  const product = referenceId(changes.product)
  if (product === null || product === referenceId(before.product)) return {}
  const { unitPrice, unitCost, description, invoiceDescription } = completeAddition(
    { product: changes.product },
    store,
  )
  return { unitPrice, unitCost, description, invoiceDescription }
}

/** Refuses an addition that the agreement does not take. `before` is the stored addition of an update. */
export function checkAddition(draft: Draft, agreement: Row, before: Row | null, store: Store): void {
  const item = store.get('catalog', referenceId(draft.product) ?? -1)
  if (item?.productClass === 'Bundle') throw refusal('product', 'A bundle cannot be an addition.')
  const effective = dayOf(draft.effectiveDate)
  if (effective === null) return
  if (effective < billStartOf(agreement)) throw refusal('effectiveDate', beforeBillStart)
  const changed = inferred.datesAnew(before === null ? null : dayOf(before.effectiveDate), effective)
  const terms = agreementTerms(agreement, store)
  if (changed && !terms.prorateFlag && effective < terms.nextInvoiceDate)
    throw refusal('effectiveDate', alreadyInvoiced)
}

function refusal(field: string, message: string) {
  return invalidObject('addition', [
    { code: inferred.additionRefusalCode, message, resource: 'addition', field },
  ])
}
