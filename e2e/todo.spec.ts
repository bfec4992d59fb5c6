/** What waits for a person, answered where it is listed: on the page, on the dashboard, and in the agreement's pod (J1). */
import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test'
import { demoMappings, tenantId } from '../standin/data/index.ts'
import { expectNoFinding, expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen, ownerLogin, podOf } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const prism = (path: string): string => `${addressOf('prism')}/control${path}`

/** What the scheduled call does. */
async function look(request: APIRequestContext): Promise<void> {
  const headers = { authorization: `Bearer ${process.env['CRON_SECRET']}` }
  for (let calls = 0; calls < 10; calls += 1) {
    const answer = await request.get(app('/api/cron/sync'), { headers, timeout: 55_000 })
    if (((await answer.json()) as { jobsLeft: number }).jobsLeft === 0) return
  }
}

/** Another invoice in PRISM, of a month to come so that nobody waits for it; its id. @param month of 2027 */
async function addInvoice(request: APIRequestContext, month: number, csv: string): Promise<string> {
  const data = { usageYear: 2027, usageMonth: month, csv }
  const { InvoiceId: id } = await (await request.post(prism('/invoices'), { data })).json()
  await look(request)
  return String(id)
}

/** The file of PRISM's first invoice, line by line; its header first. */
async function firstFile(request: APIRequestContext): Promise<string[]> {
  const { invoices } = await (await request.get(prism('/state'))).json()
  const file = await (await request.get(prism(`/invoices/${invoices[0].InvoiceId}/csv`))).text()
  return file.trimEnd().split('\n')
}

const group = (page: Page, name: RegExp): Locator => page.getByRole('group', { name })
const open = async (page: Page): Promise<void> => {
  await page.goto(app('/todo'))
  await expect(page.getByRole('heading', { name: 'To do', level: 1 })).toBeVisible()
}

async function api(request: APIRequestContext, method: 'put' | 'post', path: string, data: object) {
  const headers = { origin: addressOf('app') }
  await request.post(app('/api/session'), { headers, data: ownerLogin() })
  const answer = await request[method](app(path), { headers, data })
  expect(answer.ok(), await answer.text()).toBe(true)
}

test('the page has what waits with its money and its answers, fits a phone and has no finding [J1]', async ({
  page,
}) => {
  await signIn(page)
  await expectSound(page, ['/todo', '/'])
  await open(page)
  const failed = group(page, /sync.* failed$/)
  await expect(failed).toContainText('If nothing is done: The month is not billed as invoiced')
  await expect(failed).toContainText('Trey Research')
  await expect(
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^To do \d+ wait$/ }),
  ).toBeVisible()
  await page.goto(app('/'))
  await expect(
    page.getByRole('region', { name: 'To do' }).getByRole('heading', { level: 4 }).first(),
  ).toBeVisible()
  await page.getByRole('link', { name: /^All that waits/ }).click()
  await expect(page).toHaveURL(/\/todo$/)
})

