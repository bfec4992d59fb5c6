import { expect } from '@playwright/test'
import { Secret, TOTP } from 'otpauth'
import { expectNoFinding } from './accessible.ts'
import { ownerLogin } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

test('a person sets a second factor up, signs in with it, and takes it off with a recovery code [B6]', async ({
  page,
}) => {
  const { email, password } = ownerLogin()
  await signIn(page)
  await page.goto(app('/settings'))
  await page.getByRole('button', { name: 'Set up a second factor' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Present password').fill(password)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(dialog.getByRole('img', { name: /^QR code/ })).toBeVisible()
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/second-factor.png` })
  await expect(dialog.locator('code')).toHaveCount(2)
  const [key, codes] = await dialog.locator('code').allTextContents()
  await expectNoFinding(page)
  const totp = new TOTP({ secret: Secret.fromBase32((key ?? '').replaceAll(' ', '')) })
  await dialog.getByLabel(/^Code/).fill('000 000')
  await dialog.getByRole('button', { name: 'Switch it on' }).click()
  await expect(dialog.getByRole('alert')).toContainText('The code is not right')
  await expectNoFinding(page)
  await dialog.getByLabel(/^Code/).fill(totp.generate())
  await dialog.getByRole('button', { name: 'Switch it on' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('signs in with password and code')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(/sign-in/)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const code = page.getByLabel(/^Code of your authenticator/)
  await code.fill('000 000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The code is not right')
  await expectNoFinding(page)
  await code.fill(totp.generate({ timestamp: Date.now() + 30_000 }))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()

  await page.goto(app('/settings'))
  await page.getByRole('button', { name: 'Take the second factor off' }).click()
  await dialog.getByLabel(/^Code of your authenticator/).fill(codes?.split('\n')[0] ?? '')
  await dialog.getByRole('button', { name: 'Take it off' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Set up a second factor' })).toBeVisible()
})
