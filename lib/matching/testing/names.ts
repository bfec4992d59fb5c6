import fc from 'fast-check'

const word = fc.constantFrom(
  'coho',
  'winery',
  'relecloud',
  'tailspin',
  'toys',
  'northwind',
  'fourth',
  'café',
  '42',
)

/** Names of one to four words, none of which is a legal form. */
export const baseNameArb = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))

export const legalFormArb = fc.constantFrom(
  'Pty Ltd',
  'Pty. Limited',
  'P/L',
  'Ltd',
  'Limited',
  'Pte Ltd',
  'Sdn Bhd',
  'Pvt. Ltd.',
  'Inc.',
  'LLC',
  'L.L.C.',
  'Corp.',
  'Company',
  'GmbH',
  'GmbH & Co. KG',
  'AG',
  'e.K.',
  'B.V.',
  'NV',
  'S.A.',
  'S.A.S.',
  'SARL',
  'AB',
  'A/S',
  'Oy',
  'Sp. z o.o.',
)

export const punctuationArb = fc.constantFrom(' ', '  ', '-', ', ', '. ', ' – ', '/', '_', '"', ' | ')
