/**
 * How a term is billed, its motion (J9; docs/facts/microsoft.md, "Motions"): it decides which kind of agreement a line goes to. What
 * is told of it by a line's columns for cycle and term is decided in this file only.
 */
import type { InvoiceLine } from './types.ts'

/** PRISM's words are compared without case and surrounding spaces. */
export const plainWord = (text: string): string => text.trim().toLowerCase()

/** A term of a month, and Azure; a longer one that is billed by the month; one that is billed for the year or more at once. */
export type Motion = 'monthly' | 'long-term' | 'annual'

/** What a line says of its billing cycle and term. */
export type Cycle = Pick<InvoiceLine, 'billingCycle' | 'termDuration' | 'termUnit'>

/** `unclear`: a column is there and says nothing. `unknown`: it says something that nobody has seen. */
export type LineMotion = Motion | 'unclear' | 'unknown'

export const isMonthlyCycle = ({ billingCycle }: Cycle): boolean =>
  billingCycle === null || plainWord(billingCycle) === 'monthly'

/** [inferred] No file with such a line was seen (docs/facts/prism.md, "Invoice CSV"): PRISM's and Microsoft's own words for it. */
const cyclesAtOnce: ReadonlySet<string> = new Set([
  'annual',
  'annually',
  'yearly',
  'triennial',
  'triennially',
])

const monthsOfYear = 12
const plainNumber = /^\d+(\.\d*)?$/

/** A term in years, or of 12 months or more. */
export const isYearTerm = ({ termDuration, termUnit }: Cycle): boolean => {
  const unit = plainWord(termUnit ?? '')
  return unit.startsWith('year') || (unit.startsWith('month') && Number(termDuration) >= monthsOfYear)
}

/** A cycle or term column that is there and says nothing. */
export const hasUnclearCycle = ({ billingCycle, termDuration, termUnit }: Cycle): boolean =>
  [billingCycle, termDuration, termUnit].some((field) => field !== null && field.trim() === '') ||
  (termDuration !== null && !plainNumber.test(termDuration.trim()))

/** A file without these columns is taken as monthly, where it does not say more. */
export const motionOfLine = (line: Cycle): LineMotion => {
  if (hasUnclearCycle(line)) return 'unclear'
  const isLong = isYearTerm(line)
  if (isMonthlyCycle(line)) return isLong ? 'long-term' : 'monthly'
  const isAtOnce = cyclesAtOnce.has(plainWord(line.billingCycle ?? ''))
  return isAtOnce && (isLong || line.termUnit === null) ? 'annual' : 'unknown'
}

/**
 * Whether what the lines of a file say of their cycle and term makes it an invoice of terms that are billed at once alone (J9). One line
 * of another kind makes it a month's: PRISM's list does not tell them apart.
 */
export const isAnnualFile = (cycles: readonly Cycle[]): boolean =>
  cycles.length > 0 && cycles.every((cycle) => motionOfLine(cycle) === 'annual')
