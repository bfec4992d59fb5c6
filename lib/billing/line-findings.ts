/** What can be wrong with a line of an invoice, or with its product. */

import { finding } from './finding.ts'
import { monthName, shortDay, unitPriceText } from './format.ts'
import type { BadLine, Finding, InvoiceLine, Money, Period, UnreadableItem } from './types.ts'

/** D6. */
export const multipleProducts = (sku: string): Finding =>
  finding(
    'multiple-products',
    'error',
    `There are multiple products in the ConnectWise product catalog with the VendorSku of '${sku}'`,
    'Inactive items count too.',
    'Remove or change the Vendor SKU of the catalog item that does not match the PRISM product.',
  )

/** D4. */
export const productRetired = (name: string): Finding =>
  finding(
    'product-retired',
    'error',
    'Failed to get or create the product in ConnectWise: the product is no longer on the PRISM price list',
    `The invoice calls it '${name}'.`,
    'Ask rhipe for the SKU of the retired product, create or choose the catalog item, and enter the SKU as its Vendor SKU.',
  )

/** Several products of the price list have the offer's name. */
export const productUnknown = (name: string): Finding =>
  finding(
    'product-unknown',
    'error',
    `Failed to get or create the product in ConnectWise: several products on the PRISM price list are called '${name}'`,
    'PRISM invoices name the offer only, and the subscription has lines of several offers.',
    'Ask rhipe which SKU this subscription has, and in ConnectWise write the subscription id into the Serial Number of the addition that bills it.',
  )

/** Its catalog item, or one that may be its, is there and cannot be read: it is not missing. */
export const productUnreadable = (sku: string, { record, reason, vendorSku }: UnreadableItem): Finding =>
  finding(
    'product-unreadable',
    'error',
    vendorSku === null
      ? `A product in the ConnectWise product catalog cannot be read (${record}): ${reason}`
      : `The product with the Vendor SKU '${sku}' in the ConnectWise product catalog cannot be read (${record}): ${reason}`,
    vendorSku === null && sku !== ''
      ? `It may be the one with the Vendor SKU '${sku}', so none was created.`
      : 'Nothing was created in its place, and nothing of this subscription was written.',
    'Open it in ConnectWise under Procurement › Product Catalog and correct what is named, then sync again.',
  )

/** F4: the file has the column and the field is empty. */
export const billingCycleMissing = (row: number): Finding =>
  finding(
    'billing-cycle-missing',
    'error',
    'The invoice does not say whether this subscription is billed monthly or annually',
    `The column BillingCycle, or one of the columns of the term, is empty in line ${row} of the invoice file.`,
    'Ask rhipe for a corrected invoice; the subscription waits until then.',
  )

/** F4: an older form of the file. */
export const cycleColumnsMissing = (): Finding =>
  finding(
    'cycle-columns-missing',
    'warning',
    'The invoice file lacks billing cycle or term columns; its lines are taken as monthly where it does not say more',
    'Annual subscriptions cannot be told apart in this file.',
    'Check that no annual subscription was synced.',
  )

/** F1: neither a quantity of 1 nor of -1 bills it without a price below zero. */
export const lineRefused = (line: InvoiceLine): Finding =>
  finding(
    'line-refused',
    'error',
    'The invoice has a line for this subscription whose cost and retail price go against each other',
    `Line ${line.row} of the file: retail ${unitPriceText(line.price)}, for ${shortDay(line.first)} to ${shortDay(line.last)}. Its other credits wait with it.`,
    'Ask rhipe for a corrected invoice; or bill it in ConnectWise by hand and skip the month.',
  )

/** docs/billing-rules.md, "Credits and adjustments". @param ids deleted or edited since we wrote them */
export const creditChanged = (how: 'edited' | 'deleted', ids: readonly number[]): Finding =>
  finding(
    'credit-changed',
    'note',
    how === 'deleted'
      ? 'A credit or adjustment was deleted in ConnectWise, and is created again'
      : 'A credit or adjustment was changed in ConnectWise, and is set to what the invoice says again',
    `${ids.length === 1 ? 'Addition' : 'Additions'} ${ids.join(', ')}. ConnectWise has not invoiced the month yet.`,
    'Nothing to do; skip the month of this subscription where it is not to be carried.',
    how === 'edited' ? ids : [],
  )

/** The same: a line without a subscription that a person gave to a customer. @param isKnown whether it is known that ConnectWise has invoiced the month */
export const givenLineWaits = (period: Period, isKnown: boolean, price: Money): Finding =>
  finding(
    'late-month-waits',
    'warning',
    `Lines without a subscription were given to this customer, and their ${unitPriceText(price)} for ${monthName(period)} wait`,
    isKnown
      ? `ConnectWise has invoiced ${monthName(period)} already; so they would be on its next invoice, unless somebody has billed them by hand.`
      : `Whether ConnectWise has invoiced ${monthName(period)} is not known.`,
    'Confirm it, so that they are sent, or skip the month where they were billed otherwise.',
  )

