/** An addition of ours as the stand-in's billing engine reads it. */
import Big from 'big.js'
import type { AdditionTerms } from '#standin/connectwise/billing.ts'
import type { Addition, Day } from '../types.ts'

/** @param startDate of the agreement: an addition without a date began with it */
export const engineTerms = (each: Addition, startDate: Day): AdditionTerms => ({
  id: each.id,
  serialNumber: each.serialNumber,
  product: { id: each.catalogItemId, identifier: `${each.catalogItemId}` },
  description: each.invoiceDescription,
  billCustomer: each.billCustomer,
  quantity: new Big(each.quantity),
  lessIncluded: new Big(each.lessIncluded),
  unitPrice: new Big(each.unitPrice),
  unitCost: new Big(each.unitCost),
  effective: each.effectiveDate ?? startDate,
  cancelled: each.cancelledDate,
})
