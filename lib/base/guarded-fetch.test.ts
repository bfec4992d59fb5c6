import { afterEach, describe, expect, it } from 'vitest'
import { createGuard } from './guarded-fetch.ts'
import { isPublicAddress } from './public-address.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})
const refusal = expect.objectContaining({ code: 'address-refused' })

describe('addresses', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'nonsense',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))
})

describe('what is refused before anything is sent', () => {
  const guard = createGuard({ trustedHosts: new Set(['127.0.0.1:4400']) })

  it.each([
    'http://psa.example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:4401/',
    'ftp://psa.example.com/',
    'file:///etc/passwd',
    'https://user:password@psa.example.com/',
    'psa.example.com',
  ])('%s', (address) => {
    expect(() => guard.check(address)).toThrowError(refusal)
  })

  it('but not a public name, or a trusted host and port', () => {
    expect(guard.check('https://psa.example.com/x').href).toBe('https://psa.example.com/x')
    expect(guard.check('http://127.0.0.1:4400/x').host).toBe('127.0.0.1:4400')
  })
})

describe('requests', () => {
  it('refuse a name that leads to a private address, and never connect', async () => {
    server = await startTestServer(() => ({ body: 'inside' }))
    const { port } = new URL(server.url)
    const guard = createGuard({
      trustedHosts: new Set(),
      resolve: async () => [
        { address: '93.184.215.14', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    })
    await expect(guard.fetch(`https://rebind.example:${port}/`)).rejects.toThrowError(refusal)
    expect(server.received).toHaveLength(0)
  })

  it('resolve a name once, and connect to what was resolved', async () => {
    server = await startTestServer(() => ({ body: 'hello' }))
    const { port } = new URL(server.url)
    let resolved = 0
    const guard = createGuard({
      trustedHosts: new Set([`psa.internal:${port}`]),
      resolve: async () => {
        resolved += 1
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })
    const response = await guard.fetch(`http://psa.internal:${port}/x`)
    expect([await response.text(), resolved]).toEqual(['hello', 1])
  })

  it('trust a name at its own port only', async () => {
    server = await startTestServer(() => ({ body: 'inside' }))
    const { port } = new URL(server.url)
    const guard = createGuard({ trustedHosts: new Set([`localhost:${Number(port) + 1}`]) })
    await expect(guard.fetch(`https://localhost:${port}/`)).rejects.toThrowError(refusal)
  })

  it('do not follow a redirect', async () => {
    server = await startTestServer(() => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }))
    const response = await server.guard.fetch(server.url)
    expect(response.status).toBe(302)
    expect(server.received).toHaveLength(1)
  })

  it('send method, headers and body, and give status, headers and body back', async () => {
    server = await startTestServer(() => ({ status: 201, headers: { link: '<x>' }, body: { id: 1 } }))
    const response = await server.guard.fetch(`${server.url}/a?b=c`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'grüße',
    })
    expect(server.received[0]).toMatchObject({ method: 'POST', path: '/a?b=c', body: 'grüße' })
    expect([response.status, response.headers.get('link'), await response.json()]).toEqual([
      201,
      '<x>',
      { id: 1 },
    ])
  })

  it('wait for their own time, also on a connection that is used again', { timeout: 20_000 }, async () => {
    server = await startTestServer((_received, count) => (response) => {
      setTimeout(() => response.end('late'), count === 1 ? 0 : 5_500)
    })
    await (await server.guard.fetch(server.url)).text()
    expect(await (await server.guard.fetch(server.url, { limits: { timeoutMs: 10_000 } })).text()).toBe(
      'late',
    )
  })

  it('give up where no answer comes in time', async () => {
    server = await startTestServer(() => () => {})
    await expect(server.guard.fetch(server.url, { limits: { timeoutMs: 50 } })).rejects.toThrowError(
      /within 50 ms/,
    )
  })

  it('give up where a body stops coming', async () => {
    server = await startTestServer(() => (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('the first part')
    })
    const response = await server.guard.fetch(server.url, { limits: { timeoutMs: 50 } })
    await expect(response.text()).rejects.toThrowError()
  })

  it('fail where a body is cut short', async () => {
    server = await startTestServer(() => (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('the first part', () => response.destroy())
    })
    const response = await server.guard.fetch(server.url)
    await expect(response.text()).rejects.toThrowError()
  })
})
