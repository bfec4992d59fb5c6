/** What the browser keeps, sealed, around signing in with PRISM. */
import { sealData, unsealData } from 'iron-session'
import { z } from 'zod'
import { Secret } from '#lib/base/secrets.ts'
import { prismChecksSchema } from './prism-sign-in.ts'

export const ATTEMPT_COOKIE = 'prism-pod-attempt'
export const TOKEN_COOKIE = 'prism-pod-prism'

const ATTEMPT_SECONDS = 10 * 60
/** PRISM's access tokens last an hour (docs/facts/prism.md, "Authentication"). */
const TOKEN_SECONDS = 50 * 60
/** Browsers drop a longer cookie without a word. */
const LONGEST_COOKIE = 4_000

const attemptSchema = z.object({
  kind: z.literal('prism-attempt'),
  checks: prismChecksSchema,
  /** Where to go afterwards: a path of ours. */
  next: z.string(),
  /** `link`: the person is signed in already, and PRISM is asked only to act in their name. */
  purpose: z.enum(['sign-in', 'link']),
})
export type PrismAttempt = Omit<z.infer<typeof attemptSchema>, 'kind'>

const tokenSchema = z.object({ kind: z.literal('prism-token'), userId: z.string(), accessToken: z.string() })

interface CookieSettings {
  readonly secret: Secret
  readonly secure: boolean
}

const cookie = (name: string, value: string, path: string, seconds: number, secure: boolean): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${seconds}`,
    ...(secure ? ['Secure'] : []),
  ].join('; ')

const ATTEMPT_PATH = '/api/session/prism'
const TOKEN_PATH = '/api/connections/prism'

export async function attemptCookie(
  attempt: PrismAttempt,
  { secret, secure }: CookieSettings,
): Promise<string> {
  const sealed = await sealData(
    { kind: 'prism-attempt', ...attempt },
    { password: secret.reveal(), ttl: ATTEMPT_SECONDS },
  )
  return cookie(ATTEMPT_COOKIE, sealed, ATTEMPT_PATH, ATTEMPT_SECONDS, secure)
}

export const endedAttemptCookie = (secure: boolean): string =>
  cookie(ATTEMPT_COOKIE, '', ATTEMPT_PATH, 0, secure)

/** `null` where it is none, altered, or too old. */
export async function readAttempt(sealed: string | null, secret: Secret): Promise<PrismAttempt | null> {
  const read = attemptSchema.safeParse(await opened(sealed, secret, ATTEMPT_SECONDS))
  return read.success ? read.data : null
}

/** Carries PRISM's access token, for the person it belongs to; `null` where it is too long for a cookie. */
export async function tokenCookie(
  userId: string,
  accessToken: Secret,
  { secret, secure }: CookieSettings,
): Promise<string | null> {
  const content = { kind: 'prism-token', userId, accessToken: accessToken.reveal() }
  const sealed = await sealData(content, { password: secret.reveal(), ttl: TOKEN_SECONDS })
  return sealed.length > LONGEST_COOKIE
    ? null
    : cookie(TOKEN_COOKIE, sealed, TOKEN_PATH, TOKEN_SECONDS, secure)
}

/** PRISM's access token of this person; `null` where there is none, or it is another's or too old. */
export async function readPrismToken(
  sealed: string | null,
  userId: string,
  secret: Secret,
): Promise<Secret | null> {
  const read = tokenSchema.safeParse(await opened(sealed, secret, TOKEN_SECONDS))
  return read.success && read.data.userId === userId ? new Secret(read.data.accessToken) : null
}

const opened = async (sealed: string | null, secret: Secret, ttl: number): Promise<unknown> =>
  sealed === null ? null : unsealData(sealed, { password: secret.reveal(), ttl }).catch(() => null)
