/** A sync that somebody takes back from its page (J2): Humongous Insurance's, which nothing else here looks at. */
import { expect, type Locator, type Page } from '@playwright/test'
import { demoMappings, tenantId } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { addressOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const found = demoMappings().find((each) => each.tenantId === tenantId('humongous'))
if (found === undefined) throw new Error('The demo maps Humongous Insurance')
const humongous = found
const path = `/programs/microsoft-csp/customers/${humongous.tenantId}`

interface Addition {
  readonly serialNumber?: string
  readonly quantity: number
  readonly effectiveDate?: string
  readonly cancelledDate?: string
}
const additions = async (page: Page): Promise<string[]> => {
  const response = await page.request.get(
    `${addressOf('connectWise')}/host/agreements/${humongous.agreementId}`,
  )
  const all = ((await response.json()) as { additions: Addition[] }).additions
  return all
    .map(({ serialNumber, quantity, effectiveDate, cancelledDate }) =>
      [serialNumber, quantity, effectiveDate, cancelledDate ?? 'open'].join(' '),
    )
    .sort()
}

/** The sync that wrote to it last. */
const lastWriting = async (page: Page): Promise<string> => {
  const answer = await page.request.get(app('/api/runs?kind=customers'))
  const { runs } = (await answer.json()) as { runs: { id: string }[] }
  for (const { id } of runs) {
    const preview = await page.request.get(app(`/api/runs/${id}/agreements/${humongous.agreementId}/undo`))
    if (preview.ok()) return id
  }
  throw new Error('No sync of it can be undone')
}

const undo = (page: Page): Locator => page.getByRole('button', { name: 'Undo…' })

test('a sync is undone after what that writes was shown, and stays so; its months are released once nothing was given back for them [J2]', async ({
  page,
}) => {
  await signIn(page)
  const before = await additions(page)
  const run = await lastWriting(page)
  await page.goto(app(`/runs/${run}?agreement=${humongous.agreementId}`))
  await undo(page).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^Undo this sync of Humongous Insurance/ })
  await expect(dialog).toContainText('a person took back what a sync had written')
  expect(await additions(page)).toEqual(before)
  await expectNoFinding(page)
  await dialog.getByRole('button', { name: /^Undo: \d+ changes? in ConnectWise$/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Undo/ })).toBeVisible()
  await expect(page.getByText(/^(Success|Warning)$/).first()).toBeVisible()
  const undone = await additions(page)
  expect(undone).not.toEqual(before)
  await expect(undo(page)).toHaveCount(0)

  await page.goto(app(path))
  const answered = page.getByRole('region', { name: 'What was answered' })
  await expect(answered).toContainText('is undone, A$')
  await page.getByRole('button', { name: 'Sync now' }).click()
  const progress = page.getByRole('progressbar', { name: 'Sync' })
  await expect(progress).toBeVisible()
  await expect(progress).toBeHidden({ timeout: 60_000 })
  // Another test may have had PRISM invoice a later month, which this sync takes.
  const adjusted = undone.filter((each) => each.startsWith('adjust-'))
  expect(await additions(page)).toEqual(expect.arrayContaining(adjusted))
  await page.goto(app(path))

  // What ConnectWise had invoiced was given back by an adjustment, which stands in the way until somebody deletes it.
  await answered
    .getByRole('button', { name: /^Release/ })
    .first()
    .click()
  await expect(answered).toContainText('Delete it in ConnectWise and press Sync now, then release the month')
})
