/** What the addresses of pages carry beside their path, where no route of the API has the same. */
import { z } from 'zod'
import { errorCodes } from '#lib/base/errors.ts'
import { isStorable } from '#lib/base/storable-text.ts'
import { statuses } from '#lib/billing/status.ts'
import { LARGEST_ID, oneOf, page, programSlug, search, text, yesOrNo } from './fields.ts'
import { firstProgram } from './programs.ts'

/** Why PRISM sent somebody back whom we did not let in. */
const refused = z.enum(errorCodes, 'This is no reason that we give.').optional()

export const signInAddressSchema = z.object({
  next: text('the page to go to', { most: 500 }).optional(),
  refused,
  waiting: yesOrNo.optional(),
})

/** Words to look for in troubleshooting; or a message as people read it, of which the page is wanted. */
export const helpAddressSchema = z.object({
  search: text('what to look for', { most: 200, least: 0 }).default(''),
  about: z.string().max(2000).refine(isStorable).optional(),
})

export const connectionsAddressSchema = z.object({ refused, generate: yesOrNo.optional() })

export const historyAddressSchema = z.object({
  program: programSlug.default(firstProgram),
  kind: oneOf(['', 'customers', 'products']).default(''),
  search: search.default(''),
  page,
})

const recordOrNone = z
  .string()
  .regex(/^[1-9]\d{0,9}$/)
  .transform(Number)
  .refine((id) => id <= LARGEST_ID)
  .nullable()
  .default(null)

/** A run, and in it the agreement that one comes for, or those of one status. */
export const runAddressSchema = z.object({
  agreement: recordOrNone,
  show: oneOf(['', ...statuses]).default(''),
})

/** ConnectWise puts the record's id where `[cw_id]` stands; where it leaves the token, the screen's `onLoad` tells. */
export const podAddressSchema = z.object({
  org: text('the organisation', { most: 100 }).default(''),
  id: recordOrNone,
})

/** `tokens`: which page of the API tokens. */
export const settingsAddressSchema = z.object({ tokens: page })
