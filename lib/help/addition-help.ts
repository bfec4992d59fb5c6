import type { FindingCode } from '#lib/billing/types.ts'
import type { HelpText } from './help-text.ts'

const SAY = 'Open the agreement’s pod or the customer’s page and press “Say what it is” beside the message.'
const AGAIN = 'Sync again, or wait: an agreement with an error is looked at again by itself.'
const LEFT = 'Nothing was written for the subscription; what its additions bill goes on as it is.'

/** Of messages about additions that ConnectWise has. */
export const additionHelp = {
  'inconsistent-additions': {
    title:
      'Unable to sync subscription to ConnectWise because of inconsistent existing additions. Check for gaps in dates or additions starting after this invoice usage period.',
    severity: 'error',
    means:
      'Invoices are applied in chronological order. An addition of the subscription starts after the month that is synced, was cancelled inside it, or leaves days of it without any addition, and this product did not write it: no change makes ConnectWise bill what the invoice says.',
    meanwhile: LEFT,
    steps: [
      'Look at the additions that are listed under the message. The days of the month should be covered by them without a gap, and none should start after it.',
      'In ConnectWise, delete those that bill what the invoice does not have; or say under “Say what it is” when one ends, or that it is nobody’s.',
      AGAIN,
    ],
  },
  'leftover-addition': {
    title:
      'There is an existing addition for product sku ‘[SKU]’ that needs to be cancelled as it is not in the PRISM invoice and ConnectWise has no subscription id (serial number) for accurate match',
    severity: 'error',
    means:
      'An addition that this product did not create bills a product of the price list in this month, the invoice has no line for it, and it has no Serial Number that would say whose it is.',
    meanwhile: 'It was left alone and goes on billing. Subscriptions of other products are synced.',
    steps: [
      'Find out what the addition is for. If nothing, cancel it in ConnectWise, or say when it ends.',
      `${SAY} Choose the subscription that it bills, when it ends, or that it is nobody’s: then it is never asked about again.`,
      AGAIN,
    ],
  },
  'ambiguous-additions': {
    title: 'Existing additions cannot be told apart, or may bill something else ([product])',
    severity: 'error',
    means:
      'Additions without a subscription id have the product of one or more subscriptions, and their quantities do not say which addition bills which of them; or additions that are called like the product may bill it already.',
    meanwhile: LEFT,
    steps: [
      `${SAY} Choose for each addition which subscription it bills, or that it is nobody’s. The choice is kept, and the subscription’s id is written into the Serial Number.`,
      'Or write the subscription ids into the Serial Numbers of the additions in ConnectWise yourself.',
      AGAIN,
    ],
  },
  'unknown-serial-number': {
    title: 'Addition [number] has the serial number ‘[serial]’, which is no PRISM subscription id',
    severity: 'error',
    means:
      'PRISM never listed or invoiced a subscription with this id, but the product is on the invoice: the addition may bill one of its subscriptions already.',
    meanwhile: LEFT,
    steps: [
      `${SAY} Choose which subscription it bills, or that it is nobody’s.`,
      'Where the Serial Number was mistyped, correct it in ConnectWise.',
      AGAIN,
    ],
  },
  'addition-unreadable': {
    title: 'An addition of the agreement cannot be read ([record]): [reason]',
    severity: 'error',
    means: 'ConnectWise gave an addition with a field that is missing or not what it should be.',
    meanwhile:
      'It may be billed already, so it is never taken for absent: nothing was written for whoever it may belong to.',
    steps: ['Open the addition in ConnectWise and correct what the message names.', AGAIN],
  },
  'azure-already-invoiced': {
    title: 'The Azure addition of [month] was already invoiced in ConnectWise with another amount',
    severity: 'error',
    means:
      'PRISM’s total of the Azure usage of this month is not what ConnectWise has invoiced, mostly because the invoice was issued again.',
    meanwhile:
      'The addition was not changed, as what is invoiced is never invoiced again or credited by itself.',
    steps: [
      'Compare the two amounts: both are beside the message.',
      'Bill or credit the difference by hand; or delete the ConnectWise invoice if it was not sent, and sync again.',
    ],
  },
  'price-differs': {
    title: 'Addition [number] bills [price] a unit, PRISM’s retail price is [price]',
    severity: 'note',
    means: 'The price of an existing addition is never changed by a sync.',
    meanwhile: 'It goes on billing at its own price; the difference is a term of the proof.',
    steps: [
      'Nothing, if the customer has this price by agreement.',
      'Else press “Bill … from …” in Waiting: the next sync ends the addition and goes on at the new price; or change its Unit Price in ConnectWise.',
    ],
  },
  'price-below-cost': {
    title: 'Addition [number] bills [price] a unit and costs [cost]',
    severity: 'warning',
    means: 'The customer pays less than rhipe charges, each month.',
    meanwhile: 'Nothing was changed: existing additions keep their price.',
    steps: [
      'Change the Unit Price of the addition in ConnectWise, or press “Bill … from …” in Waiting.',
      'Where it is meant so, mute it with a reason: it comes back when the amount changes.',
    ],
  },
  'price-below-margin': {
    title: 'Addition [number] bills [price] a unit, which leaves less than the margin of [percent] %',
    severity: 'warning',
    means:
      'The program’s options ask for a margin, and what the customer pays for a unit leaves less of it over what rhipe charges.',
    meanwhile: 'Nothing was changed: existing additions keep their price.',
    steps: [
      'Make a price rule under Microsoft CSP, Prices; or change the Unit Price of the addition in ConnectWise.',
      'Where it is meant so, mute it with a reason: it comes back when the amount changes.',
    ],
  },
  'price-by-rule': {
    title: 'Written at [price] a unit by a price rule [scope]: [rule]',
    severity: 'note',
    means: 'A price rule of yours decides the price, in place of PRISM’s retail price. The cost is PRISM’s.',
    meanwhile: 'The difference to PRISM’s retail price is the term “price rule” of the proof.',
    steps: [
      'To change it, open Microsoft CSP, Prices. What is written keeps its price until its quantity changes, or from the month that a rule names.',
    ],
  },
  'price-replaced': {
    title: 'Addition [number] at [price] a unit is replaced by one at PRISM’s price of [price]',
    severity: 'warning',
    means:
      'The quantity changed, so the addition ends with the month and another one begins. New additions get PRISM’s retail price; the one before had a price of its own.',
    meanwhile: 'The addition was written at PRISM’s price.',
    steps: [
      'Where the customer has a price of their own, set the Unit Price of the new addition before you invoice.',
    ],
  },
  'not-billed': {
    title: '[quantity] of addition [number] is not billed: [why]',
    severity: 'warning',
    means:
      'Somebody set Bill Customer to other than Billable, or Less Included, in ConnectWise: the customer has the licences and does not pay for them.',
    meanwhile: 'Its whole quantity counts, and additions that take its place inherit the setting.',
    steps: [
      'Nothing, if it is meant so.',
      'Else change Bill Customer or Less Included of the addition in ConnectWise.',
    ],
  },
  'addition-not-ours': {
    title: 'Addition [number] was left as it is',
    severity: 'note',
    means:
      'It belongs to a subscription that is not synced here, is an adjustment of this product’s own, or somebody said what is to become of it.',
    meanwhile: 'It was not touched.',
    steps: [
      'Nothing, unless that has changed: then take the answer back under “What was answered”, or map its customer to this agreement.',
    ],
  },
  'addition-unknown': {
    title: 'No PRISM invoice explains addition [number], and it is not known to have ended',
    severity: 'warning',
    means:
      'No stored invoice has a line for it, and nothing says that its subscription has ended. What is unknown is never taken for zero.',
    meanwhile: 'It goes on billing as it is, and its amount stands beside the message.',
    steps: [
      `${SAY} Choose which subscription it bills, that it is nobody’s, that it stays, or when it ends.`,
    ],
  },
  'addition-annual': {
    title: 'Addition [number] bills an annual subscription, which is not synced',
    severity: 'warning',
    means:
      'The subscription’s newest line is of a term of a year or more, and the program’s option for such terms is off.',
    meanwhile: 'The addition was not touched, and the amount is listed as ignored.',
    steps: [
      'Where the annual term is billed elsewhere, say under “Say what it is” when this addition ends.',
      'Or switch the option on under Microsoft CSP, Options.',
    ],
  },
  'addition-moved': {
    title: 'Addition [number] bills subscription [id], which is billed on another agreement',
    severity: 'warning',
    means:
      'The customer is mapped to another agreement for this month; the addition here was made by somebody else.',
    meanwhile: 'It was not touched, so the customer may be billed twice.',
    steps: [`${SAY} Choose when it ends; or end it in ConnectWise.`],
  },
  'changed-since-billed': {
    title: 'Addition [number] was changed or deleted in ConnectWise after it was invoiced for [month]',
    severity: 'note',
    means:
      'What ConnectWise has invoiced stays as it was invoiced, whatever happens to the addition afterwards.',
    meanwhile:
      'The month is shown as it was billed. With the next PRISM invoice the quantity is right from the first month that is not invoiced.',
    steps: [],
  },
  'billed-in-doubt': {
    title:
      'Whether a ConnectWise invoice bills addition [number] as it was before or after a change is not known',
    severity: 'warning',
    means:
      'Somebody changed or deleted an addition around the time at which ConnectWise invoiced the agreement, and nothing says which came first.',
    meanwhile: 'Nothing of the subscription was written.',
    steps: [
      'Open that invoice in ConnectWise and look which amount it has; both are in the message.',
      'Press the answer beside the message. The subscription goes on with the next sync.',
    ],
  },
  'also-billed': {
    title: 'The agreement [name] of the same company bills [quantity] x [product] already',
    severity: 'warning',
    means:
      'An open addition on another agreement of the company has the product that this one is about to bill.',
    meanwhile: 'Nothing of the subscription was written, so that it is not billed twice.',
    steps: [
      'Where that addition is the old way of billing, end it in ConnectWise, and let the customer begin here.',
      'Where it goes on there, choose “billed elsewhere” for the customer.',
    ],
  },
  'billed-twice': {
    title: '[agreement] still bills [amount] of this subscription',
    severity: 'error',
    means:
      'The customer was mapped to another agreement before, and what it was billed there could not be ended, or was invoiced for months that are billed here.',
    meanwhile: 'Nothing was written here where both would bill.',
    steps: [
      'In ConnectWise, set the Cancelled Date of the additions that the message names.',
      'Credit by hand what was invoiced on both.',
      AGAIN,
    ],
  },
} as const satisfies Partial<Record<FindingCode, HelpText>>
