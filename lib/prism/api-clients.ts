/**
 * Generating an API client in PRISM in a person's name (B2). PRISM's portal has a form for it ("Manage Client Credentials",
 * docs/facts/prism.md, "Authentication") but publishes no call: request and answer are [inferred], and a live
 * PRISM corrects them here.
 */
import { z } from 'zod'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits, OverLimit } from '#lib/base/limits.ts'
import { Secret } from '#lib/base/secrets.ts'
import { PrismError } from './errors.ts'

const inferred = {
  method: 'POST',
  path: '/api/v1/me/clients',
  body: ({ name, email }: NewApiClient) => ({ ClientName: name, Email: email }),
  answer: z
    .object({ ClientId: z.string().min(1), ClientSecret: z.string().min(1) })
    .transform(({ ClientId, ClientSecret }) => ({
      clientId: ClientId,
      clientSecret: new Secret(ClientSecret),
    })),
  /** PRISM has no such call, or not for this person. */
  notOffered: [403, 404, 405],
} as const

export interface NewApiClient {
  readonly name: string
  /** PRISM requires one. */
  readonly email: string
}

export interface GenerateSettings {
  readonly apiUrl: string
  readonly guard: Guard
  /** The person's, from signing in with PRISM. */
  readonly accessToken: Secret
  readonly timeoutMs?: number
}

const INSTEAD = 'Choose “Configure credentials” and enter a client that was made in PRISM’s portal.'

/**
 * The new client, whose secret PRISM shows this once. Throws `prism-refused` where PRISM does not make one,
 * `prism-sign-in-needed` where the person's token has run out, and `prism-unreachable` where it is not known whether it did.
 */
export async function generateApiClient(
  settings: GenerateSettings,
  client: NewApiClient,
): Promise<{ clientId: string; clientSecret: Secret }> {
  const { status, text } = await send(settings, client)
  if (status === 401)
    throw new ProductError(
      'prism-sign-in-needed',
      'PRISM does not know you any more: the sign-in has run out.',
    )
  if (inferred.notOffered.some((each) => each === status))
    throw new PrismError(
      'refused',
      `PRISM does not let this site make credentials (${status}). ${INSTEAD}`,
      status,
    )
  if (status >= 500)
    throw new PrismError(
      'unreachable',
      `PRISM has trouble of its own (status ${status}). ${mayExist}`,
      status,
    )
  if (status >= 400)
    throw new PrismError('refused', `PRISM refused to make credentials (${status}). ${INSTEAD}`, status)
  const read = inferred.answer.safeParse(parsed(text))
  if (read.success) return read.data
  throw new PrismError('unreadable', `PRISM’s answer holds no credentials. ${mayExist} ${INSTEAD}`, status)
}

const mayExist = 'It may have made a client all the same; PRISM’s portal lists them.'

async function send(
  { apiUrl, guard, accessToken, timeoutMs = limits.record.timeoutMs }: GenerateSettings,
  client: NewApiClient,
) {
  try {
    const response = await guard.fetch(`${apiUrl}${inferred.path}`, {
      method: inferred.method,
      headers: {
        authorization: `Bearer ${accessToken.reveal()}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(inferred.body(client)),
      limits: { ...limits.record, timeoutMs },
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (error instanceof ProductError) throw error
    const why = error instanceof Error ? error.message : 'no answer'
    const what = error instanceof OverLimit ? `PRISM’s answer ${error.says}` : `PRISM did not answer (${why})`
    throw new PrismError('unreachable', `${what}. ${mayExist}`, null, { cause: error })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
