/** What no browser sends, on the wire; and addresses of pages with values that nobody means. */
import { globSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { addressOf, ownerLogin } from './screens.ts'
import { app } from './site.ts'
import { test } from './test.ts'

const WITHIN_MS = 10_000

/** Sends bytes as they are and gives all that comes back until the server ends the connection. */
function onTheWire(bytes: string): Promise<string> {
  const { hostname, port } = new URL(addressOf('app'))
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setTimeout(WITHIN_MS, () =>
      socket.destroy(new Error(`no end of an answer to ${bytes.slice(0, 80)}`)),
    )
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(Buffer.from(bytes, 'latin1'))
  })
}

const asked = (line: string, headers: readonly string[] = [], body = ''): string =>
  [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n')

const json = (length: number | string): string[] => [
  'Content-Type: application/json',
  `Content-Length: ${length}`,
]
const upgrade = [
  'Connection: Upgrade, close',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: eA==',
]
const chunked = ['Content-Type: application/json', 'Transfer-Encoding: chunked']
const KB = 1024

const refused: readonly (readonly [status: number, bytes: string])[] = [
  [405, asked('TRACE /api/health')],
  [405, asked('TRACE /')],
  [405, asked('PROPFIND /api/health')],
  [405, asked('PATCH /api/health', json(2), '{}')],
  [405, asked('POST /sign-in', ['Next-Action: x', 'Content-Type: text/plain', 'Content-Length: 1'], 'x')],
  [404, asked('GET /api/nothing')],
  [404, asked('GET /api')],
  [404, asked('DELETE /api/nothing')],
  [404, asked('GET /api/runs/%00/stop/x')],
  [400, asked('GET /api/runs/%zz')],
  [400, asked('GET /api/runs/%ff')],
  [400, asked('GET *')],
  [400, asked('GET //elsewhere.example/')],
  [400, asked('GET http://elsewhere.example/api/health')],
  [413, asked('POST /api/session', json(5_000_000_000))],
  [
    413,
    asked('POST /api/session', chunked, `${(400 * KB).toString(16)}\r\n${' '.repeat(400 * KB)}\r\n0\r\n\r\n`),
  ],
  [415, asked('POST /api/session', ['Content-Type: text/plain', 'Content-Length: 2'], '{}')],
]

test('is refused with a problem, by the middleware or before it [J16]', async () => {
  for (const [status, bytes] of refused) {
    const answer = await onTheWire(bytes)
    const what = bytes.slice(0, 60)
    expect(answer, what).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer, what).toMatch(/content-type: application\/problem\+json/i)
    expect(answer, what).toMatch(/content-security-policy: default-src 'none';.* frame-ancestors 'none'\r/i)
    if (status === 405) expect(answer, what).toMatch(/\nallow: \S/i)
  }
})

test('is never an internal error, and always answered [J16]', async () => {
  const odd = [
    asked('GET /sign-in', upgrade),
    asked('GET /_next/webpack-hmr', upgrade),
    asked('GET /_next/image?url=%2F%00&w=64&q=75'),
    asked('GET /_next/%ff'),
    asked('GET /programs/%ff'),
    asked('GET /programs/\xff'),
    asked(`GET /api/health?${'a'.repeat(17 * KB)}`),
    asked('GET /api/health', [`Cookie: ${'x'.repeat(17 * KB)}`]),
    asked('GET /api/session', ['Cookie: prism-pod=%zz; __Host-pod=%', 'X-Prism-Pod: \xff']),
    asked('GET /pods/agreement?org=%00%0A{json}&id=99999999999'),
    asked('GET /sign-in?refused=toString&waiting=%ff&next=%00'),
    asked('POST /api/session', [...json(5), 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    asked('POST /api/session', json(-1)),
    asked('POST /api/session', [...json(2), 'Content-Encoding: gzip'], '{}'),
    ...['garbage', '%zz', '%5B1%2C2%5D', '%5B%5B%22x%22%5D%2C%7B%7D%5D'].map((state) =>
      asked('GET /sign-in?_rsc', ['RSC: 1', `Next-Router-State-Tree: ${state}`]),
    ),
  ]
  for (const bytes of odd) expect(await onTheWire(bytes), bytes.slice(0, 80)).toMatch(/^HTTP\/1.1 [1-4]\d\d /)
})

test('a body that does not come holds nobody else up [J16]', async ({ request }) => {
  const { hostname, port } = new URL(addressOf('app'))
  const slow = Array.from({ length: 20 }, () => connect(Number(port), hostname))
  for (const socket of slow) socket.on('error', () => {}).write(asked('POST /api/session', json(100), '{'))
  for (let times = 0; times < 5; times += 1)
    expect((await request.get(app('/api/health'), { timeout: WITHIN_MS })).status()).toBe(200)
  for (const socket of slow) socket.destroy()
})

const oddTexts = ['', '%00', '%25zz', '99999999999', '__proto__', '0000-01-01', 'x'.repeat(3_000)]
const parameters = [
  'search',
  'page',
  'state',
  'sort',
  'preview',
  'kind',
  'program',
  'from',
  'until',
  'before',
  'action',
  'refused',
  'generate',
  'next',
  'org',
  'id',
]

/** Every page on disk, `odd` in the place of what its path leaves open. */
function pagesWith(odd: string): string[] {
  const files = globSync('**/page.tsx', { cwd: join(import.meta.dirname, '..', 'app') })
  return files.map((file) => {
    const folders = file.replaceAll('\\', '/').split('/').slice(0, -1)
    const parts = folders.filter((name) => !name.startsWith('('))
    const open = parts.findLastIndex((name) => name.startsWith('['))
    return `/${parts.map((name, at) => (name === '[program]' && at !== open ? 'microsoft-csp' : name.startsWith('[') ? odd || 'x' : name)).join('/')}`
  })
}

test('pages with odd addresses are shown as far as they can be, or are not there [J16]', async ({
  request,
}) => {
  const signedIn = await request.post(app('/api/session'), {
    data: ownerLogin(),
    headers: { origin: addressOf('app') },
  })
  expect(signedIn.status()).toBe(200)
  const statuses = new Set<number>()
  for (const odd of oddTexts) {
    const query = parameters.map((name) => `${name}=${odd}`).join('&')
    for (const path of pagesWith(odd.slice(0, 200))) {
      const answer = await request.get(app(`${path}?${query}`.slice(0, 8 * KB)), { maxRedirects: 0 })
      statuses.add(answer.status())
      expect(answer.status(), `${path} with ${odd}`).toBeLessThan(500)
      expect(await answer.text()).not.toContain('Internal Server Error')
    }
  }
  expect([...statuses]).toContain(200)
  expect([...statuses]).toContain(404)
})

test('a page past the end is the last one, and says so; a page that is not there keeps the navigation [E1]', async ({
  page,
}) => {
  await page.request.post(app('/api/session'), { data: ownerLogin(), headers: { origin: addressOf('app') } })
  await page.goto(app('/programs/microsoft-csp/customers?page=50'))
  await expect(page.getByText('page 50 is none of them')).toBeVisible()
  await expect(page.getByRole('table')).toBeVisible()
  const answer = await page.goto(app('/programs/nothing'))
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'There is no such page.' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  await page.goto(app('/programs/%ff'))
  await page.getByRole('link', { name: 'To the dashboard' }).click()
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
})
