/** Decimal strings as people read them. Sums here are exact: strings and integers, never floats. */

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/

function scaled(value: string, scale: number): bigint {
  const [, sign = '', whole = '0', fraction = ''] = PATTERN.exec(value) ?? []
  const units = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale))
  return sign === '-' ? -units : units
}

const decimals = (value: string): number => PATTERN.exec(value)?.[3]?.length ?? 0

function unscaled(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`
  return `${units < 0n ? '-' : ''}${whole}${fraction}`
}

/** a - b, exactly. */
export function difference(a: string, b: string): string {
  const scale = Math.max(decimals(a), decimals(b))
  return unscaled(scaled(a, scale) - scaled(b, scale), scale)
}

/** a + b, exactly. */
export function sum(a: string, b: string): string {
  const scale = Math.max(decimals(a), decimals(b))
  return unscaled(scaled(a, scale) + scaled(b, scale), scale)
}

export const isZero = (value: string): boolean => !/[1-9]/.test(value)
export const isNegative = (value: string): boolean => value.startsWith('-') && !isZero(value)
export const magnitude = (value: string): string => value.replace(/^-/, '')

/** a as a share of the larger of a and b, 0..1, for the width of a bar only. */
export function share(a: string, b: string): number {
  const largest = Math.max(Math.abs(Number(a)), Math.abs(Number(b)))
  return largest === 0 ? 0 : Math.max(0, Number(a)) / largest
}

/** `1204.5` -> `1,204.50`: at least two decimals, more where the figure has them. */
export function amountText(value: string): string {
  const [, sign = '', whole = '0', fraction = ''] = PATTERN.exec(value) ?? []
  const kept = fraction.replace(/0+$/, '').padEnd(2, '0')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign === '-' && !isZero(value) ? '−' : ''}${grouped}.${kept}`
}

const SYMBOLS: Record<string, string> = {
  AUD: 'A$',
  NZD: 'NZ$',
  USD: 'US$',
  SGD: 'S$',
  HKD: 'HK$',
  CAD: 'CA$',
  GBP: '£',
  EUR: '€',
}

/** `1204.5` AUD -> `A$1,204.50`; the bare amount where the currency is not known (`''`). */
export function moneyText(value: string, currency: string): string {
  const text = amountText(magnitude(value))
  const symbol = SYMBOLS[currency] ?? `${currency} `.trimStart()
  return `${isNegative(value) ? '−' : ''}${symbol}${text}`
}

/** A quantity without needless decimals: `5`, `0.5`, `−2`. */
export function quantityText(value: string): string {
  const plain = value.includes('.') ? value.replace(/\.?0+$/, '') : value
  return plain.replace(/^-/, '−')
}
