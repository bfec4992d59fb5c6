/**
 * A partner with 300 customers, whose names people typed, is mapped, reviewed and previewed from nothing, by somebody who knows
 * which company each is. Every key and every click is counted (J7, E6).
 */
import { expect, type Locator, type Page } from '@playwright/test'
import { startConnectWise } from '../standin/connectwise/server.ts'
import { connectWiseSeed, prismClient } from '../standin/data/index.ts'
import { generateMisspelt } from '../standin/generator/misspelt-seeds.ts'
import type { MisspeltTenant } from '../standin/misspelt/partner.ts'
import { startPrism } from '../standin/prism/prism.ts'
import { expectNoFinding } from './accessible.ts'
import { test } from './test.ts'
import { type OwnStack, startOwnStack } from './testing/own-stack.ts'

const PROGRAM = '/api/programs/microsoft-csp'
const CUSTOMERS = 300
const { prism, connectWise, partner } = generateMisspelt({
  seed: 11,
  tenants: CUSTOMERS,
  companies: 400,
  book: 'by-hand',
  most: 2,
  site: connectWiseSeed().site,
  clients: [prismClient],
})
const companies = new Map(partner.companies.map((each) => [each.id, each]))
const byDomain = new Map(partner.tenants.map((each) => [each.domain, each]))

const held = new AsyncDisposableStack()
let stack: OwnStack
test.describe.configure({ mode: 'serial', timeout: 600_000 })
test.afterAll(() => held.disposeAsync())
test.beforeAll(async () => {
  test.setTimeout(240_000)
  const [ofPrism, ofConnectWise] = await Promise.all([
    startPrism({ seed: prism }),
    startConnectWise({ seed: connectWise }),
  ])
  held.defer(async () => {
    await Promise.all([ofPrism.close(), ofConnectWise.close()])
  })
  stack = await startOwnStack(ofPrism.url, [ofPrism.url, ofConnectWise.url], held)
  const put = async (path: string, body: unknown) =>
    expect((await stack.first.api('PUT', path, { body })).ok, path).toBe(true)
  const { companyId, publicKey, privateKey } = connectWise.site
  await put('/api/connections/prism', { ...prismClient, currency: 'AUD' })
  await put('/api/connections/connectwise', { site: ofConnectWise.url, companyId, publicKey, privateKey })
  await put(PROGRAM, { enabled: true })
  await fetch(`${ofPrism.url}/control/invoices/next`, { method: 'POST', body: '{}' })
  await stack.work()
})

/** Somebody at the keyboard, whose every key and click is counted. */
class Clerk {
  counted = 0
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async press(key: string): Promise<void> {
    this.counted += 1
    await this.#page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    this.counted += text.length
    await this.#page.keyboard.type(text)
  }

  async click(target: Locator): Promise<void> {
    this.counted += 1
    await target.click()
  }
}

interface Row {
  readonly tenant: MisspeltTenant
  readonly texts: readonly string[]
}

