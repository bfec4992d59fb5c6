/** What a person answers beside what is wrong, in the pod: The Phone Company's additions, which nobody can tell apart (F5). */
import { type APIRequestContext, expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { demoMappings, tenantId } from '../standin/data/index.ts'
import { expectNoFinding, expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen, ownerLogin, podOf } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const found = demoMappings().find((each) => each.tenantId === tenantId('phone'))
if (found === undefined) throw new Error('The demo maps The Phone Company')
const phone = found

const openPod = async (page: Page): Promise<FrameLocator> => {
  await page.goto(agreementScreen(phone.agreementId))
  return podOf(page)
}
const questions = (pod: FrameLocator): Locator => pod.getByRole('button', { name: /^Say what it is/ })
const unknownSerial = (pod: FrameLocator): Locator =>
  pod.getByRole('rowgroup').filter({ hasText: 'TPC-CONTRACT-7781' }).first()

/** With the mouse, where the button ends at the lower edge of a frame of a pod's size. */
const pressAtEdge = async (page: Page, button: Locator): Promise<void> => {
  const frame = page.locator('iframe')
  await frame.evaluate((element) =>
    Object.assign(element.style, { width: '420px', minWidth: '0', height: '300px' }),
  )
  await frame.scrollIntoViewIfNeeded()
  await button.evaluate((element) => element.scrollIntoView({ block: 'end' }))
  const [box, edges] = [await button.boundingBox(), await frame.boundingBox()]
  if (box === null || edges === null) throw new Error('The button and its frame are shown')
  const left = edges.y + edges.height - (box.y + box.height)
  expect(left).toBeGreaterThanOrEqual(4)
  expect(left).toBeLessThan(40)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 2)
  await page.mouse.down()
  await page.mouse.up()
  await frame.evaluate((element) => Object.assign(element.style, { width: '', minWidth: '', height: '' }))
}

interface HeldAddition {
  readonly serialNumber?: string
  readonly quantity: number
  readonly cancelledDate?: string
}
const additions = async (page: Page): Promise<HeldAddition[]> => {
  const response = await page.request.get(`${addressOf('connectWise')}/host/agreements/${phone.agreementId}`)
  return ((await response.json()) as { additions: HeldAddition[] }).additions
}

const membersMay = async (site: APIRequestContext, right: 'look' | 'map-and-sync'): Promise<void> => {
  const headers = { origin: addressOf('app') }
  await site.post(app('/api/session'), { headers, data: ownerLogin() })
  const changed = await site.put(app('/api/members'), { headers, data: { right } })
  expect(changed.ok(), await changed.text()).toBe(true)
}

