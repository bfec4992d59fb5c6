/** What a request asked PRISM for, in words: people know PRISM's lists and files, not its addresses. */

const kinds: readonly (readonly [path: RegExp, words: string])[] = [
  [/\/contractagreements\/[^/]+\/tenants/i, 'the list of tenants'],
  [/\/pricelist\//i, 'the price list'],
  [/\/me\/customers/i, 'the list of customers'],
  [/\/v\d+\/invoices/i, 'the list of invoices'],
  [/\/me\/invoice\/[^/]+\/csv/i, 'the file of invoice $1'],
  [/\/me$/i, 'the account'],
]

/** `/api/v1/me/invoice/90002/csv` -> `the file of invoice 90002`. */
export function askedFor(path: string): string {
  const words = kinds.find(([pattern]) => pattern.test(path))?.[1] ?? 'an answer'
  return words.replace('$1', decodeURIComponent(/\/invoice\/([^/]+)\//i.exec(path)?.[1] ?? ''))
}
