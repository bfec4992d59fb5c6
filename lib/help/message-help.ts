import type { HelpText } from './help-text.ts'

const setup = (what: string, where: string): HelpText => ({
  title: `Unable to find the default product ${what} of ‘[name]’ when adding a new product`,
  severity: 'error',
  means: `A new catalog item needs a ${what}, and the one that is set up for the program does not exist in ConnectWise, or is inactive.`,
  meanwhile: 'No product was created, and the additions that need one were not written.',
  steps: [
    'Open Preparation: it says what is missing, and Fix creates or activates it.',
    `Or make it in ConnectWise under ${where}, or enter another name under Microsoft CSP, Options.`,
    'Sync again.',
  ],
})

/** Of messages that are no findings of a plan: of products, and of a sync as a whole. */
export const messageHelp = {
  'no-default-category': setup('category', 'Setup Tables › Product Category'),
  'no-default-sub-category': setup('sub-category', 'Setup Tables › Product Subcategory'),
  'no-default-type': setup('type', 'Setup Tables › Product Type'),
  'no-default-unit': setup('unit of measure', 'Setup Tables › Unit of Measure'),
  'nothing-invoiced': {
    title: 'No invoice contains this customer yet; additions come with the first that does.',
    severity: 'note',
    means:
      'Additions are made from PRISM’s monthly invoices, so a new customer has none before its first invoice.',
    meanwhile: 'Nothing was written.',
    steps: [],
  },
  'invoice-waits': {
    title: 'The invoice for [month] usage cannot be used yet, so this month and later ones wait',
    severity: 'warning',
    means:
      'Invoices are applied in chronological order, and this one waits: there are two for the month, it has lines that need a look, or PRISM does not give it.',
    meanwhile: 'Months before were synced.',
    steps: [
      'Open Microsoft CSP, Invoices: it says why it waits. Pick it, exclude it, or have it read again there.',
    ],
  },
} as const satisfies Record<string, HelpText>
