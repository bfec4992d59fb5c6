import { describe, expect, it } from 'vitest'
import { currencyCodeOf } from './currency.ts'

describe("an agreement's currency [A5]", () => {
  it.each([
    ['AUD', 'AUD'],
    ['AUD - Australia', 'AUD'],
    ['Australian Dollars', 'AUD'],
    ['US Dollars', 'USD'],
    ['United States Dollar', 'USD'],
    ['us dollar', 'USD'],
    ['New Zealand Dollar', 'NZD'],
    ['Singapore dollars', 'SGD'],
    ['British Pounds', 'GBP'],
    ['Pound Sterling', 'GBP'],
    ['Euro', 'EUR'],
    ['Japanese Yen', 'JPY'],
    ['Malaysian Ringgits', 'MYR'],
    ['Dollars', null],
    ['Our currency', null],
    ['', null],
  ])('%j is %j', (text, expected) => {
    expect(currencyCodeOf(text)).toBe(expected)
  })
})
