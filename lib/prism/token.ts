/**
 * PRISM's access token by client credentials (docs/facts/prism.md, "Authentication"): kept until shortly
 * before its end.
 */
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits } from '#lib/base/limits.ts'
import { Secret } from '#lib/base/secrets.ts'
import { tokenSchema } from './api-types.ts'
import { PrismError } from './errors.ts'

export interface TokenSettings {
  /** PRISM's identity server, e.g. `https://identity.prismportal.online`. */
  readonly identityUrl: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly scope: string
  readonly guard: Guard
  readonly timeoutMs: number
  readonly now: () => number
}

export interface TokenSource {
  /** The value of the Authorization header. */
  authorization(): Promise<Secret>
  /** Forgets `refused`, which PRISM answered with 401, unless it is replaced already. */
  drop(refused: Secret): void
}

export function createTokenSource(settings: TokenSettings): TokenSource {
  let held: { readonly header: Secret; readonly until: number } | null = null
  let asked: Promise<Secret> | null = null

  async function ask(): Promise<Secret> {
    const token = await fetchToken(settings)
    const header = new Secret(`${token.token_type} ${token.access_token}`)
    held = { header, until: settings.now() + usableMs(token.expires_in) }
    return header
  }

  return {
    async authorization() {
      if (held !== null && settings.now() < held.until) return held.header
      asked ??= ask().finally(() => {
        asked = null
      })
      return asked
    },
    drop(refused) {
      if (held?.header === refused) held = null
    },
  }
}

/**
 * Refreshed 10 minutes before its end, or a fifth of its life where that is shorter (docs/facts/prism.md,
 * "Authentication").
 */
export function usableMs(expiresInSeconds: number): number {
  return (expiresInSeconds - Math.min(600, expiresInSeconds / 5)) * 1000
}

/** The token endpoint below the identity server's address, which may be given with or without `/core`. */
export function tokenUrl(identityUrl: string): string {
  const base = identityUrl.replace(/\/+$/, '')
  if (base.endsWith('/connect/token')) return base
  return base.endsWith('/core') ? `${base}/connect/token` : `${base}/core/connect/token`
}

async function fetchToken({ identityUrl, clientId, clientSecret, scope, guard, timeoutMs }: TokenSettings) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
    scope,
  })
  const response = await guard.fetch(tokenUrl(identityUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: body.toString(),
    limits: { ...limits.record, timeoutMs },
  })
  const answer = await response.text()
  if (response.status >= 500 || response.status === 429)
    throw new PrismError(
      'unreachable',
      `PRISM's sign-in has trouble of its own (status ${response.status}).`,
      response.status,
    )
  if (response.status !== 200)
    throw new PrismError(
      'refused',
      `PRISM refused the client credentials (${response.status}).`,
      response.status,
    )
  const token = tokenSchema.safeParse(parsed(answer))
  if (!token.success)
    throw new PrismError('unreadable', "PRISM's identity server gave no readable token.", 200)
  return token.data
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return null
  }
}
