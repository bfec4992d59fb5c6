/** Every message that a plan can carry, with what to do about it (G3). Where requirements give a text, it is that text. */
import { monthName, paddedDay, shortDay, unitPriceText } from './format.ts'
import type {
  BadLine,
  Day,
  Finding,
  FindingCode,
  InvoiceLine,
  Money,
  Period,
  UnreadableAddition,
  UnreadableItem,
} from './types.ts'

const finding = (
  code: FindingCode,
  severity: Finding['severity'],
  message: string,
  detail: string,
  remedy: string,
  additionIds: readonly number[] = [],
): Finding => ({ code, severity, message, detail, remedy, additionIds: [...additionIds] })

/** F6. @param isFirst a repeated sync of the period shows it without raising it again. */
export const priceChanged = (
  of: 'cost' | 'retail',
  from: Money,
  to: Money,
  day: Day,
  isFirst: boolean,
): Finding =>
  finding(
    of === 'cost' ? 'cost-price-changed' : 'retail-price-changed',
    isFirst ? 'warning' : 'note',
    `Subscription ${of} unit price changed from ${unitPriceText(from)} to ${unitPriceText(to)} on ${paddedDay(day)}`,
    'Additions that existed before keep their price.',
    'Review the additions of this subscription in ConnectWise before you invoice the customer.',
  )

/** F7. */
export const inconsistentAdditions = (detail: string, additionIds: readonly number[]): Finding =>
  finding(
    'inconsistent-additions',
    'error',
    'Unable to sync subscription to ConnectWise because of inconsistent existing additions. Check for gaps in dates or additions starting after this invoice usage period.',
    detail,
    'Remove the additions of this usage month and later from the agreement, then sync again.',
    additionIds,
  )

/** F9. */
export const leftoverAddition = (sku: string, additionId: number): Finding =>
  finding(
    'leftover-addition',
    'error',
    `There is an existing addition for product sku '${sku}' that needs to be cancelled as it is not in the PRISM invoice and ConnectWise has no subscription id (serial number) for accurate match`,
    `Addition ${additionId} was not created by this product and is active in the usage period.`,
    'In ConnectWise, set its Cancelled Date to the day before this usage month, or write the PRISM subscription id into its Serial Number; then sync again.',
    [additionId],
  )

/** F5: several subscriptions, and nothing tells which addition belongs to which. */
export const ambiguousAdditions = (product: string, additionIds: readonly number[]): Finding =>
  finding(
    'ambiguous-additions',
    'error',
    `Several subscriptions have the product '${product}' and the existing additions have no subscription id (serial number) that tells them apart`,
    'Quantities on the first day of the usage period do not pair additions and subscriptions uniquely.',
    'In ConnectWise, write into the Serial Number of each addition the id of the PRISM subscription that it bills; then sync again.',
    additionIds,
  )

/** F5: a serial number that is neither a PRISM subscription id nor ours. */
export const unknownSerialNumber = (serialNumber: string, additionId: number): Finding =>
  finding(
    'unknown-serial-number',
    'error',
    `Addition ${additionId} has the serial number '${serialNumber}', which is no PRISM subscription id`,
    'Its product is on the invoice, so it may already bill one of these subscriptions.',
    'In ConnectWise, write the id of the PRISM subscription that it bills into its Serial Number. Where it bills none, give it another product, or set its Cancelled Date to the day before this usage month. Then sync again.',
    [additionId],
  )

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

/** design.md 2a, "Unknown is never zero". */
export const additionUnreadable = ({ id, record, reason }: UnreadableAddition): Finding =>
  finding(
    'addition-unreadable',
    'error',
    `An addition of the agreement cannot be read (${record}): ${reason}`,
    'It may be billed already, so nothing was written for whoever it may belong to.',
    'Open the addition in ConnectWise and correct what is named, then sync again.',
    id === null ? [] : [id],
  )

