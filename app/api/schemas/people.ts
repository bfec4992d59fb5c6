import { z } from 'zod'
import { email, line, oneOf, page, password, text } from './fields.ts'

export const roleSchema = oneOf(['owner', 'clerk', 'viewer'])

/** Long enough that nobody guesses it; its kind is the person's own business. */
export const passwordSchema = password('Choose a password of 10 to 200 characters.', { least: 10, most: 200 })

const name = text('a name', { least: 0, most: 100 })
const organisationName = text('the organisation’s name', { most: 100 })
/** Of a link in a mail. */
const linkToken = line('The link is not complete. Open it again from the mail.', { most: 200 })

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
  /** Whether a second factor is asked for beside the password. */
  withSecondFactor: z.boolean(),
  createdAt: z.iso.datetime(),
})

export const peopleSchema = z.object({
  people: z.array(personSchema),
  invitations: z.array(invitationSchema),
})
export type People = z.infer<typeof peopleSchema>

export const personChangeSchema = z.strictObject({
  role: roleSchema.optional(),
  state: oneOf(['active', 'disabled']).optional(),
})

export const invitationTokenSchema = z.strictObject({ token: linkToken })
/** Whom a link invites, before it is used. */
export const invitedSchema = z.object({ email: z.string(), organisation: z.string(), role: roleSchema })

export const acceptInvitationSchema = z.strictObject({
  token: linkToken,
  name,
  password: passwordSchema,
})

export const firstOwnerSchema = z.strictObject({
  token: linkToken,
  organisation: organisationName,
  email,
  name,
  password: passwordSchema,
})

export const passwordChangeSchema = z.strictObject({
  current: password('Enter your present password.', { most: 1024 }),
  password: passwordSchema,
})

export const newOrganisationInputSchema = z.strictObject({
  name: organisationName,
  ownerEmail: email,
})
export const createdOrganisationSchema = z.object({
  id: z.uuid(),
  publicId: z.string(),
  name: z.string(),
  invitation: sentInvitationSchema,
})

export const tokensQuerySchema = z.object({ page })

export const tokenInputSchema = z.strictObject({
  name: text('a name', { most: 100 }),
  role: roleSchema,
  /** How long it works. */
  days: z.literal([30, 90, 365], 'Choose 30, 90 or 365 days.').default(365),
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
