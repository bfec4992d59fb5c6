/** ConnectWise's fields as its screens label them (spec/prism-connect-guide, facts/connectwise-api 9). */
import type { z } from 'zod'

/** Labels that are not the field's own name in words. */
const labels: Readonly<Record<string, string>> = {
  identifier: 'Product ID',
  vendorSku: 'Vendor SKU',
  cost: 'Unit Cost',
  price: 'Unit Price',
  agreementStatus: 'Status',
  prorateFlag: 'Prorate Agreement',
  taxableFlag: 'Taxable',
  inactiveFlag: 'Inactive',
  cancelledFlag: 'Cancelled',
  noEndingDateFlag: 'No Ending Date',
  billStartDate: 'Billing Start Date',
  dateCancelled: 'Cancelled Date',
  id: 'the number of the record',
}

/** `effectiveDate` -> `Effective Date`. */
export function labelOf(field: string): string {
  const words = field.replace(/([a-z])([A-Z])/g, '$1 $2')
  return labels[field] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** What of an answer is odd, as the end of a sentence: `Effective Date is missing`. */
export function oddPartOf(value: unknown, error: z.ZodError): string {
  const path = error.issues[0]?.path ?? []
  const field = path.find((key) => typeof key === 'string')
  if (field === undefined) return 'it is not what was asked for'
  const found = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  )
  return `${labelOf(field)} is ${found === undefined || found === null ? 'missing' : 'not understood'}`
}
