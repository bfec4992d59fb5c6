/**
 * Exact decimal numbers, each a count of units of 10^-scale in one number. Where a double cannot hold the count to its last
 * digit, big.js has the value: with the same answers, at many times the cost. Prices and quantities hardly ever need it.
 */
import BigConstructor from 'big.js'

const Big = BigConstructor()
/** Decimals of a quotient of big.js, before it is rounded to fewer. */
Big.DP = 12

/** Text in plain notation or with an exponent, or a number. */
export type DecimalSource = Decimal | string | number

const powersOfTen = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]
/** Digits of which a double holds every whole number. */
const sureDigits = 15
/** Up to these a quotient can be rounded at once: what big.js cuts off before it rounds never reaches to the next half. */
const mostScaleOfDividend = 8
const mostDivisor = 31

const [minus, point, nought] = [45, 46, 48]

const powerOfTen = (exponent: number): number => powersOfTen[exponent] ?? Number.NaN

export class Decimal {
  private static readonly nothing = new Decimal(0, 0, null)
  /** `NaN` where big.js has the value: what is computed from it is no safe integer either. */
  private readonly units: number
  private readonly scale: number
  private readonly big: BigConstructor | null

  private constructor(units: number, scale: number, big: BigConstructor | null) {
    this.units = units
    this.scale = scale
    this.big = big
  }

  /** @throws where the text is no number */
  static of(source: DecimalSource): Decimal {
    if (typeof source === 'string') return Decimal.parsed(source) ?? Decimal.ofBig(new Big(source))
    if (source === 0) return Decimal.nothing
    if (typeof source === 'number')
      return Number.isSafeInteger(source) ? new Decimal(source, 0, null) : Decimal.ofBig(new Big(source))
    return source
  }

  /** Digits, with or without a minus and a decimal point, as few as a double can hold; `null`: anything else. */
  private static parsed(text: string): Decimal | null {
    const first = text.charCodeAt(0) === minus ? 1 : 0
    if (text.length - first > sureDigits) return null
    const last = text.length - 1
    let units = 0
    let pointAt = last
    for (let at = first; at <= last; at += 1) {
      const code = text.charCodeAt(at)
      if (code >= nought && code <= nought + 9) units = units * 10 + code - nought
      else if (code === point && pointAt === last && at > first && at < last) pointAt = at
      else return null
    }
    return last < first ? null : new Decimal(first === 1 ? -units : units, last - pointAt, null)
  }

  private static ofBig(big: BigConstructor): Decimal {
    return Decimal.parsed(big.toFixed()) ?? new Decimal(Number.NaN, 0, big)
  }

  private get asBig(): BigConstructor {
    return this.big ?? new Big(this.toFixed())
  }

  plus(other: DecimalSource): Decimal {
    const that = Decimal.of(other)
    if (that.units === 0) return this
    if (this.units === 0) return that
    const scale = Math.max(this.scale, that.scale)
    const units = this.unitsOf(scale) + that.unitsOf(scale)
    if (Number.isSafeInteger(units)) return new Decimal(units, scale, null)
    return Decimal.ofBig(this.asBig.plus(that.asBig))
  }

  minus(other: DecimalSource): Decimal {
    const that = Decimal.of(other)
    if (that.units === 0) return this
    const scale = Math.max(this.scale, that.scale)
    const units = this.unitsOf(scale) - that.unitsOf(scale)
    if (Number.isSafeInteger(units)) return new Decimal(units, scale, null)
    return Decimal.ofBig(this.asBig.minus(that.asBig))
  }

  times(other: DecimalSource): Decimal {
    const that = Decimal.of(other)
    const units = this.units * that.units
    if (Number.isSafeInteger(units)) return new Decimal(units, this.scale + that.scale, null)
    return Decimal.ofBig(this.asBig.times(that.asBig))
  }

  /** The quotient by the days of a month, half up on the magnitude to so many decimals. */
  dividedBy(days: number, decimals: number): Decimal {
    const whole = this.units * powerOfTen(Math.max(0, decimals - this.scale))
    const divisor = days * powerOfTen(Math.max(0, this.scale - decimals))
    const isSure = this.scale <= mostScaleOfDividend && days <= mostDivisor
    if (isSure && Number.isSafeInteger(whole))
      return new Decimal(roundedQuotient(whole, divisor), decimals, null)
    return Decimal.ofBig(this.asBig.div(days).round(decimals, Big.roundHalfUp))
  }

  /** Half up on the magnitude. @param decimals negative for tens, hundreds and so on */
  round(decimals: number): Decimal {
    if (this.big === null && this.scale <= decimals) return this
    const divisor = powerOfTen(this.scale - decimals)
    if (this.big === null && decimals >= 0 && Number.isSafeInteger(divisor))
      return new Decimal(roundedQuotient(this.units, divisor), decimals, null)
    return Decimal.ofBig(this.asBig.round(decimals, Big.roundHalfUp))
  }

  abs(): Decimal {
    return this.lt(zero) ? this.times(-1) : this
  }

  /** -1, 0 or 1 as it is less than, equal to or more than the other. */
  cmp(other: DecimalSource): number {
    const that = Decimal.of(other)
    const scale = Math.max(this.scale, that.scale)
    const [here, there] = [this.unitsOf(scale), that.unitsOf(scale)]
    if (Number.isSafeInteger(here) && Number.isSafeInteger(there))
      return here < there ? -1 : here > there ? 1 : 0
    return this.asBig.cmp(that.asBig)
  }

  eq(other: DecimalSource): boolean {
    return this.cmp(other) === 0
  }
  lt(other: DecimalSource): boolean {
    return this.cmp(other) < 0
  }
  lte(other: DecimalSource): boolean {
    return this.cmp(other) <= 0
  }
  gt(other: DecimalSource): boolean {
    return this.cmp(other) > 0
  }

  /** Whether a double gives the value back. */
  isDouble(): boolean {
    return Math.abs(this.units) < 10 ** sureDigits || new Big(Number(this.toFixed())).eq(this.asBig)
  }

  /** Plain notation without trailing zeros: equal values are equal texts. */
  toFixed(): string {
    if (this.big !== null) return this.big.toFixed()
    if (this.units === 0) return '0'
    let { units, scale } = this
    for (; scale > 0 && units % 10 === 0; scale -= 1) units /= 10
    if (scale === 0) return `${units}`
    const digits = `${Math.abs(units)}`.padStart(scale + 1, '0')
    const point = digits.length - scale
    return `${units < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
  }

  /** In a text, as `toFixed`. */
  toString(): string {
    return this.toFixed()
  }

  private unitsOf(scale: number): number {
    return scale === this.scale ? this.units : this.units * powerOfTen(scale - this.scale)
  }
}

const zero = Decimal.of(0)

/** Half up on the magnitude, exact for safe integers. @param divisor positive */
function roundedQuotient(dividend: number, divisor: number): number {
  const magnitude = Math.abs(dividend)
  const rest = magnitude % divisor
  const quotient = (magnitude - rest) / divisor + (rest * 2 >= divisor ? 1 : 0)
  return dividend < 0 ? -quotient : quotient
}
