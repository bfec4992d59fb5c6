import { z } from 'zod'
import { nameSchema } from './people.ts'

export const signInSchema = z.object({ email: z.email().max(320), password: z.string().min(1).max(1024) })

export const sessionSchema = z.object({
  user: z.object({ email: z.string(), name: z.string(), role: z.string() }),
  organisation: z.object({ publicId: z.string(), name: z.string(), membersMaySync: z.boolean() }),
})

export const organisationOptionsSchema = z.object({ name: z.string(), membersMaySync: z.boolean() })

/** Left-out fields keep their values. */
export const organisationInputSchema = z.strictObject({
  name: nameSchema.optional(),
  membersMaySync: z.boolean().optional(),
})

export const hostedSignInSchema = z.object({
  org: z.string().min(1).max(100),
  memberId: z.string(),
  memberHash: z.string(),
  memberContext: z.string(),
  // Only compared by people who look for a mistake: never used to find or to prove anything.
  site: z.string().max(500).optional(),
  companyId: z.string().max(100).optional(),
  memberEmail: z.string().max(320).optional(),
})
