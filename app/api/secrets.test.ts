/** Everything that is secret is used once, things go wrong on purpose, and then database and log are searched for it. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoMappings, prismPod } from '../../standin/data/index.ts'
import {
  type ApiWorld,
  asOwner,
  call,
  cronSecret,
  operatorSecret,
  owner,
  settled,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const password = 'the-long-password-of-somebody'
const wrongSecret = 'a-client-secret-that-is-wrong'
const wrongKey = 'a-private-key-that-is-wrong'

let world: ApiWorld
const logged: string[] = []
beforeAll(async () => {
  const keep = (text: string | Uint8Array): boolean => {
    logged.push(typeof text === 'string' ? text : Buffer.from(text).toString())
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  world = await startApiWorld({
    OPERATOR_SECRET: operatorSecret,
    PRISM_SIGN_IN_CLIENT_ID: prismPod.clientId,
    PRISM_SIGN_IN_CLIENT_SECRET: prismPod.clientSecret,
  })
})
afterAll(async () => {
  await world.stop()
  vi.restoreAllMocks()
})

interface Made {
  /** What it is, and the text that must be nowhere. */
  readonly [what: string]: string
}

/** Lives through what people and time do, also what goes wrong; gives every secret that was used. */
async function live(): Promise<Made> {
  const { privateKey, publicKey, companyId } = world.connectWiseInput
  const { clientSecret } = world.prismInput
  const api = await asOwner()
  await call('POST', '/api/session', { body: { ...owner, password: `${password}-mistyped` } })
  await api('PUT', '/api/connections/prism', { body: { ...world.prismInput, clientSecret: wrongSecret } })
  await api('PUT', '/api/connections/connectwise', {
    body: { ...world.connectWiseInput, privateKey: wrongKey },
  })
  await api('PUT', '/api/connections/prism', { body: world.prismInput })
  await api('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
  await api('PUT', P, { body: { enabled: true } })
  const session = await call('POST', '/api/session', { body: owner })
  const sessionCookie = session.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? ''

  const invited = await api('POST', '/api/people/invitations', {
    body: { email: 'vera@northwind.example', role: 'clerk' },
  })
  const invitation = new URL(((await invited.json()) as { link: string }).link).hash.slice(1)
  const joined = await call('POST', '/api/session/invitation', {
    body: { token: invitation, name: 'Vera', password },
  })
  await withSessionOf(joined)('PUT', '/api/session/password', { body: { current: 'wrong', password } })
  const made = await api('POST', '/api/tokens', { body: { name: 'all', role: 'owner' } })
  const { token } = (await made.json()) as { token: string }
  await call('GET', '/api/connections', { headers: { authorization: `Bearer ${token}` } })

  const { code, cookies } = await throughPrism()
  const { memberHash } = await syncAndFail(api)
  const env = process.env
  return {
    'ConnectWise private key': privateKey,
    'ConnectWise authorization': Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64'),
    'PRISM client secret': clientSecret,
    'wrong PRISM secret': wrongSecret,
    'wrong ConnectWise key': wrongKey,
    'client secret of the sign-in': prismPod.clientSecret,
    'owner password': owner.password,
    password,
    'mistyped password': `${password}-mistyped`,
    'invitation token': invitation,
    'API token': token,
    'session cookie': sessionCookie,
    'authorization code': code,
    ...Object.fromEntries(cookies.map((cookie, index) => [`cookie ${index} of PRISM's sign-in`, cookie])),
    'member hash': memberHash,
    'cron secret': cronSecret,
    'operator secret': operatorSecret,
    'session secret': env['SESSION_SECRET'] ?? '',
    'encryption key': env['ENCRYPTION_KEY'] ?? '',
  }
}

/** Signs in with PRISM, whose token then lies in a cookie. */
async function throughPrism(): Promise<{ code: string; cookies: string[] }> {
  const begun = await call('GET', '/api/session/prism')
  const attempt = begun.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const form = await fetch(begun.headers.get('location') ?? '', {
    method: 'POST',
    body: new URLSearchParams({ email: 'nora@northwind.example', password: 'demo-person-password' }),
    redirect: 'manual',
  })
  const back = new URL(form.headers.get('location') ?? '')
  await call('GET', `${back.pathname}?code=stolen-code&state=wrong`, { headers: { cookie: attempt } })
  const done = await call('GET', back.pathname + back.search, { headers: { cookie: attempt } })
  const values = done.headers.getSetCookie().map((set) => set.split(/[=;]/)[1] ?? '')
  return { code: back.searchParams.get('code') ?? '', cookies: values.filter((value) => value !== '') }
}

/** A sync that succeeds, and one while both systems fail in every way. */
async function syncAndFail(api: typeof call): Promise<{ memberHash: string }> {
  const [coho] = demoMappings()
  const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
  await world.issueNextInvoice()
  await api('PUT', `${P}/customers/${tenantId}/mapping`, { body: mapping })
  await api('POST', `${P}/customers/${tenantId}/sync`)
  await settled()
  world.connectWise.faults.add([{ kind: 'cut-after', times: 3 }])
  world.prism.faults.add([{ kind: 'truncated-json', path: '/api/*', times: 3 }])
  await api('POST', '/api/connections/connectwise/test')
  await api('POST', '/api/connections/prism/test')
  await api('POST', `${P}/customers/${tenantId}/sync`)
  await settled()
  world.connectWise.faults.clear()
  world.prism.faults.clear()
  const { organisation } = (await (await api('GET', '/api/session')).json()) as {
    organisation: { publicId: string }
  }
  const memberHash = 'a-hash-that-a-browser-claimed'
  const claim = { memberId: 'somebody', memberHash, memberContext: 'web' }
  await call('POST', '/api/hosted/session', { body: { org: organisation.publicId, ...claim } })
  return { memberHash }
}

/** Every row of every table, pg-boss's too, as text. */
async function dump(): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    )
    const dumped = new Map<string, string>()
    for (const { name } of tables.rows) {
      const rows = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      dumped.set(name, rows.rows.map(({ row }) => row).join('\n'))
    }
    return dumped
  } finally {
    await client.end()
  }
}

/** The text as it is, and as it would look inside an address, JSON or base64. */
const forms = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
]

it('no secret that was used is in the database or in the log, in any form [B5]', async () => {
  const secrets = await live()
  const places = await dump()
  const log = logged.join('')
  places.set('the log', log)
  // That the search would find something: these are no secrets.
  expect(places.get('public.connections')).toContain(world.prismInput.clientId)
  expect(log).toContain('prism-sign-in-refused')
  for (const [what, secret] of Object.entries(secrets)) {
    expect(secret.length, what).toBeGreaterThanOrEqual(8)
    for (const [place, text] of places)
      for (const form of forms(secret)) expect(text.includes(form), `${what} in ${place}`).toBe(false)
  }
})
