/** Ways back by a button, each shown first: what was edited by hand, what a sync wrote, on one agreement and on all (J2). */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { demoMappings, tenantId } from '../standin/data/index.ts'
import { expectNoFinding, expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

/** No other test looks at what it bills. */
const found = demoMappings().find((each) => each.tenantId === tenantId('lucerne'))
if (found === undefined) throw new Error('The demo maps Lucerne Publishing')
const { agreementId } = found

const dialogOf = (page: Page): Locator => page.getByRole('dialog').last()
interface Addition {
  readonly id: number
  readonly quantity: number
  readonly cancelledDate?: string
}
const additions = async (page: Page): Promise<readonly Addition[]> => {
  const response = await page.request.get(`${addressOf('connectWise')}/host/agreements/${agreementId}`)
  return ((await response.json()) as { additions: Addition[] }).additions
}
const quantities = async (page: Page) =>
  (await additions(page)).map(({ id, quantity }) => `${id}: ${quantity}`)
const openPod = async (page: Page): Promise<FrameLocator> => {
  await page.goto(agreementScreen(agreementId))
  const pod = await podOf(page)
  await expect(pod.getByRole('button', { name: 'Sync now' }).first()).toBeEnabled()
  return pod
}

test.describe('the ways back', () => {
  test('what somebody edited in ConnectWise is set back in the pod, old and new shown first [J2]', async ({
    page,
  }) => {
    await openPod(page)
    const before = await quantities(page)
    const [first] = (await additions(page)).filter(({ cancelledDate }) => cancelledDate === undefined)
    if (first === undefined) throw new Error('Lucerne has an open addition')
    await page.locator(`tr[data-addition="${first.id}"]`).getByRole('button', { name: 'Edit' }).click()
    await dialogOf(page)
      .getByLabel('Quantity')
      .fill(String(first.quantity + 2))
    await dialogOf(page).getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    const pod = await openPod(page)
    await pod.getByRole('button', { name: 'Set back edits…' }).click()
    const dialog = pod.getByRole('dialog', { name: 'Set back what was edited by hand' })
    await expect(dialog).toContainText(`Quantity ${first.quantity + 2} → ${first.quantity}`)
    await expect(dialog).toContainText(/−A\$[\d,.]+/)
    await expectNoFindingAsItIs(page, { within: 'iframe' })
    // The check has scrolled the screen, and the headless shell does not scroll it back for what is inside a frame.
    await page.locator('iframe').scrollIntoViewIfNeeded()
    const choice = dialog.getByRole('checkbox').first()
    await choice.uncheck()
    await expect(dialog.getByRole('button', { name: 'Set back' })).toBeDisabled()
    await choice.check()
    await dialog.getByRole('button', { name: 'Set back' }).click()
    await expect(dialog).toHaveCount(0)
    await expect(async () => expect(await quantities(page)).toEqual(before)).toPass({ timeout: 30_000 })
    await expect(pod.getByRole('button', { name: 'Set back edits…' })).toBeVisible({ timeout: 30_000 })
    await pod.getByRole('button', { name: 'Set back edits…' }).click()
    await expect(dialog).toContainText('Nothing was edited since a sync wrote it.')
  })

  test('all of a sync is reviewed by agreement before it is undone [J2]', async ({ page }) => {
    await signIn(page)
    const answer = await page.request.get(app('/api/runs?kind=customers'))
    const { runs } = (await answer.json()) as {
      runs: { id: string; setsBack: boolean; undoes: string | null }[]
    }
    const reviewed = page.getByRole('dialog', { name: 'Undo the whole sync' })
    for (const { id, setsBack, undoes } of runs) {
      if (setsBack || undoes !== null) continue
      await page.goto(app(`/runs/${id}`))
      await expect(page.getByText(/ · took /)).toBeVisible()
      const whole = page.getByRole('button', { name: 'Undo the whole sync…' })
      if ((await whole.count()) === 0) continue
      await whole.click()
      await expect(reviewed.getByRole('status')).toHaveText(/^\d+ agreements?: /, { timeout: 60_000 })
      await expectNoFinding(page)
      await expect(reviewed.getByRole('listitem').first()).toBeVisible()
      await reviewed.getByRole('button', { name: 'Cancel' }).click()
      await expect(reviewed).toHaveCount(0)
      return
    }
    throw new Error('No sync of several agreements is there')
  })

  test('what the last sync wrote is undone in the pod, and its months wait to be released [J2]', async ({
    page,
  }) => {
    const pod = await openPod(page)
    const before = await quantities(page)
    await pod.getByRole('button', { name: 'Undo last sync…' }).click()
    const dialog = pod.getByRole('dialog', { name: /^Undo this sync of/ })
    const undo = dialog.getByRole('button', { name: /^Undo: \d+ changes? in ConnectWise$/ })
    await expect(undo).toBeVisible()
    const typed = dialog.getByLabel(/^Type the amount, /)
    if ((await typed.count()) > 0)
      await typed.fill(
        (
          (await typed.getAttribute('aria-label')) ??
          (await dialog.getByText(/^Type the amount, /).innerText())
        ).replace(/^Type the amount, /, ''),
      )
    await undo.click()
    await expect(dialog).toHaveCount(0)
    await expect(async () => expect(await quantities(page)).not.toEqual(before)).toPass({ timeout: 30_000 })
    await expect(pod.getByRole('region', { name: 'To do' })).toContainText(/undone/, { timeout: 30_000 })
    await expect(pod.getByRole('button', { name: 'Undo last sync…' })).toHaveCount(0)
  })
})
