/** The pod of a One-Time agreement (J9): each annual invoice by its name, and the answer about a line that may be billed already. */
import { expect, type Page } from '@playwright/test'
import { expectNoFinding, expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen, companyScreen, podOf } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'
import { addOneTimeAgreement, coho, cohoMapping, issueAnnual, work } from './testing/one-time-world.ts'

const PROGRAM = '/api/programs/microsoft-csp'
const CUSTOMER = `/programs/microsoft-csp/customers/${coho}`

test.use({ alone: 'annual-pod' })
test.describe.configure({ mode: 'serial' })

let agreementId = 0
let first = ''
let again = ''

const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png` })
}
const expectNoFindingInPod = (page: Page): Promise<void> => expectNoFindingAsItIs(page, { within: 'iframe' })

test('an annual invoice is previewed and synced in the agreement’s own pod, which calls it by its name', async ({
  page,
}) => {
  await signIn(page)
  const headers = { origin: addressOf('app') }
  await page.request.put(app(PROGRAM), { data: { annualTermsAtOnce: true }, headers })
  agreementId = await addOneTimeAgreement(page)
  first = await issueAnnual(page, [5])
  await work(page)
  const mapped = await page.request.put(app(`${PROGRAM}/customers/${coho}/one-time-mapping`), {
    data: { companyId: cohoMapping?.companyId, agreementId, syncEnabled: true },
    headers,
  })
  expect(mapped.ok(), await mapped.text()).toBe(true)

  await page.goto(agreementScreen(agreementId))
  const pod = await podOf(page)
  await expect(pod.getByText('No annual invoice was synced yet.')).toBeVisible()
  await pod.getByRole('button', { name: 'Preview' }).click()
  const dialog = pod.getByRole('dialog', { name: 'Preview' })
  await expect(
    dialog.getByRole('heading', { name: new RegExp(`^Annual invoice ${first} of `) }),
  ).toBeVisible()
  await expect(dialog).toContainText('A$1,200.00')
  await dialog.getByRole('button', { name: /^Sync now: / }).click()
  await expect(pod.getByRole('button', { name: new RegExp(`^Annual invoice ${first} of `) })).toBeVisible({
    timeout: 60_000,
  })
  const row = pod.getByRole('row').filter({ hasText: 'Visio' }).first()
  await expect(row).toContainText('1,200.00')
  await expectNoFindingInPod(page)
  await shot(page, 'pod-synced')
})

test('a line that another invoice has already is answered in the pod, after what each answer writes was shown', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  again = await issueAnnual(page, [5])
  await work(page)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(app('/todo?kind=annual-line'))
  await expect(page.getByText(`Invoice ${first} has the same line already`).first()).toBeVisible()
  await expect(page.getByText(/Billed here, it writes: \+5 at 240\.00, billed once on/)).toBeVisible()
  await expectNoFinding(page)
  await shot(page, 'todo-1440')
  await page.setViewportSize({ width: 390, height: 844 })
  await shot(page, 'todo-390')

  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(agreementScreen(agreementId))
  const pod = await podOf(page)
  const todo = pod.getByRole('region', { name: 'To do' })
  await expect(todo).toContainText('A$1,200.00')
  await expectNoFindingInPod(page)
  await shot(page, 'pod-asks')
  await todo.getByRole('button', { name: /^It is billed otherwise/ }).click()
  const dialog = pod.getByRole('dialog', { name: 'It is billed otherwise?' })
  await expect(dialog).toContainText('Nothing is written of it')
  // It is much: the amount is typed.
  await dialog.getByRole('textbox').fill('1200.00')
  await dialog.getByRole('button', { name: 'It is billed otherwise' }).click()
  const answered = pod.getByRole('region', { name: 'What was answered' })
  await expect(answered).toContainText(`(annual invoice ${again}) is billed otherwise, A$1,200.00`)

  // Taken back, it is listed no more, also where the first reading after it fails, and is asked again.
  let failed = 0
  await page.route(/\/agreements\/\d+\/answers$/, async (route) => {
    if (failed > 0) return route.continue()
    failed += 1
    return route.abort()
  })
  // By keyboard: at the edge of another site's frame Chromium may give it no click.
  await answered.getByRole('button', { name: /^Take back what was said of 5 of Visio/ }).press('Enter')
  await expect(answered).toHaveCount(0)
  expect(failed).toBe(1)
  await expect(todo.getByRole('button', { name: /^It is billed otherwise/ })).toBeVisible()
  await expectNoFindingInPod(page)
})

test('the company’s pod lists it, and the customer’s pages show its invoices apart from the months, never green', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  await page.goto(companyScreen(cohoMapping?.companyId ?? 0))
  const pod = await podOf(page)
  await expect(pod.getByRole('row').filter({ hasText: 'Annual licences' })).toContainText('Waits for you')
  await page.goto(app(`${CUSTOMER}/months`))
  const row = page.getByRole('row').filter({ hasText: `Annual invoice ${first} of` })
  await expect(row).toContainText(/Cannot tell|Not invoiced yet/)
  await expect(row).toContainText('A$1,200.00')
  await row.getByRole('link').click()
  await expect(page.getByRole('heading', { name: new RegExp(`^Annual invoice ${first} of `) })).toBeVisible()
  await expectNoFinding(page)
  await shot(page, 'customer-invoice')
  await page.goto(app(CUSTOMER))
  await expect(page.getByRole('region', { name: 'Annual terms billed at once' })).toContainText(
    'Annual licences',
  )
  await expectSound(page, [CUSTOMER, `${CUSTOMER}/months`])
})
