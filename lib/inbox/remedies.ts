/**
 * What is done about each kind of finding, and the button that does it; or why there is none (docs/decisions/104). A kind that is
 * not here does not compile. Not for who looks: a page draws the actions of an item.
 */
import type { FindingCode } from '#lib/billing/types.ts'
import type { ActionId } from './item.ts'

/** `set-back`: of the agreement, `make-rule`: under Prices; each with a preview of its own. */
export type RemedyButton = ActionId | 'set-back' | 'make-rule'

export type Remedy = { readonly does: string } & (
  | { readonly buttons: readonly [RemedyButton, ...RemedyButton[]] }
  | { readonly buttons: readonly []; readonly why: string }
)

const by = (does: string, ...buttons: [RemedyButton, ...RemedyButton[]]): Remedy => ({ does, buttons })
const none = (does: string, why: string): Remedy => ({ does, buttons: [], why })

const sayWhatItIs = ['is-subscription', 'is-nobodys', 'stays', 'ends'] as const
const begin = ['begin-next', 'begin-catch-up', 'begin-elsewhere'] as const
const atRhipe = 'Only rhipe can correct it'
const shown = 'Nothing is wrong'
const inCatalog = 'A catalog item is changed by hand only'
const byHandStays = 'What a person changed of a line stays'
const onInvoices = 'The list of invoices has the buttons'
const ownInvoice = 'What ConnectWise has invoiced is never changed by a sync'

