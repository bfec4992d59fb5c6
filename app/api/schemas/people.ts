import { z } from 'zod'
import { isOneLine } from '#lib/base/one-line.ts'

export const roleSchema = z.enum(['owner', 'clerk', 'viewer'])

/** Long enough that nobody guesses it; its kind is the person's own business. */
export const passwordSchema = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200, 'must have at most 200 characters')

const email = z.email('must be an e-mail address').max(320)
const name = z.string().trim().max(100).refine(isOneLine, 'must be one line')
/** Of an organisation or a token. */
export const nameSchema = name.min(1, 'must not be empty')

export const invitationInputSchema = z.strictObject({ email, role: roleSchema })

export const invitationSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  role: roleSchema,
  expiresAt: z.iso.datetime(),
})

export const sentInvitationSchema = invitationSchema.extend({
  /** Whether the link went out by mail. */
  sent: z.boolean(),
  /** To be handed over where it did not. */
  link: z.string().nullable(),
})

export const personSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  /** `waiting`: asked to join, for an owner to decide. */
  state: z.enum(['active', 'waiting', 'disabled']),
  withPassword: z.boolean(),
  withPrism: z.boolean(),
  createdAt: z.iso.datetime(),
})

export const peopleSchema = z.object({
  people: z.array(personSchema),
  invitations: z.array(invitationSchema),
})
export type People = z.infer<typeof peopleSchema>

export const personChangeSchema = z.strictObject({
  role: roleSchema.optional(),
  state: z.enum(['active', 'disabled']).optional(),
})

export const invitationTokenSchema = z.strictObject({ token: z.string().max(200) })
/** Whom a link invites, before it is used. */
export const invitedSchema = z.object({ email: z.string(), organisation: z.string(), role: roleSchema })

export const acceptInvitationSchema = z.strictObject({
  token: z.string().max(200),
  name,
  password: passwordSchema,
})

export const firstOwnerSchema = z.strictObject({
  token: z.string().max(200),
  organisation: nameSchema,
  email,
  name,
  password: passwordSchema,
})

export const passwordChangeSchema = z.strictObject({
  current: z.string().max(1024),
  password: passwordSchema,
})

export const organisationInputSchema = z.strictObject({
  name: nameSchema,
  ownerEmail: email,
})
export const createdOrganisationSchema = z.object({
  id: z.uuid(),
  publicId: z.string(),
  name: z.string(),
  invitation: sentInvitationSchema,
})

export const tokenInputSchema = z.strictObject({
  name: nameSchema,
  role: roleSchema,
  /** How long it works. */
  days: z.union([z.literal(30), z.literal(90), z.literal(365)], 'must be 30, 90 or 365').default(365),
})
export const tokenSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** From then on it does not work. */
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
})
/** With the token itself, which is shown this once. */
export const newTokenSchema = tokenSchema.extend({ token: z.string() })
/** A page of those that nobody revoked, the newest first; `total` counts them all. */
export const tokensSchema = z.object({
  tokens: z.array(tokenSchema),
  page: z.number().int(),
  pageSize: z.number().int(),
  total: z.number().int(),
})
export type Tokens = z.infer<typeof tokensSchema>
