/** The company pod and the company tab inside ConnectWise's company screen (H2). */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { clearMappings, makeCompany } from './company-world.ts'
import { addressOf, companyScreen } from './screens.ts'
import { app } from './site.ts'
import { test } from './test.ts'

/** With a second agreement, to which nothing is mapped. */
const COHO = 250
/** An addition that starts in the future (F7). */
const TREY = 268
/** A. Datum's. */
const NO_AGREEMENT = 275
const TAB = 'Microsoft CSP'
const POD = 'Prism Pod: Microsoft CSP'

// It syncs the customers that other files look at as nobody's.
test.use({ alone: 'company' })

const frameOf = (page: Page, title: string): FrameLocator => page.frameLocator(`iframe[title="${title}"]`)

async function openPod(page: Page, company: number): Promise<FrameLocator> {
  await page.goto(companyScreen(company))
  const pod = frameOf(page, POD)
  await expect(pod.getByRole('heading', { level: 1 })).toBeVisible()
  return pod
}

async function openTab(page: Page, company: number): Promise<FrameLocator> {
  await page.goto(companyScreen(company))
  await page.getByRole('tab', { name: TAB, exact: true }).click()
  const tab = frameOf(page, TAB)
  await expect(tab.getByRole('heading', { level: 1 })).toBeVisible()
  return tab
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` })
}

test.describe('the company pod', () => {
  test('shows agreements with customers and proof, opens one in place, and leads back to where one was [H2][H1]', async ({
    page,
  }) => {
    const pod = await openPod(page, COHO)
    await expect(
      pod.getByText(/1 customer on 1 agreement · .* invoiced, .* billed · All agree/),
    ).toBeVisible()
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await expectNoFinding(page, { within: 'iframe' })
    await pod.getByRole('button', { name: 'Microsoft CSP', exact: true }).click()
    await expect(pod.getByRole('heading', { level: 1, name: 'Coho Winery' })).toBeVisible()
    await expect(pod.getByRole('row').filter({ hasText: 'Exchange Online (Plan 1)' }).first()).toBeVisible()
    await expect(pod.getByRole('button', { name: 'Preview' })).toBeVisible()
    await expectNoFinding(page, { within: 'iframe' })
    const back = pod.getByRole('button', { name: '← Coho Winery Pty Ltd' })
    await expect(back).toBeFocused()
    await back.press('Enter')
    await expect(pod.getByRole('button', { name: 'Microsoft CSP', exact: true })).toBeFocused()
  })

  test('has what is wrong on top, with its months and the way to it [H2][G3]', async ({ page }) => {
    const pod = await openPod(page, TREY)
    const wrong = pod.getByRole('region', { name: 'What to look at' })
    await expect(wrong).toContainText('Exchange Online (Plan 1)')
    await expect(wrong).toContainText('Unable to sync subscription to ConnectWise')
    await wrong.getByText('What to do').click()
    await expect(wrong).toContainText('then sync again')
    await expectNoFinding(page, { within: 'iframe' })
    await wrong.getByRole('button', { name: /^Open/ }).click()
    await expect(pod.getByRole('heading', { level: 1, name: 'Trey Research' })).toBeVisible()
  })

  test('fits 320 px and 300 px of height without sideways scrolling [H2]', async ({ page }) => {
    for (const company of [COHO, TREY]) {
      const pod = await openPod(page, company)
      await expect(pod.getByRole('table').first()).toBeVisible()
      for (const width of [320, 390, 420, 640, 900]) {
        await page.locator(`iframe[title="${POD}"]`).evaluate((frame, px) => {
          Object.assign(frame.style, { width: `${px}px`, minWidth: '0', height: '300px' })
        }, width)
        const overflow = await pod
          .locator('html')
          .evaluate((element) => element.scrollWidth - element.clientWidth)
        expect(overflow, `${company} at ${width} px`).toBe(0)
      }
      await page.locator(`iframe[title="${POD}"]`).evaluate((frame) => {
        Object.assign(frame.style, { width: '320px', minWidth: '0', height: '300px' })
      })
      await expect(pod.getByRole('button', { name: 'Microsoft CSP', exact: true })).toBeInViewport()
    }
  })

  test('holds its content in the first response once the member is known, as the tab does [H2][H4]', async ({
    page,
  }) => {
    await expect((await openPod(page, COHO)).getByText('Agrees.')).toBeVisible()
    for (const path of ['/pods/company', '/tabs/company']) {
      const document = page.waitForResponse((response) => response.url().includes(path))
      await page.reload()
      if (path.startsWith('/tabs')) await page.getByRole('tab', { name: TAB, exact: true }).click()
      expect(await (await document).text()).toContain('Coho Winery Pty Ltd')
    }
  })

  test('shows what is stored, with its age and why, while ConnectWise does not give the company [H2][J16]', async ({
    page,
    request,
  }) => {
    await expect((await openPod(page, COHO)).getByText('Agrees.')).toBeVisible()
    const faults = `${addressOf('connectWise')}/control/faults`
    await request.post(faults, { data: [{ kind: '500', path: '*/finance/agreements*' }] })
    try {
      // What was read a moment ago is as good as new.
      await page.waitForTimeout(5_500)
      await page.reload()
      const pod = frameOf(page, POD)
      await expect(pod.getByText(/Shown is what was stored: the agreements as of/)).toBeVisible({
        timeout: 30_000,
      })
      await expect(pod.getByText('Agrees.')).toBeVisible()
      await expectNoFinding(page, { within: 'iframe' })
      await picture(page, 'company-down')
      await request.delete(faults)
      await pod.getByRole('button', { name: 'Try again' }).click()
      await expect(pod.getByText(/Shown is what was stored/)).toHaveCount(0)
    } finally {
      await request.delete(faults)
    }
  })

  test('lets who may only look look: nothing to map and nothing to sync [H4]', async ({ page, request }) => {
    const right = (name: string) =>
      request.put(app('/api/members'), { data: { right: name }, headers: { origin: addressOf('app') } })
    await clearMappings(request)
    expect((await right('look')).status()).toBe(200)
    try {
      const pod = await openPod(page, COHO)
      await expect(pod.getByText('You can look, but not map or sync.')).toBeVisible()
      await expect(pod.getByText('Agrees.')).toBeVisible()
      await expect(pod.getByRole('button', { name: /Sync|Map|Edit/ })).toHaveCount(0)
      await picture(page, 'company-look')
    } finally {
      await right('map-and-sync')
    }
  })

  test('says that it belongs inside ConnectWise where no screen is around it [H6]', async ({ page }) => {
    for (const path of ['/pods/company', '/tabs/company']) {
      await page.goto(app(`${path}?org=nobody&id=${COHO}`))
      await expect(page.getByText('This page belongs inside ConnectWise.')).toBeVisible()
    }
  })
})

/** Tabs on until the control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  // What has to be read first is not passed over.
  await expect(control).toBeEnabled()
  for (let presses = 0; presses < 80; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`No Tab leads to ${String(control)}`)
}

/** In a group of choices the keys lead from the one that is chosen to another. */
async function choose(page: Page, chosen: Locator, other: Locator): Promise<void> {
  await tabTo(page, chosen)
  for (let presses = 0; presses < 8 && !(await other.isChecked()); presses += 1)
    await page.keyboard.press('ArrowDown')
  await expect(other).toBeChecked()
}

test.describe('the company tab', () => {
  test('maps, previews and syncs three customers on four agreements by the keyboard alone [H2][E2][E3][E4][E5][E6]', async ({
    page,
    request,
  }) => {
    test.slow()
    const company = await makeCompany(request, 'Northgate Group')
    await page.goto(companyScreen(company.id))
    const press = async (control: Locator, key = 'Enter') => {
      await tabTo(page, control)
      await page.keyboard.press(key)
    }
    await press(page.getByRole('tab', { name: TAB, exact: true }))
    const tab = frameOf(page, TAB)
    const button = (name: string | RegExp) =>
      tab.getByRole('button', { name, exact: typeof name === 'string' })
    const row = (name: string) => tab.getByRole('row').filter({ has: button(name) })
    const unsaved = page.getByText('Unsaved changes').first()

    // The one whose domain is the company's is suggested, with what nobody bills of it.
    await expect(tab.getByText('No customer is mapped here')).toBeVisible()
    const look = tab.getByRole('region', { name: 'What to look at' })
    await expect(look).toContainText(
      /A\. Datum Corporation.*Suggested: same domain.*A\$[\d,.]+ of \w+ 2026 not billed/,
    )
    await expect(row('Cloud 2025')).toContainText('The agreement ended 30 Jun 2026.')
    await expectNoFinding(page, { within: 'iframe' })
    await picture(page, 'company-tab-unmapped')

    await press(button('Map: A. Datum Corporation'))
    await expect(button(`← ${company.name}`)).toBeFocused()
    await expect(tab.getByRole('radio', { name: /^Cloud 2025/ })).toBeDisabled()
    await press(tab.getByRole('radio', { name: /^Cloud Cloud/ }), 'Space')
    await expect(unsaved).toBeVisible()
    await press(tab.getByRole('switch', { name: /Sync/ }), 'Space')
    await expectNoFinding(page, { within: 'iframe' })
    await picture(page, 'company-tab-mapping')
    await press(button('Save'))
    await expect(row('Cloud')).toContainText('A. Datum Corporation')
    await expect(unsaved).toBeHidden()

    // From an agreement's row, with a search, and synced at once.
    await press(button('Map a customer to Projects'))
    await tabTo(page, tab.getByRole('searchbox'))
    await page.keyboard.press('Control+A')
    await page.keyboard.type('bestforyou')
    await press(tab.getByRole('radio', { name: /^bestforyouorganics/ }), 'Space')
    await expect(tab.getByRole('radio', { name: /^Projects/ })).toBeChecked()
    await press(tab.getByRole('switch', { name: /Sync/ }), 'Space')
    await press(button('Save and sync now'))
    await expect(row('Projects')).toContainText('Agrees.', { timeout: 45_000 })

    // From the company's own button, with nothing chosen; its Sync stays off.
    await press(button('Map a customer'))
    await tabTo(page, tab.getByRole('searchbox'))
    await page.keyboard.press('Control+A')
    await page.keyboard.type('relecloud')
    await press(tab.getByRole('radio', { name: /^Relecloud/ }), 'Space')
    await press(tab.getByRole('radio', { name: /^Cloud Cloud/ }), 'Space')
    await press(button('Save'))
    await expect(look).toContainText('Sync is off for Relecloud.')

    // Moved to the third agreement, and switched on.
    await press(button('Edit the mapping of Relecloud'))
    await expect(tab.getByRole('heading', { name: 'Where Relecloud goes' })).toBeVisible()
    await choose(
      page,
      tab.getByRole('radio', { name: /^Cloud Cloud/ }),
      tab.getByRole('radio', { name: /^Security/ }),
    )
    await press(tab.getByRole('switch', { name: /Sync/ }), 'Space')
    await press(button('Save'))
    await expect(row('Security')).toContainText('Relecloud')

    // Opened, previewed and synced in the same frame.
    for (const [agreement, customer] of [
      ['Cloud', 'A. Datum Corporation'],
      ['Security', 'Relecloud'],
    ] as const) {
      await press(button(agreement))
      await expect(tab.getByRole('heading', { level: 1, name: customer })).toBeVisible()
      await press(button('Preview'))
      const preview = tab.getByRole('dialog')
      await expect(preview).toContainText(/A sync would write now: \d+ addition|Nothing to write/)
      // A scheduled look may have synced it since.
      if ((await preview.textContent())?.includes('A sync would write now'))
        await expect(preview).toContainText(/\+A\$[\d,.]+ a month from [A-Z][a-z]+ 20\d\d\./)
      await press(preview.getByRole('button', { name: 'Close' }))
      await press(button('Sync now'))
      await expect(tab.getByText(/ · synced /)).toBeVisible({ timeout: 45_000 })
      await press(button(`← ${company.name}`))
      await expect(row(agreement)).toContainText('Agrees.')
    }
    await expect(tab.getByText(/3 customers on 3 agreements · .* invoiced, .* billed/)).toBeVisible()
    await expect(look).toHaveCount(0)
    await expectNoFinding(page, { within: 'iframe' })
    await picture(page, 'company-tab-mapped')

    // Moving on asks what becomes of what is open (E5); clearing does, too.
    await press(button('Edit the mapping of A. Datum Corporation'))
    await choose(
      page,
      tab.getByRole('radio', { name: /^Cloud Cloud/ }),
      tab.getByRole('radio', { name: /^Projects/ }),
    )
    await press(button('Save'))
    await expect(tab.getByText(/On Northgate Group, Cloud, .* open and bills? A\$/)).toBeVisible()
    await expectNoFinding(page, { within: 'iframe' })
    await picture(page, 'company-tab-moving')
    await press(button('Clear mapping'))
    await expect(
      tab.getByRole('heading', { name: 'Clear the mapping of A. Datum Corporation?' }),
    ).toBeVisible()
    await expect(tab.getByText(/open and bills? A\$/)).toBeVisible()
    await press(button('Keep it'))
    await press(button(`← ${company.name}`))
    await expect(row('Cloud')).toContainText('A. Datum Corporation')
    await expect(unsaved).toBeHidden()

    // The company that has its name says where it is, and leads there.
    const pod = await openPod(page, NO_AGREEMENT)
    await expect(pod.getByText('is mapped to Northgate Group, Cloud.')).toBeVisible()
    const opened = page.waitForEvent('popup')
    await pod.getByRole('button', { name: 'Open Northgate Group' }).click()
    expect((await opened).url()).toBe(companyScreen(company.id))
  })

  test('says of a company without an agreement what to do, and what PRISM invoices of it [H2]', async ({
    page,
    request,
  }) => {
    await clearMappings(request)
    const tab = await openTab(page, NO_AGREEMENT)
    await expect(tab.getByText('This company has no agreement.')).toBeVisible()
    await expect(tab.getByRole('region', { name: 'What to look at' })).toContainText('A. Datum Corporation')
    await expectNoFinding(page, { within: 'iframe' })
    await picture(page, 'company-tab-none')
  })
})
