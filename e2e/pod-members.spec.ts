/** Who looks at a pod: browsers with and without third-party cookies, one member after the other, sessions that end. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type APIRequestContext,
  type BrowserContext,
  chromium,
  expect,
  type FrameLocator,
  type Page,
} from '@playwright/test'
import { BROWSER_VARIABLE } from '../scripts/browser.ts'
import { expectNoFinding } from './accessible.ts'
import { addressOf, agreementScreen, ownerLogin, podOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const COHO_AGREEMENT = 1
const RELECLOUD = { agreementId: 31, program: '/api/programs/microsoft-csp' }

const openPod = async (page: Page, agreementId = COHO_AGREEMENT): Promise<FrameLocator> => {
  await page.goto(agreementScreen(agreementId))
  return podOf(page)
}

/** Our API, as the owner. */
async function asOwner(
  site: APIRequestContext,
  method: string,
  path: string,
  data?: object,
): Promise<unknown> {
  const headers = { origin: addressOf('app') }
  await site.post(app('/api/session'), { headers, data: ownerLogin() })
  const answer = await site.fetch(app(path), { method, headers, ...(data === undefined ? {} : { data }) })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.status() === 204 ? null : answer.json()
}

const membersMay = (site: APIRequestContext, right: string) => asOwner(site, 'PUT', '/api/members', { right })
const memberMay = (site: APIRequestContext, id: string, right: string | null) =>
  asOwner(site, 'PUT', `/api/members/${id}`, { right })

/** What a profile of Chromium says of cookies. Contexts of Playwright's own are private windows, which block third-party ones. */
const profiles = {
  'allows third-party cookies': { cookie_controls_mode: 0 },
  'keeps third-party cookies apart for each site around them': { cookie_controls_mode: 1 },
  'blocks all cookies of the pod': {
    content_settings: { exceptions: { cookies: { 'http://localhost,*': { setting: 2 } } } },
  },
}

/** A browser of its own, as a person has one. */
async function withProfile(profile: object, work: (context: BrowserContext) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prism-pod-profile-'))
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }))
  const executablePath = process.env[BROWSER_VARIABLE] ?? ''
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: ['--no-sandbox'] })
  try {
    await work(context)
  } finally {
    await context.close()
    await rm(folder, { recursive: true, force: true })
  }
}

test.describe('a browser', () => {
  for (const [name, profile] of Object.entries(profiles)) {
    test(`that ${name} shows the pod, works in it, and does so again after a reload [H4]`, async () => {
      await withProfile(profile, async (context) => {
        const page = await context.newPage()
        const isBlocked = name.startsWith('blocks')
        for (const time of ['first', 'second']) {
          const document = page.waitForResponse((response) => response.url().includes('/pods/agreement'))
          const pod = time === 'first' ? await openPod(page) : await page.reload().then(() => podOf(page))
          const html = await (await document).text()
          // With a cookie the second time the content is in the first response.
          expect(html.includes('Coho Winery'), `${name}, ${time}`).toBe(time === 'second' && !isBlocked)
          await expect(pod.getByText('Agrees.')).toBeVisible()
          await pod.getByRole('button', { name: 'Preview' }).click()
          await expect(pod.getByRole('heading', { name: 'Preview' })).toBeVisible()
          await expect(pod.getByText('No plan could be made.')).toHaveCount(0)
          await pod.getByRole('button', { name: 'Close' }).click()
        }
        const kept = (await context.cookies()).filter((cookie) => cookie.name === '__Host-pod')
        expect(kept).toHaveLength(isBlocked ? 0 : 1)
      })
    })
  }
})