test.describe('an answer in the pod', () => {
  test('is not offered to who may only look [F5][H2]', async ({ page, request }) => {
    await membersMay(request, 'look')
    try {
      const pod = await openPod(page)
      await expect(unknownSerial(pod)).toContainText('is no PRISM subscription id')
      await expect(questions(pod)).toHaveCount(0)
      await expect(pod.getByRole('button', { name: /^Skip/ })).toHaveCount(0)
    } finally {
      await membersMay(request, 'map-and-sync')
    }
  })

  test('fits 320 px and has no finding of the accessibility check [H1]', async ({ page }) => {
    const pod = await openPod(page)
    await expect(questions(pod).first()).toBeVisible()
    for (const width of [320, 900]) {
      await page.locator('iframe').evaluate((frame, px) => {
        Object.assign(frame.style, { width: `${px}px`, minWidth: '0', height: '600px' })
      }, width)
      const html = pod.locator('html')
      const overflow = () => html.evaluate((element) => element.scrollWidth - element.clientWidth)
      expect(await overflow(), `${width} px`).toBe(0)
      await questions(pod).first().click()
      await pod.getByLabel('It ends').check()
      await expect(pod.getByRole('dialog').getByRole('combobox')).toBeVisible()
      expect(await overflow(), `${width} px, dialog`).toBe(0)
      await expectNoFindingAsItIs(page, { within: 'iframe' })
      await pod.getByRole('button', { name: 'Cancel' }).click()
      await expect(pod.getByRole('dialog')).toHaveCount(0)
    }
  })

  test('is offered on the customer’s page and on its sync’s, and a month is skipped and taken back [F5][F12]', async ({
    page,
  }) => {
    await signIn(page)
    const path = `/programs/microsoft-csp/customers/${phone.tenantId}`
    await page.goto(app(path))
    const ask = page.getByRole('button', { name: /^Say what it is/ })
    await expect(ask.first()).toBeVisible()
    const result = await page.getByRole('link', { name: /^Error/ }).getAttribute('href')
    await expectSound(page, [path, result ?? ''])
    await expect(ask.first()).toBeVisible()

    await page.goto(app(path))
    await page
      .getByRole('button', { name: /^Skip April 2026/ })
      .first()
      .click()
    await expect(page.getByRole('dialog')).toContainText('A$32.25')
    await page.getByRole('dialog').getByRole('button', { name: 'Skip' }).click()
    const answered = page.getByRole('region', { name: 'What was answered' })
    await expect(answered).toContainText('April 2026 of Exchange Online (Plan 1) is skipped, A$32.25, as')
    await answered.getByRole('button', { name: 'Take back' }).click()
    await expect(answered.getByRole('status')).toContainText('is planned again, A$32.25.')
  })

  /** The demo has no such doubt: its sync is shown with one. */
  test('about how ConnectWise’s invoice billed an addition has both amounts, and “as it was before” is chosen at first [2a, Days billed]', async ({
    page,
  }) => {
    const through = '2026-04-30'
    const asksBilled = {
      additionId: 4711,
      through,
      before: { cost: '40', price: '50' },
      after: { cost: '56', price: '70' },
    }
    const doubt = {
      code: 'billed-in-doubt',
      severity: 'warning',
      message: 'Whether ConnectWise’s invoice until 30 Apr 2026 bills addition 4711',
      detail: 'Somebody changed it.',
      remedy: 'Look at that invoice.',
      additionIds: [4711],
      asksBilled,
    }
    const said: { billed: string }[] = []
    await page.route('**/api/runs/*/agreements/*', async (route) => {
      const response = await route.fetch()
      const customer = (await response.json()) as {
        periods: { subscriptions: { kind: string; findings: unknown[]; waits?: unknown }[] }[]
      }
      const row = customer.periods[0]?.subscriptions.find(({ kind }) => kind === 'subscription')
      if (row) Object.assign(row, { findings: [doubt], waits: { question: 'billed', changes: [] } })
      await route.fulfill({ response, json: customer })
    })
    await page.route('**/answers', async (route) => {
      const response = await route.fetch()
      const answers = (await response.json()) as object
      const billed = said.map((each) => ({ additionId: 4711, through, ...each, by: 'Ann', at: '' }))
      await route.fulfill({ response, json: { ...answers, billed } })
    })
    await page.route('**/additions/4711/billed/*', async (route) => {
      said.length = 0
      if (route.request().method() === 'PUT') said.push(route.request().postDataJSON() as { billed: string })
      await route.fulfill({ json: { additionId: 4711, through, billed: 'before' } })
    })
    await signIn(page)
    await page.goto(app(`/programs/microsoft-csp/customers/${phone.tenantId}`))
    await page.goto(app((await page.getByRole('link', { name: /^Error/ }).getAttribute('href')) ?? ''))
    await expect(
      page.getByText('invoice until 30 Apr 2026: A$50.00 as it was before, A$70.00 as it was after').first(),
    ).toBeVisible()
    const ask = page.getByRole('button', { name: 'Say what it bills: addition 4711' }).first()
    await ask.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('As it was read before the invoice: A$50.00')).toBeChecked()
    await expect(dialog).toContainText('Cost A$56.00')
    await expectNoFinding(page)
    await dialog.getByLabel('As it was read after it').check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('It was billed as it was after, as Ann said.').first()).toBeVisible()
    expect(said).toEqual([{ billed: 'after' }])
    await page.getByRole('button', { name: 'Take back what was said of addition 4711' }).first().click()
    await expect(ask).toBeVisible()
  })

  test('is given by keyboard, can be taken back, and the next sync does it [F5][F12]', async ({ page }) => {
    test.slow()
    const pod = await openPod(page)
    const todo = pod.getByRole('region', { name: 'To do' })
    const contract = todo.getByRole('listitem').filter({ hasText: 'TPC-CONTRACT-7781' })
    const ask = contract.getByRole('button', { name: /^Say what it is/ })
    // A row of a month says what is wrong, and is answered in the list above it.
    await expect(unknownSerial(pod).getByRole('button', { name: /^Say what it is/ })).toHaveCount(0)
    await ask.focus()
    await page.keyboard.press('Enter')
    await pod.getByLabel('It bills a subscription').focus()
    await page.keyboard.press('Space')
    await pod.getByLabel('It is nobody’s').focus()
    await page.keyboard.press('Space')
    await pod.getByRole('button', { name: 'Save' }).press('Enter')
    const answered = pod.getByRole('region', { name: 'What was answered' })
    await expect(answered.getByText(/is nobody’s, as ConnectWise member/)).toBeVisible()
    await pressAtEdge(page, answered.getByRole('button', { name: 'Take back' }))
    await expect(answered).toHaveCount(0)

    await ask.click()
    await pod.getByLabel('It is nobody’s').check()
    await pod.getByRole('button', { name: 'Save' }).click()
    await expect(todo.getByText('It is synced by itself within minutes.')).toBeVisible()
    await expect(contract).toHaveCount(0)

    const shops = todo.getByRole('listitem').filter({ hasText: 'no subscription id (serial number)' })
    for (const [index, left] of [1, 0].entries()) {
      await shops
        .first()
        .getByRole('button', { name: /^Say what it is/ })
        .click()
      await pod.getByLabel('It bills a subscription').check()
      await pod.getByRole('dialog').getByRole('combobox').selectOption({ index })
      await pod.getByRole('button', { name: 'Save' }).click()
      await expect(shops).toHaveCount(left)
    }

    await pod.getByRole('button', { name: 'Sync now' }).first().click()
    await expect(pod.getByText('What was answered')).toBeVisible()
    await expect(questions(pod)).toHaveCount(0, { timeout: 60_000 })
    await expect(pod.getByText('Error')).toHaveCount(0)
    const held = await additions(page)
    const left = held.filter(({ serialNumber }) => serialNumber === 'TPC-CONTRACT-7781')
    expect(left.map(({ quantity, cancelledDate }) => [quantity, cancelledDate])).toEqual([[8, undefined]])
    expect(held.filter(({ serialNumber }) => !serialNumber)).toEqual([])
  })

  test('is listed on the customer’s page with the way to take it back [F5]', async ({ page }) => {
    await signIn(page)
    const path = `/programs/microsoft-csp/customers/${phone.tenantId}`
    await page.goto(app(path))
    const answered = page.getByRole('region', { name: 'What was answered' })
    await expect(answered.getByRole('listitem')).toHaveCount(3)
    await expectSound(page, [path])
    await page.goto(app(path))
    await answered.getByRole('button', { name: 'Take back' }).first().click()
    await expect(answered.getByRole('listitem')).toHaveCount(2)
  })
})
