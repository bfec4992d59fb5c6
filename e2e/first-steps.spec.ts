/** A new owner's first visits: Connections first, then the steps on the dashboard, which tick themselves (B1, B6, G6). */
import { expect, type Page } from '@playwright/test'
import { startConnectWise } from '../standin/connectwise/server.ts'
import { connectWiseSeed, demoMappings, prismClient, prismSeed } from '../standin/data/index.ts'
import { startPrism } from '../standin/prism/prism.ts'
import { expectNoFinding } from './accessible.ts'
import { test } from './test.ts'
import { type OwnStack, owner, startOwnStack } from './testing/own-stack.ts'

const PROGRAM = '/api/programs/microsoft-csp'
const held = new AsyncDisposableStack()
let stack: OwnStack
let connectWiseUrl: string

test.describe.configure({ mode: 'serial', timeout: 120_000 })
test.afterAll(() => held.disposeAsync())
test.beforeAll(async () => {
  test.setTimeout(240_000)
  const [prism, connectWise] = await Promise.all([
    startPrism({ seed: prismSeed() }),
    startConnectWise({ seed: connectWiseSeed() }),
  ])
  held.defer(async () => {
    await Promise.all([prism.close(), connectWise.close()])
  })
  connectWiseUrl = connectWise.url
  stack = await startOwnStack(prism.url, [prism.url, connectWise.url], held)
})

async function signIn(page: Page): Promise<void> {
  await page.goto(`${stack.appUrl}/sign-in`)
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password').fill(owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const steps = (page: Page) => page.getByRole('region', { name: 'First steps' })
const stepOf = (page: Page, title: string) => steps(page).getByRole('listitem').filter({ hasText: title })

async function put(path: string, body: unknown): Promise<void> {
  const answer = await stack.first.api('PUT', path, { body })
  expect(answer.ok, path).toBe(true)
}

async function expectFits(page: Page): Promise<void> {
  await expectNoFinding(page)
  await page.setViewportSize({ width: 320, height: 568 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  if (process.env['SHOTS'])
    await page.screenshot({ path: `${process.env['SHOTS']}/first-steps-phone.png`, fullPage: true })
  await page.setViewportSize({ width: 1440, height: 900 })
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/first-steps.png` })
}

test('a new owner comes to Connections, and the dashboard says what is to be done in which order [B1][B6]', async ({
  page,
}) => {
  await signIn(page)
  await expect(page).toHaveURL(`${stack.appUrl}/connections`)
  await page.getByRole('link', { name: 'Dashboard' }).click()
  await expect(steps(page)).toContainText('0 of 8 are done')
  await expect(steps(page).getByRole('link')).toHaveText(['Connect PRISM', 'Connect ConnectWise'])
  await expect(stepOf(page, 'Prepare ConnectWise')).toContainText('Connect ConnectWise first.')
  // Nothing else stands there as long as all of it is empty.
  await expect(page.getByRole('region', { name: 'Microsoft CSP' })).toHaveCount(0)
  await expectFits(page)
})

test('each step ticks itself, and they are gone with the first customer that syncs [B1][G6]', async ({
  page,
}) => {
  await put('/api/connections/prism', { ...prismClient, currency: 'AUD' })
  const { companyId, publicKey, privateKey } = connectWiseSeed().site
  await put('/api/connections/connectwise', { site: connectWiseUrl, companyId, publicKey, privateKey })
  await signIn(page)
  await expect(page).toHaveURL(`${stack.appUrl}/`)
  await expect(stepOf(page, 'Connect PRISM')).toContainText('Done')
  await stepOf(page, 'Prepare ConnectWise').getByRole('link').click()
  await expect(page).toHaveURL(`${stack.appUrl}/preparation`)
  await put(PROGRAM, { enabled: true })
  await stack.work()
  await page.goto(stack.appUrl)
  await expect(stepOf(page, 'Switch Microsoft CSP on')).toContainText('Done')
  await expect(stepOf(page, 'Preview what the first syncs write')).toContainText('Map a customer first.')
  await stepOf(page, 'Map customers').getByRole('link', { name: 'Match customers' }).click()
  await expect(page.getByRole('listbox', { name: 'Customers to match' })).toBeVisible()
  const [first] = demoMappings()
  const { tenantId, ...place } = first ?? { tenantId: '' }
  await put(`${PROGRAM}/customers/${tenantId}/mapping`, { ...place, syncEnabled: false })
  await page.goto(stack.appUrl)
  await stepOf(page, 'Switch Sync of the first customers on').getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Before Sync is switched on' })).toBeVisible()
  await put(`${PROGRAM}/customers/${tenantId}/mapping`, { ...place, syncEnabled: true })
  await page.goto(stack.appUrl)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  await expect(steps(page)).toHaveCount(0)
})
