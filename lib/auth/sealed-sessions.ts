/** Sessions as sealed texts (iron-session): the browser holds them, nobody but this deployment can read or make one. */
import { randomUUID } from 'node:crypto'
import { sealData, unsealData } from 'iron-session'
import { z } from 'zod'
import type { Secret } from '#lib/base/secrets.ts'

/** A person who signed in to the standalone site. */
export const userSessionSchema = z.object({
  kind: z.literal('user'),
  /** What it is ended by. */
  id: z.uuid(),
  organisationId: z.uuid(),
  userId: z.uuid(),
  /** Milliseconds since 1970; later than the person's `sessionsFrom`. */
  signedInAt: z.number(),
})
export type UserSession = z.infer<typeof userSessionSchema>

/** A ConnectWise member who was verified in a pod. */
export const podSessionSchema = z.object({
  kind: z.literal('pod'),
  id: z.uuid(),
  organisationId: z.uuid(),
  publicId: z.string(),
  memberId: z.string(),
  memberName: z.string(),
  /** What the screen shows that it was asked for, and all that it may act on; `null` in the cookie, which only looks. */
  record: z.object({ type: z.enum(['agreement', 'company']), id: z.number().int() }).nullable(),
  /** Milliseconds since 1970. */
  sealedAt: z.number(),
})
export type PodSession = z.infer<typeof podSessionSchema>

export const USER_SESSION_SECONDS = 7 * 24 * 60 * 60
/** Short: a new handshake renews it (docs/facts/host-api.md, "Sessions in a frame"). */
export const POD_SESSION_SECONDS = 60 * 60

/** Seconds after which a session is none any more, from when it was sealed. */
export const longestOf = ({ kind }: Pick<UserSession | PodSession, 'kind'>): number =>
  kind === 'user' ? USER_SESSION_SECONDS : POD_SESSION_SECONDS

/** Seals a new session. */
export const sealSession = (
  session: Omit<UserSession, 'id'> | Omit<PodSession, 'id'>,
  secret: Secret,
): Promise<string> =>
  sealData({ ...session, id: randomUUID() }, { password: secret.reveal(), ttl: longestOf(session) })

/** The session in the text; `null` where it is none, altered, of another kind, or has run out. */
async function unseal<T>(text: string, secret: Secret, schema: z.ZodType<T>, ttl: number): Promise<T | null> {
  const read = schema.safeParse(await unsealData(text, { password: secret.reveal(), ttl }).catch(() => null))
  return read.success ? read.data : null
}

export const unsealUserSession = (text: string, secret: Secret): Promise<UserSession | null> =>
  unseal(text, secret, userSessionSchema, USER_SESSION_SECONDS)
export const unsealPodSession = (text: string, secret: Secret): Promise<PodSession | null> =>
  unseal(text, secret, podSessionSchema, POD_SESSION_SECONDS)
