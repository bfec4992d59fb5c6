/** What the product takes for granted without being told, and what it does not do: for its page, and for docs/limits.md. */

export interface Limits {
  readonly title: string
  readonly lead: string
  readonly items: readonly string[]
}

export const limits: readonly Limits[] = [
  {
    title: 'What is inferred about ConnectWise',
    lead: 'No source states it. A real instance may correct it; each is coded in one place.',
    items: [
      'An addition that starts inside a month is billed for its days of it, at a prorated unit price that is rounded to cents; one that ends inside a month is billed to the month’s end.',
      'The next invoice date of an agreement is the first day of the first month that is not invoiced, whether it bills in arrears or in advance.',
      'A month that ConnectWise has invoiced is never invoiced again or credited by itself; an addition that is added later for days of it is billed with the next invoice.',
      'An addition without a quantity to bill is on no invoice.',
      'A billing cycle is monthly where its name says so.',
      'What a record leaves out is 0, off or empty; an agreement without an ending date has none.',
      'Vendor SKUs are compared without case.',
      'The role of the API member is looked at before the request is, so that rights can be tried without writing anything.',
      'A write that is answered with 408 may have taken place, like one that is not answered.',
    ],
  },
  {
    title: 'What is inferred about PRISM',
    lead: 'Taken from rhipe’s published pages and from real files.',
    items: [
      'An invoice’s month is the month of the usage; PRISM makes it in the month after.',
      'The unit price of the price list is what rhipe charges, the retail unit price what a customer is to pay.',
      'Exact half cents are rounded up; where the file’s own amount differs, the file is right.',
      'Where a file has no billing cycle or term, its lines are monthly.',
      'A subscription is annual where its cycle or term says so.',
      'API clients can be made by a call; where that is refused they are made by hand.',
    ],
  },
  {
    title: 'What it does not do',
    lead: 'Some of it is for a person; some may come.',
    items: [
      'It does not make, send, change or credit invoices of ConnectWise. What is invoiced wrongly is given back by an addition of the next invoice, or credited by hand.',
      'It bills annual terms only where the program’s options say so, and carries what PRISM credits on a month’s invoice only once a person has picked that invoice: else they are listed with their amounts.',
      'It does not change agreements, companies or set-up records, but for those that Preparation offers to make.',
      'It does not reprice an addition that is there by itself; a new price comes with the next change of quantity, with a price rule from a month on, or where a person agrees to it.',
      'It has no price rules for Azure usage and annual invoices: those have PRISM’s amounts.',
      'It does not merge or retire catalog items, and does not change their Vendor SKU.',
      'It does not end an addition inside a month: a decrease is a negative addition up to the month’s end.',
      'It does not touch an addition that it cannot tell, nor one of an agreement that is mapped to no customer.',
      'It does not set back an addition that was deleted; the next sync creates what is missing.',
      'It does not undo what an earlier sync wrote before the sync after it is undone, nor a setting back.',
      'It does not convert currencies: agreements are in the currency of PRISM’s invoices.',
      'It reads no other program of PRISM than Microsoft CSP, and no other distributor.',
      'It does not tell how ConnectWise billed an addition that somebody changed around an invoice, where ConnectWise does not: it asks.',
      'Releasing the months of an undo, skipping months and choosing another first month are for the organisation’s own people, not for members of ConnectWise.',
    ],
  },
]