export const remedies: Readonly<Record<FindingCode, Remedy>> = {
  'cost-price-changed': none(
    'Review the additions',
    'Additions keep their price until somebody decides otherwise',
  ),
  'retail-price-changed': none(
    'Review the additions',
    'Additions keep their price until somebody decides otherwise',
  ),
  'inconsistent-additions': by(
    'End the addition, or say what it is; else sync once it is mended',
    ...sayWhatItIs,
    'sync',
    'skip',
  ),
  'leftover-addition': by('End it at a date, or say what it is', ...sayWhatItIs),
  'ambiguous-additions': by('Say of each what it is, or skip the month', ...sayWhatItIs, 'skip'),
  'unknown-serial-number': by('Say what it is, or set its number back', ...sayWhatItIs, 'set-back'),
  'multiple-products': by(`Sync again once one has the Vendor SKU. ${inCatalog}`, 'sync', 'skip'),
  'product-retired': by(`Sync again once an item has the SKU. ${inCatalog}`, 'sync', 'skip'),
  'product-unknown': by('Sync again once the addition has the subscription id', 'sync', 'skip'),
  'product-unreadable': by(`Sync again once it can be read. ${inCatalog}`, 'sync', 'skip'),
  'addition-unreadable': by('Sync again once it can be read', 'sync', 'skip'),
  'azure-already-invoiced': by(`Sync again once that invoice is deleted. ${ownInvoice}`, 'sync'),
  'billing-cycle-missing': by(`Skip the month. ${atRhipe}`, 'sync', 'skip'),
  'cycle-columns-missing': none('Check that no annual subscription was synced', atRhipe),
  'line-refused': by(`Skip the month. ${atRhipe}`, 'sync', 'skip'),
  'credit-changed': none('Nothing', shown),
  'credit-billed': none('Bill the difference by hand', ownInvoice),
  'line-unreadable': by(`Skip the month. ${atRhipe}`, 'sync', 'skip'),
  'line-unplaced': none('Bill it by hand', 'It names nobody whom it could be billed to'),
  'line-may-be-its': by(`Skip the month. ${atRhipe}`, 'sync', 'skip'),
  'line-contested': by('Say whose the lines are', 'is-customers', 'is-nobodys'),
  'domain-learned': none('Nothing', shown),
  'line-twice': none('Ask rhipe', shown),
  'price-cut': none('Nothing', shown),
  'agreement-unfit': by(
    'Sync again once the agreement is mended. Agreements are never changed by a sync',
    'sync',
  ),
  'earlier-period-failed': none('Mend the earlier month', 'The earlier month has the buttons'),
  'earlier-period-waits': none('Answer for the earlier month', 'The earlier month has the buttons'),
  'annual-line-asked': by('Say whether the line is billed here', 'carry-line', 'leave-line'),
  'annual-line-edited': none('Set it back in ConnectWise if it was not meant', byHandStays),
  'annual-line-odd': none('Ask rhipe', atRhipe),
  'annual-issued-before': none('Take the invoice over', onInvoices),
  'annual-reissued': none('Pick a version', onInvoices),
  'month-skipped': by('Take it back', 'unskip'),
  'month-parked': by('Release the month', 'unskip'),
  'price-differs': by(
    'Bill PRISM’s price, set the price back where somebody edited it, or mute it',
    'bill-price',
    'set-back',
    'mute',
  ),
  'price-replaced': none(
    'Make a price rule where the customer has a price of their own',
    'The rules are under Prices',
  ),
  'price-below-cost': by(
    'Make a price rule, bill the price that is offered, set the price back where somebody edited it, or mute it',
    'make-rule',
    'bill-price',
    'set-back',
    'mute',
  ),
  'price-below-margin': by(
    'Make a price rule, bill the price that is offered, set the price back where somebody edited it, or mute it',
    'make-rule',
    'bill-price',
    'set-back',
    'mute',
  ),
  'price-by-rule': none('Nothing', shown),
  'not-billed': by('Set it back where somebody edited it, or mute it', 'set-back', 'mute'),
  'amount-differs': by(`Ask rhipe, or mute it. ${atRhipe}`, 'mute'),
  'addition-not-ours': none('Nothing', shown),
  'addition-unknown': by('Say what it is', ...sayWhatItIs),
  'addition-annual': by('Say when it ends', ...sayWhatItIs),
  'changed-since-billed': by('Set the edit back; the next invoice settles the rest', 'set-back'),
  'billed-in-doubt': by(
    'Say what the invoice bills, or skip the month',
    'billed-before',
    'billed-after',
    'skip',
  ),
  'addition-moved': by('Say when it ends, or what it is', ...sayWhatItIs),
  'other-product-failed': none('Mend the other product', 'The other row has the buttons'),
  'late-month-waits': by('Confirm it, or skip the month', 'confirm', 'skip'),
  'begins-later': by('Choose catch-up for the customer', ...begin),
  'billed-elsewhere': by('Let the customer begin here', ...begin),
  'moved-away': none('Nothing', shown),
  'takes-over': none('Nothing', shown),
  'billed-twice': by('Sync again: it tries once more to end them', 'sync'),
  'first-sync-waits': by('Choose how the customer begins', ...begin),
  'also-billed': by('Choose how the customer begins', ...begin),
  'guard-waits': by('Confirm it, or skip the month', 'confirm', 'skip'),
  'undo-edited': by('Set the edit back and undo again, or release the month', 'set-back', 'unskip'),
  'undo-overtaken': none('Correct the additions by hand', ownInvoice),
  'undo-after-end': none('Credit the customer by hand', ownInvoice),
  'undo-adjusted': none('Check the next invoice', shown),
  'undo-keeps-serial': none('Nothing', shown),
  'undo-gives-new-id': none('Nothing', shown),
  'set-back-settled': none('Nothing', shown),
  'set-back-product': none(
    'Choose the former product by hand',
    'The product of an addition cannot be changed by a sync',
  ),
  'connectwise-refused': by('Sync again once it is corrected', 'sync', 'skip'),
  'product-not-created': by('Sync again once the set-up is mended', 'sync', 'skip'),
  'outcome-unknown': by('Sync again', 'sync', 'skip'),
  'not-proved': by('Sync again', 'sync', 'skip'),
  'not-sent': by('Sync again', 'sync', 'skip'),
}