test('a failed month is skipped by keyboard, stands among what is decided, and is taken back [F12]', async ({
  page,
}) => {
  await signIn(page)
  await open(page)
  const skip = page.getByRole('button', { name: /^Skip April 2026: Trey Research/ })
  await skip.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('No sync bills that')
  await expectNoFinding(page)
  await page.keyboard.press('Tab')
  await expect(dialog.getByRole('button', { name: 'Skip' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(skip).toHaveCount(0)
  const decided = group(page, /skipped$/)
  await expect(decided).toContainText('Decided by a person.')
  await decided.getByRole('button', { name: /^Take back: Trey Research/ }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Take back: done.' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Take back: Trey Research/ })).toHaveCount(0)
  await expect(skip).toBeVisible()
})

test('two invoices of a month are compared, and both left out [F1]', async ({ page, request }) => {
  const [header = '', ...lines] = await firstFile(request)
  const two = lines.filter((line) => line.includes('Coho Winery')).slice(0, 2)
  const one = await addInvoice(request, 3, [header, ...two].join('\n'))
  const other = await addInvoice(request, 3, [header, two[0]].join('\n'))
  await signIn(page)
  const held = group(page, /^(One invoice|2 invoices) of April for March 2027 usage/)
  await open(page)
  await expect(held.getByRole('columnheader', { name: `Invoice ${one}, waits` }).first()).toBeVisible()
  await expect(held.getByRole('row', { name: /Coho Winery/ }).first()).toContainText(/[+−]A\$/)
  for (const id of [one, other]) {
    await held.getByRole('button', { name: new RegExp(`^Exclude: Invoice ${id}`) }).click()
    await expectNoFinding(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Exclude' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await expect(held).toHaveCount(0)
})

test('an invoice that cannot be read is read again, and left out [F1]', async ({ page, request }) => {
  const id = await addInvoice(request, 4, '<html>busy</html>')
  await signIn(page)
  await open(page)
  const unread = group(page, /^One invoice of May for April 2027 usage cannot be read/)
  await expect(unread).toContainText('later ones wait with it')
  await unread.getByRole('button', { name: new RegExp(`^Read again: Invoice ${id}`) }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Read again: done.' })).toBeVisible()
  await unread.getByRole('button', { name: new RegExp(`^Exclude: Invoice ${id}`) }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Exclude' }).click()
  await expect(unread).toHaveCount(0)
})

test('past what is only pressed, the amount is typed; here on the dashboard [J1]', async ({
  page,
  request,
}) => {
  const [header = '', line = ''] = await firstFile(request)
  const fields = line.split(',')
  fields[header.split(',').indexOf('SubTotalRrp')] = '123456.5'
  const id = await addInvoice(request, 5, [header, fields.join(','), ''].join('\n'))
  await signIn(page)
  await page.goto(app('/'))
  const held = group(page, /^One invoice of June for May 2027 usage waits/)
  await expect(held).toContainText('A$123,456.50')
  await held.getByRole('button', { name: new RegExp(`^Exclude: Invoice ${id}`) }).click()
  const dialog = page.getByRole('dialog')
  const exclude = dialog.getByRole('button', { name: 'Exclude' })
  await expect(exclude).toBeDisabled()
  await dialog.getByLabel(/^Type the amount/).fill('123,456.05')
  await expect(exclude).toBeDisabled()
  await expectNoFinding(page)
  await dialog.getByLabel(/^Type the amount/).fill('123456.50')
  await exclude.click()
  await expect(held).toHaveCount(0)
})

test.describe('in the pod', () => {
  const agreementOf = (customer: string): number =>
    demoMappings().find((each) => each.tenantId === tenantId(customer))?.agreementId ?? 0

  test('an addition that no invoice explains is answered, and is gone here and on the page [F5]', async ({
    page,
    request,
  }) => {
    await api(request, 'put', '/api/members', { right: 'map-and-sync' })
    await page.goto(agreementScreen(agreementOf('humongous')))
    const pod = await podOf(page)
    const todo = pod.getByRole('region', { name: 'To do' })
    await expect(todo).toContainText('No invoice explains one addition')
    await expectNoFindingAsItIs(page, { within: 'iframe' })
    await todo.getByRole('button', { name: /^Say what it is/ }).click()
    await pod.getByLabel('It stays as it is').check()
    await pod.getByRole('button', { name: 'Save' }).click()
    await expect(todo.getByRole('button', { name: /^Say what it is/ })).toHaveCount(0)
    await signIn(page)
    await open(page)
    await expect(page.getByText('Humongous Insurance')).toHaveCount(0)
  })

  test('what a guard holds is confirmed, with what it sends, and the sync that follows is shown [F18]', async ({
    page,
  }) => {
    await page.goto(agreementScreen(agreementOf('vanarsdel')))
    const pod = await podOf(page)
    const todo = pod.getByRole('region', { name: 'To do' })
    await expect(todo).toContainText('changes so much that 2 subscriptions of one customer wait')
    const confirm = todo.getByRole('button', { name: /^Confirm: .*Exchange Online.*, August 2026/ })
    await confirm.click()
    const dialog = pod.getByRole('dialog')
    await expect(dialog).toContainText('Confirm August 2026 of Exchange Online (Plan 1)?')
    await expect(dialog).toContainText('3 since 1 Apr 2026: ends')
    await dialog.getByRole('button', { name: 'Confirm', exact: true }).click()
    await expect(dialog).toHaveCount(0)
    await expect(confirm).toHaveCount(0)
    const progress = pod.getByRole('progressbar', { name: 'Sync' })
    await expect(progress).toBeHidden({ timeout: 60_000 })
    await expect(confirm).toHaveCount(0)
  })
})

test('what is meant to be so is muted, stands folded up at the end, and is unmuted [J3]', async ({
  page,
}) => {
  await signIn(page)
  await open(page)
  const annual = group(page, /annual subscriptions? (is|are) not synced$/)
  const customer = 'Wide World Importers'
  const mute = annual.getByRole('button', { name: new RegExp(`^Mute….*: ${customer}`) })
  await expect(mute).toBeVisible()
  await mute.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`Of ${customer}`)
  await expectNoFinding(page)
  await dialog.getByRole('button', { name: 'Mute' }).click()
  // The reason is asked for.
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Why it is meant to be so').fill('billed by hand in July')
  await dialog.getByLabel('For how long').selectOption('3 months')
  await dialog.getByRole('button', { name: 'Mute' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(mute).toHaveCount(0)
  await page.getByText('Muted (1)').click()
  const muted = page.getByRole('listitem').filter({ hasText: 'billed by hand in July' })
  await expect(muted).toContainText(/Muted until \d+ \w+ \d{4} by .*: billed by hand in July/)
  await expectNoFinding(page)
  await muted.getByRole('button', { name: new RegExp(`^Unmute: ${customer}`) }).click()
  await expect(page.getByText('Muted (1)')).toHaveCount(0)
  await expect(mute).toBeVisible()
})

test('a price that is not PRISM’s is previewed at PRISM’s, billed after a yes, and waits no more [J3]', async ({
  page,
  request,
}) => {
  await signIn(page)
  await open(page)
  const differing = group(page, /another price than PRISM’s$/)
  const bill = differing.getByRole('button', { name: /^Bill 25\.70 from 1 \w+ \d{4}: Contoso.*Visio/ })
  await bill.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('A sync starts, and sends this:')
  await expect(dialog).toContainText(/4 since .*: ends/)
  await expect(dialog).toContainText('25.70')
  await expect(dialog).toContainText(/The bill: .*A\$/)
  await expectNoFinding(page)
  await dialog.getByRole('button', { name: /^Bill 25\.70/ }).click()
  await expect(dialog).toHaveCount(0)
  await look(request)
  await page.reload()
  await expect(differing.getByRole('button', { name: /Wide World/ }).first()).toBeVisible()
  await expect(bill).toHaveCount(0)
})
