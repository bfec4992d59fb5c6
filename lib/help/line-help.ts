import type { FindingCode } from '#lib/billing/types.ts'
import type { HelpText } from './help-text.ts'

const WAITS = 'The subscription waits: nothing of it was written, and its later months wait, too.'

/** Of messages about lines of an invoice and about products. */
export const lineHelp = {
  'cost-price-changed': {
    title: 'Subscription cost unit price changed from [00.00] to [00.00] on [DD MMM YYYY]',
    severity: 'warning',
    means:
      'What rhipe charges for a unit changed inside the month, or since the invoice before. Price changes are not prorated and not applied to additions that exist.',
    meanwhile:
      'Quantities were synced. Additions that existed before keep their cost and price; new ones have PRISM’s.',
    steps: ['Review the additions of the subscription in ConnectWise before you invoice the customer.'],
  },
  'retail-price-changed': {
    title: 'Subscription retail unit price changed from [00.00] to [00.00] on [DD MMM YYYY]',
    severity: 'warning',
    means:
      'The retail price (RRP) of a unit changed inside the month, or since the invoice before. Price changes are not prorated and not applied to additions that exist.',
    meanwhile:
      'Quantities were synced. Additions that existed before keep their price; new ones have PRISM’s.',
    steps: [
      'Review the additions of the subscription in ConnectWise before you invoice the customer.',
      'To have the new price billed from a month on, press “Bill … from …” in Waiting.',
    ],
  },
  'multiple-products': {
    title: 'There are multiple products in the ConnectWise product catalog with the VendorSku of ‘[SKU]’',
    severity: 'error',
    means:
      'The Vendor SKU links a catalog item to a PRISM product, so only one item may have it. Inactive ones count.',
    meanwhile: 'Nothing that needs the product was written.',
    steps: [
      'In ConnectWise, open Procurement › Product Catalog and search for the SKU; have inactive ones shown, too.',
      'Remove or change the Vendor SKU of each item that is not the PRISM product.',
      'Sync again.',
    ],
  },
  'product-retired': {
    title:
      'Failed to get or create the product in ConnectWise: the product is no longer on the PRISM price list',
    severity: 'error',
    means:
      'The invoice charges a product that the price list does not have any more, and no catalog item is linked to it.',
    meanwhile: 'Nothing of the subscription was written.',
    steps: [
      'Ask rhipe for the SKU of the retired product.',
      'Create the catalog item in ConnectWise, or choose the one that you have, and enter that SKU as its Vendor SKU.',
      'Sync again.',
    ],
  },
  'product-unknown': {
    title:
      'Failed to get or create the product in ConnectWise: several products on the PRISM price list are called ‘[name]’',
    severity: 'error',
    means: 'The invoice names an offer only, and several products of the price list have that name.',
    meanwhile: 'Nothing of the subscription was written.',
    steps: [
      'Ask rhipe which SKU the subscription has.',
      'Write the subscription’s id into the Serial Number of the addition that bills it, then sync again.',
    ],
  },
  'product-unreadable': {
    title: 'A product in the ConnectWise product catalog cannot be read ([record]): [reason]',
    severity: 'error',
    means: 'ConnectWise gave a catalog item with a field that is missing or not what it should be.',
    meanwhile:
      'It is not taken for missing: no second one was created, and nothing that needs it was written.',
    steps: [
      'Open it in ConnectWise under Procurement › Product Catalog and correct what is named.',
      'Sync again.',
    ],
  },
  'product-not-created': {
    title: 'Failed to get or create the product in ConnectWise: [Failure Reason]',
    severity: 'error',
    means:
      'A product that an addition needs is not in the catalog, and ConnectWise did not take the new one.',
    meanwhile: 'The additions that need it were not sent. Other products were.',
    steps: [
      'The reason is ConnectWise’s own. Mostly a category, sub-category, product type or unit of measure is missing or inactive.',
      'Open Preparation: it lists what is missing, and Fix creates or activates it.',
      'Sync again.',
    ],
  },
  'billing-cycle-missing': {
    title: 'The invoice does not say whether this subscription is billed monthly or annually',
    severity: 'error',
    means: 'The file has columns for billing cycle and term, and one of them is empty in this line.',
    meanwhile: WAITS,
    steps: ['Ask rhipe for a corrected invoice. It is picked up by itself.'],
  },
  'cycle-columns-missing': {
    title:
      'The invoice file lacks billing cycle or term columns; its lines are taken as monthly where it does not say more',
    severity: 'warning',
    means: 'Older files do not have these columns, so annual subscriptions cannot be told apart.',
    meanwhile: 'All lines were synced as monthly ones.',
    steps: ['Check that no annual subscription was synced.'],
  },
  'line-refused': {
    title: 'The invoice has a line for this subscription whose cost and retail price go against each other',
    severity: 'error',
    means:
      'Somebody picked an invoice with credits. This one gives back by its cost and charges by its price, or the other way round, and no addition bills that without a price below zero.',
    meanwhile: WAITS,
    steps: [
      'Ask rhipe for a corrected invoice. It is picked up by itself.',
      'Or bill it in ConnectWise by hand, and skip the month of this subscription.',
    ],
  },
  'credit-changed': {
    title: 'A credit or adjustment was changed or deleted in ConnectWise',
    severity: 'note',
    means:
      'An addition that carries a credit of the invoice is not as it was written, and its month is not invoiced yet.',
    meanwhile: 'It is set to what the invoice says, or created again.',
    steps: ['Skip the month of this subscription where the credit is not to be carried.'],
  },
  'credit-billed': {
    title:
      'ConnectWise has invoiced [month], so its credits and adjustments stay as they were billed: [amount] is left',
    severity: 'warning',
    means:
      'The invoice was issued again since, or somebody changed or deleted an addition that carries a credit. What is invoiced is never invoiced again or credited by itself.',
    meanwhile: 'Nothing of the credit was written.',
    steps: ['Bill or credit the difference in ConnectWise by hand.'],
  },
  'line-unreadable': {
    title: 'The invoice has a line for this subscription that cannot be read',
    severity: 'error',
    means: 'A field of the line is missing, or is no number or date where one must be.',
    meanwhile: `${WAITS} Other subscriptions of the invoice are synced.`,
    steps: [
      'Ask rhipe for a corrected invoice; the message names the line and the column. It is picked up by itself.',
    ],
  },
  'line-unplaced': {
    title: 'Line [number] of the invoice file names no subscription, so nobody is billed for it',
    severity: 'warning',
    means: 'Without a subscription id a line belongs to no addition.',
    meanwhile: 'Its amount is a term of the proof.',
    steps: [
      'Bill it by hand in ConnectWise if the customer should pay for it, or ask rhipe for a corrected invoice.',
    ],
  },
  'line-may-be-its': {
    title: 'The invoice has a line without a subscription id that may be this subscription’s',
    severity: 'error',
    means: 'Customer and product of the line are this subscription’s.',
    meanwhile: WAITS,
    steps: ['Ask rhipe for a corrected invoice. It is picked up by itself.'],
  },
  'line-contested': {
    title: 'It is not clear whose this subscription is: [customers]',
    severity: 'error',
    means:
      'The domain on the invoice and the subscription’s id point to different customers, mostly after a subscription was moved between tenants.',
    meanwhile: 'Nothing of it was written, on no agreement.',
    steps: ['Say whose it is under Microsoft CSP, Invoices.', 'Sync again.'],
  },
  'domain-learned': {
    title: 'The invoice calls its customer [domain], which PRISM does not list',
    severity: 'note',
    means:
      'The subscription tells whose the lines are. The domain counts as a former one of that customer from now on.',
    meanwhile: 'The lines were synced.',
    steps: [],
  },
  'line-twice': {
    title: 'The invoice has the same line twice; each counts',
    severity: 'note',
    means: 'PRISM charges both, so both are billed.',
    meanwhile: 'The quantities were added.',
    steps: ['Ask rhipe if the subscription is not meant to be charged that often.'],
  },
  'price-cut': {
    title: 'Unit price [price] is written as [price]',
    severity: 'note',
    means: 'ConnectWise cannot hold more digits.',
    meanwhile: 'What that makes is part of the rounding.',
    steps: [],
  },
  'amount-differs': {
    title: 'Line [number] of the invoice charges [amount] where quantity, price and days make [amount]',
    severity: 'warning',
    means: 'The file’s own amount is what PRISM charges, and it is not what its parts make.',
    meanwhile: 'The amount in the file counts; the difference is listed as unexplained.',
    steps: ['Ask rhipe about the line.'],
  },
  'annual-line-asked': {
    title: 'A line of an annual invoice may be billed already, or its addition was deleted',
    severity: 'warning',
    means:
      'Each line of an annual invoice is carried once. Here it is not clear that it is still to be: an earlier invoice has the same line, somebody’s addition may bill it, it gives back what is not billed here, or its addition is gone.',
    meanwhile: 'Nothing was written for the line.',
    steps: ['Say whether the line is billed here, or otherwise. What a yes would write stands beside it.'],
  },
  'annual-line-edited': {
    title: 'An addition of an annual invoice was changed or deleted in ConnectWise',
    severity: 'warning',
    means: 'A line of an annual invoice is carried once; what a person changed of it stays.',
    meanwhile: 'The difference is a term of the proof.',
    steps: ['Set the addition back in ConnectWise if the change was not meant.'],
  },
  'annual-line-odd': {
    title: 'An annual invoice has a line of a term that is not billed at once',
    severity: 'error',
    means: 'Its billing cycle and term say something that this product has not seen.',
    meanwhile: 'The line was not written.',
    steps: ['Ask rhipe about it; until then bill it by hand if the customer should pay for it.'],
  },
  'annual-issued-before': {
    title: 'The annual invoice was issued before terms that are billed at once were switched on',
    severity: 'note',
    means: 'It may be billed already, in another way.',
    meanwhile: 'Nothing of it is written by itself.',
    steps: ['Take the invoice over under Microsoft CSP, Invoices, if its lines are to be billed here.'],
  },
  'annual-reissued': {
    title: 'PRISM issued invoice [id] again with other lines',
    severity: 'warning',
    means: 'One of the two counts, and only a person can say which.',
    meanwhile: 'What was written of it stays, and nothing more of it is written.',
    steps: ['Pick the one that counts under Microsoft CSP, Invoices.'],
  },
} as const satisfies Partial<Record<FindingCode, HelpText>>
