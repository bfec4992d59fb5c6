/** The standalone site: how to get in, and what holds for each of its pages. */
import { expect, type Page } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { addressOf, ownerLogin } from './screens.ts'

export const app = (path: string): string => `${addressOf('app')}${path}`

export async function signIn(page: Page, login = ownerLogin()): Promise<void> {
  await page.goto(app('/sign-in'))
  await page.getByLabel('E-mail').fill(login.email)
  await page.getByLabel('Password').fill(login.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
}

/** Pages without a finding that also fit a phone. With `SHOTS` set, pictures of them are kept in that folder. */
export async function expectSound(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const picture = (kind: string) =>
      process.env.SHOTS
        ? page.screenshot({
            path: `${process.env.SHOTS}/${path.replaceAll(/[/?&=]/g, '_').slice(0, 80)}${kind}.png`,
          })
        : null
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(app(path))
    await expectNoFinding(page)
    await picture('')
    await page.setViewportSize({ width: 390, height: 844 })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow, path).toBeLessThanOrEqual(0)
    await picture('-phone')
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}