/** F3: already invoiced by ConnectWise, and different. */
export const azureAlreadyInvoiced = (period: Period, additionId: number): Finding =>
  finding(
    'azure-already-invoiced',
    'error',
    `The Azure addition of ${monthName(period)} was already invoiced in ConnectWise with another amount`,
    `Addition ${additionId} was not changed.`,
    'Settle the difference with the customer by hand, or delete the ConnectWise invoice and sync again.',
    [additionId],
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

/** F4. */
export const turnedAnnual = (subscriptionId: string, additionIds: readonly number[]): Finding =>
  finding(
    'turned-annual',
    'warning',
    `Subscription ${subscriptionId} is annual now and is ignored, but has open additions`,
    'Annual subscriptions are not synced; their additions are never changed.',
    'Bill the annual term in ConnectWise by hand, and set the Cancelled Date of the additions that must not run on.',
    additionIds,
  )

/** F1: a person picked the invoice all the same. */
export const lineRefused = (line: InvoiceLine, why: 'negative' | 'outside'): Finding =>
  finding(
    'line-refused',
    'error',
    why === 'negative'
      ? 'The invoice has a negative line for this subscription'
      : 'The invoice has a line outside its usage month for this subscription',
    `Line ${line.row} of the file: ${line.quantity} from ${shortDay(line.first)} to ${shortDay(line.last)}, ${line.price}.`,
    'Ask rhipe for a corrected invoice; the subscription waits until then, and what it is to be billed meanwhile is entered in ConnectWise by hand.',
  )

const placeOf = ({ row, column }: BadLine): string =>
  column === null ? `Line ${row}` : `Line ${row}, column ${column}`
const amountsOf = ({ cost, price }: BadLine): string =>
  cost === null && price === null
    ? 'Its amount cannot be read.'
    : `It charges ${price ?? 'an amount that cannot be read'} at retail price (cost ${cost ?? 'cannot be read'}).`

/** design.md 2, Lines: a field of one of its lines is missing or unreadable. */
export const lineUnreadable = (line: BadLine): Finding =>
  finding(
    'line-unreadable',
    'error',
    'The invoice has a line for this subscription that cannot be read',
    `${placeOf(line)}: ${line.reason}. ${amountsOf(line)} Nothing of this subscription was changed.`,
    'Ask rhipe for a corrected invoice; until it comes this subscription stays as it is, and its later months wait.',
  )

/** design.md 2, Lines: of a customer of this agreement, in a file that a person picked all the same. */
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

/** design.md 3: an agreement that ended before the period. */
export const agreementEnded = (endDate: Day): Finding =>
  finding(
    'agreement-ended',
    'error',
    `The agreement ended on ${shortDay(endDate)}, before this usage period`,
    'Nothing can be billed on it any more.',
    'Map the customer to another agreement, or extend this one in ConnectWise.',
  )

/** F12. */
export const earlierPeriodFailed = (period: Period): Finding =>
  finding(
    'earlier-period-failed',
    'error',
    `The invoice for ${monthName(period)} usage could not be synced for this subscription, so this one waits`,
    'Invoices are applied in chronological order.',
    `Mend what failed in ${monthName(period)}, then sync again: this month follows.`,
  )

/** F6: shown, not raised. */
export const priceDiffers = (additionId: number, held: Money, prism: Money): Finding =>
  finding(
    'price-differs',
    'note',
    `Addition ${additionId} bills ${unitPriceText(held)} a unit, PRISM's retail price is ${unitPriceText(prism)}`,
    'The price of an existing addition is not changed.',
    'Change the Unit Price of the addition in ConnectWise if the customer should pay the new one.',
    [additionId],
  )

/** F6: the quantity changed, so the addition is replaced at PRISM's price. */
export const priceReplaced = (additionId: number, held: Money, prism: Money): Finding =>
  finding(
    'price-replaced',
    'warning',
    `Addition ${additionId} at ${unitPriceText(held)} a unit is replaced by one at PRISM's price of ${unitPriceText(prism)}`,
    'Prices written are those of the PRISM invoice; there are no prices per customer.',
    'Set the Unit Price of the new addition in ConnectWise if the customer has a price of their own.',
    [additionId],
  )

/** F19. */
export const notBilled = (additionId: number, part: string, why: string, isFirst: boolean): Finding =>
  finding(
    'not-billed',
    isFirst ? 'warning' : 'note',
    `${part} of addition ${additionId} is not billed: ${why}`,
    'It counts with its whole quantity; replacements inherit this.',
    'Change Bill Customer or Less Included of the addition in ConnectWise if the customer should pay for it.',
    [additionId],
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

/** An addition that is neither ours nor a PRISM subscription's: listed, never touched. */
export const additionNotOurs = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} with serial number '${serialNumber}' belongs to no customer mapped to this agreement`,
    'It was not touched.',
    'Nothing to do, unless it should follow a PRISM subscription: then map its customer to this agreement.',
    [additionId],
  )
