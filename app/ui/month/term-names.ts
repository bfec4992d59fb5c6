/** What the terms of a month are called, and why each arises. Free of libraries. */

interface TermText {
  readonly name: string
  readonly says: string
}

/** One that is not here is called by its key, in words. */
export const monthTermTexts: Readonly<Record<string, TermText>> = {
  unexplained: { name: 'Unexplained', says: 'nothing explains it: pass it on to rhipe operations' },
  failed: { name: 'Could not be synced', says: 'of subscriptions that could not be synced' },
  unmapped: { name: 'Not mapped', says: 'of customers that go to no agreement' },
  neverMapped: { name: 'Never mapped', says: 'of customers that somebody said are never mapped' },
  syncOff: { name: 'Sync is off', says: 'of customers, or a program, whose Sync is off' },
  notSynced: { name: 'Not synced yet', says: 'that no sync has taken up' },
  unclaimed: { name: 'Nobody known', says: 'of lines of which nothing tells whose they are' },
  contested: { name: 'Contested', says: 'of lines that several customers have a claim to' },
  nobodysLines: { name: 'Nobody’s lines', says: 'of lines that somebody said are nobody’s' },
  badLines: { name: 'Unreadable lines', says: 'of lines that cannot be read' },
  annual: { name: 'Annual', says: 'of annual terms, which are not billed by the month here' },
  azureOff: { name: 'Azure is off', says: 'of Azure usage, which the program does not sync' },
  waiting: { name: 'Waits for you', says: 'of what waits for a person’s answer' },
  unknown: { name: 'Unknown additions', says: 'of additions that no invoice explains' },
  leftOver: { name: 'Left over', says: 'of additions that need to be cancelled' },
  movedAway: { name: 'Moved away', says: 'of customers that moved to another agreement' },
  skipped: { name: 'Skipped', says: 'of months that somebody skipped' },
  beforeStart: { name: 'Before the start', says: 'of months before it begins here' },
  billedElsewhere: { name: 'Billed elsewhere', says: 'that is billed in another way' },
  drift: {
    name: 'Drift',
    says: 'from changes in ConnectWise around its invoice, or an invoice that came late',
  },
  aside: { name: 'Aside', says: 'of additions whose subscriptions are not synced' },
  annualAddition: { name: 'Annual additions', says: 'of additions of annual subscriptions' },
  nobodys: { name: 'Stay as they are', says: 'of additions that somebody said stay' },
  reserved: { name: 'Adjustments', says: 'of adjustments' },
  priceChange: { name: 'Price changes', says: 'existing additions keep their price' },
  asAdopted: { name: 'As adopted', says: 'adopted additions keep the price they had' },
  edited: { name: 'Edited', says: 'of additions that somebody edited in ConnectWise' },
  notBilled: { name: 'Set not to bill', says: 'of additions that are set not to bill' },
  rounding: { name: 'Rounding', says: 'ConnectWise rounds each unit, PRISM each line' },
  priceRule: { name: 'Price rules', says: 'that your price rules bill otherwise than PRISM’s retail price' },
  exactAmounts: { name: 'Corrections', says: 'of the corrections of the rounding' },
}

const inWords = (key: string): string =>
  key.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase())

export const termName = (term: string): string => monthTermTexts[term]?.name ?? inWords(term)
export const termSays = (term: string): string =>
  monthTermTexts[term]?.says ?? `of ${inWords(term).toLowerCase()}`
