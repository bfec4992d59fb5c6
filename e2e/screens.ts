/** Where the tests look, and who they are. */
import type { APIRequestContext, FrameLocator, Page } from '@playwright/test'

const VARIABLES = { app: 'APP_URL', connectWise: 'CONNECTWISE_URL', prism: 'PRISM_URL' } as const

const variable = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`The set-up of the browser tests sets ${name}`)
  return value
}

export const addressOf = (part: keyof typeof VARIABLES): string => variable(VARIABLES[part])

/** ConnectWise's agreement screen, in which our pod is installed. */
export const agreementScreen = (id: number): string => `${addressOf('connectWise')}/#/agreements/${id}`

export async function podOf(page: Page): Promise<FrameLocator> {
  await page.locator('iframe').waitFor()
  return page.frameLocator('iframe')
}

export async function prismControl(request: APIRequestContext, method: string, path: string): Promise<void> {
  const response = await request.fetch(`${addressOf('prism')}${path}`, { method })
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`)
}

/** The owner's e-mail and password. */
export const ownerLogin = () => ({ email: variable('OWNER_EMAIL'), password: variable('OWNER_PASSWORD') })

/** Our API, as the owner. */
export function apiOf(request: APIRequestContext) {
  const data = ownerLogin()
  return {
    async organisation(): Promise<{ publicId: string }> {
      const response = await request.post(`${addressOf('app')}/api/session`, { data })
      return ((await response.json()) as { organisation: { publicId: string } }).organisation
    },
  }
}
