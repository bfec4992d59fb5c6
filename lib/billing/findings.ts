/** Every message that a plan can carry, with what to do about it (G3). Where requirements give a text, it is that text. */
import type { AgreementFinding } from './agreement-rules.ts'
import { monthName, paddedDay, shortDay, unitPriceText } from './format.ts'
import type {
  AskedInvoice,
  BadLine,
  Day,
  Finding,
  FindingCode,
  GuardReason,
  InvoiceLine,
  Money,
  Period,
  StillBilled,
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
    'In ConnectWise, delete those of the additions listed here that bill what this month’s invoice does not have, then sync again.',
    additionIds,
  )

/** F9. */
export const leftoverAddition = (sku: string, additionId: number): Finding =>
  finding(
    'leftover-addition',
    'error',
    `There is an existing addition for product sku '${sku}' that needs to be cancelled as it is not in the PRISM invoice and ConnectWise has no subscription id (serial number) for accurate match`,
    `Addition ${additionId} was not created by this product and is active in the usage period.`,
    "Under “Say what it is”, choose when it ends, which subscription it bills, or that it is nobody's; then sync again.",
    [additionId],
  )

/** F5: nothing tells which addition belongs to which subscription, or whether it belongs to the only one. */
export const ambiguousAdditions = (
  product: string,
  additionIds: readonly number[],
  owners: number,
): Finding =>
  finding(
    'ambiguous-additions',
    'error',
    owners > 1
      ? `Several subscriptions have the product '${product}' and the existing additions have no subscription id (serial number) that tells them apart`
      : `Existing additions of the product '${product}' have no subscription id (serial number), and their quantities are not the subscription's`,
    owners > 1
      ? 'Quantities on the first day of the usage period do not pair additions and subscriptions uniquely.'
      : 'On no day of the usage period do they make the quantity that PRISM invoices, so some of them may bill something else.',
    "Under “Say what it is”, choose for each addition which subscription it bills, or that it is nobody's; then sync again.",
    additionIds,
  )

/** F5: a serial number that is neither a PRISM subscription id nor ours. */
export const unknownSerialNumber = (serialNumber: string, additionId: number): Finding =>
  finding(
    'unknown-serial-number',
    'error',
    `Addition ${additionId} has the serial number '${serialNumber}', which is no PRISM subscription id`,
    'Its product is on the invoice, so it may already bill one of these subscriptions.',
    "Under “Say what it is”, choose which subscription it bills, or that it is nobody's; then sync again.",
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
/** design.md 2a, "Whose line". @param customers who has a claim to the lines */
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

const listed = (names: readonly string[]): string =>
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

/** F13: one rule that the agreement breaks for a usage period. */
export const agreementUnfit = ({ message, remedy }: AgreementFinding, period: Period): Finding =>
  finding(
    'agreement-unfit',
    'error',
    message,
    `Nothing of ${monthName(period)} usage was written; what the agreement has goes on billing as it is.`,
    remedy,
  )

/** F12. */
export const earlierPeriodFailed = (period: Period): Finding =>
  finding(
    'earlier-period-failed',
    'error',
    `The invoice for ${monthName(period)} usage could not be synced for this subscription, so this one waits`,
    'Invoices are applied in chronological order.',
    `Mend what failed in ${monthName(period)}, or skip that month, then sync again: this month follows.`,
  )

export const earlierPeriodWaits = (period: Period): Finding =>
  finding(
    'earlier-period-waits',
    'warning',
    `The invoice for ${monthName(period)} usage waits for an answer about this subscription, so this one waits too`,
    'Invoices are applied in chronological order.',
    `Answer beside ${monthName(period)}, then sync again: this month follows.`,
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

/** An addition of a subscription whose lines are not planned here: listed, never touched. */
export const additionNotOurs = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} with serial number '${serialNumber}' belongs to a subscription that is not synced here`,
    'It was not touched.',
    'Nothing to do, unless it should follow its PRISM subscription: then map its customer to this agreement and switch Sync on.',
    [additionId],
  )

/** design.md 2a: a serial number that only this product writes, and no subscription has. */
export const additionReserved = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} with serial number '${serialNumber}' is an adjustment and belongs to no subscription`,
    'It was not touched.',
    'Nothing to do.',
    [additionId],
  )

/** design.md 2a: a person said whose it is. */
export const additionAnswered = (additionId: number, answer: 'nobody' | 'stays'): Finding =>
  finding(
    'addition-not-ours',
    'note',
    answer === 'nobody'
      ? `Addition ${additionId} is nobody's: it was said to have nothing to do with PRISM`
      : `Addition ${additionId} stays as it is, as it was said to`,
    'It was not touched.',
    'Nothing to do, unless that has changed: then take the answer back.',
    [additionId],
  )

