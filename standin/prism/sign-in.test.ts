import * as client from 'openid-client'
import { afterEach, describe, expect, it } from 'vitest'
import { startPrism } from './prism.ts'
import type { RelyingParty } from './seed.ts'
import { partner } from './testing.ts'

const callback = 'http://localhost:3123/callback'
const site: RelyingParty = {
  clientId: 'site',
  clientSecret: 'site-secret',
  redirectUris: ['http://localhost/callback', 'https://pod.example/callback'],
  signedOutUris: ['http://localhost/signed-out'],
}
const other: RelyingParty = { ...site, clientId: 'other', clientSecret: 'other-secret' }
const nora = { name: 'Nora Field', email: 'nora@northwind.example', password: 'right' }
const seed = {
  partners: [
    partner({ people: [nora] }),
    partner({ customerId: 200, name: 'Other', clients: [{ clientId: 'foreign', clientSecret: 'secret' }] }),
  ],
  relyingParties: [site, other],
}

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((close) => close()))
})

async function started() {
  const clock = { ms: Date.now() }
  const prism = await startPrism({ seed, issuedAtStart: 1, nowMs: () => clock.ms })
  running.push(prism.close)
  const config = await client.discovery(
    new URL(`${prism.url}/core`),
    site.clientId,
    site.clientSecret,
    undefined,
    // Deprecated to stand out, not because it goes away: the stand-in speaks http.
    { execute: [client.allowInsecureRequests] },
  )
  return { prism, config, clock }
}

type Started = Awaited<ReturnType<typeof started>>

/** What the library asks with, and what it checks the answer against. */
async function question({ config }: Started, extra: Readonly<Record<string, string>> = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid profile email offline_access rhipeapi',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } }
}

/** Fills the form in as a person does; the address the browser is sent back to. */
async function fillIn(url: URL, password = nora.password, email = nora.email): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ email, password }),
    redirect: 'manual',
  })
}

const sentBack = (answer: Response) => new URL(answer.headers.get('location') ?? 'http://nowhere.example')

