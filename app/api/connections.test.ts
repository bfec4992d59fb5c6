/** Connecting: every trouble has its own sentence, and no address leads where it should not. */
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectionSchema, connectionsSchema } from './schemas/connections.ts'
import { type ApiWorld, asOwner, type CallApi, operatorSecret, startApiWorld } from './testing/api-world.ts'
import { anotherOrganisation } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let api: CallApi
/** Counts who knocks at a port of this machine that nobody may reach. */
const canary = createServer((socket) => {
  knocks += 1
  socket.destroy()
})
let knocks = 0
let port = 0
/** A trusted host that sends everybody to the canary. */
const redirecting = createHttpServer((_, answer) => {
  answer.writeHead(302, { location: `http://127.0.0.1:${port}/latest/meta-data` }).end()
})
let redirectingHost = ''
beforeAll(async () => {
  await new Promise<void>((listening) => canary.listen(0, '::', listening))
  port = (canary.address() as AddressInfo).port
  await new Promise<void>((listening) => redirecting.listen(0, '127.0.0.1', listening))
  redirectingHost = `127.0.0.1:${(redirecting.address() as AddressInfo).port}`
  world = await startApiWorld({ CONNECTWISE_TIMEOUT_MS: '400', OPERATOR_SECRET: operatorSecret })
  const hosts = [world.prism.url, world.connectWise.url].map((url) => new URL(url).host)
  // The last two are trusted and not there.
  const otherName = hosts.map((host) => host.replace('127.0.0.1', 'localhost'))
  const trusted = [...hosts, ...otherName, redirectingHost, '127.0.0.1:1', 'nowhere.invalid:443']
  vi.stubEnv('TRUSTED_HOSTS', trusted.join(','))
  api = await asOwner()
})
afterAll(async () => {
  await world.stop()
  for (const server of [canary, redirecting]) await new Promise((closed) => server.close(closed))
})

const connectWise = async (more: object = {}) =>
  refusal(api('PUT', '/api/connections/connectwise', { body: { ...world.connectWiseInput, ...more } }))
const prism = async (more: object = {}) =>
  refusal(api('PUT', '/api/connections/prism', { body: { ...world.prismInput, ...more } }))
const deny = (...denied: string[]) =>
  fetch(`${world.connectWise.url}/control/role`, { method: 'PUT', body: JSON.stringify({ denied }) })

describe('ConnectWise', () => {
  it('that does not work says why, each cause in its own sentence, and nothing is kept [B3][B4]', async () => {
    expect(await connectWise({ privateKey: 'wrong' })).toMatchObject({
      code: 'connectwise-keys-refused',
      detail: expect.stringContaining('does not accept the public and the private key'),
    })
    expect(await connectWise({ companyId: 'nowhere' })).toMatchObject({
      code: 'connectwise-site-unknown',
      detail: expect.stringContaining("does not know the company id 'nowhere'"),
    })
    await deny('Companies/Company Maintenance')
    expect(await connectWise()).toMatchObject({
      code: 'connectwise-permission-missing',
      detail: expect.stringContaining('may not see companies'),
    })
    await deny()
    expect(await connectWise({ site: 'http://127.0.0.1:1' })).toMatchObject({
      code: 'connectwise-unreachable',
      detail: 'ConnectWise was not reached: the host refuses the connection.',
    })
    expect(await connectWise({ site: 'nowhere.invalid' })).toMatchObject({
      code: 'connectwise-unreachable',
      detail: 'ConnectWise was not reached: there is no host of that name.',
    })
    world.connectWise.faults.add([{ kind: 'latency', ms: 1_500 }])
    expect(await connectWise()).toMatchObject({
      code: 'connectwise-unreachable',
      detail: 'ConnectWise was not reached: the host did not answer in time.',
    })
    world.connectWise.faults.clear()
    world.connectWise.faults.add([{ kind: '500', path: '*/company/companies*' }])
    expect(await connectWise()).toMatchObject({
      code: 'connectwise-unreachable',
      detail: expect.stringContaining('trouble of its own at the moment. It says: '),
    })
    world.connectWise.faults.clear()
    const { connections } = await readAnswer(api, connectionsSchema, 'GET', '/api/connections')
    expect(connections.map(({ state }) => state)).toEqual(['never', 'never'])
  })

  it('that fails later shows the error, since when it was good, and works again by itself [B4]', async () => {
    const path = '/api/connections/connectwise'
    const before = await readAnswer(api, connectionSchema, 'PUT', path, world.connectWiseInput)
    world.connectWise.faults.add([{ kind: '500', path: '*/company/companies*' }])
    expect(await readAnswer(api, connectionSchema, 'POST', `${path}/test`)).toMatchObject({
      state: 'failing',
      connectedAt: before.connectedAt,
      error: expect.stringContaining('trouble of its own'),
    })
    world.connectWise.faults.clear()
    expect(await readAnswer(api, connectionSchema, 'POST', `${path}/test`)).toMatchObject({
      state: 'connected',
      error: null,
    })
  })

  it('says that it is ConnectWise that is in trouble, wherever it is asked [F8]', async () => {
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/connectwise', world.connectWiseInput)
    const search = () => refusal(api('GET', '/api/connectwise/companies?search=coho'))
    world.connectWise.faults.add([{ kind: '500', path: '*/company/companies*' }])
    expect(await search()).toMatchObject({
      code: 'connectwise-unreachable',
      detail: expect.stringMatching(/^ConnectWise has trouble of its own at the moment. It says: /),
    })
    world.connectWise.faults.clear()
    world.connectWise.faults.add([{ kind: '403', path: '*/company/companies*' }])
    expect((await search()).detail).toMatch(/^ConnectWise returned an error response: /)
    world.connectWise.faults.clear()
  })
})

