/**
 * Canonical decimal text: plain notation, no leading or trailing zeros, no minus zero; equal values are equal texts.
 *
 * Read is every form that .NET, Excel and JSON write: an exponent (`1E-05`), a `+`, a bare dot at either end (`.5`, `5.`), digits
 * in groups, a decimal comma, a negative in parentheses (`(36.00)`) or with U+2212, any number of digits up to `longest`. A lone dot
 * is a decimal point, as PRISM writes it. A lone comma before exactly three digits (`1,234`) may be either and is no number.
 */
import Big from 'big.js'

/** Far beyond any price or quantity; keeps a damaged file from making giant numbers. */
const longest = 60

/** What nearly every number is; read without more ado, as a file has millions. */
const usual = /^(-?)0*(\d+?)(?:\.(\d+?)0*)?$/
const plain = /^(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i
const groupMark = String.raw`[,.'’ \u00A0\u2009\u202F]`
/** `1,234,567` or `1.234,56`: groups of three with one mark, then, with another one, decimals. Two marks make it unambiguous. */
const grouped = new RegExp(String.raw`^(\d{1,3}(?:(${groupMark})\d{3})(?:\2\d{3})*)(?:(?!\2)([.,])(\d*))?$`)
const decimalComma = /^(\d*),(\d+)$/

/** The value as canonical text: `'0012.50'` -> `'12.5'`, `'1.5E+2'` -> `'150'`; `null` where the text is no number, or may be two. */
export function decimalText(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.length > longest) return null
  const [, sign = '', integer, decimals = '0'] = usual.exec(trimmed) ?? []
  if (integer !== undefined) {
    const value = decimals === '0' ? integer : `${integer}.${decimals}`
    return value === '0' ? '0' : `${sign}${value}`
  }
  const { isNegative, digits } = signed(trimmed)
  const read = plain.exec(withPoint(digits) ?? '')
  if (read === null) return null
  const [, whole = '', fraction = '', exponent = '0'] = read
  if (whole === '' && fraction === '') return null
  // A value that could only be written with more zeros than digits are allowed is damage.
  if (Math.abs(Number(exponent)) > longest) return null
  const value = new Big(`${whole || '0'}.${fraction || '0'}e${exponent}`)
  const canonical = value.toFixed()
  if (canonical.length > longest) return null
  return isNegative && !value.eq(0) ? `-${canonical}` : canonical
}

function signed(text: string): { isNegative: boolean; digits: string } {
  const inParentheses = /^\((.*)\)$/.exec(text)?.[1]
  if (inParentheses !== undefined) return { isNegative: true, digits: inParentheses.trim() }
  const [, sign = '', digits = ''] = /^([+\-−]?)(.*)$/s.exec(text) ?? []
  return { isNegative: sign === '-' || sign === '−', digits }
}

/** The digits with a dot for a decimal point and no groups; `null` where a mark may mean either. */
function withPoint(digits: string): string | null {
  if (plain.test(digits)) return digits
  const groups = grouped.exec(digits)
  if (groups !== null) {
    const [, whole = '', mark = '', point, decimals = ''] = groups
    const isOneGroup = whole.split(mark).length === 2
    // `0,123` has no group: nobody writes a group of thousands after a zero.
    if (mark === ',' && point === undefined && isOneGroup)
      return whole.startsWith('0') ? whole.replace(',', '.') : null
    return `${whole.replaceAll(mark, '')}.${decimals}`
  }
  const comma = decimalComma.exec(digits)
  return comma === null ? null : `${comma[1]}.${comma[2]}`
}

/** Whether the text is a number of two possible values: `1,234` is 1234 or 1.234. */
export const isAmbiguousNumber = (text: string): boolean =>
  /^[+\-−(]?[1-9]\d{0,2},\d{3}\)?$/.test(text.trim())

/** A JSON number, or a text that holds one, as canonical text; `null` where it is none. `1e-7` is `0.0000001`. */
export function numberText(value: number | string): string | null {
  if (typeof value === 'string') return decimalText(value)
  return Number.isFinite(value) ? decimalText(String(value)) : null
}