async function signedIn(stack: Started) {
  const { url, checks } = await question(stack)
  const back = sentBack(await fillIn(url))
  const tokens = await client.authorizationCodeGrant(stack.config, back, checks)
  return { back, checks, tokens }
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const me = (stack: Started, token: string) => fetch(`${stack.prism.url}/api/v1/me`, bearer(token))

function redeem(stack: Started, fields: Readonly<Record<string, string>>, as = site) {
  return fetch(`${stack.prism.url}/core/connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: as.clientId, client_secret: as.clientSecret, ...fields }),
  })
}

describe('sign in with PRISM', () => {
  it('takes a person through discovery, form, code and tokens with an unmodified client library', async () => {
    const stack = await started()
    const { url } = await question(stack)
    const form = await (await fetch(url)).text()
    expect(form).toContain('<label>Password')
    const { tokens } = await signedIn(stack)
    expect(tokens.claims()).toMatchObject({ name: 'Nora Field', email: nora.email, customer_id: '100' })
    const subject = tokens.claims()?.sub ?? ''
    const userInfo = await client.fetchUserInfo(stack.config, tokens.access_token, subject)
    expect(userInfo).toMatchObject({ sub: subject, email: nora.email })
    expect(await (await me(stack, tokens.access_token)).json()).toMatchObject({ CustomerId: 100 })
  })

  it('shows the form again where the password or the e-mail is wrong, with the e-mail in it', async () => {
    const { url } = await question(await started())
    for (const answer of [await fillIn(url, 'wrong'), await fillIn(url, 'right', '"><b>@x.example')]) {
      expect(answer.status).toBe(401)
      const page = await answer.text()
      expect(page).toContain('The e-mail address or the password is wrong.')
      expect(page).not.toContain('<b>')
    }
  })

  it.each([
    [{ client_id: 'nobody' }, 'not known to PRISM'],
    [{ redirect_uri: 'https://evil.example/callback' }, 'an address it has not registered'],
    [{ redirect_uri: 'https://pod.example:444/callback' }, 'an address it has not registered'],
    [{ redirect_uri: 'http://localhost:3123/callback/more' }, 'an address it has not registered'],
  ])('never sends a person to %o', async (extra, reason) => {
    const { url } = await question(await started(), extra)
    const answer = await fetch(url, { redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(reason)
  })

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'profile' }, 'invalid_scope'],
    [{ scope: 'openid everything' }, 'invalid_scope'],
    [{ code_challenge: '' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ prompt: 'none' }, 'login_required'],
  ])('answers %o with %s and the state', async (extra, error) => {
    const { url, checks } = await question(await started(), extra)
    for (const answer of [await fetch(url, { redirect: 'manual' }), await fillIn(url)]) {
      const back = sentBack(answer)
      expect(back.origin + back.pathname).toBe(callback)
      expect(back.searchParams.get('error')).toBe(error)
      expect(back.searchParams.get('state')).toBe(checks.expectedState)
      expect(back.searchParams.has('code')).toBe(false)
    }
  })

  it('lets the client library notice a wrong state, a wrong nonce and a wrong verifier', async () => {
    const stack = await started()
    for (const wrong of [
      { expectedState: 'x' },
      { expectedNonce: 'x' },
      { pkceCodeVerifier: client.randomPKCECodeVerifier() },
    ]) {
      const { url, checks } = await question(stack)
      const back = sentBack(await fillIn(url))
      await expect(
        client.authorizationCodeGrant(stack.config, back, { ...checks, ...wrong }),
      ).rejects.toThrow()
    }
  })

  it('takes a code once; a second time ends what it gave', async () => {
    const stack = await started()
    const { back, checks, tokens } = await signedIn(stack)
    expect((await me(stack, tokens.access_token)).status).toBe(200)
    await expect(client.authorizationCodeGrant(stack.config, back, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect((await me(stack, tokens.access_token)).status).toBe(401)
  })

  it('takes a code for a minute, from the site it was given to, with its address', async () => {
    const stack = await started()
    const codeOf = async () => {
      const { url, checks } = await question(stack)
      return {
        grant_type: 'authorization_code',
        code: sentBack(await fillIn(url)).searchParams.get('code') ?? '',
        code_verifier: checks.pkceCodeVerifier,
        redirect_uri: callback,
      }
    }
    const invalid = async (answer: Response) => [answer.status, (await answer.json()).error]
    expect(await invalid(await redeem(stack, await codeOf(), other))).toEqual([400, 'invalid_grant'])
    expect(
      await invalid(
        await redeem(stack, { ...(await codeOf()), redirect_uri: 'https://pod.example/callback' }),
      ),
    ).toEqual([400, 'invalid_grant'])
    expect(await invalid(await redeem(stack, await codeOf(), { ...site, clientSecret: 'no' }))).toEqual([
      400,
      'invalid_client',
    ])
    const late = await codeOf()
    stack.clock.ms += 60_000
    expect(await invalid(await redeem(stack, late))).toEqual([400, 'invalid_grant'])
  })

  it('gives a new refresh token for each; one that comes twice ends the sign-in', async () => {
    const stack = await started()
    const { tokens } = await signedIn(stack)
    const first = tokens.refresh_token ?? ''
    const second = await client.refreshTokenGrant(stack.config, first)
    expect(second.refresh_token).not.toBe(first)
    expect((await me(stack, second.access_token)).status).toBe(200)
    await expect(client.refreshTokenGrant(stack.config, first)).rejects.toThrow()
    expect((await me(stack, second.access_token)).status).toBe(401)
    await expect(client.refreshTokenGrant(stack.config, second.refresh_token ?? '')).rejects.toThrow()
  })

  it('shows the key it signs with, also after it changed', async () => {
    const stack = await started()
    const kid = async () =>
      (await (await fetch(`${stack.prism.url}/core/.well-known/jwks`)).json()).keys[0].kid
    const before = await kid()
    await fetch(`${stack.prism.url}/control/sign-in/rotate-key`, { method: 'POST' })
    expect(await kid()).not.toBe(before)
  })

  it('sends a person who signs out to a registered address only', async () => {
    const { config } = await started()
    const ended = async (target: string) =>
      await fetch(client.buildEndSessionUrl(config, { post_logout_redirect_uri: target, state: 'after' }), {
        redirect: 'manual',
      })
    const back = await ended('http://localhost:3123/signed-out')
    expect(back.headers.get('location')).toBe('http://localhost:3123/signed-out?state=after')
    const page = await ended('https://evil.example/')
    expect([page.status, page.headers.get('location')]).toEqual([200, null])
  })
})

describe('API clients', () => {
  const path = '/api/v1/me/clients'
  const tokenOf = (stack: Started, id: string, secret: string) =>
    redeem(
      stack,
      { grant_type: 'client_credentials', scope: 'rhipeapi' },
      { ...site, clientId: id, clientSecret: secret },
    )

  async function generated(stack: Started, token: string) {
    const answer = await fetch(stack.prism.url + path, {
      ...bearer(token),
      method: 'POST',
      body: JSON.stringify({ ClientName: 'Prism Pod', Email: 'a@b.example' }),
    })
    return { status: answer.status, client: await answer.json() }
  }

  it('are generated by a person, work at once, and show their secret once [B2]', async () => {
    const stack = await started()
    const { tokens } = await signedIn(stack)
    const { status, client: made } = await generated(stack, tokens.access_token)
    expect(status).toBe(201)
    const issued = await (await tokenOf(stack, made.ClientId, made.ClientSecret)).json()
    expect(await (await me(stack, issued.access_token)).json()).toMatchObject({ CustomerId: 100 })
    const list = await (await fetch(stack.prism.url + path, bearer(tokens.access_token))).json()
    expect(list).toEqual([{ ClientId: made.ClientId, ClientName: 'Prism Pod', Email: 'a@b.example' }])
  })

  it('end with their tokens when they are revoked, and at a reset', async () => {
    const stack = await started()
    const { tokens } = await signedIn(stack)
    const { client: made } = await generated(stack, tokens.access_token)
    const issued = await (await tokenOf(stack, made.ClientId, made.ClientSecret)).json()
    const revoke = () =>
      fetch(`${stack.prism.url}${path}/${made.ClientId}`, {
        ...bearer(tokens.access_token),
        method: 'DELETE',
      })
    expect((await revoke()).status).toBe(204)
    expect((await revoke()).status).toBe(404)
    expect((await me(stack, issued.access_token)).status).toBe(401)
    expect((await tokenOf(stack, made.ClientId, made.ClientSecret)).status).toBe(400)
    const { client: second } = await generated(stack, tokens.access_token)
    await fetch(`${stack.prism.url}/control/reset`, { method: 'POST' })
    expect((await tokenOf(stack, second.ClientId, second.ClientSecret)).status).toBe(400)
  })

  it('are not generated by an API client, by nobody, or without a name', async () => {
    const stack = await started()
    const ofClient = await (await tokenOf(stack, 'foreign', 'secret')).json()
    expect((await generated(stack, ofClient.access_token)).status).toBe(403)
    expect((await generated(stack, 'nonsense')).status).toBe(401)
    const nameless = await fetch(`${stack.prism.url}/control/clients`, {
      method: 'POST',
      body: '{"Email":"a@b.example"}',
    })
    expect([nameless.status, await nameless.json()]).toEqual([400, { Message: 'ClientName is missing.' }])
  })
})
