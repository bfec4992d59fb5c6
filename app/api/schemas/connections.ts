import { z } from 'zod'
import { email, flag, line, text } from './fields.ts'

const secret = (what: string) => line(`Enter ${what} on one line of at most 2000 characters.`, { most: 2000 })

export const connectionKindSchema = z.enum(['prism', 'connectwise'])

const CURRENCY = 'Enter a currency code of three letters, for example AUD.'

export const prismInputSchema = z.object({
  clientId: text('the client id', { most: 300 }),
  clientSecret: secret('the client secret'),
  /** ISO 4217 code. */
  currency: z
    .string(CURRENCY)
    .trim()
    .regex(/^[A-Z]{3}$/, CURRENCY),
  /** That another currency than the connection’s is meant, although customers are billed in that one. */
  confirm: flag.default(false),
})

export type PrismInput = z.input<typeof prismInputSchema>

export const generateInputSchema = z.strictObject({
  email,
  /** Asked with the first connection only. */
  currency: prismInputSchema.shape.currency.optional(),
  confirm: prismInputSchema.shape.confirm,
})

export type GenerateInput = z.input<typeof generateInputSchema>

const CLIENT_ID =
  'Enter the client id as ConnectWise shows it, for example d3b07384-d113-4ec6-a7a5-2f0c2a1b9f10.'

export const connectWiseInputSchema = z.object({
  site: text('the site', { most: 300 }),
  companyId: text('the company id', { most: 300 }),
  publicKey: text('the public key', { most: 300 }),
  privateKey: secret('the private key'),
  clientId: z.guid(CLIENT_ID).optional(),
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
