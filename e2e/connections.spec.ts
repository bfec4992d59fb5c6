/** The connections' cards: another currency for PRISM is asked about where customers are billed in the one of now (B1). */
import { expect } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { addressOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

test('another currency of PRISM is asked about, with what is behind the one of now, and kept [B1]', async ({
  page,
}) => {
  await signIn(page)
  await page.goto(app('/connections'))
  const card = page.getByRole('region', { name: 'PRISM', exact: true })
  await card.getByRole('button', { name: 'Edit' }).click()
  const form = page.getByRole('dialog', { name: 'PRISM credentials' })
  await form.getByLabel('Client secret').fill('no secret')
  await form.getByLabel('Currency').fill('NZD')
  await form.getByRole('button', { name: 'Connect' }).click()
  const asks = page.getByRole('dialog', { name: 'Change the currency to NZD?' })
  await expect(asks).toContainText(/\d+ customers are mapped and \d+ months? (was|were) synced in AUD/)
  await expectNoFinding(page)
  await asks.getByRole('button', { name: 'Keep it' }).click()
  await expect(asks).toHaveCount(0)
  await expect(form.getByLabel('Currency')).toHaveValue('NZD')
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(card).toContainText('AUD')
})

test('the cards are there while PRISM has trouble of its own, which they say [B4]', async ({
  page,
  request,
}) => {
  const faults = `${addressOf('prism')}/control/faults`
  await signIn(page)
  await request.post(faults, { data: { kind: '500' } })
  try {
    await page.goto(app('/connections'))
    await expect(page.getByRole('region', { name: 'ConnectWise', exact: true })).toContainText('Connected')
    await expect(page.getByRole('region', { name: 'PRISM', exact: true })).toContainText(
      /Contract agreements could not be read: PRISM has trouble of its own/,
    )
  } finally {
    await request.delete(faults)
  }
})