/** The same. @param ids additions of somebody else's that bill the same amount of the month, and of it alone */
export const creditByHand = (period: Period, ids: readonly number[], price: Money): Finding =>
  finding(
    'late-month-waits',
    'warning',
    `Credits and adjustments of ${monthName(period)} may be entered by hand already, so ${unitPriceText(price)} waits`,
    `${ids.length === 1 ? 'Addition' : 'Additions'} ${ids.join(', ')} ${ids.length === 1 ? 'bills' : 'bill'} the same amount of that month, and of no other.`,
    'Confirm it, so that it is sent, or skip the month where they bill it.',
    ids,
  )

/** The same: the month that it is about is not billed here. */
export const creditBeforeStart = (period: Period, price: Money): Finding =>
  finding(
    'begins-later',
    'warning',
    `The subscription begins here after ${monthName(period)}, so its credits and adjustments of ${unitPriceText(price)} are not carried`,
    'What they adjust was billed elsewhere.',
    'Give the amount to the customer where that was billed.',
  )

/** The same. @param open what the invoice says beyond what was billed, retail */
export const creditBilled = (period: Period, open: Money): Finding =>
  finding(
    'credit-billed',
    'warning',
    `ConnectWise has invoiced ${monthName(period)}, so its credits and adjustments stay as they were billed: ${unitPriceText(open)} is left`,
    'The invoice was issued again since, or somebody changed or deleted an addition that carries one of them.',
    'Bill or credit the difference in ConnectWise by hand.',
  )

const placeOf = ({ row, column }: BadLine): string =>
  column === null ? `Line ${row}` : `Line ${row}, column ${column}`
const amountsOf = ({ cost, price }: BadLine): string =>
  cost === null && price === null
    ? 'Its amount cannot be read.'
    : `It charges ${price ?? 'an amount that cannot be read'} at retail price (cost ${cost ?? 'cannot be read'}).`

/** docs/billing-rules.md, "Lines": a field of one of its lines is missing or unreadable. */
export const lineUnreadable = (line: BadLine): Finding =>
  finding(
    'line-unreadable',
    'error',
    'The invoice has a line for this subscription that cannot be read',
    `${placeOf(line)}: ${line.reason}. ${amountsOf(line)} Nothing of this subscription was changed.`,
    'Ask rhipe for a corrected invoice; until it comes this subscription stays as it is, and its later months wait.',
  )

/**
 * docs/billing-rules.md, "Lines": of a customer of this agreement, in a file that a person picked all the
 * same.
 */
export const lineUnplaced = (line: BadLine): Finding =>
  finding(
    'line-unplaced',
    'warning',
    `Line ${line.row} of the invoice file names no subscription, so nobody is billed for it`,
    `${placeOf(line)}: ${line.reason}. ${amountsOf(line)}`,
    'Bill it by hand in ConnectWise if the customer should pay for it, or ask rhipe for a corrected invoice.',
  )

/** The same, and its product and customer are this subscription's. */
export const lineMayBeIts = (line: BadLine): Finding =>
  finding(
    'line-may-be-its',
    'error',
    'The invoice has a line without a subscription id that may be this subscription’s',
    `${placeOf(line)}: ${line.reason}. ${amountsOf(line)} Nothing of this subscription was changed.`,
    'Ask rhipe for a corrected invoice; until it comes this subscription stays as it is, and its later months wait.',
  )

/** The same line several times: followed, and shown. */
/** docs/billing-rules.md, "Whose line". @param customers who has a claim to the lines */
export const lineContested = (customers: readonly string[]): Finding =>
  finding(
    'line-contested',
    'error',
    `It is not clear whose this subscription is: ${listed(customers)}`,
    customers.length === 1
      ? 'Only some of its lines on the invoice name this customer. Nothing of it was written.'
      : 'The invoice and PRISM’s subscriptions disagree. Nothing of it was written on any agreement.',
    'Say whose it is under Microsoft CSP, Invoices.',
  )

export const domainLearned = (domain: string): Finding =>
  finding(
    'domain-learned',
    'note',
    `The invoice calls its customer ${domain}, which PRISM does not list`,
    'Its subscription tells whose it is; from now on the domain counts as a former one of the customer.',
    'Nothing to do, if the customer was once called so.',
  )

export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

export const lineTwice = (rows: readonly number[]): Finding =>
  finding(
    'line-twice',
    'note',
    `The invoice has the same line ${rows.length === 2 ? 'twice' : `${rows.length} times`}; each counts`,
    `Lines ${rows.join(', ')} of the file are equal.`,
    'Ask rhipe if the subscription is not meant to be charged that often.',
  )

/** A double cannot hold it. */
export const priceCut = (from: string, to: Money): Finding =>
  finding(
    'price-cut',
    'note',
    `Unit price ${from} is written as ${to}`,
    'ConnectWise cannot hold more digits. What that makes is part of the rounding.',
    'Nothing to do.',
  )

/** The file's own amount is the truth; a recomputation that is off by more than a cent is shown. */
export const amountDiffers = (line: InvoiceLine, computed: Money): Finding =>
  finding(
    'amount-differs',
    'warning',
    `Line ${line.row} of the invoice charges ${unitPriceText(line.price)} where quantity, price and days make ${unitPriceText(computed)}`,
    'The amount in the file is what PRISM charges.',
    'Ask rhipe about the line; the difference is listed as unexplained.',
  )
