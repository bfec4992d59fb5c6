/** What the agreement pod shows of other months, and of the last reading while nothing newer comes. */
import { type APIRequestContext, expect, type FrameLocator, type Page } from '@playwright/test'
import { expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { test } from './test.ts'

const COHO_AGREEMENT = 1
/** Its dates speak against it, so that no test maps a customer to it. */
const UNMAPPED_AGREEMENT = 30
/** The pod asks again by itself. */
const AGAIN = { timeout: 25_000 }
const AS_OF = /What is shown is as of \d+ [A-Z][a-z]{2} 20\d\d, \d\d:\d\d\./

const openPod = async (page: Page, agreementId: number): Promise<FrameLocator> => {
  await page.goto(agreementScreen(agreementId))
  return podOf(page)
}

test.describe('earlier months', () => {
  test('are opened by the keyboard, each with what was invoiced, billed and changed then [H1][G3]', async ({
    page,
  }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    const label = pod.getByRole('button', { name: / usage$/ })
    const newest = (await label.textContent()) ?? ''
    await label.focus()
    await page.keyboard.press('Enter')
    const picker = pod.getByRole('combobox', { name: 'Month' })
    await expect(picker).toBeFocused()
    await expect(picker).toHaveAttribute('aria-busy', 'false')
    const months = await picker.getByRole('option').allTextContents()
    expect(newest).toContain(months[0])
    expect(months).toContain('May invoice, Apr 2026 usage')

    // The oldest: everything was new in it.
    await page.keyboard.press('End')
    await expect(picker).toHaveValue('2026-04')
    await expect(pod.getByText(/^May invoice for April 2026 usage, as of its last sync: /)).toBeVisible()
    await expect(pod.getByRole('region', { name: /against the additions: April 2026/ })).toContainText(
      'Additions bill',
    )
    const row = pod.getByRole('row').filter({ hasText: 'Exchange Online (Plan 1)' }).first()
    await row.getByRole('button').click()
    await expect(pod.getByText(/ from 1 Apr 2026/).first()).toBeVisible()
    await expectNoFindingAsItIs(page, { within: 'iframe' })

    await pod.getByRole('button', { name: /^Back to \w+ 2026$/ }).click()
    await expect(picker).toHaveValue(/^2026-(09|1\d)$/)
    await expect(pod.getByText('as of its last sync')).toHaveCount(0)
    await expect(pod.getByText('Agrees.')).toBeVisible()
  })

  test('that cannot be read are said to be, and the way back is there [H1]', async ({ page }) => {
    await page.route('**/months/2026-04', (route) => route.abort())
    const pod = await openPod(page, COHO_AGREEMENT)
    await pod.getByRole('button', { name: / usage$/ }).click()
    const picker = pod.getByRole('combobox', { name: 'Month' })
    await expect(picker).toHaveAttribute('aria-busy', 'false')
    await picker.selectOption('2026-04')
    await expect(pod.getByText('Prism Pod did not answer.')).toBeVisible()
    await page.unroute('**/months/2026-04')
    await pod.getByRole('button', { name: 'Try again' }).click()
    await expect(pod.getByText(/^May invoice for April 2026 usage, as of its last sync: /)).toBeVisible()
  })
})

test.describe('the last reading', () => {
  const faults = () => `${addressOf('connectWise')}/control/faults`
  const fail = (request: APIRequestContext) =>
    request.post(faults(), { data: [{ kind: '500', path: '*/finance/agreements/*' }] })
  test.afterEach(({ request }) => request.delete(faults()))

  test('of a synced agreement stays with its age while ConnectWise fails, and the pod goes on asking [H1][F13]', async ({
    page,
    request,
  }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await fail(request)
    await page.getByRole('button', { name: 'Refresh', exact: true }).click()
    await expect(pod.getByText(AS_OF)).toBeVisible()
    await expect(pod.getByText(/^ConnectWise /).first()).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await request.delete(faults())
    await expect(pod.getByText(AS_OF)).toHaveCount(0, AGAIN)
  })

  test('of an agreement without a customer stays with its age, and so does what was chosen [H1][E4]', async ({
    page,
    request,
  }) => {
    const pod = await openPod(page, UNMAPPED_AGREEMENT)
    await pod.getByRole('radio', { name: 'Relecloud' }).check()
    await expect(pod.getByText('The agreement starts 31 Dec 2026')).toBeVisible()
    await fail(request)
    // The screen asks first, as a customer is chosen and not saved.
    await page.getByRole('button', { name: 'Refresh', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Refresh' }).click()
    await expect(pod.getByText(AS_OF)).toBeVisible()
    await expect(pod.getByRole('radio', { name: 'Relecloud' })).toBeChecked()
    await request.delete(faults())
    await expect(pod.getByText(AS_OF)).toHaveCount(0, AGAIN)
  })

  test('stays with its age while our own server does not answer, and nothing is stuck afterwards [H1]', async ({
    page,
  }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    const path = `**/api/hosted/agreements/${COHO_AGREEMENT}`
    await page.route(path, (route) => route.abort())
    await expect(pod.getByText('Prism Pod did not answer.')).toBeVisible(AGAIN)
    await expect(pod.getByText(AS_OF)).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await page.unroute(path)
    await expect(pod.getByText(AS_OF)).toHaveCount(0, AGAIN)
  })
})
