/** The key that id tokens are signed with: RS256, made anew at each start. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'

export interface SigningKey {
  /** The public half, as the key set shows it. */
  readonly jwk: Readonly<Record<string, unknown>>
  /** A signed JWT of the claims. */
  readonly token: (claims: Readonly<Record<string, unknown>>) => string
}

export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha256')
    .update(jwk.n ?? '')
    .digest('base64url')
    .slice(0, 16)
  return {
    jwk: { ...jwk, kid, use: 'sig', alg: 'RS256' },
    token(claims) {
      const signed = `${part({ alg: 'RS256', typ: 'JWT', kid })}.${part(claims)}`
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
    },
  }
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
