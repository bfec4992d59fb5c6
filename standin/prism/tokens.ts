/**
 * PRISM's access tokens: to API clients by client credentials (docs/facts/prism.md, "Authentication"), to
 * people by sign-in.ts.
 */
import { randomBytes } from 'node:crypto'
import type { Incoming } from '../http/incoming.ts'
import { json, type Reply, ReplyError } from '../http/reply.ts'
import type { PartnerBook } from './partner-book.ts'
import type { Person } from './seed.ts'
import type { PrismStore } from './store.ts'

/** On whose behalf a token speaks. */
export interface Grant {
  readonly customerId: number
  /** The API client that asked for it by its own secret. */
  readonly clientId?: string
  /** The person who signed in. */
  readonly person?: Person
  revoked: boolean
}

export interface Tokens {
  /** Answers `POST /core/connect/token` for client credentials. */
  issue(incoming: Incoming): Reply
  /** The token answer for somebody who proved who they are. */
  grant(grant: Grant): Readonly<Record<string, unknown>>
  /** Who a request speaks for; `null` without a token that is valid now. */
  grantOf(incoming: Incoming): Grant | null
  /** The partner a request speaks for. Throws the 401 reply without a token that is valid now. */
  bookOf(incoming: Incoming): PartnerBook
  /** Ends all tokens issued so far. */
  expireAll(): void
  /** Life of tokens issued from now on, in seconds. */
  lifeSeconds: number
}

interface Token {
  readonly grant: Grant
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export function createTokens(store: PrismStore, nowMs: () => number): Tokens {
  const issued = new Map<string, Token>()
  const tokens: Tokens = {
    lifeSeconds: 3600,
    issue(incoming) {
      const form = incoming.form()
      const client = clientCredentials(incoming, form)
      const book = store.bookOfClient(client.id, client.secret)
      if (book === undefined) return refused('invalid_client')
      if (form.get('grant_type') !== 'client_credentials') return refused('unsupported_grant_type')
      if (!(form.get('scope') ?? '').split(' ').includes('rhipeapi')) return refused('invalid_scope')
      const { customerId } = book.partner
      return json(tokens.grant({ customerId, clientId: client.id, revoked: false }))
    },
    grant(grant) {
      const value = randomBytes(32).toString('base64url')
      issued.set(value, { grant, expiresAt: nowMs() + tokens.lifeSeconds * 1000 })
      return { access_token: value, expires_in: tokens.lifeSeconds, token_type: 'Bearer' }
    },
    grantOf(incoming) {
      const [scheme = '', value = ''] = incoming.header('authorization').split(' ')
      const token = scheme.toLowerCase() === 'bearer' ? issued.get(value) : undefined
      if (token === undefined || nowMs() >= token.expiresAt || token.grant.revoked) return null
      const { clientId } = token.grant
      return clientId === undefined || store.hasClient(clientId) ? token.grant : null
    },
    bookOf(incoming) {
      const grant = tokens.grantOf(incoming)
      const book = grant === null ? undefined : store.book(grant.customerId)
      if (book === undefined) throw new ReplyError(unauthorized())
      return book
    },
    expireAll: () => issued.clear(),
  }
  return tokens
}

/** Error body of the API: not known, so any text (docs/facts/prism.md, "Endpoints"). */
export function unauthorized(): Reply {
  const message = { Message: 'Authorization has been denied for this request.' }
  return json(message, 401, { 'www-authenticate': 'Bearer' })
}

/** RFC 6749 5.2, as identity servers answer [inferred]. */
export function refused(error: string): Reply {
  return json({ error }, 400)
}

/** From the form, or by HTTP Basic, which OAuth 2 servers take as well. */
export function clientCredentials(incoming: Incoming, form: URLSearchParams): { id: string; secret: string } {
  const [scheme = '', value = ''] = incoming.header('authorization').split(' ')
  if (scheme.toLowerCase() !== 'basic')
    return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', ...secret] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return { id, secret: secret.join(':') }
}
