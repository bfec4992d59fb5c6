import { ROUNDING, type ShownTerm } from './agreement-of-amounts.ts'

/** Why each term arises, as it stands after its amount. */
export const termTexts: Readonly<Record<ShownTerm, string>> = {
  failed: 'of subscriptions that could not be synced',
  notBilled: 'that additions are set not to bill (Less Included, Bill Customer)',
  edited: 'from additions that somebody edited in ConnectWise',
  asAdopted: 'from adopted additions, which keep the price they had',
  priceChange: 'from price changes: existing additions keep their price',
  rounding: ROUNDING,
  unexplained: 'is unexplained: pass it on to rhipe operations',
  priceRule: 'from price rules: additions are written at their price, not PRISM’s',
  waiting: 'waits for a person',
  unknown: 'of additions that no invoice explains',
  leftOver: 'of additions that need to be cancelled',
  skipped: 'of months that a person skipped',
  beforeStart: 'of months before a subscription begins here',
  drift: 'from changes in ConnectWise around its invoice, or from an invoice that came late',
  aside: 'of additions whose subscriptions are not synced here',
  annualAddition: 'of additions of annual subscriptions',
  nobodys: 'of additions that were said to stay as they are',
  billedElsewhere: 'that is billed elsewhere',
  movedAway: 'of customers that moved to another agreement',
  exactAmounts: 'of the correction that makes the invoice equal PRISM’s',
  reserved: 'of adjustments',
}