/** The row under the keyboard, once it is one to be decided; `null`: the list has no more of them. */
async function currentRow(page: Page): Promise<Row | null> {
  const texts = await page.evaluate(async () => {
    for (;;) {
      const row = document.activeElement
      const isDecided = /Mapped to|Saving|Skipped|Never mapped/.test(row?.textContent ?? '')
      if (row?.getAttribute('role') === 'option' && !isDecided)
        return [...row.querySelectorAll('b, span')].map(({ textContent }) => textContent ?? '')
      const said = [...document.querySelectorAll('[role=status]')].map((each) => each.textContent).join()
      if (said.includes('That was the last one of the list')) return null
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
  if (texts === null) return null
  const tenant = byDomain.get(texts[1] ?? '')
  if (tenant === undefined) throw new Error(`Whose is ${texts.join(' | ')}?`)
  return { tenant, texts }
}

/** As the row says a suggestion: the company, then its agreement. */
function truthOf({ id }: MisspeltTenant) {
  const truth = partner.truth.get(id)
  const company = truth ? companies.get(truth.companyId) : undefined
  const agreement = company?.agreements.find((each) => each.id === truth?.agreementId)
  return company === undefined || agreement === undefined ? null : { company, agreement }
}

/** Decides as somebody does who knows whose it is. */
async function decide(page: Page, clerk: Clerk, { tenant, texts }: Row): Promise<void> {
  const truth = truthOf(tenant)
  if (truth === null) return clerk.press('s')
  const { company, agreement } = truth
  const [, , , first, place = ''] = texts
  if (first === company.name && place.startsWith(`${agreement.name}: `)) return clerk.press('Enter')
  if (texts.some((text) => text.startsWith(`Or ${company.name}, ${agreement.name} (`)))
    return clerk.press('2')
  await clerk.press('o')
  const dialog = page.getByRole('dialog')
  const its = dialog
    .getByRole('radio', { name: new RegExp(`^${escaped(company.name)} ${escaped(company.identifier)}`) })
    .first()
  await expect(
    dialog
      .getByRole('radio')
      .or(dialog.getByText(/^No company matches/))
      .first(),
  ).toBeVisible()
  if (!(await its.isVisible())) {
    await clerk.click(dialog.getByLabel('Search ConnectWise companies'))
    await clerk.press('Control+a')
    await clerk.type(company.identifier.slice(0, 6))
  }
  await clerk.click(its)
  await clerk.click(
    dialog.getByRole('radio', { name: new RegExp(`^${escaped(agreement.name)} Cloud Subscriptions`) }),
  )
  await clerk.click(dialog.getByRole('button', { name: 'Save' }))
  await expect(dialog).toBeHidden()
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

async function mappings() {
  const found = new Map<string, { companyId: number; agreementId: number; syncEnabled: boolean }>()
  for (let page = 1; page <= CUSTOMERS / 50; page += 1) {
    const answer = await stack.first.api('GET', `${PROGRAM}/customers?page=${page}`)
    const { customers } = (await answer.json()) as {
      customers: {
        tenantId: string
        mapping: { companyId: number; agreementId: number; syncEnabled: boolean } | null
      }[]
    }
    for (const { tenantId, mapping } of customers) if (mapping !== null) found.set(tenantId, mapping)
  }
  return found
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env['SHOTS'] === undefined) return
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png` })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${process.env['SHOTS']}/${name}-phone.png` })
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** Without a finding, and no wider than a phone. */
async function expectSoundHere(page: Page, name: string): Promise<void> {
  // Rows are alike, so that eight of them are looked at.
  await expectNoFinding(page, { without: ['[role=option]:nth-child(n+9)', 'tbody tr:nth-child(n+9)'] })
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1440, height: 900 })
  await picture(page, name)
}

test('300 customers are mapped from nothing with at most 1.2 keys and clicks each, the first 50 with 60 [J7][E6]', async ({
  page,
  context,
}) => {
  await context.addCookies([{ ...stack.first.cookie, url: stack.appUrl }])
  const clerk = new Clerk(page)
  await page.goto(`${stack.appUrl}/programs/microsoft-csp/customers`)
  await clerk.click(page.getByRole('link', { name: `Match customers ${CUSTOMERS}` }))
  const list = page.getByRole('listbox', { name: 'Customers to match' })
  await expect(list.getByRole('option')).toHaveCount(50)
  await expectSoundHere(page, 'match')

  const decided = list.getByRole('option').filter({ hasText: /Mapped to|Saving|Skipped|Never mapped/ })
  let row = await currentRow(page)
  for (let each = 0; each < 50 && row !== null; each += 1, row = await currentRow(page))
    await decide(page, clerk, row)
  await expect(list.getByText('Saving…')).toHaveCount(0)
  expect(await decided.count()).toBe(50)
  expect(clerk.counted, 'for the first 50').toBeLessThanOrEqual(60)

  await clerk.click(page.getByRole('button', { name: 'Accept all above the line…' }))
  const above = page.getByRole('dialog', { name: 'Accept all above the line' })
  const map = above.getByRole('button', { name: /^Map \d+ customers$/ })
  await expect(map).toBeEnabled({ timeout: 60_000 })
  const together = Number(/\d+/.exec(await map.innerText())?.[0])
  expect(together).toBeGreaterThan(50)
  await expectSoundHere(page, 'match-above')
  await clerk.click(map)
  await expect(above).toBeHidden()

  for (row = await currentRow(page); row !== null; row = await currentRow(page))
    await decide(page, clerk, row)
  await expect(list.getByText('Saving…')).toHaveCount(0)
  expect(await decided.count()).toBe(CUSTOMERS)
  await picture(page, 'match-done')

  // Nobody is mapped to a company that is another one, and nobody that has one is left.
  const found = await mappings()
  for (const { id, name } of partner.tenants) {
    const truth = partner.truth.get(id) ?? null
    expect(found.get(id) ?? null, name).toEqual(truth === null ? null : expect.objectContaining(truth))
    expect(found.get(id)?.syncEnabled ?? false).toBe(false)
  }

  await page.reload()
  await expect(page.getByText(`${together} customers were accepted together`)).toBeVisible()
  await clerk.click(page.getByRole('link', { name: /^Review what the first syncs write/ }))
  await expect(page.getByText(/^All of \d+ agreements were read; nothing was written\.$/)).toBeVisible({
    timeout: 90_000,
  })
  await expect(page.getByText(/^April 2026/).first()).toBeVisible()
  await expectSoundHere(page, 'match-first-syncs')
  await clerk.click(page.getByRole('button', { name: /^Switch Sync on for \d+ customers$/ }))
  const dialog = page.getByRole('dialog', { name: 'Switch Sync on' })
  const yes = dialog.getByRole('button', { name: /^Switch Sync on for \d+ customers$/ })
  await expect(yes).toBeEnabled({ timeout: 30_000 })
  const count = Number(/\d+/.exec(await yes.innerText())?.[0])
  await clerk.click(yes)
  await expect(page.getByText(`Sync is on for ${count} customers.`)).toBeVisible()
  expect([...(await mappings()).values()].filter(({ syncEnabled }) => syncEnabled)).toHaveLength(count)
  console.log(
    `Keys and clicks: ${clerk.counted} for ${CUSTOMERS} customers; ${together} were accepted together.`,
  )
  expect(clerk.counted).toBeLessThanOrEqual(1.2 * CUSTOMERS)
})

