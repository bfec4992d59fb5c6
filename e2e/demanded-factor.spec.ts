/** A second factor that an owner asks of everybody: whoever has none is led through it at their next page. */
import { expect, type Page } from '@playwright/test'
import { Secret, TOTP } from 'otpauth'
import { expectNoFinding } from './accessible.ts'
import { ownerLogin } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

/** What an authenticator shows for the key now. */
const codeOf = (key: string): string =>
  new TOTP({ secret: Secret.fromBase32(key.replaceAll(' ', '')) }).generate()

const keyIn = async (page: Page): Promise<string> => (await page.locator('code').first().textContent()) ?? ''

const ask = async (page: Page, whom: string): Promise<void> => {
  await page.goto(app('/settings'))
  const form = page.getByRole('region', { name: 'Organisation', exact: true })
  await form.getByLabel('Second factor').selectOption(whom)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByText('Saved.')).toBeVisible()
}

test('that is asked of everybody signs out who has none, and the sign-in leads them through it [B6]', async ({
  page,
  browser,
}) => {
  await signIn(page)
  const data = { email: 'zoe@northwind.example', role: 'owner' }
  const headers = { origin: app('') }
  const invited = await page.request.post(app('/api/people/invitations'), { data, headers })
  const { link } = (await invited.json()) as { link: string }
  const zoe = await (await browser.newContext()).newPage()
  await zoe.goto(link)
  await zoe.getByLabel('Your name').fill('Zoe')
  await zoe.getByLabel('Choose a password').fill('seven blue kites')
  await zoe.getByRole('button', { name: 'Join' }).click()
  await expect(zoe.getByRole('navigation', { name: 'Main' })).toBeVisible()

  await zoe.goto(app('/settings'))
  await zoe.getByRole('button', { name: 'Set up a second factor' }).click()
  const dialog = zoe.getByRole('dialog')
  await dialog.getByLabel('Present password').fill('seven blue kites')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.getByLabel('Code that your authenticator shows').fill(codeOf(await keyIn(zoe)))
  await dialog.getByRole('button', { name: 'Switch it on' }).click()
  await expect(dialog).toBeHidden()

  await ask(zoe, 'Everybody')
  try {
    // The first owner has none: the next page is the sign-in.
    await page.goto(app('/history'))
    await page.getByLabel('E-mail').fill(ownerLogin().email)
    await page.getByLabel('Password').fill(ownerLogin().password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByText('Your organisation asks for a second factor. Set it up now:')).toBeVisible()
    await expectNoFinding(page)
    expect(await keyIn(page)).toMatch(/^[A-Z2-7 ]{32,}$/)
  } finally {
    await ask(zoe, 'Whoever wants one')
  }
  // Nobody asks for one that was only begun.
  await signIn(page)
})