describe('a ConnectWise company', () => {
  it('is one organisation’s: a re-connect that fails gives up nothing, one that succeeds gives up the old one [B3][I2]', async () => {
    // The same stand-in by two names is two sites.
    const sites = {
      ours: world.connectWise.url,
      theirs: world.connectWise.url.replace('127.0.0.1', 'localhost'),
    }
    const { api: their } = await anotherOrganisation()
    const connect = (by: CallApi, site: string) =>
      by('PUT', '/api/connections/connectwise', { body: { ...world.connectWiseInput, site } })
    const taken = { code: 'conflict', detail: expect.stringContaining('connected to another organisation') }
    expect((await connect(api, sites.ours)).status).toBe(200)
    expect((await connect(their, sites.theirs)).status).toBe(200)

    expect(await refusal(connect(api, sites.theirs))).toMatchObject(taken)
    expect(await refusal(connect(their, sites.ours))).toMatchObject(taken)
    const { connections } = await readAnswer(api, connectionsSchema, 'GET', '/api/connections')
    expect(connections.find(({ kind }) => kind === 'connectwise')).toMatchObject({ state: 'connected' })

    // Once it is free it can be had, and what was had before is free then.
    expect((await their('DELETE', '/api/connections/connectwise')).status).toBe(204)
    expect((await connect(api, sites.theirs)).status).toBe(200)
    expect((await connect(their, sites.ours)).status).toBe(200)
    expect(await refusal(connect(api, sites.ours))).toMatchObject(taken)
    // Both at once for one that is free: one of them has it.
    for (const by of [api, their]) await by('DELETE', '/api/connections/connectwise')
    const both = await Promise.all([connect(api, sites.ours), connect(their, sites.ours)])
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409])
  })
})

describe('PRISM', () => {
  it('that does not work says why, each cause in its own sentence [B3][B4]', async () => {
    expect(await prism({ clientSecret: 'wrong' })).toMatchObject({
      code: 'prism-refused',
      detail: 'PRISM refused the client credentials (400).',
    })
    world.prism.faults.add([{ kind: 'expired-token', path: '/api/*' }])
    expect(await prism()).toMatchObject({
      code: 'prism-refused',
      detail: 'PRISM gave a token and then did not accept it: it ran out or was withdrawn.',
    })
    world.prism.faults.clear()
    world.prism.faults.add([{ kind: '500', path: '/core/*' }])
    expect(await prism()).toMatchObject({ code: 'prism-unreachable' })
    world.prism.faults.clear()
  })

  it('that is disconnected leaves results to be seen, amounts without their currency [B4]', async () => {
    const { currencyOf } = await import('#app/process/clients.ts')
    const { organisationIds } = await import('#db/directory/organisations.ts')
    const [organisationId = ''] = await organisationIds((await import('#app/process/process.ts')).server().db)
    expect(await currencyOf(organisationId)).toBe('')
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
    expect(await currencyOf(organisationId)).toBe('AUD')
    await api('DELETE', '/api/connections/prism')
    expect(await currencyOf(organisationId)).toBe('')
  })
})

describe('a site name', () => {
  const hostile = (): string[] => [
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    `localhost.:${port}`,
    `127.0.0.1:${port}`,
    `127.1:${port}`,
    `127.0.1:${port}`,
    `app.localhost:${port}`,
    `intranet:${port}`,
    `metadata.google.internal`,
    `printer.local`,
    `0:${port}`,
    `0.0.0.0:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `0x7f.1:${port}`,
    `0177.0.0.1:${port}`,
    `0177.1:${port}`,
    `127.0.0.1.:${port}`,
    `①②⑦.⓪.⓪.①:${port}`,
    `127。0。0。1:${port}`,
    `[::1]:${port}`,
    `[::]:${port}`,
    `[0:0:0:0:0:0:0:1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[::ffff:7f00:1]:${port}`,
    `[::127.0.0.1]:${port}`,
    `[64:ff9b::7f00:1]:${port}`,
    `[2002:7f00:1::]:${port}`,
    `[fe80::1]:${port}`,
    `[fc00::1]:${port}`,
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '2852039166',
    '[fd00:ec2::254]',
    `http://localhost:${port}`,
    `http://127.0.0.1:${port}`,
    `https://127.0.0.1:${port}/`,
    `https://na.myconnectwise.net@127.0.0.1:${port}`,
    `https://na.myconnectwise.net:x@localhost:${port}`,
    `http://na.myconnectwise.net`,
    `ftp://127.0.0.1:${port}`,
    `file:///etc/passwd`,
    `gopher://127.0.0.1:${port}`,
    `https://`,
    `not a site`,
    `https://[::1%25lo]:${port}`,
    `127.0.0.1:${port}#na.myconnectwise.net`,
    `127.0.0.1:${port}?na.myconnectwise.net`,
    `127.0.0.1:${port}\\na.myconnectwise.net`,
  ]

  it('that leads to this machine, a private network or a metadata service is refused before any request [B3]', async () => {
    const before = knocks
    expect(hostile().length).toBeGreaterThanOrEqual(40)
    for (const site of hostile()) {
      const { code, detail } = await connectWise({ site })
      expect(code, `${site}: ${detail}`).toBe('address-refused')
    }
    expect(knocks).toBe(before)
  })

  it('of a trusted host that redirects elsewhere is not followed [B3]', async () => {
    const before = knocks
    const { code } = await connectWise({ site: `http://${redirectingHost}` })
    expect(code).toMatch(/^connectwise-/)
    expect(knocks).toBe(before)
  })
})
