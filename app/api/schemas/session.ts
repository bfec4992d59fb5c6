import { z } from 'zod'
import { isTimeZone } from '#lib/base/day-in.ts'
import { packingAges } from '#lib/keeping/times.ts'
import { isPublicId } from '#lib/members/public-id.ts'
import { email, line, oneOf, password, recordId, text } from './fields.ts'

/** Of an authenticator, or a recovery code. */
const code = line('Enter the six digits of your authenticator, or a recovery code.', { most: 40 })

export const signInSchema = z.object({
  email,
  password: password('Enter your password.', { most: 1024 }),
  code: code.optional(),
})

/** Before somebody who must have a second factor has one. */
export const firstFactorSchema = z.strictObject({
  email,
  password: password('Enter your password.', { most: 1024 }),
})

export const factorBeginSchema = z.strictObject({
  password: password('Enter your present password.', { most: 1024 }),
})
export const factorCodeSchema = z.strictObject({ code })

/** Shown once. */
export const begunFactorSchema = z.object({
  secret: z.string(),
  uri: z.string(),
  recoveryCodes: z.array(z.string()),
})

/** `purpose=link`: the person is signed in already, and lets us act for them in PRISM (B2). */
export const prismSignInQuerySchema = z.object({
  next: text('the page to go to', { most: 500 }).optional(),
  purpose: oneOf(['sign-in', 'link']).default('sign-in'),
})

export const sessionSchema = z.object({
  user: z.object({ email: z.string(), name: z.string(), role: z.string() }),
  organisation: z.object({ publicId: z.string(), name: z.string() }),
})

/** Of whom a second factor is asked who signs in with a password. */
const secondFactorSchema = oneOf(['optional', 'owners', 'everybody'])

export const organisationOptionsSchema = z.object({
  name: z.string(),
  timeZone: z.string(),
  secondFactor: secondFactorSchema,
  packsAfterMonths: z.number().int(),
})

const ZONE = 'Choose a time zone, for example Australia/Sydney.'

/** Left-out fields keep their values. */
export const organisationInputSchema = z.strictObject({
  name: text('the organisation’s name', { most: 100 }).optional(),
  /** Where its days begin and end, as the time zone database calls it. */
  timeZone: line(ZONE, { most: 60 }).refine(isTimeZone, ZONE).optional(),
  secondFactor: secondFactorSchema.optional(),
  /** Plans of months that are older are packed; they are read back as they were. */
  packsAfterMonths: z
    .literal(packingAges, `Choose after how many months: ${packingAges.join(', ')}.`)
    .optional(),
})

/** What is asked of an owner once more before the organisation is deleted. */
export const deletionSchema = z.strictObject({
  name: text('the organisation’s name', { most: 100 }),
  password: password('Enter your password.', { most: 1024 }),
  code: code.optional(),
})

const ORG = 'The address of this pod names no organisation.'
/** No value of ConnectWise's: a space is in none. */
const UNREADABLE = ' '
/** What is no member's proof is refused as a sign-in (`readClaim`), and alike whatever is wrong with it: missing or too long, too. */
const claimed = (most: number) =>
  line('ConnectWise must say who you are, in its own words.', { least: 0, most }).catch(UNREADABLE)

export const hostedSignInSchema = z.object({
  org: z.string(ORG).max(100, ORG).refine(isPublicId, ORG),
  memberId: claimed(100),
  memberHash: claimed(2048),
  memberContext: claimed(4096),
  // Only compared with what is configured: never used to find or to prove anything.
  site: claimed(500).optional(),
  companyId: claimed(100).optional(),
  memberEmail: claimed(320).optional(),
  /** What the screen shows: all that the session's token may act on. */
  record: z
    .strictObject({ type: oneOf(['agreement', 'company']), id: recordId })
    .nullable()
    .default(null),
})
