/**
 * The month end of a partner with 400 customers, nine of which are in trouble of another kind each: from the dashboard to the closed
 * month, every click counted (J1, J5). A stack of its own.
 */
import { expect, type Locator, type Page } from '@playwright/test'
import { startConnectWise } from '../standin/connectwise/server.ts'
import { connectWiseSeed, prismClient } from '../standin/data/index.ts'
import { generateHandMade } from '../standin/generator/hand-made.ts'
import type { HandMadeKind } from '../standin/generator/hand-made-kinds.ts'
import { startPrism } from '../standin/prism/prism.ts'
import { expectNoFinding } from './site.ts'
import { test } from './test.ts'
import { type OwnStack, startOwnStack } from './testing/own-stack.ts'

const PROGRAM = '/api/programs/microsoft-csp'
const CUSTOMERS = 400
const MOST_CLICKS = 40

/** At which customer each kind of trouble is; all others are billed rightly. */
const troubles: Readonly<Record<number, HandMadeKind>> = {
  10: 'of no subscription: forgotten',
  20: 'an unknown serial number',
  30: 'of an item that nothing links',
  40: 'two subscriptions of one product',
  50: 'edited price, with serial number',
  60: 'one that starts later',
}
const ENDED = 70
const INVOICED = 80
const CONTESTED = 90

const made = generateHandMade({
  seed: 7,
  customers: CUSTOMERS,
  site: connectWiseSeed().site,
  clients: [prismClient],
  kinds: Array.from({ length: CUSTOMERS }, (_, at) => troubles[at] ?? 'right, with serial number'),
})

const held = new AsyncDisposableStack()
let stack: OwnStack
let connectWise: Awaited<ReturnType<typeof startConnectWise>>
test.describe.configure({ mode: 'serial', timeout: 240_000 })
test.afterAll(() => held.disposeAsync())

const good = async (method: string, path: string, body?: unknown): Promise<Response> => {
  const answer = await stack.first.api(method, path, { body })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  return answer
}

const agreementOf = (at: number): number => made.customers[at]?.agreementId ?? 0
function changeAgreement(at: number, change: object): void {
  const { store } = connectWise
  const id = agreementOf(at)
  const agreement = store.all('agreements').find((one) => one.id === id)
  store.put('agreements', { ...agreement, id, ...change }, 'GClerk')
}

/** PRISM's file of the month, in which one customer's line has another one's domain. */
async function issue(prismUrl: string): Promise<void> {
  const issued = await fetch(`${prismUrl}/control/invoices/next`, { method: 'POST', body: '{}' })
  const { invoiceId } = (await issued.json()) as { invoiceId: number }
  const file = `${prismUrl}/control/invoices/${invoiceId}/csv`
  const lines = (await (await fetch(file)).text()).trimEnd().split('\n')
  const [own, other] = [made.customers[CONTESTED]?.domain ?? '', made.customers[CONTESTED + 1]?.domain ?? '']
  const body = lines.map((line) => line.replace(own, other)).join('\n')
  await fetch(file, { method: 'PUT', body })
}

test.beforeAll(async () => {
  test.setTimeout(400_000)
  const prism = await startPrism({ seed: made.prism })
  connectWise = await startConnectWise({ seed: made.connectWise })
  held.defer(async () => {
    await Promise.all([prism.close(), connectWise.close()])
  })
  stack = await startOwnStack(prism.url, [prism.url, connectWise.url], held)
  const { companyId, publicKey, privateKey } = made.connectWise.site
  await good('PUT', '/api/connections/prism', { ...prismClient, currency: 'AUD' })
  await good('PUT', '/api/connections/connectwise', {
    site: connectWise.url,
    companyId,
    publicKey,
    privateKey,
  })
  await good('PUT', PROGRAM, { enabled: true })
  // PRISM's customers are read, and nothing of theirs is invoiced yet.
  await stack.work()
  const places = made.customers.map(({ tenantId, companyId: company, agreementId }) => ({
    tenantId,
    place: { companyId: company, agreementId, syncEnabled: true },
  }))
  for (let from = 0; from < places.length; from += 8)
    await Promise.all(
      places
        .slice(from, from + 8)
        .map(({ tenantId, place }) => good('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, place)),
    )
  changeAgreement(ENDED, { endDate: '2026-03-31T00:00:00Z', noEndingDateFlag: false })
  changeAgreement(INVOICED, { nextInvoiceDate: '2026-06-01T00:00:00Z' })
  for (const addition of connectWise.store.additionsOf(agreementOf(INVOICED)))
    connectWise.store.remove('additions', addition.id, 'GClerk')
  await issue(prism.url)
  await stack.work()
})

/** Somebody with a mouse. */
class Clerk {
  clicks = 0
  async click(target: Locator): Promise<void> {
    this.clicks += 1
    await target.click()
  }
}

const group = (page: Page, customer: number): Locator =>
  page
    .getByRole('group')
    .filter({ has: page.getByRole('heading', { level: 4 }) })
    .filter({ hasText: new RegExp(`Customer ${customer}\\b`) })

const sentence = (page: Page): Locator => page.getByRole('region', { name: 'The newest month' })

test('nine kinds of trouble among 400 customers are settled, and the month closed, with at most 40 clicks [J1][J5]', async ({
  page,
  context,
}) => {
  await context.addCookies([{ ...stack.first.cookie, url: stack.appUrl }])
  await page.goto(stack.appUrl)
  await expect(sentence(page)).toContainText(/April usage: \d+ of 400 customers agree/)
  const causes = page.getByRole('region', { name: 'To do' }).getByRole('heading', { level: 4 })
  console.log(await causes.allInnerTexts())
  console.log(await sentence(page).innerText())
  if (process.env['SHOTS'])
    await page.screenshot({ path: `${process.env['SHOTS']}/month-end.png`, fullPage: true })
  await expect(causes).toHaveCount(9)
})
