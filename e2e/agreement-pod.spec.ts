/** The agreement pod inside ConnectWise's screen: 127.0.0.1 frames localhost, which browsers take for two sites. */
import { expect, type FrameLocator, type Page } from '@playwright/test'
import { expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen, apiOf, podOf, prismControl } from './screens.ts'
import { test } from './test.ts'

// Coho Winery's exchange goes from 12 to 15 on 12 October (standin/data/README.md).
const COHO_AGREEMENT = 1
// Relecloud's agreements show each rule of A5, and one that is good; its tenant is not mapped.
const RELECLOUD = { ended: 28, startsLate: 30, good: 31 }

// It syncs Relecloud, which other files look at as nobody's.
test.use({ alone: 'agreement-pod' })

const openPod = async (page: Page, agreementId: number): Promise<FrameLocator> => {
  await page.goto(agreementScreen(agreementId))
  return podOf(page)
}

test.describe('the agreement pod', () => {
  test('shows the tenant, the proof and every subscription of the last sync [H1][H3][H4]', async ({
    page,
  }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByRole('heading', { level: 1, name: 'Coho Winery' })).toBeVisible()
    await expect(
      pod.getByRole('button', {
        name: /October invoice for September 2026 usage|Oct invoice, Sep 2026 usage/,
      }),
    ).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    const rows = pod.getByRole('row')
    await expect(rows.filter({ hasText: 'Exchange Online (Plan 1)' }).first()).toContainText('8')
  })

  test('has no finding of the accessibility check, light or dark [H1]', async ({ page }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await pod.getByRole('button', { name: /Exchange Online/ }).click()
    await expect(pod.getByText('it bills what the invoice says').first()).toBeVisible()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expectNoFindingAsItIs(page, { within: 'iframe' })
    }
  })

  test('fits 320 px and a low frame without sideways scrolling [H1]', async ({ page }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    for (const width of [320, 420, 900]) {
      await page.locator('iframe').evaluate((frame, px) => {
        Object.assign(frame.style, { width: `${px}px`, minWidth: '0', height: '300px' })
      }, width)
      const overflow = await pod
        .locator('html')
        .evaluate((element) => element.scrollWidth - element.clientWidth)
      expect(overflow, `${width} px`).toBe(0)
    }
  })

  test('previews the plan, syncs the invoice that came out, and ConnectWise holds the additions [H1][F2][G5]', async ({
    page,
    request,
  }) => {
    const before = await additionsOf(page, COHO_AGREEMENT)
    const pod = await openPod(page, COHO_AGREEMENT)
    await pod.getByRole('button', { name: 'Preview' }).click()
    await expect(pod.getByText('Nothing to write')).toBeVisible()
    await pod.getByRole('button', { name: 'Close' }).click()

    await prismControl(request, 'POST', '/control/invoices/next')
    await pod.getByRole('button', { name: 'Sync now' }).click()
    await expect(pod.getByRole('progressbar', { name: 'Sync' })).toBeVisible()
    await expect(
      pod.getByRole('button', {
        name: /November invoice for October 2026 usage|Nov invoice, Oct 2026 usage/,
      }),
    ).toBeVisible({ timeout: 45_000 })
    await expect(pod.getByText('Success').first()).toBeVisible()
    const row = pod.getByRole('row').filter({ hasText: 'Microsoft 365 Business Premium' }).first()
    await expect(row).toContainText('12 → 15')

    await row.getByRole('button').click()
    await expect(pod.getByText('quantity rose from 12 to 15 on 12 Oct 2026')).toBeVisible()
    const after = await additionsOf(page, COHO_AGREEMENT)
    const added = after.filter(({ id }) => !before.some((one) => one.id === id))
    expect(
      added.map(({ quantity, effectiveDate, cancelledDate }) => [quantity, effectiveDate, cancelledDate]),
    ).toEqual([
      [3, '2026-10-12T00:00:00Z', '2026-10-31T00:00:00Z'],
      [15, '2026-11-01T00:00:00Z', undefined],
    ])
  })

  test('holds its content in the first response once the member is known [H4]', async ({ page }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    const document = page.waitForResponse((response) => response.url().includes('/pods/agreement'))
    // Who looks is proved all the same, beside what is shown already.
    const handshake = page.waitForResponse('**/api/hosted/session')
    await page.reload()
    expect(await (await document).text()).toContain('Coho Winery')
    await expect((await podOf(page)).getByText('Agrees.')).toBeVisible()
    expect(await (await handshake).json()).toMatchObject({ wasOther: false })
  })

  test('works when the browser drops third-party cookies, partitioned ones too [H4]', async ({ page }) => {
    await page.route('**/api/hosted/session', async (route) => {
      const response = await route.fetch()
      const { 'set-cookie': _, ...headers } = response.headers()
      await route.fulfill({ response, headers })
    })
    const bearers: boolean[] = []
    page.on('request', (sent) => {
      if (sent.url().includes('/api/hosted/agreements/')) {
        bearers.push((sent.headers()['authorization'] ?? '').startsWith('Bearer '))
      }
    })
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    expect(bearers[0]).toBe(true)
    await pod.getByRole('button', { name: 'Preview' }).click()
    await expect(pod.getByText('Nothing to write')).toBeVisible()
  })

  test('shows nothing to somebody whose hash ConnectWise does not confirm [H4]', async ({ page }) => {
    await page.route('**/api/hosted/session', (route) =>
      route.continue({
        postData: JSON.stringify({ ...route.request().postDataJSON(), memberHash: 'not-the-hash' }),
      }),
    )
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('ConnectWise does not confirm that you are signed in')).toBeVisible()
    await expect(pod.getByText('Agrees.')).toHaveCount(0)
    await expect(pod.getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  test('says what an edit of the agreement breaks, and that it is mended, as soon as it is saved [F13][H3]', async ({
    page,
  }) => {
    const pod = await openPod(page, COHO_AGREEMENT)
    await expect(pod.getByText('Agrees.')).toBeVisible()
    const broken = pod.getByText('The agreement does not prorate')
    await expect(broken).toHaveCount(0)
    for (const [isProrate, notes] of [
      [false, 1],
      [true, 0],
    ] as const) {
      await page.getByRole('button', { name: 'Edit agreement' }).click()
      const form = page.getByRole('dialog').last()
      await form.getByLabel('Prorate Agreement').setChecked(isProrate)
      await form.getByRole('button', { name: 'Save' }).click()
      await expect(broken).toHaveCount(notes)
    }
  })

  test('says why an agreement cannot be mapped, and saves nothing [A5][E4]', async ({ page }) => {
    const pod = await openPod(page, RELECLOUD.ended)
    await expect(pod.getByText('The agreement ended 30 Jun 2026.')).toBeVisible()
    await pod.getByRole('radio', { name: 'Relecloud' }).check()
    await expect(pod.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  })

  test('tells the dates that speak against it before anything is saved, by the chosen customer [A5][E4]', async ({
    page,
  }) => {
    const pod = await openPod(page, RELECLOUD.startsLate)
    await expect(pod.getByRole('heading', { name: 'No PRISM customer yet' })).toBeVisible()
    const dates = pod.getByText(
      /The agreement starts 31 Dec 2026, and the first usage to sync starts 1 \w+ 2026\./,
    )
    await expect(dates).toHaveCount(0)
    await pod.getByRole('radio', { name: 'Relecloud' }).check()
    await expect(dates).toBeVisible()
    await expect(pod.getByText(/The agreement bills from 1 Jan 2027, /)).toBeVisible()
    for (const name of ['Save', 'Save and sync now'])
      await expect(pod.getByRole('button', { name, exact: true })).toBeDisabled()
  })

  test('maps a customer to an agreement without one, and syncs it [E2][E3][E6][H1][J7]', async ({ page }) => {
    const pod = await openPod(page, RELECLOUD.good)
    await expect(pod.getByRole('heading', { name: 'No PRISM customer yet' })).toBeVisible()
    await expectNoFindingAsItIs(page, { within: 'iframe' })
    await expect(pod.getByText('Suggested: named as the company’s id')).toBeVisible()
    await expect(pod.getByRole('radio', { checked: true })).toHaveCount(0)
    await pod.getByRole('radio', { name: 'Relecloud' }).check()
    await expect(pod.getByText('The first sync takes the')).toBeVisible()
    await expect(pod.getByRole('switch', { name: /Sync/ })).not.toBeChecked()
    await pod.getByRole('switch', { name: /Sync/ }).check()
    await pod.getByRole('button', { name: 'Save and sync now' }).click()
    await expect(pod.getByRole('heading', { level: 1, name: 'Relecloud' })).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible({ timeout: 30_000 })
    expect((await additionsOf(page, RELECLOUD.good)).length).toBeGreaterThan(0)
  })

  test('offers the sign-in where no ConnectWise screen is around it [H6]', async ({ page }) => {
    await page.goto(`${addressOf('app')}/pods/agreement?org=nobody&id=${COHO_AGREEMENT}`)
    await expect(page.getByText('This page belongs inside ConnectWise.')).toBeVisible()
  })

  test('may be framed by the organisation’s ConnectWise only, and other pages by nobody [H3]', async ({
    request,
  }) => {
    const { publicId } = await apiOf(request).organisation()
    const policyOf = async (path: string) => {
      const response = await request.get(`${addressOf('app')}${path}`)
      expect(response.headers()['x-frame-options']).toBeUndefined()
      return response.headers()['content-security-policy']
    }
    expect(await policyOf(`/pods/agreement?org=${publicId}&id=1`)).toMatch(
      new RegExp(`; frame-ancestors ${addressOf('connectWise')}$`),
    )
    expect(await policyOf('/pods/agreement?id=1')).toContain('https://na.myconnectwise.net')
    expect(await policyOf('/api/health')).toMatch(/; frame-ancestors 'none'$/)
  })
})

interface HeldAddition {
  readonly id: number
  readonly quantity: number
  readonly effectiveDate: string
  readonly cancelledDate?: string
}

/** What ConnectWise's own agreement screen reads. */
async function additionsOf(page: Page, agreementId: number): Promise<HeldAddition[]> {
  const response = await page.request.get(`${addressOf('connectWise')}/host/agreements/${agreementId}`)
  return ((await response.json()) as { additions: HeldAddition[] }).additions
}
