/**
 * "Sign in with PRISM": OpenID Connect's code flow with PKCE. No source describes the real server, so all of
 * `inferred` is [inferred] from its address, `/core/connect/token`, which is that of an IdentityServer 3.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Incoming } from '../http/incoming.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Router } from '../http/router.ts'
import type { Person, RelyingParty } from './seed.ts'
import { refusalPage, signedOutPage, signInPage } from './sign-in-page.ts'
import { createSigningKey } from './signing-key.ts'
import type { PrismStore } from './store.ts'
import { clientCredentials, type Grant, refused, type Tokens, unauthorized } from './tokens.ts'

const inferred = {
  /** The issuer is this path of the server's address. */
  issuer: '/core',
  customerClaim: 'customer_id',
  codeLifeSeconds: 60,
  idTokenLifeSeconds: 300,
  scopes: ['openid', 'profile', 'email', 'offline_access', 'rhipeapi'],
}

/** What an authorization code stands for. */
interface Code {
  readonly party: RelyingParty
  readonly redirectUri: string
  readonly challenge: string
  readonly nonce: string | null
  readonly scopes: readonly string[]
  readonly grant: Grant
  /** Milliseconds since 1970. */
  readonly signedInAt: number
  used: boolean
}

interface RefreshToken extends Omit<Code, 'used'> {
  used: boolean
}

export interface SignIn {
  addRoutes(router: Router): void
  /** Answers the token endpoint for a code or a refresh token. */
  exchange(incoming: Incoming): Reply
  /** A new signing key; tokens of the one before are no longer valid. */
  rotateKey(): void
  reset(): void
}

export function createSignIn(store: PrismStore, tokens: Tokens, nowMs: () => number): SignIn {
  let key = createSigningKey()
  const codes = new Map<string, Code>()
  const refreshTokens = new Map<string, RefreshToken>()

  /** Checks the question first, so that neither form nor code is given for a wrong one. */
  function authorize(incoming: Incoming): Reply {
    const { query } = incoming
    const party = store.relyingParty(query.get('client_id') ?? '')
    if (party === undefined) return refusalPage('The site that sent you here is not known to PRISM.')
    const redirectUri = query.get('redirect_uri') ?? ''
    if (!isRegistered(party.redirectUris, redirectUri))
      return refusalPage(
        'The site that sent you here asked to be answered at an address it has not registered.',
      )
    const answer = (fields: Readonly<Record<string, string>>) =>
      redirect(redirectUri, query.get('state'), fields)
    const error = errorOf(query)
    if (error !== null) return answer(error)
    if (incoming.method === 'GET') return signInPage()

    const form = incoming.form()
    const email = form.get('email') ?? ''
    const found = store.person(email)
    if (found === undefined || !equal(found.person.password, form.get('password') ?? ''))
      return signInPage({ email })
    const code = randomBytes(24).toString('base64url')
    codes.set(code, {
      party,
      redirectUri,
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce'),
      scopes: (query.get('scope') ?? '').split(' '),
      grant: { customerId: found.customerId, person: found.person, revoked: false },
      signedInAt: nowMs(),
      used: false,
    })
    return answer({ code, iss: issuer(incoming) })
  }

  function exchange(incoming: Incoming): Reply {
    const form = incoming.form()
    const client = clientCredentials(incoming, form)
    const party = store.relyingParty(client.id)
    if (party === undefined || !equal(party.clientSecret, client.secret)) return refused('invalid_client')
    return form.get('grant_type') === 'refresh_token'
      ? refresh(incoming, party, form.get('refresh_token') ?? '')
      : redeem(incoming, party, form)
  }

  function redeem(incoming: Incoming, party: RelyingParty, form: URLSearchParams): Reply {
    const code = codes.get(form.get('code') ?? '')
    if (code === undefined || code.party !== party) return refused('invalid_grant')
    // A code that comes twice was stolen: what it gave ends as well (RFC 6749 4.1.2).
    if (code.used) code.grant.revoked = true
    const late = nowMs() >= code.signedInAt + inferred.codeLifeSeconds * 1000
    const verified = challengeOf(form.get('code_verifier') ?? '') === code.challenge
    if (code.used || late || !verified || form.get('redirect_uri') !== code.redirectUri)
      return refused('invalid_grant')
    code.used = true
    return tokensFor(incoming, code)
  }

  /** Each refresh token is for one use; one that comes twice ends the sign-in (RFC 9700 4.14.2). */
  function refresh(incoming: Incoming, party: RelyingParty, value: string): Reply {
    const token = refreshTokens.get(value)
    if (token === undefined || token.party !== party) return refused('invalid_grant')
    if (token.used) token.grant.revoked = true
    if (token.grant.revoked) return refused('invalid_grant')
    token.used = true
    return tokensFor(incoming, token)
  }

  function tokensFor(incoming: Incoming, from: Code | RefreshToken): Reply {
    const { scopes } = from
    const issued = tokens.grant(from.grant)
    const idToken = key.token({
      ...claimsOf(from.grant),
      iss: issuer(incoming),
      aud: from.party.clientId,
      iat: seconds(nowMs()),
      exp: seconds(nowMs()) + inferred.idTokenLifeSeconds,
      auth_time: seconds(from.signedInAt),
      ...(from.nonce === null ? {} : { nonce: from.nonce }),
    })
    if (!scopes.includes('offline_access')) return json({ ...issued, id_token: idToken })
    const value = randomBytes(32).toString('base64url')
    refreshTokens.set(value, { ...from, used: false })
    return json({ ...issued, id_token: idToken, refresh_token: value })
  }

  function userInfo(incoming: Incoming): Reply {
    const grant = tokens.grantOf(incoming)
    return grant?.person === undefined ? unauthorized() : json(claimsOf(grant))
  }

  function endSession({ query }: Incoming): Reply {
    const target = query.get('post_logout_redirect_uri') ?? ''
    const registered = store.relyingParties().some((party) => isRegistered(party.signedOutUris, target))
    return registered ? redirect(target, query.get('state'), {}) : signedOutPage()
  }

  function discovery(incoming: Incoming): Reply {
    const at = issuer(incoming)
    return json({
      issuer: at,
      jwks_uri: `${at}/.well-known/jwks`,
      authorization_endpoint: `${at}/connect/authorize`,
      token_endpoint: `${at}/connect/token`,
      userinfo_endpoint: `${at}/connect/userinfo`,
      end_session_endpoint: `${at}/connect/endsession`,
      scopes_supported: inferred.scopes,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      code_challenge_methods_supported: ['S256'],
      claims_supported: ['sub', 'name', 'email', inferred.customerClaim],
      authorization_response_iss_parameter_supported: true,
    })
  }

  return {
    addRoutes(router) {
      const path = (rest: string) => `${inferred.issuer}/${rest}`
      router
        .on('GET', path('.well-known/openid-configuration'), discovery)
        .on('GET', path('.well-known/jwks'), () => json({ keys: [key.jwk] }))
        .on('GET', path('connect/authorize'), authorize)
        .on('POST', path('connect/authorize'), authorize)
        .on('GET', path('connect/userinfo'), userInfo)
        .on('POST', path('connect/userinfo'), userInfo)
        .on('GET', path('connect/endsession'), endSession)
    },
    exchange,
    rotateKey() {
      key = createSigningKey()
    },
    reset() {
      codes.clear()
      refreshTokens.clear()
    },
  }
}