/** design.md 2a: a person said when it ends. @param isMoved whether later than that, as ConnectWise may have invoiced it until then. */
export const additionEnds = (additionId: number, on: Day, isMoved: boolean): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} ends on ${shortDay(on)}, as it was said to`,
    isMoved
      ? 'ConnectWise has invoiced it until then, or that is not known; what is invoiced is never credited.'
      : 'No PRISM invoice explains it.',
    'Nothing to do, unless that has changed: then take the answer back, and clear its Cancelled Date in ConnectWise where it has one.',
    [additionId],
  )

/** F4: its subscription is annual, so no monthly invoice explains it. */
export const additionAnnual = (additionId: number, isOurs: boolean): Finding =>
  finding(
    'addition-annual',
    isOurs ? 'warning' : 'note',
    `Addition ${additionId} bills an annual subscription, which is not synced`,
    'It was not touched.',
    isOurs
      ? 'It was made while the subscription was monthly: look whether the annual term is billed elsewhere. If it is, choose under “Say what it is” when it ends.'
      : 'Nothing to do.',
    [additionId],
  )

/** design.md 2a: its subscription is billed on another agreement. */
export const additionMoved = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-moved',
    'warning',
    `Addition ${additionId} bills subscription ${serialNumber}, which is billed on another agreement`,
    'It was not made by this product, so it was not touched; the customer may be billed twice.',
    'Under “Say what it is”, choose when it ends, or which subscription it bills.',
    [additionId],
  )

/** design.md 2a, "Days billed". @param now `null`: it was deleted. */
export const changedSinceBilled = (
  additionId: number,
  period: Period,
  billed: Money,
  now: Money | null,
): Finding =>
  finding(
    'changed-since-billed',
    'note',
    now === null
      ? `Addition ${additionId} was deleted in ConnectWise after it was invoiced for ${monthName(period)}, at ${unitPriceText(billed)}`
      : `Addition ${additionId} was changed in ConnectWise after it was invoiced for ${monthName(period)}, at ${unitPriceText(billed)}; it would now be ${unitPriceText(now)}`,
    'What was invoiced stays as it was invoiced.',
    'Nothing to do: with the next PRISM invoice the quantity is right from the first month that ConnectWise has not invoiced.',
    [additionId],
  )

const unknownDetails = {
  never:
    'PRISM lists its subscription, and no invoice ever had it: an annual term is on invoices of its own.',
  later: 'Its subscription is on no line of this invoice, and the addition did not run yet when it last was.',
  serial: 'Its serial number is no PRISM subscription id, and its product is not on this invoice.',
  whose: 'It has no serial number, and its quantity is that of no annual subscription with its product.',
} as const

/** design.md 2a, "Unknown is never zero": left as it is, with what is not known. */
export const additionUnknown = (additionId: number, why: keyof typeof unknownDetails): Finding =>
  finding(
    'addition-unknown',
    'warning',
    `No PRISM invoice explains addition ${additionId}, and it is not known to have ended`,
    unknownDetails[why],
    "Under “Say what it is”, choose which subscription it bills, that it is nobody's, that it stays, or when it ends.",
    [additionId],
  )

/** design.md 2a, "One id": a subscription's products are written together or not at all. */
export const otherProductFailed = (name: string): Finding =>
  finding(
    'other-product-failed',
    'error',
    `Nothing of this subscription was written, because its product '${name}' could not be synced`,
    'A subscription that moves from one product to another is written whole or not at all.',
    `Mend what is said about '${name}'.`,
  )

/** design.md 2a, "Late months": what it would write waits, because its days are billed or that is not known. */
export const lateMonthWaits = (period: Period, isKnown: boolean, difference: Money): Finding =>
  finding(
    'late-month-waits',
    'warning',
    `The invoice for ${monthName(period)} usage came after a later month was synced, and its difference of ${unitPriceText(difference)} waits`,
    isKnown
      ? `ConnectWise has invoiced ${monthName(period)} already; so the difference would be on its next invoice. Later months are not changed.`
      : `Whether ConnectWise has invoiced ${monthName(period)} is not known. Later months are not changed.`,
    'Confirm it, so that it is sent, or skip the month where it was billed otherwise.',
  )

/** design.md 2a, "Days billed": nothing tells how ConnectWise billed days that the plan looks at. */
export const billedInDoubt = (asked: AskedInvoice, isDeleted: boolean): Finding => ({
  ...finding(
    'billed-in-doubt',
    'warning',
    `Whether ConnectWise’s invoice until ${shortDay(asked.through)} bills addition ${asked.additionId} at ${unitPriceText(asked.before.price)}, as it was before, or at ${unitPriceText(asked.after.price)}, ${isDeleted ? 'without it' : 'as it was after'}, is not known, so this subscription waits`,
    `Somebody ${isDeleted ? 'deleted' : 'changed'} it in ConnectWise around that invoice, and nothing says on which side of it. Nothing of the subscription was written.`,
    'Look at that invoice in ConnectWise, and say what it bills.',
    [asked.additionId],
  ),
  asksBilled: asked,
})

/** design.md 2a, "Fit for P". */
export const unfitMonthWaits = (period: Period, difference: Money): Finding =>
  finding(
    'late-month-waits',
    'warning',
    `The agreement did not bill by the month while ${monthName(period)} was invoiced or after, and a difference of ${unitPriceText(difference)} waits`,
    'It was not set up as it has to be for a time, and how ConnectWise invoiced these days meanwhile is not known.',
    'Bill or credit the difference to the customer in ConnectWise by hand.',
  )

/** F12: a person skipped the month of this subscription, or passed it over. */
export const monthSkipped = (period: Period): Finding =>
  finding(
    'month-skipped',
    'note',
    `${monthName(period)} of this subscription is skipped, as a person said`,
    'Nothing is written for it; what its additions bill stays as it is.',
    'Nothing to do. To have it planned, take that back under “What was answered”.',
  )

/** design.md 2a, "First sync": ConnectWise has invoiced the month, so billing begins with the next one. */
export const beginsLater = (period: Period, begins: Period, invoiced: Money): Finding =>
  finding(
    'begins-later',
    'warning',
    `${monthName(period)} usage of ${unitPriceText(invoiced)} is not billed here: ConnectWise has invoiced that month, and this subscription begins with ${monthName(begins)}`,
    'It had no addition on the agreement, so that month was billed in another way, or not yet.',
    `If ${monthName(period)} was not billed, choose for the customer to bill that month as catch-up.`,
  )

/** design.md 2a, "First sync". */
export const billedElsewhere = (invoiced: Money): Finding =>
  finding(
    'billed-elsewhere',
    'note',
    `${unitPriceText(invoiced)} of this subscription is billed elsewhere, as was said of this customer`,
    'Nothing is written for it.',
    'Nothing to do, unless that has changed: then let the customer begin here.',
  )

/** design.md 2a, "First sync": asked once a customer, before the first write. */
export const firstSyncWaits = (period: Period): Finding =>
  finding(
    'first-sync-waits',
    'warning',
    `ConnectWise has invoiced ${monthName(period)} already, and nothing of this customer is on the agreement: how is it to begin?`,
    'Nothing is written before that is answered, so that no month is billed twice.',
    'Choose for the customer: begin with the next month, bill this one as catch-up, or billed elsewhere.',
  )

/** design.md 2a, "First sync": another agreement of the company has an open addition of the same. */
export const alsoBilledWaits = (found: {
  readonly agreementName: string
  readonly additionId: number
  readonly product: string
  readonly quantity: string
  readonly price: Money
}): Finding =>
  finding(
    'also-billed',
    'warning',
    `The agreement ${found.agreementName} of the same company bills ${found.quantity} x ${found.product} already, ${unitPriceText(found.price)} a month`,
    `It is addition ${found.additionId}, which is not ours. Nothing of this subscription is written before it is said how the customer begins, so that it is not billed twice.`,
    'End that addition in ConnectWise and begin here with the next month or with catch-up; or leave it, and choose billed elsewhere.',
    [found.additionId],
  )

const guardReasons = {
  'many-end': 'The invoice would end many subscriptions at once',
  'total-moves': 'The invoice moves the total of all customers by a large share',
  'customer-absent': 'The customer is on no line of the invoice',
} as const satisfies Record<GuardReason, string>

/** F18: what it would write waits, because the invoice changes so much. */
export const guardWaits = (reason: GuardReason, from: Money, to: Money): Finding =>
  finding(
    'guard-waits',
    'warning',
    `${guardReasons[reason]}, so this subscription waits: ${unitPriceText(from)} would become ${unitPriceText(to)}`,
    'Nothing of it was written; the additions go on billing as they are.',
    'Look whether the invoice is right. If it is, confirm; if not, ask rhipe for a corrected one, or skip the month.',
  )

/** design.md 2a, "Moving and clearing": the customer left, and this ends with its last month here. */
export const movedAway = (until: Period, additionIds: readonly number[]): Finding =>
  finding(
    'moved-away',
    'note',
    `The customer is billed here up to ${monthName(until)}, so this ends`,
    'It was mapped to another agreement, or its mapping was cleared.',
    'Nothing to do.',
    additionIds,
  )

/** design.md 2a, "Moving and clearing": ConnectWise invoiced later months before they could be ended. */
export const invoicedAfterLeaving = (until: Period, price: Money, additionIds: readonly number[]): Finding =>
  finding(
    'billed-twice',
    'warning',
    `ConnectWise has invoiced ${unitPriceText(price)} of it here for months after ${monthName(until)}`,
    'What is invoiced is never credited by itself. Where the customer is billed for these months on another agreement, they are billed twice.',
    'Credit the amount to the customer in ConnectWise by hand.',
    additionIds,
  )

/** design.md 2a, "Moving and clearing". */
export const takesOver = (from: Period): Finding =>
  finding(
    'takes-over',
    'note',
    `Billing here begins with ${monthName(from)}: the quantity of the last invoice runs on from then`,
    'Months before are billed on the agreement that the customer was mapped to.',
    'Nothing to do.',
  )

/** design.md 2a, "Moving and clearing": nothing is written here before it ends there. */
export const billedTwice = ({ agreementName, additionIds, price }: StillBilled): Finding =>
  finding(
    'billed-twice',
    'error',
    `Nothing was written, because ${agreementName} still bills ${unitPriceText(price)} a month of this subscription`,
    'It would be billed twice: the customer was mapped to that agreement before, and this could not be ended there.',
    'In ConnectWise, set the Cancelled Date of these additions on the agreement before, then sync again.',
    additionIds,
  )
