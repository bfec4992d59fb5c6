import type { ProductState } from '#lib/catalog/types.ts'

/** The states, as people read them; `why` says what it means for the product. */
export const STATES: Readonly<
  Record<
    ProductState,
    { readonly text: string; readonly tone: 'good' | 'warn' | 'bad' | 'quiet'; readonly why: string }
  >
> = {
  same: { text: 'Linked', tone: 'good', why: 'Cost and price are the price list’s.' },
  change: { text: 'Changes', tone: 'warn', why: 'Cost or price become the price list’s.' },
  create: { text: 'New', tone: 'warn', why: 'It would be created.' },
  'take-over': {
    text: 'Taken over',
    tone: 'warn',
    why: 'One product in ConnectWise names its SKU: that gets the SKU as Vendor SKU, in place of a second one.',
  },
  claimed: {
    text: 'Claimed twice',
    tone: 'bad',
    why: 'Several products in ConnectWise name its SKU, or an inactive one: enter the SKU as Vendor SKU of the one that is to be used.',
  },
  'not-in-use': { text: 'Not in use', tone: 'quiet', why: 'It is created once a synced customer has it.' },
  ambiguous: {
    text: 'Ambiguous',
    tone: 'bad',
    why: 'Several products in ConnectWise have its SKU as Vendor SKU; change the wrong one’s.',
  },
  contradictory: { text: 'Contradictory', tone: 'bad', why: 'The price list has it with different prices.' },
  unreadable: {
    text: 'Unreadable',
    tone: 'bad',
    why: 'A product in ConnectWise that is, or may be, its cannot be read; it is not written.',
  },
  retired: { text: 'Retired, linked', tone: 'quiet', why: 'Off the price list; it is billed as it is.' },
  'retired-missing': {
    text: 'Retired',
    tone: 'bad',
    why: 'Off the price list and not linked: get the SKU from rhipe and enter it as Vendor SKU.',
  },
}
