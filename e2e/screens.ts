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

/** ConnectWise's company screen. */
export const companyScreen = (id: number): string => `${addressOf('connectWise')}/#/companies/${id}`

export async function podOf(page: Page): Promise<FrameLocator> {
  await page.locator('iframe').waitFor()
  return page.frameLocator('iframe')
}

export async function prismControl(request: APIRequestContext, method: string, path: string): Promise<void> {
  const response = await request.fetch(`${addressOf('prism')}${path}`, { method })
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`)
}

/** Sets what ConnectWise allows or offers. */
export async function standInControl(
  request: APIRequestContext,
  what: 'role' | 'unknowns',
  data: object,
): Promise<void> {
  const response = await request.put(`${addressOf('connectWise')}/control/${what}`, { data })
  if (!response.ok()) throw new Error(`${what} answered ${response.status()}: ${await response.text()}`)
}

export const connectWiseHeaders = {
  authorization: `Basic ${Buffer.from('prismdemo+demo-public:demo-private').toString('base64')}`,
  clientid: '00000000-0000-4000-8000-000000000000',
}

interface HostedSetup {
  readonly id: number
  readonly description: string
  readonly type: string
  readonly url: string
  readonly origin?: string
}

/** What is installed in ConnectWise, as its administrator sees and changes it. */
export function connectWiseSetups(request: APIRequestContext) {
  const path = `${addressOf('connectWise')}/v2025_1/apis/3.0/system/connectwisehostedsetups`
  const headers = connectWiseHeaders
  const all = async () => (await (await request.get(path, { headers })).json()) as HostedSetup[]
  return {
    titles: async (type: string) =>
      (await all()).filter((setup) => setup.type === type).map(({ description }) => description),
    async edit(change: (setup: HostedSetup) => object): Promise<void> {
      for (const setup of await all()) {
        const data = Object.entries(change(setup)).map(([field, value]) => ({
          op: 'replace',
          path: field,
          value: value as unknown,
        }))
        const response = await request.patch(`${path}/${setup.id}`, { headers, data })
        if (!response.ok()) throw new Error(`${setup.description}: ${await response.text()}`)
      }
    },
  }
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
