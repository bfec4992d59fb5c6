import { z } from 'zod'
import { isPublicId } from '#lib/members/public-id.ts'
import { email, flag, line, oneOf, password, text } from './fields.ts'

export const signInSchema = z.object({ email, password: password('Enter your password.', { most: 1024 }) })

/** `purpose=link`: the person is signed in already, and lets us act for them in PRISM (B2). */
export const prismSignInQuerySchema = z.object({
  next: text('the page to go to', { most: 500 }).optional(),
  purpose: oneOf(['sign-in', 'link']).default('sign-in'),
})

export const sessionSchema = z.object({
  user: z.object({ email: z.string(), name: z.string(), role: z.string() }),
  organisation: z.object({ publicId: z.string(), name: z.string(), membersMaySync: z.boolean() }),
})

export const organisationOptionsSchema = z.object({ name: z.string(), membersMaySync: z.boolean() })

/** Left-out fields keep their values. */
export const organisationInputSchema = z.strictObject({
  name: text('the organisation’s name', { most: 100 }).optional(),
  membersMaySync: flag.optional(),
})

const ORG = 'The address of this pod names no organisation.'
/** What is no member's proof is refused as a sign-in (`memberClaimSchema`), so that only lengths are looked at here. */
const claimed = (most: number) =>
  line('ConnectWise must say who you are, in its own words.', { least: 0, most })

export const hostedSignInSchema = z.object({
  org: z.string(ORG).max(100, ORG).refine(isPublicId, ORG),
  memberId: claimed(100),
  memberHash: claimed(2048),
  memberContext: claimed(4096),
  // Only compared by people who look for a mistake: never used to find or to prove anything.
  site: claimed(500).optional(),
  companyId: claimed(100).optional(),
  memberEmail: claimed(320).optional(),
})
