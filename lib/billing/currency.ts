/**
 * Currencies as ConnectWise gives them: a code (`AUD`, `AUD - Australia`) or, where an administrator chose so, only a name
 * (`Australian Dollars`).
 */

/** The currencies that rhipe and its partners bill in [inferred: the countries that rhipe serves, and the common ones]. */
const codes = [
  'AUD',
  'CAD',
  'CHF',
  'EUR',
  'FJD',
  'GBP',
  'HKD',
  'IDR',
  'INR',
  'JPY',
  'KRW',
  'LKR',
  'MYR',
  'NZD',
  'PHP',
  'SGD',
  'THB',
  'TWD',
  'USD',
  'VND',
  'ZAR',
] as const
const names = new Intl.DisplayNames('en', { type: 'currency' })

/** `United States Dollars` and `US dollar` are one name. */
const nameKey = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\b(united states( of america)?|u\.s\.|usa)(?!\w)/g, 'us')
    .replace(/\b(uk|u\.k\.|great british|united kingdom|pounds? sterling)(?!\w)/g, 'british')
    .replace(/[^a-z ]/g, '')
    .split(' ')
    .filter((word) => word !== '' && word !== 'the')
    .map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))
    .join(' ')

const byName = new Map(codes.map((code) => [nameKey(names.of(code) ?? code), code as string]))
const british = new Set(['british', 'british pound', 'sterling'])

/** The currency code that a text names; `null` where it names none that is known. */
export function currencyCodeOf(text: string): string | null {
  const code = /\b[A-Z]{3}\b/.exec(text)?.[0]
  if (code !== undefined) return code
  const key = nameKey(text)
  return british.has(key) ? 'GBP' : (byName.get(key) ?? null)
}