test('a customer is never mapped, with why, and that is taken back, by the keyboard alone [J7]', async ({
  page,
  context,
}) => {
  await context.addCookies([{ ...stack.first.cookie, url: stack.appUrl }])
  await page.goto(`${stack.appUrl}/programs/microsoft-csp/customers/match`)
  const { tenant } = (await currentRow(page)) ?? nobody()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: `Never map ${tenant.name}?` })
  await dialog.getByLabel('Why').focus()
  await page.keyboard.type('our own')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  expect((await currentRow(page))?.tenant.id).not.toBe(tenant.id)
  const never = page.getByRole('region', { name: 'Never mapped: 1' })
  await expect(never.getByRole('row', { name: tenant.name })).toContainText('our own')
  await expectSoundHere(page, 'match-never')
  await never.getByRole('button', { name: `Take back that ${tenant.name} is never mapped` }).focus()
  await page.keyboard.press('Enter')
  await expect(never).toBeHidden()
  // Those that were left out above, as something of them is blocked.
  await page.goto(`${stack.appUrl}/programs/microsoft-csp/customers/match/first-syncs`)
  await expect(page.getByText(/^All of \d+ agreements? (was|were) read; nothing was written\.$/)).toBeVisible(
    { timeout: 60_000 },
  )
  await expectSoundHere(page, 'match-left')
})

test('what was accepted together is taken back together, and waits again [J7]', async ({ page, context }) => {
  await context.addCookies([{ ...stack.first.cookie, url: stack.appUrl }])
  await page.goto(`${stack.appUrl}/programs/microsoft-csp/customers/match`)
  const before = (await mappings()).size
  const takeBack = page.getByRole('button', { name: /^Take these \d+ back$/ })
  const count = Number(/\d+/.exec(await takeBack.innerText())?.[0])
  await takeBack.click()
  await expect(page.getByText(`${count} customers are mapped nowhere again.`)).toBeVisible({
    timeout: 90_000,
  })
  expect((await mappings()).size).toBe(before - count)
  await expect(page.getByRole('option')).toHaveCount(50)
})

test('all that fit a state are chosen beyond the page, and a review says what a switch does to them [E1]', async ({
  page,
  context,
}) => {
  await context.addCookies([{ ...stack.first.cookie, url: stack.appUrl }])
  await page.goto(`${stack.appUrl}/programs/microsoft-csp/customers?state=mapped`)
  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check()
  const bar = page.getByRole('region', { name: 'Chosen customers' })
  const all = bar.getByRole('button', { name: /^Choose all \d+ that fit$/ })
  const count = Number(/\d+/.exec(await all.innerText())?.[0])
  expect(count).toBeGreaterThan(50)
  await all.focus()
  await page.keyboard.press('Enter')
  await expect(bar.getByRole('status')).toHaveText(`All ${count} customers that fit chosen`)
  await bar.getByRole('button', { name: 'Sync off' }).click()
  const dialog = page.getByRole('dialog', { name: 'Switch Sync off' })
  await expect(dialog).toContainText(`${count} customers have it off already.`, { timeout: 60_000 })
})

function nobody(): never {
  throw new Error('Somebody waits')
}
