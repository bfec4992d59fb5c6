/** Canonical decimal text: plain notation, no leading or trailing zeros, no minus zero; equal values are equal texts. */

const pattern = /^(-?)0*(\d+?)(?:\.(\d+?)0*)?$/
/** Far beyond any price or quantity; keeps a damaged file from making giant numbers. */
const longest = 40

/** `'0012.50'` -> `'12.5'`; `null` where the text is not a plain decimal number (no exponent, sign `+` or separators). */
export function decimalText(text: string): string | null {
  if (text.length > longest) return null
  const match = pattern.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '0', fraction = '0'] = match
  const value = fraction === '0' ? whole : `${whole}.${fraction}`
  return value === '0' ? '0' : `${sign}${value}`
}
