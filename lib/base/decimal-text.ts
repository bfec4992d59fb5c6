/** Canonical decimal text: plain notation, no leading or trailing zeros, no minus zero; equal values are equal texts. */
import Big from 'big.js'

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

/** A JSON number, or a text that holds one, as canonical text; `null` where it is none. `1e-7` is `0.0000001`. */
export function numberText(value: number | string): string | null {
  if (typeof value === 'string') return decimalText(value.trim())
  return Number.isFinite(value) ? decimalText(new Big(String(value)).toFixed()) : null
}