test.describe('members', () => {
  test.afterEach(async ({ request }) => {
    await membersMay(request, 'map-and-sync')
    for (const id of ['gclerk', 'ttech']) await memberMay(request, id, null)
  })

  test('one after the other in one browser each see and do what is theirs [H4]', async ({
    page,
    request,
  }) => {
    await memberMay(request, 'gclerk', 'map-and-sync')
    await memberMay(request, 'ttech', 'look')
    const pod = await openPod(page)
    await expect(pod.getByRole('button', { name: 'Sync now' })).toBeVisible()
    await expect(pod.getByLabel('Show cost')).toBeVisible()

    // The clerk leaves; the technician signs in at the same desk. The cookie is the clerk's still.
    await page.locator('#member').selectOption('TTech')
    await expect(pod.getByText('You can look, but not map or sync.')).toBeVisible()
    await expect(pod.getByRole('button', { name: 'Sync now' })).toHaveCount(0)
    await expect(pod.getByLabel('Show cost')).toHaveCount(0)
    await expect(pod.getByText('Agrees.')).toBeVisible()

    await memberMay(request, 'ttech', 'none')
    await page.locator('#member').selectOption('GClerk')
    await expect(pod.getByRole('button', { name: 'Sync now' })).toBeVisible()
    await page.locator('#member').selectOption('TTech')
    await expect(pod.getByText('ConnectWise member ttech may not look here.')).toBeVisible()
    await expect(pod.getByText('Agrees.')).toHaveCount(0)
  })

  test('get their rights from an owner in the settings, and have them at once [H4][B6]', async ({
    page,
    context,
  }) => {
    await signIn(page)
    await page.goto(app('/settings'))
    const section = page.getByRole('region', { name: 'Members of ConnectWise' })
    await section.getByLabel('Every member may').selectOption({ label: 'Look' })
    await section.getByLabel('Member ID in ConnectWise').fill('GClerk')
    await section.getByRole('button', { name: 'Give the right' }).click()
    const row = section.getByRole('row').filter({ hasText: 'gclerk' })
    await expect(row.getByRole('combobox')).toHaveValue('map-and-sync')

    const screen = await context.newPage()
    const pod = await openPod(screen)
    await expect(pod.getByRole('button', { name: 'Sync now' })).toBeVisible()
    await row.getByRole('combobox').selectOption({ label: 'As every member: look' })
    await expect(row.getByRole('combobox')).toHaveValue('as-everyone')
    await pod.getByRole('button', { name: 'Sync now' }).click()
    await expect(pod.getByText('may look here, but not do this')).toBeVisible()
    await screen.reload()
    await expect(pod.getByText('You can look, but not map or sync.')).toBeVisible()
    await expectNoFinding(page)
  })

  test('who may look without the cost get none of it over the wire [H4]', async ({ page, request }) => {
    await membersMay(request, 'look')
    const answers: string[] = []
    page.on('response', (response) => {
      if (/\/api\/(hosted|programs)|\/pods\//.test(response.url()))
        void response.text().then(
          (text) => answers.push(text),
          () => undefined,
        )
    })
    const pod = await openPod(page)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await page.reload()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await pod.getByRole('button', { name: 'Preview' }).click()
    await expect(pod.getByText('Nothing to write')).toBeVisible()
    expect(answers.length).toBeGreaterThan(4)
    expect(answers.filter((text) => /unitCost|\\?"cost\\?"/.test(text))).toEqual([])
  })
})

test.describe('a session', () => {
  test('is renewed before it runs out, and nobody notices [H4]', async ({ page }) => {
    const handshakes: string[] = []
    await page.route('**/api/hosted/session', async (route) => {
      const response = await route.fetch()
      const session = (await response.json()) as { token: string }
      handshakes.push(session.token)
      await route.fulfill({ response, json: { ...session, seconds: handshakes.length < 3 ? 2 : 3600 } })
    })
    const pod = await openPod(page)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await pod.getByRole('button', { name: /Exchange Online/ }).click()
    await expect.poll(() => handshakes.length).toBe(3)
    await expect(pod.getByText('it bills what the invoice says').first()).toBeVisible()
    expect(new Set(handshakes).size).toBe(3)
  })

  test('that ends in the middle of a mapping loses nothing: the save goes on with the next one [H4][E2]', async ({
    page,
    request,
  }) => {
    const customer = `${RELECLOUD.program}/customers/${await relecloudTenant(request)}`
    try {
      let token = ''
      const handshakes: string[] = []
      page.on('request', (sent) => {
        token = sent.headers()['authorization'] ?? token
        if (sent.url().endsWith('/api/hosted/session')) handshakes.push(sent.url())
      })
      const pod = await openPod(page, RELECLOUD.agreementId)
      await pod.getByLabel('Search PRISM customers').fill('relecl')
      await pod.getByRole('radio', { name: 'Relecloud' }).check()
      // What is known of the choice has been read; the save is the next that is asked.
      await expect(pod.getByRole('button', { name: 'Save', exact: true })).toBeEnabled()
      await expect.poll(() => token).toContain('Bearer ')

      const ended = await request.delete(app('/api/session'), { headers: { authorization: token } })
      expect(ended.status()).toBe(204)
      const before = handshakes.length
      const saved = page.waitForResponse((response) => response.request().method() === 'PUT')
      await pod.getByRole('button', { name: 'Save', exact: true }).click()
      // What the pod asks by itself may have met the end before.
      expect([200, 401]).toContain((await saved).status())
      await expect(pod.getByRole('heading', { level: 1, name: 'Relecloud' })).toBeVisible()
      expect(handshakes.length).toBe(before + 1)
    } finally {
      // Other tests look at it as it was: nobody's.
      await asOwner(request, 'DELETE', `${customer}/mapping?leave=true`)
    }
  })

  test('of an agreement’s pod is for that agreement alone [H4]', async ({ page, request }) => {
    let token = ''
    page.on('request', (sent) => {
      token = sent.headers()['authorization'] ?? token
    })
    const pod = await openPod(page)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await expect.poll(() => token).toContain('Bearer ')
    const headers = { authorization: token }
    const statusOf = async (id: number) =>
      (await request.get(app(`/api/hosted/agreements/${id}`), { headers })).status()
    expect(await statusOf(COHO_AGREEMENT)).toBe(200)
    expect(await statusOf(COHO_AGREEMENT + 1)).toBe(403)
    const stop = await request.post(app(`${RELECLOUD.program}/stop`), { headers })
    expect(stop.status()).toBe(403)
  })
})

async function relecloudTenant(site: APIRequestContext): Promise<string> {
  const found = await asOwner(site, 'GET', `${RELECLOUD.program}/customers?search=relecloud`)
  const [customer] = (found as { customers: { tenantId: string }[] }).customers
  if (customer === undefined) throw new Error('Relecloud is a customer of the demo')
  return customer.tenantId
}
