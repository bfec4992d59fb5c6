import { afterEach, describe, expect, it } from 'vitest'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { type Answer, type Received, startTestServer } from '#lib/base/testing/test-server.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { createConnectWiseClient } from './client.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const claim = { memberId: 'JMeyer', memberHash: 'hash-jo', memberContext: 'web' }

function clientOf(url: string) {
  return createConnectWiseClient({
    site: url,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'ours',
    codebase: 'v2025_1',
    guard: createGuard({ trustedHosts: new Set([new URL(url).host]) }),
    timeoutMs: 200,
  })
}

async function standin() {
  const members = [
    { id: 50, identifier: 'jmeyer', firstName: 'Jo', lastName: 'Meyer', memberHash: 'hash-jo' },
    { id: 51, identifier: 'gone', inactiveFlag: true, memberHash: 'hash-gone' },
    { id: 52, identifier: 'thief', memberHash: 'hash-thief', answersAs: 'jmeyer' },
  ]
  const connectWise = createConnectWise({ seed: tinySeed({ members }) })
  const url = await connectWise.listen(0)
  closing.push(() => connectWise.close())
  return { client: clientOf(url), connectWise }
}

async function answering(reply: (received: Received, count: number) => Answer) {
  const server = await startTestServer(reply)
  closing.push(() => server.close())
  return { client: clientOf(server.url), server }
}

describe('a member’s claim', () => {
  it('is proved with ConnectWise by the cookie form [H4]', async () => {
    const { client, connectWise } = await standin()
    expect(await client.memberInfo(claim)).toEqual({
      result: 'verified',
      member: { id: 50, identifier: 'jmeyer', name: 'Jo Meyer', email: '' },
    })
    expect(connectWise.requests.report().total).toBe(1)
  })

  it('is proved by the Basic form where there is no context, or the cookie form is refused [H4]', async () => {
    const { client } = await standin()
    expect(await client.memberInfo({ ...claim, memberContext: '' })).toMatchObject({ result: 'verified' })
    const { client: picky, server } = await answering(({ headers }) =>
      headers.cookie === undefined ? { body: { id: 1, identifier: 'jmeyer' } } : { status: 401 },
    )
    expect(await picky.memberInfo(claim)).toMatchObject({ result: 'verified' })
    expect(server.received.map(({ headers }) => headers.cookie ?? headers.authorization)).toEqual([
      'companyName=acme; memberId=JMeyer; memberHash=hash-jo; memberContext=web',
      `Basic ${Buffer.from('acme+JMeyer:hash-jo').toString('base64')}`,
    ])
    expect(server.received.every(({ headers }) => headers.clientid === 'ours')).toBe(true)
  })

  it.each([
    ['with a wrong hash', { ...claim, memberHash: 'guess' }],
    ['of somebody unknown', { ...claim, memberId: 'nobody' }],
    ['of an inactive member', { ...claim, memberId: 'gone', memberHash: 'hash-gone' }],
    ['with a hash that belongs to a colleague', { ...claim, memberId: 'thief', memberHash: 'hash-thief' }],
  ])('%s is refused [H4]', async (_what, wrong) => {
    const { client } = await standin()
    expect(await client.memberInfo(wrong)).toMatchObject({ result: 'refused' })
  })

  it.each([
    { memberId: 'a b' },
    { memberId: 'a:b' },
    { memberId: '' },
    { memberId: 'x'.repeat(101) },
    { memberHash: 'h; memberId=admin' },
    { memberHash: 'h\r\nx: y' },
    { memberHash: '' },
    { memberHash: 'x'.repeat(2_049) },
    { memberContext: 'ü' },
    { memberContext: 'a,b' },
  ])('with %j is refused without asking ConnectWise', async (part) => {
    const { client, server } = await answering(() => ({ body: {} }))
    expect(await client.memberInfo({ ...claim, ...part })).toMatchObject({ result: 'refused' })
    expect(server.received).toHaveLength(0)
  })

  it.each([
    ['500', { status: 500 }],
    ['429', { status: 429 }],
    ['no answer', 'cut' as const],
    ['a page', { body: '<html>' }],
    ['a redirect', { status: 302 }],
    ['silence', () => {}],
  ])('cannot be verified on %s, which is no refusal', async (_what, answer) => {
    const { client } = await answering(() => answer)
    expect(await client.memberInfo(claim)).toMatchObject({ result: 'unverifiable' })
  })

  it('has one time for all that is asked, also where the answers trickle', async () => {
    const { client, server } = await answering(() => (response) => {
      response.writeHead(404)
      const timer = setInterval(() => response.write(' '), 20)
      setTimeout(() => response.end(), 150)
      response.on('close', () => clearInterval(timer))
    })
    const started = performance.now()
    expect(await client.memberInfo(claim)).toMatchObject({ result: 'unverifiable' })
    expect(performance.now() - started).toBeLessThan(600)
    expect(server.received.length).toBeLessThan(4)
  })

  it('is asked at the new codebase after ConnectWise has moved', async () => {
    const { client } = await answering(({ path }) => {
      if (path.startsWith('/login/')) return { body: { Codebase: 'v2025_2/' } }
      return path.startsWith('/v2025_2/') ? { body: { id: 1, identifier: 'jmeyer' } } : { status: 404 }
    })
    expect(await client.memberInfo(claim)).toMatchObject({ result: 'verified' })
  })
})
