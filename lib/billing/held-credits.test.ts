/** What a pick of an invoice makes of its credits, before anybody picks it (F1). */
import { expect, it } from 'vitest'
import { type CreditLines, heldCredits } from './held-credits.ts'
import type { Money } from './types.ts'

const lines = (over: Partial<CreditLines> = {}): CreditLines => ({
  offerName: 'Business Premium (NCE Product)',
  displayTemplate: null,
  hasCustomer: true,
  agreementId: 7,
  syncs: true,
  isBeforeFirst: false,
  billingCycle: 'Monthly',
  termDuration: '1',
  termUnit: 'MONTHS',
  count: 1,
  price: '-20.60' as Money,
  ...over,
})
const options = { syncAzure: true, annualTermsMonthly: false }

it('is nothing where there are none [F1]', () => {
  expect(heldCredits([], options)).toBeNull()
})

it('counts what is carried, with its amount and its agreements [F1]', () => {
  const all = [lines(), lines({ count: 2 }), lines({ agreementId: 8, price: '5' as Money })]
  expect(heldCredits(all, options)).toEqual({
    carried: { count: 4, price: '-36.2', agreements: 2 },
    notCarried: [],
  })
})

it.each<[string, Partial<CreditLines>, Partial<typeof options>]>([
  ['nobodys', { hasCustomer: false, agreementId: null }, {}],
  ['unmapped', { agreementId: null }, {}],
  ['off', { syncs: false }, {}],
  ['earlier', { isBeforeFirst: true }, {}],
  ['annual', { billingCycle: 'Annual' }, {}],
  ['annual', { termUnit: 'YEARS' }, {}],
  ['azure', { displayTemplate: 'Azure' }, {}],
  ['azure', { offerName: 'Azure plan' }, {}],
  ['azure-off', { displayTemplate: 'Azure' }, { syncAzure: false }],
])('says why one is not: %s [F1]', (why, over, option) => {
  expect(heldCredits([lines(), lines(over)], { ...options, ...option })).toEqual({
    carried: { count: 1, price: '-20.6', agreements: 1 },
    notCarried: [{ why, count: 1, price: '-20.6' }],
  })
})

it('carries terms of a year that are billed by the month where the program takes them [F4]', () => {
  const of = heldCredits([lines({ termUnit: 'YEARS' })], { ...options, annualTermsMonthly: true })
  expect(of?.carried.count).toBe(1)
})
