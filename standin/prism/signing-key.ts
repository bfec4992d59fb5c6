/** The key that id tokens are signed with: RS256, made anew at each start, once somebody signs in. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface SigningKey {
  /** The public half, as the key set shows it. */
  readonly jwk: Readonly<Record<string, unknown>>
  /** A signed JWT of the claims. */
  readonly token: (claims: Readonly<Record<string, unknown>>) => string
}

export function createSigningKey(): SigningKey {
  let made: Made | null = null
  const key = (): Made => (made ??= makeKey())
  return {
    get jwk() {
      return key().jwk
    },
    token(claims) {
      const { jwk, privateKey } = key()
      const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: jwk.kid })}.${part(claims)}`
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
    },
  }
}

interface Made {
  readonly jwk: Readonly<Record<string, unknown>> & { readonly kid: string }
  readonly privateKey: KeyObject
}

function makeKey(): Made {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha256')
    .update(jwk.n ?? '')
    .digest('base64url')
    .slice(0, 16)
  return { jwk: { ...jwk, kid, use: 'sig', alg: 'RS256' }, privateKey }
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