/** What is wrong with a question whose asker is known, as RFC 6749 4.1.2.1 and OpenID Connect word it. */
function errorOf(
  query: URLSearchParams,
): { readonly error: string; readonly error_description: string } | null {
  const wrong = (error: string, description: string) => ({ error, error_description: description })
  if (query.get('response_type') !== 'code')
    return wrong('unsupported_response_type', 'Only response_type=code is supported.')
  const scopes = (query.get('scope') ?? '').split(' ')
  if (!scopes.includes('openid')) return wrong('invalid_scope', 'The scope openid is missing.')
  const unknown = scopes.find((scope) => !inferred.scopes.includes(scope))
  if (unknown !== undefined) return wrong('invalid_scope', `There is no scope ${unknown}.`)
  const challenge = query.get('code_challenge') ?? ''
  if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge))
    return wrong('invalid_request', 'PKCE with S256 is required.')
  // Nobody stays signed in at the stand-in.
  if (query.get('prompt') === 'none') return wrong('login_required', 'Nobody is signed in.')
  return null
}

/** An address is registered as it is; one of this machine without a port is so for every port (RFC 8252 7.3). */
function isRegistered(registered: readonly string[], asked: string): boolean {
  if (registered.includes(asked)) return true
  if (!URL.canParse(asked)) return false
  const url = new URL(asked)
  if (url.hostname !== 'localhost' && url.hostname !== '127.0.0.1') return false
  url.port = ''
  return registered.includes(url.href)
}

function redirect(uri: string, state: string | null, fields: Readonly<Record<string, string>>): Reply {
  const location = new URL(uri)
  for (const [name, value] of Object.entries(fields)) location.searchParams.set(name, value)
  if (state !== null) location.searchParams.set('state', state)
  return { status: 302, headers: { location: location.href, 'cache-control': 'no-store' } }
}

function claimsOf({ customerId, person }: Grant): Readonly<Record<string, unknown>> {
  return { ...personClaims(person), [inferred.customerClaim]: String(customerId) }
}

function personClaims(person: Person | undefined): Readonly<Record<string, unknown>> {
  if (person === undefined) return {}
  const sub = createHash('sha256').update(person.email).digest('hex').slice(0, 32)
  return { sub, name: person.name, email: person.email, email_verified: true }
}

function issuer({ url }: Incoming): string {
  return url.origin + inferred.issuer
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}

function equal(one: string, other: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(one), digest(other))
}
