/** What answers tell the browser, on the wire and in one (security of every answer). */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { type APIResponse, expect, type Frame, type Page } from '@playwright/test'
import { addressOf, agreementScreen, apiOf, ownerLogin, podOf } from './screens.ts'
import { app } from './site.ts'
import { test } from './test.ts'

const appFolder = join(import.meta.dirname, '..', 'app')
const P = '/programs/microsoft-csp'

/** Every page on disk, with something in the place of what its address leaves open. */
const pages = globSync('**/page.tsx', { cwd: appFolder }).map((file) => {
  const parts = file
    .replaceAll('\\', '/')
    .split('/')
    .slice(0, -1)
    .filter((name) => !name.startsWith('('))
  return `/${parts.map((name) => (name === '[program]' ? 'microsoft-csp' : name.startsWith('[') ? 'x' : name)).join('/')}`
})

/** Every route on disk, asked with each method that it may have. */
const routes = globSync('**/route.ts', { cwd: join(appFolder, 'api') }).map(
  (file) =>
    `/api/${file
      .replaceAll('\\', '/')
      .replace(/\/?route\.ts$/, '')
      .replace('[program]', 'microsoft-csp')
      .replace('[[...path]]', 'nothing/here')
      .replaceAll(/\[\w+\]/g, '1')}`,
)

function expectFixed(answer: APIResponse, what: string): void {
  const headers = answer.headers()
  expect(headers, what).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  })
  expect(headers['permissions-policy'], what).toContain('camera=()')
  // The stack's address is http: told to come back by https, nobody would reach it again.
  expect(headers['strict-transport-security'], what).toBeUndefined()
  expect(headers['x-powered-by'], what).toBeUndefined()
}

const directive = (policy: string | undefined, name: string): string =>
  policy
    ?.split('; ')
    .find((each) => each.startsWith(`${name} `))
    ?.slice(name.length + 1) ?? ''

function expectDataPolicy(answer: APIResponse, what: string): void {
  expectFixed(answer, what)
  expect(answer.headers()['content-security-policy'], what).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
}

async function expectPagePolicy(answer: APIResponse, what: string, framedBy = "'none'"): Promise<void> {
  expectFixed(answer, what)
  const policy = answer.headers()['content-security-policy']
  const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1] ?? 'none'
  expect(directive(policy, 'script-src'), what).toBe(`'self' 'nonce-${nonce}' 'strict-dynamic'`)
  expect(directive(policy, 'style-src'), what).toBe(`'self' 'nonce-${nonce}'`)
  expect(directive(policy, 'frame-ancestors'), what).toBe(framedBy)
  for (const [name, value] of [
    ['default-src', "'none'"],
    ['object-src', "'none'"],
    ['base-uri', "'none'"],
    ['form-action', "'self'"],
    ['connect-src', "'self'"],
    ['img-src', "'self'"],
    ['font-src', "'self'"],
  ] as const)
    expect(directive(policy, name), what).toBe(value)
  // Whatever would not run under the policy is not there.
  const html = await answer.text()
  for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g))
    expect(tag, what).toContain(`nonce="${nonce}"`)
  expect(html, what).not.toMatch(/<[^>]+ style="/)
  expect(html, what).not.toMatch(/<[^>]+ on[a-z]+="/)
}

test('every page carries a strict policy and a nonce of its own, for strangers and for the owner', async ({
  request,
}) => {
  expect(pages.length).toBeGreaterThan(15)
  const seen = new Set<string>()
  for (const who of ['stranger', 'owner'] as const) {
    if (who === 'owner')
      await request.post(app('/api/session'), { data: ownerLogin(), headers: { origin: addressOf('app') } })
    for (const path of [...pages, '/nowhere', '/%ff']) {
      const answer = await request.get(app(path), { maxRedirects: 0 })
      const what = `${path} for ${who}: ${answer.status()}`
      if (/^\/(pods|tabs)\//.test(path)) {
        expect(answer.headers()['content-security-policy'], what).toContain('https://na.myconnectwise.net')
      } else await expectPagePolicy(answer, what)
      expect(answer.headers()['x-request-id'], what).toMatch(/^[0-9a-f]{20}$/)
      seen.add(answer.headers()['content-security-policy'] ?? '')
    }
  }
  expect(seen.size).toBe((pages.length + 2) * 2)
})

test('a pod is framed by its organisation’s ConnectWise alone, under the same policy [H3]', async ({
  request,
}) => {
  const { publicId } = await apiOf(request).organisation()
  const answer = await request.get(app(`/pods/agreement?org=${publicId}&id=1`))
  await expectPagePolicy(answer, 'pod', addressOf('connectWise'))
})

test('every route says that its answers are data, whatever it answers', async ({ request }) => {
  test.slow()
  expect(routes.length).toBeGreaterThan(50)
  for (const path of routes)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
      const answer = await request.fetch(app(path), { method, maxRedirects: 0 })
      const what = `${method} ${path}: ${answer.status()}`
      expectDataPolicy(answer, what)
      const id = answer.headers()['x-request-id']
      expect(id, what).toMatch(/^[0-9a-f]{20}$/)
      if (answer.headers()['content-type'] === 'application/problem+json' && method !== 'HEAD')
        expect(await answer.json(), what).toMatchObject({ requestId: id })
    }
})

