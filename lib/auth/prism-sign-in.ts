/**
 * "Sign in with PRISM": OpenID Connect's code flow with PKCE, state and nonce, by openid-client. No source describes PRISM's
 * identity server to that depth; what is assumed of it is `inferred`, and a live server corrects it there.
 */
import * as oidc from 'openid-client'
import { z } from 'zod'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits } from '#lib/base/limits.ts'
import { Secret } from '#lib/base/secrets.ts'

const inferred = {
  /** The issuer is this path of the identity server: that of an IdentityServer 3, as its token endpoint is. */
  issuer: '/core',
  /** `rhipeapi`, so that an API client can be generated in the person's name (B2). */
  scope: 'openid profile email rhipeapi',
  /** Which partner the person belongs to. */
  partnerClaim: 'customer_id',
} as const

export interface PrismSignInSettings {
  /** E.g. `https://identity.prismportal.online`. */
  readonly identityUrl: string
  readonly clientId: string
  readonly clientSecret: Secret
  /** Our callback; PRISM must have it registered. */
  readonly redirectUri: string
  readonly guard: Guard
}

/** What the answer is checked against; it is kept sealed in the person's browser until then. */
export const prismChecksSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() })
export type PrismChecks = z.infer<typeof prismChecksSchema>

/** Whom PRISM named. */
export interface PrismIdentity {
  readonly subject: string
  readonly partnerId: string
  /** Only where PRISM says that it is verified; else `null`. */
  readonly email: string | null
  readonly name: string
  /** Acts for the person in PRISM's API. */
  readonly accessToken: Secret
}

/** Where the browser goes to sign in. Throws `prism-unreachable`. */
export async function beginPrismSignIn(
  settings: PrismSignInSettings,
): Promise<{ url: URL; checks: PrismChecks }> {
  const config = await discovered(settings)
  const checks = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
  }
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: settings.redirectUri,
    scope: inferred.scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
    state: checks.state,
    nonce: checks.nonce,
  })
  return { url, checks }
}

/** Whom the callback's query names. Throws `sign-in-refused` where anything of it is not as checked, and `prism-unreachable`. */
export async function finishPrismSignIn(
  settings: PrismSignInSettings,
  query: URLSearchParams,
  checks: PrismChecks,
): Promise<PrismIdentity> {
  const config = await discovered(settings)
  // The address as PRISM knows it: behind a proxy the request's own may differ.
  const back = new URL(settings.redirectUri)
  back.search = query.toString()
  const tokens = await oidc
    .authorizationCodeGrant(config, back, {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.verifier,
      idTokenExpected: true,
    })
    .catch((error: unknown) => {
      throw refusalOf(error)
    })
  const claims = claimsSchema.safeParse(tokens.claims())
  if (!claims.success)
    throw new ProductError('sign-in-refused', 'PRISM did not say which partner you belong to.')
  const { sub, name, email, email_verified, [inferred.partnerClaim]: partnerId } = claims.data
  return {
    subject: sub,
    partnerId,
    email: email_verified && email !== '' ? email.toLowerCase() : null,
    name,
    accessToken: new Secret(tokens.access_token),
  }
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const claimsSchema = z.object({
  sub: z.string().min(1),
  name: text,
  email: text,
  email_verified: z
    .union([z.boolean(), z.string()])
    .nullish()
    .transform((value) => String(value) === 'true'),
  [inferred.partnerClaim]: z.union([z.string().min(1), z.number()]).transform(String),
})

/** The server's description and keys; read anew each time, as people sign in seldom and keys change. */
async function discovered({ identityUrl, clientId, clientSecret, guard }: PrismSignInSettings) {
  const issuer = guard.check(`${identityUrl.replace(/\/core$/, '')}${inferred.issuer}`)
  // Plain http passes the guard only for hosts that the operator trusts.
  const execute = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : []
  return oidc
    .discovery(issuer, clientId, clientSecret.reveal(), undefined, {
      execute,
      [oidc.customFetch]: guardedFetch(guard),
      timeout: limits.record.timeoutMs / 1000,
    })
    .catch((error: unknown) => {
      throw refusalOf(error)
    })
}

function guardedFetch(guard: Guard): oidc.CustomFetch {
  return (url, { method, headers, body, signal }) =>
    guard.fetch(url, {
      method,
      headers,
      ...(body === undefined || body === null ? {} : { body: bodyText(body) }),
      ...(signal === undefined ? {} : { signal }),
      limits: limits.record,
    })
}

function bodyText(body: oidc.FetchBody): string {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new Error('openid-client sent a body of an unknown kind')
}

/** The library's errors in our words; none of them holds the code or a token. */
function refusalOf(error: unknown): Error {
  if (error instanceof ProductError) return error
  if (error instanceof oidc.AuthorizationResponseError) {
    const why = error.error === 'access_denied' ? 'it was cancelled' : error.error
    return new ProductError('sign-in-refused', `PRISM did not sign you in: ${why}.`, { cause: error })
  }
  if (error instanceof oidc.ResponseBodyError)
    return new ProductError('sign-in-refused', `PRISM refused the sign-in: ${error.error}.`, { cause: error })
  if (error instanceof oidc.ClientError && isAnswerWrong(error))
    return new ProductError('sign-in-refused', 'PRISM’s answer does not belong to this sign-in.', {
      cause: error,
    })
  return new ProductError('prism-unreachable', 'PRISM’s sign-in did not answer as expected.', {
    cause: error,
  })
}

/** A state, nonce or signature that is not right, as against an answer that is no OpenID Connect at all. */
const isAnswerWrong = ({ code }: oidc.ClientError): boolean =>
  code === 'OAUTH_INVALID_RESPONSE' ||
  code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' ||
  code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' ||
  code === 'OAUTH_INVALID_REQUEST'
