/**
 * The values of ConnectWise's answers, in every form they come in (docs/facts/connectwise.md,
 * "Base URL and company info" and "Records"): what is unset is null, absent or an empty text alike; numbers
 * and flags may be texts. What cannot be understood is an issue, never a default.
 */
import { z } from 'zod'
import { numberText } from '#lib/base/decimal-text.ts'
import { hasLostCharacters, storable } from '#lib/base/storable-text.ts'
import type { Day } from '#lib/billing/types.ts'
import * as inferred from './inferred.ts'

/** What the database holds; ConnectWise's own ids are no larger (its models say int32). */
const largestId = 2_147_483_647

/** Far above what ConnectWise holds in a serial number or SKU (50). */
const longestKey = 200

const isUnset = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

function notUnderstood(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

/** A record's id: a whole number from 1, or one as text. */
export const id = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^\d{1,10}$/)
      .transform(Number),
  ])
  .refine((value) => Number.isInteger(value) && value >= 1 && value <= largestId, 'is no id')

/** `''` where unset. */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => storable(String(value ?? '')))

/** A serial number or SKU, by which records are matched; `''` where unset. */
export const key = text.refine(
  (value) => !hasLostCharacters(value) && value.length <= longestKey,
  'is no key',
)

/** Decimal text; `null` where unset. */
export const maybeDecimal = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value, context): string | null => {
    if (isUnset(value) || value === null || value === undefined) return null
    return numberText(value) ?? notUnderstood(context, 'is no number')
  })

/** Decimal text; `0` where unset [inferred]. */
export const decimal = maybeDecimal.transform((value) => value ?? inferred.absentNumber)

/** `false` where unset [inferred]. */
export const flag = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value, context): boolean => {
    if (isUnset(value)) return inferred.absentFlag
    const word = String(value).trim().toLowerCase()
    return word === 'true' || word === 'false' ? word === 'true' : notUnderstood(context, 'is no flag')
  })

/** A timestamp's day; `null` where unset. */
export const day = z
  .string()
  .nullish()
  .transform((value, context): Day | null => {
    if (value === null || value === undefined || inferred.isUnsetTimestamp(value)) return null
    return inferred.dayOfTimestamp(value) ?? notUnderstood(context, 'is no date')
  })

/** A reference to another record; `null` where unset, also where it is there without an id. */
export const reference = z.preprocess(
  (value) => (isUnsetReference(value) ? null : value),
  z.object({ id, name: text }).nullable(),
)

function isUnsetReference(value: unknown): boolean {
  if (isUnset(value)) return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const found: unknown = 'id' in value ? value.id : null
  return isUnset(found) || found === 0
}

/** The name of a reference that is only shown or compared; `''` where it has none. */
export const nameOf = z
  .object({ name: text })
  .nullish()
  .catch(null)
  .transform((value) => value?.name ?? '')

/** A text that is only shown; `''` where it is none. */
export const shown = text.catch('')