test('files, lists to download, redirects and what is refused before anything carry them too', async ({
  request,
}) => {
  await request.post(app('/api/session'), { data: ownerLogin(), headers: { origin: addressOf('app') } })
  const html = await (await request.get(app('/sign-in'))).text()
  const files = [...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, path]) => path ?? '')
  expect(files.some((path) => path.includes('.css'))).toBe(true)
  expect(files.some((path) => path.includes('.js'))).toBe(true)
  const others = [
    ...files,
    '/_next/static/nothing.js',
    '/_next/nothing',
    '/favicon.ico',
    '/sign-in/',
    '/api/audit/csv',
    `/api${P}/products/csv`,
  ]
  for (const path of others) {
    const answer = await request.get(app(path), { maxRedirects: 0 })
    expectDataPolicy(answer, `${path}: ${answer.status()}`)
  }
  await expectPagePolicy(await request.get(app('/icon.svg')), '/icon.svg')
  const tooLong = await request.post(app('/api/session'), { data: Buffer.alloc(300 * 1024, ' ') })
  expect(tooLong.status()).toBe(413)
  expectDataPolicy(tooLong, 'refused before Next')
  expect(await tooLong.json()).toMatchObject({ requestId: tooLong.headers()['x-request-id'] })
})

test('what a caller calls its request, and the policy it sends, count for nothing', async ({ request }) => {
  const headers = {
    'x-request-id': 'caller-chosen-name',
    'content-security-policy': "script-src 'nonce-Y2FsbGVycw=='",
  }
  const page = await request.get(app('/sign-in'), { headers })
  expect(page.headers()['x-request-id']).not.toBe('caller-chosen-name')
  expect(await page.text()).not.toContain('Y2FsbGVycw==')
  const api = await request.get(app('/api/session'), { headers })
  expect(((await api.json()) as { requestId: string }).requestId).not.toBe('caller-chosen-name')
})

/** What somebody would have to get into a page for it to be theirs. */
const planted = `<script>window.ran = 'script'</script>
<img src="/nothing.png" onerror="window.ran = 'handler'">
<p id="planted" style="position: fixed">x</p>`

/** From now on every page of ours has it in its HTML, as its parser meets it, under the policy that came with the page. */
async function plant(page: Page): Promise<void> {
  await page.route(
    (url) => url.origin === new URL(addressOf('app')).origin,
    async (route) => {
      if (route.request().resourceType() !== 'document') return route.fallback()
      const answer = await route.fetch()
      const html = await answer.text()
      expect(html).toContain('</body>')
      return route.fulfill({ response: answer, body: html.replace('</body>', `${planted}</body>`) })
    },
  )
}

/** What the page, or the frame, let it do. */
async function obeyed(where: Page | Frame): Promise<{ ran: unknown; position: string }> {
  await where.locator('#planted').waitFor({ state: 'attached' })
  return where.evaluate(() => {
    const element = document.getElementById('planted')
    return {
      ran: Reflect.get(window, 'ran') ?? null,
      position: element === null ? '' : getComputedStyle(element).position,
    }
  })
}
const NOTHING = { ran: null, position: 'static' }
const allThree = ['script-src-attr', 'script-src-elem', 'style-src-attr']
const directivesOf = (met: readonly { directive: string }[]): string[] =>
  [...new Set(met.map(({ directive }) => directive))].sort()

test.describe('in a browser', () => {
  test('a script, a handler and a style that got into a page of the site do nothing, and the page works', async ({
    page,
    policy,
  }) => {
    await plant(page)
    await page.goto(app('/sign-in'))
    expect(await obeyed(page)).toEqual(NOTHING)
    expect(directivesOf(policy.taken())).toEqual(allThree)
    await page.getByLabel('E-mail').fill('nobody@northwind.example')
    await page.getByLabel('Password').fill('wrong-password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('The e-mail address or the password is not right.')).toBeVisible()
  })

  test('nor do they in a pod inside ConnectWise, which is on another site [H3]', async ({ page, policy }) => {
    await plant(page)
    await page.goto(agreementScreen(1))
    const pod = await podOf(page)
    await expect(pod.getByRole('heading', { level: 1 })).toBeVisible()
    const frame = page.frames().find((each) => each.url().startsWith(addressOf('app')))
    if (frame === undefined) throw new Error('The pod has no frame')
    expect(await obeyed(frame)).toEqual(NOTHING)
    expect(directivesOf(policy.taken())).toEqual(allThree)
  })

  test('pages that were once made when the app was built start up all the same', async ({ page }) => {
    await page.goto(app('/invitation#no-such-token'))
    await expect(page.getByRole('heading').first()).toBeVisible()
    await page.goto(app('/welcome#no-such-token'))
    await expect(page.getByRole('heading').first()).toBeVisible()
    await page.goto(app('/nowhere'))
    await page.getByRole('link', { name: 'To the dashboard' }).click()
    await expect(page).toHaveURL(/sign-in/)
  })
})
