/** What is kept, taking it along, and deleting the organisation, on the settings page (J14, I2). */
import { gunzipSync } from 'node:zlib'
import { expect, type Page } from '@playwright/test'
import { ageDatabase } from '#scripts/testing/aged-database.ts'
import { readTar } from '#scripts/testing/read-tar.ts'
import { expectNoFinding } from './accessible.ts'
import { ownerLogin } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

test.describe.configure({ mode: 'serial' })
test.use({ alone: 'keeping' })

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }

const kept = (page: Page, what: string) =>
  page.getByRole('region', { name: 'What is kept' }).getByRole('row').filter({ hasText: what })

async function openSettings(page: Page): Promise<void> {
  await signIn(page)
  await page.goto(app('/settings'))
}

async function scheduledCalls(page: Page): Promise<void> {
  const headers = { authorization: `Bearer ${process.env['CRON_SECRET']}` }
  await expect(async () => {
    const answer = await page.request.get(app('/api/cron/sync'), { headers })
    expect(((await answer.json()) as { jobsLeft: number }).jobsLeft).toBe(0)
  }).toPass({ timeout: 120_000 })
}

test('the settings say what is kept for how long, and what was last removed [J14]', async ({ page }) => {
  await openSettings(page)
  await expect(kept(page, 'Sign-ins')).toContainText('24 months')
  await expect(kept(page, 'Sign-ins')).toContainText('Not looked through yet')
  await expect(kept(page, 'Plans of syncs')).toContainText(/Always; packed after 24 months.*Begins /s)
  await ageDatabase(process.env['STACK_DATABASE_URL'] ?? '')
  await scheduledCalls(page)
  await page.reload()
  await expect(kept(page, 'Sign-ins')).toContainText(/\d+ rows? removed/)
  await expect(kept(page, 'Plans of syncs')).toContainText('Nothing packed')
  await expectSound(page, ['/settings'])
})

test('the age at which plans are packed is chosen there, and kept [J14]', async ({ page }) => {
  await openSettings(page)
  const form = page.getByRole('region', { name: 'Organisation', exact: true })
  await form.getByLabel('Plans are packed after').selectOption('3 years')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByRole('status')).toHaveText('Saved.')
  await page.reload()
  await expect(form.getByLabel('Plans are packed after')).toHaveValue('36')
  await expect(kept(page, 'Plans of syncs')).toContainText('packed after 36 months')
})

test('all of it is downloaded as one archive, whole [I2]', async ({ page }) => {
  await openSettings(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download all of it (.tar.gz)' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^prism-pod-organisation-\d{4}-\d\d-\d\d\.tar\.gz$/)
  const file = await (await download.createReadStream()).toArray()
  const files = readTar(gunzipSync(Buffer.concat(file as Buffer[])))
  const manifest = JSON.parse(files.get('prism-pod/manifest.json')?.toString() ?? '{}') as {
    files: { path: string }[]
  }
  for (const { path } of manifest.files) expect(files.has(`prism-pod/${path}`), path).toBe(true)
  expect(files.get('prism-pod/additions.csv')?.toString()).toContain('Written at')
})

/** By the keys alone, from where the focus is. */
async function tabTo(page: Page, name: string): Promise<void> {
  const field = page.getByRole('dialog').getByLabel(name)
  for (let tabs = 0; tabs < 8; tabs += 1) {
    if (await field.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(field).toBeFocused()
}

async function enterByKeys(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) {
    await tabTo(page, name)
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
}

test('the organisation is deleted by the keys, not by a wrong name, and nobody is in any more [I2]', async ({
  page,
}) => {
  const { email, password } = ownerLogin()
  await openSettings(page)
  const button = page.getByRole('button', { name: 'Delete the organisation…' })
  const dialog = page.getByRole('dialog')
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Nobody can take this back')
  await expect(dialog).toContainText('Nothing is changed in ConnectWise.')
  await expectNoFinding(page)
  await enterByKeys(page, { 'Name of the organisation': 'Another one', 'Your password': password })
  await expect(dialog).toContainText('Type the name as it stands here')
  await expectNoFinding(page)
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/deletion-${size.width}.png` })
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(button).toBeFocused()

  await page.keyboard.press('Enter')
  const name = /Type (.+?)$/m.exec(await dialog.getByText(/^Type /).innerText())?.[1] ?? ''
  await enterByKeys(page, { 'Name of the organisation': name, 'Your password': 'not-the-password' })
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expectNoFinding(page)
  await enterByKeys(page, { 'Your password': password })
  await expect(page).toHaveURL(/sign-in/)
  await page.goto(app('/settings'))
  await expect(page).toHaveURL(/sign-in/)
  const refused = await page.request.post(app('/api/session'), {
    headers: { origin: app('') },
    data: { email, password: 'whatever-it-is' },
  })
  expect(refused.status()).toBe(401)
})
