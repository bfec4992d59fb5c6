import { z } from 'zod'

const nonEmpty = z.string().trim().min(1).max(300)

export const connectionKindSchema = z.enum(['prism', 'connectwise'])

export const prismInputSchema = z.object({
  clientId: nonEmpty,
  clientSecret: z.string().min(1).max(2000),
  /** ISO 4217 code. */
  currency: z
    .string()
    .trim()
    .regex(/^[A-Z]{3}$/, 'must be a currency code of three letters, for example AUD'),
})

export const generateInputSchema = z.strictObject({
  email: z.email('must be an e-mail address').max(320),
  /** Asked with the first connection only. */
  currency: prismInputSchema.shape.currency.optional(),
})

export const connectWiseInputSchema = z.object({
  site: nonEmpty,
  companyId: nonEmpty,
  publicKey: nonEmpty,
  privateKey: z.string().min(1).max(2000),
  clientId: z.guid().optional(),
})

/** What may be shown of a connection; secrets never leave the server again (B5). */
export const connectionSchema = z.object({
  kind: connectionKindSchema,
  state: z.enum(['connected', 'failing', 'never']),
  /** When its credentials were entered. */
  connectedAt: z.iso.datetime().nullable(),
  /** The first failure of those that go on; `null` while it works. */
  failingSince: z.iso.datetime().nullable(),
  /** Its last test, or its last use by a look or a sync. */
  lastCheckedAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
  settings: z.record(z.string(), z.string().nullable()),
})
export type ShownConnection = z.infer<typeof connectionSchema>

export const connectionsSchema = z.object({
  connections: z.array(connectionSchema),
  /** Whether ConnectWise's developer client id must be entered: this deployment has none. */
  needsConnectWiseClientId: z.boolean(),
})
