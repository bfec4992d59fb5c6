import { afterEach, describe, expect, it } from 'vitest'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { type Answer, startTestServer, type TestServer } from '#lib/base/testing/test-server.ts'
import { apiBase, apiOrigin, discoverCodebase } from './site.ts'

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
})
const retries = { tries: 3, firstWaitMs: 1, longestWaitMs: 10 }
const info = {
  CompanyName: 'Example MSP',
  Codebase: 'v2025_1/',
  VersionCode: 'v2025.1',
  CompanyID: 'EXAMPLE',
  IsCloud: 'True',
}

/** A byte now and then, so that the connection is never idle. */
const trickling: Answer = (response) => {
  response.writeHead(200)
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

async function discover(reply: (count: number) => Answer) {
  server = await startTestServer((_received, count) => reply(count))
  return discoverCodebase({ site: server.url, companyId: 'EX AMPLE', guard: server.guard, retries })
}

describe('a site', () => {
  it.each([
    ['na.myconnectwise.net', 'https://api-na.myconnectwise.net'],
    ['https://EU.myconnectwise.net/', 'https://api-eu.myconnectwise.net'],
    ['api-au.myconnectwise.net', 'https://api-au.myconnectwise.net'],
    ['staging.connectwisedev.com', 'https://api-staging.connectwisedev.com'],
    ['psa.example.com:8443', 'https://psa.example.com:8443'],
    ['https://psa.example.com/v4_6_release/', 'https://psa.example.com'],
    ['http://127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['na.myconnectwise.net.', 'https://api-na.myconnectwise.net'],
    ['https://NA.myconnectwise.net./', 'https://api-na.myconnectwise.net'],
    ['psa.example.com.:8443', 'https://psa.example.com:8443'],
    ['na.myconnectwise.net:443', 'https://api-na.myconnectwise.net'],
    ['na.myconnectwise.net.evil.example', 'https://na.myconnectwise.net.evil.example'],
  ])('%s has its API at %s [B3]', (site, origin) => expect(apiOrigin(site)).toBe(origin))

  it.each(['', 'ftp://psa.example.com', 'a b', '///'])('is not %j', (site) => {
    expect(() => apiOrigin(site)).toThrowError(expect.objectContaining({ code: 'address-refused' }))
  })

  it('has its codebase in the path', () => {
    expect(apiBase('na.myconnectwise.net', 'v2025_1')).toBe(
      'https://api-na.myconnectwise.net/v2025_1/apis/3.0',
    )
  })
})

describe('discovering the codebase', () => {
  it('reads it from the company info, without credentials [B3]', async () => {
    expect(await discover(() => ({ body: info }))).toEqual({
      codebase: 'v2025_1',
      companyName: 'Example MSP',
      version: 'v2025.1',
      isCloud: true,
    })
    expect(server?.received[0]?.path).toBe('/login/companyinfo/EX%20AMPLE')
    expect(server?.received[0]?.headers.authorization).toBeUndefined()
  })

  it('tries again while the site does not answer', async () => {
    expect(await discover((count) => (count < 3 ? { status: 503 } : { body: info }))).toMatchObject({
      codebase: 'v2025_1',
    })
  })

  it.each([
    ['null', { body: 'null' }],
    ['404', { status: 404 }],
  ])('takes %s for a company that the site does not know', async (_what, answer) => {
    await expect(discover(() => answer)).rejects.toMatchObject({ code: 'connectwise-site-unknown' })
  })

  it.each([
    ['a page', { body: '<html>' }, 'connectwise-unreadable'],
    [
      'a codebase that leads elsewhere',
      { body: { ...info, Codebase: '../x@evil/' } },
      'connectwise-unreadable',
    ],
    ['a redirect', { status: 302, headers: { location: 'https://x.example' } }, 'connectwise-unreachable'],
    ['500 again and again', { status: 500 }, 'connectwise-unreachable'],
  ])('fails on %s', async (_what, answer, code) => {
    await expect(discover(() => answer)).rejects.toMatchObject({ code })
  })

  it.each<[string, Answer]>([
    ['trickles', trickling],
    ['is silent', () => {}],
  ])('is over in its time where the answer %s, however often it tries', async (_what, answer) => {
    server = await startTestServer(() => answer)
    const started = performance.now()
    const asked = { site: server.url, companyId: 'x', guard: server.guard, retries, timeoutMs: 250 }
    await expect(discoverCodebase(asked)).rejects.toMatchObject({
      code: 'connectwise-unreachable',
      message: expect.stringContaining("ConnectWise's answer did not come within"),
    })
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('takes no more than a company info can be, and says so', async () => {
    await expect(discover(() => ({ body: { ...info, x: 'x'.repeat(2 ** 20) } }))).rejects.toMatchObject({
      code: 'connectwise-unreadable',
      message: "ConnectWise's answer is larger than 1 MB",
    })
    expect(server?.received).toHaveLength(1)
  })

  it('does not ask an address that is not trusted', async () => {
    const guard = createGuard({ trustedHosts: new Set() })
    const settings = { companyId: 'x', guard, retries }
    for (const site of ['http://127.0.0.1:4400', 'https://10.0.0.1', 'https://localhost'])
      await expect(discoverCodebase({ ...settings, site })).rejects.toMatchObject({ code: 'address-refused' })
  })
})
