/**
 * Tokens that we give out: shown once, stored as a hash. Those of an organisation carry it, so that no look-up crosses
 * organisations.
 */
import { createHash, randomBytes } from 'node:crypto'

const prefixes = { api: 'pp', invitation: 'ppi' } as const
export type TokenKind = keyof typeof prefixes

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const patterns = {
  api: new RegExp(`^${prefixes.api}_(${UUID})_[A-Za-z0-9_-]{43}$`),
  invitation: new RegExp(`^${prefixes.invitation}_(${UUID})_[A-Za-z0-9_-]{43}$`),
} as const satisfies Record<TokenKind, RegExp>

export const newToken = (kind: TokenKind, organisationId: string): string =>
  `${prefixes[kind]}_${organisationId}_${newLinkToken()}`

/** 256 random bits in base64url, of no organisation. */
export const newLinkToken = (): string => randomBytes(32).toString('base64url')

/** The token's organisation; `null` where the text is no token of the kind. */
export const organisationOfToken = (kind: TokenKind, token: string): string | null =>
  patterns[kind].exec(token)?.[1] ?? null

/** SHA-256 in hexadecimal: a token is 256 random bits, so that a slow hash would add nothing. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')
