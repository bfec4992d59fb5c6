/** A program's webhook: its secret, and one request to it, signed by Standard Webhooks (standardwebhooks.com). */
import { randomBytes } from 'node:crypto'
import { Webhook as Signer } from 'standardwebhooks'
import { z } from 'zod'
import { type Webhook, webhookKind } from '#db/notices/recipients.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits } from '#lib/base/limits.ts'
import { type SealedFor, type Sealer, Secret } from '#lib/base/secrets.ts'

const targetSchema = z.object({ url: z.string(), secret: z.string() })
/** Where it is, and what signs what is sent there. */
export type Target = z.infer<typeof targetSchema>

const ownerOf = (organisationId: string, program: string): SealedFor => ({
  organisationId,
  kind: webhookKind(program),
})

/** As Standard Webhooks writes secrets: 24 bytes. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`

export const sealTarget = (sealer: Sealer, organisationId: string, program: string, target: Target) => ({
  sealed: sealer.seal(new Secret(JSON.stringify(target)), ownerOf(organisationId, program)),
  sealKeyId: sealer.keyId,
})

/** Throws `secret-unreadable`. */
export const openTarget = (
  sealer: Sealer,
  { organisationId, program, sealed }: Pick<Webhook, 'organisationId' | 'program' | 'sealed'>,
): Target => {
  const text = sealer.open(sealed, ownerOf(organisationId, program)).reveal()
  return targetSchema.parse(JSON.parse(text))
}

/** What came back. */
export interface Answer {
  /** `null`: nothing did, or the address may not be asked. */
  readonly status: number | null
  /** The beginning of what it answered, or why it did not. */
  readonly text: string
}
export const isTaken = ({ status }: Answer): boolean => status !== null && status >= 200 && status < 300

/** Of an answer, as much as a person reads. */
const mostText = 300
const mostBytes = 64 * 1024

/**
 * One request. Whatever becomes of it is an answer.
 * @param message its id is the same whenever it is sent again: who got it twice can tell
 * @param wholeMs for the request and its answer; 20,000 where left out
 */
export const postSigned = async (
  guard: Guard,
  { url, secret }: Target,
  message: { readonly id: string; readonly at: Date; readonly body: string },
  wholeMs: number = limits.record.timeoutMs,
): Promise<Answer> => {
  try {
    const { id, at, body } = message
    const answer = await guard.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Prism-Pod-Webhook',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Signer(secret).sign(id, at, body),
      },
      body,
      limits: { mostBytes, timeoutMs: wholeMs },
    })
    return { status: answer.status, text: (await answer.text()).trim().slice(0, mostText) }
  } catch (error) {
    return { status: null, text: reasonOf(error) }
  }
}

/** Without the address, which may be a secret. */
const reasonOf = (error: unknown): string => {
  if (error instanceof ProductError) return error.detail
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return error instanceof Error
    ? code === ''
      ? error.message
      : `It could not be reached (${code}).`
    : 'It failed.'
}
