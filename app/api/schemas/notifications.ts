import { z } from 'zod'
import { email, oneOf, text } from './fields.ts'

const formats = ['standard', 'teams'] as const
const format = oneOf(formats).describe(
  'Standard Webhooks’ JSON, or a message of Microsoft Teams (an adaptive card); both are signed.',
)

/** The last digest to somebody. */
const lastMessageSchema = z
  .object({
    state: z.enum(['queued', 'sending', 'sent', 'failed', 'dropped']),
    /** When it was decided on. */
    createdAt: z.iso.datetime(),
    attempts: z.number().int(),
    lastError: z.string().nullable(),
    /** Of one that waits, its next try. */
    dueAt: z.iso.datetime().nullable(),
  })
  .nullable()

export const notificationsSchema = z.object({
  mail: z.object({
    /** Whether this deployment has a mail server. */
    isSetUp: z.boolean(),
    addresses: z.array(
      z.object({
        address: z.string(),
        unsubscribedAt: z.iso.datetime().nullable(),
        last: lastMessageSchema,
      }),
    ),
  }),
  webhook: z
    .object({
      /** Of its address; the rest of it may be a secret. */
      host: z.string(),
      format: z.enum(formats),
      setBy: z.string(),
      setAt: z.iso.datetime(),
      last: lastMessageSchema,
    })
    .nullable(),
})
export type ShownNotifications = z.infer<typeof notificationsSchema>

export const webhookInputSchema = z.strictObject({ url: text('an address', { most: 2000 }), format })

export const webhookSetSchema = z.object({
  secret: z.string().describe('Verifies what is sent (whsec_…). It is shown this once.'),
})

export const webhookAnswerSchema = z.object({
  isTaken: z.boolean(),
  /** `null`: nothing came back. */
  status: z.number().int().nullable(),
  /** The beginning of the answer, or why there was none. */
  text: z.string(),
})
export type WebhookAnswer = z.infer<typeof webhookAnswerSchema>

export const subscribeInputSchema = z.strictObject({ address: email })

export const unsubscribeQuerySchema = z.object({ token: text('the link’s token', { most: 2000 }) })
