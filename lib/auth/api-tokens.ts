/** API tokens: shown once, stored as a hash. The token carries its organisation, so that no look-up crosses organisations. */
import { createHash, randomBytes } from 'node:crypto'

const PREFIX = 'pp'
const PATTERN = /^pp_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/

export const newApiToken = (organisationId: string): string =>
  `${PREFIX}_${organisationId}_${randomBytes(32).toString('base64url')}`

/** The token's organisation; `null` where the text is no API token. */
export const organisationOfToken = (token: string): string | null => PATTERN.exec(token)?.[1] ?? null

/** SHA-256 in hexadecimal: a token is 256 random bits, so that a slow hash would add nothing. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')
