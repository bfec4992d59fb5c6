/** The rules of an instance in words: what each says, and what would tell where nothing does. */
import type { InstanceRule } from './billing-rules.ts'

export interface RuleText {
  readonly says: string
  /** What an agreement needs to have been invoiced with. */
  readonly needs: string
}

export const ruleTexts: Readonly<Record<InstanceRule, RuleText>> = {
  'unit-rounding': {
    says: 'A prorated unit price is rounded to cents, and then multiplied with the quantity.',
    needs: 'an invoiced addition with a quantity of several that starts inside a month',
  },
  'first-day': {
    says: 'The effective date is a billed day.',
    needs: 'an invoiced addition that starts inside a month',
  },
  'last-day': {
    says: 'The cancelled date is the last active day.',
    needs: 'an addition that was cancelled on the first day of a month, and that month invoiced',
  },
  'whole-end': {
    says: 'A cancelled date inside a month does not shorten it.',
    needs: 'an addition that was cancelled inside a month, and that month invoiced',
  },
  negative: {
    says: 'A negative quantity takes off.',
    needs: 'an invoiced addition with a negative quantity',
  },
  'less-included': {
    says: 'What is billed is the quantity less what is included.',
    needs: 'an invoiced addition with an included quantity',
  },
  'catch-up': {
    says: 'What an invoiced month lacks comes with the next invoice.',
    needs: 'an addition that starts in a month that was invoiced before it came, and the invoice after that',
  },
  once: {
    says: 'A One-Time agreement bills an addition once, and whole.',
    needs: 'an invoiced addition of a One-Time agreement that begins inside a month',
  },
  header: {
    says: 'An invoice counts additions as products, apart from what the agreement bills by itself.',
    needs: 'an invoice with additions',
  },
  lines: {
    says: 'An invoice shows its additions product by product.',
    needs: 'an invoice with additions',
  },
  forecast: {
    says: 'The forecast holds what is caught up.',
    needs: 'an agreement of which something is still to be caught up',
  },
}
