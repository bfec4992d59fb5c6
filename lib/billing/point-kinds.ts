/** Which kind of point a finding is (open-points.ts). */
import { z } from 'zod'
import { earlierMonthCodes, type Finding, type FindingCode } from './types.ts'

export const pointKindSchema = z.enum([
  /** The invoice changes so much that a person should look first (F18). */
  'guard',
  /** A month out of order, of days that are billed. */
  'late',
  /** It is not known how ConnectWise billed an addition. */
  'billed',
  'first-sync',
  'unknown-addition',
  'ambiguous-additions',
  'left-over',
  /** A product that is ambiguous, retired, or could not be created (D4, D6, D8). */
  'product',
  'unfit',
  'billed-twice',
  /** A line of an annual invoice: is it billed here (J9)? */
  'annual-line',
  /** Any other Error: nothing here mends it. */
  'failed',
])
export type PointKind = z.infer<typeof pointKindSchema>

/** What a person has to look at, by what was found. Errors that are not named have failed; other Warnings and notes are no point. */
const kinds: Partial<Record<FindingCode, PointKind>> = {
  'guard-waits': 'guard',
  'late-month-waits': 'late',
  'billed-in-doubt': 'billed',
  'first-sync-waits': 'first-sync',
  'also-billed': 'first-sync',
  'addition-unknown': 'unknown-addition',
  'unknown-serial-number': 'unknown-addition',
  'addition-moved': 'unknown-addition',
  'addition-annual': 'unknown-addition',
  'ambiguous-additions': 'ambiguous-additions',
  'leftover-addition': 'left-over',
  'multiple-products': 'product',
  'product-retired': 'product',
  'product-unknown': 'product',
  'product-unreadable': 'product',
  'product-not-created': 'product',
  'agreement-unfit': 'unfit',
  'billed-twice': 'billed-twice',
  'annual-line-asked': 'annual-line',
}

/** Told elsewhere: by the month or the row that comes first, or by the invoice. */
const repeated: readonly FindingCode[] = [...earlierMonthCodes, 'other-product-failed', 'line-contested']

export const kindOf = ({ code, severity }: Finding): PointKind | null => {
  if (severity === 'note' || repeated.includes(code)) return null
  return kinds[code] ?? (severity === 'error' ? 'failed' : null)
}
