/**
 * A ConnectWise site: its API's address, and the codebase that is part of it (docs/facts/connectwise.md,
 * "Base URL and company info").
 */

import { setTimeout as wait } from 'node:timers/promises'
import { ProductError } from '#lib/base/errors.ts'
import type { Guard } from '#lib/base/guarded-fetch.ts'
import { limits, OverLimit } from '#lib/base/limits.ts'
import { type RetryRule, retryAfterMs, retryWaitMs, sharedTime, usualRetries } from '#lib/base/retry.ts'
import { siteSchema } from './api-types.ts'
import { ConnectWiseError } from './errors.ts'

/** Cloud sites whose API answers at `api-` in front of the host that people sign in at. */
export const cloudHosts: readonly string[] = [
  'na.myconnectwise.net',
  'eu.myconnectwise.net',
  'au.myconnectwise.net',
  'aus.myconnectwise.net',
  'za.myconnectwise.net',
  'staging.connectwisedev.com',
]

export interface DiscoverySettings {
  /** A host (`na.myconnectwise.net`, `psa.example.com:8443`) or an address (`http://127.0.0.1:4400`). */
  readonly site: string
  /** The company id that is entered when signing in to ConnectWise. */
  readonly companyId: string
  readonly guard: Guard
  /** For all tries together, to the last byte; 20,000 where left out. */
  readonly timeoutMs?: number
  readonly retries?: RetryRule
}

export interface Codebase {
  /** Without slashes, e.g. `v2025_1`. */
  readonly codebase: string
  readonly companyName: string
  readonly version: string
  readonly isCloud: boolean
}

/** The origin that API requests go to. Throws `address-refused` where the text is no site. */
export function apiOrigin(site: string): string {
  const text = site.trim()
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || text === '' || !/^https?:$/.test(url.protocol))
    throw new ProductError('address-refused', `'${site.slice(0, 200)}' is not a ConnectWise site.`)
  // A name with a dot at its end is the same host's.
  url.hostname = url.hostname.replace(/\.+$/, '')
  return cloudHosts.includes(url.host) ? `${url.protocol}//api-${url.host}` : url.origin
}

/** Where the API's paths begin, e.g. `https://api-na.myconnectwise.net/v2025_1/apis/3.0`. */
export function apiBase(site: string, codebase: string): string {
  return `${apiOrigin(site)}/${codebase}/apis/3.0`
}

/**
 * Asks the site for the company's codebase; needs no credentials. Throws `connectwise-site-unknown` where the site does
 * not know the company, `address-refused`, or a `ConnectWiseError` (`unreachable`).
 */
export async function discoverCodebase(settings: DiscoverySettings): Promise<Codebase> {
  const path = `/login/companyinfo/${encodeURIComponent(settings.companyId)}`
  const answer = await read(settings, path)
  const site = siteSchema.safeParse(answer)
  if (!site.success) throw unreachable(path, 'the answer is not the company info of a ConnectWise site', 200)
  if (site.data === null) throw unknownCompany(settings)
  const codebase = site.data.Codebase.replace(/^\/+|\/+$/g, '')
  // It becomes part of the address that gets the credentials.
  if (!/^[\w.-]+$/.test(codebase)) throw unreachable(path, 'the site names no usable codebase', 200)
  const { CompanyName: companyName, VersionCode: version, IsCloud: isCloud } = site.data
  return { codebase, companyName, version, isCloud }
}

async function read(settings: DiscoverySettings, path: string): Promise<unknown> {
  const { retries = usualRetries, guard, timeoutMs = limits.record.timeoutMs } = settings
  const time = sharedTime(timeoutMs)
  for (let tried = 1; ; tried += 1) {
    const address = `${apiOrigin(settings.site)}${path}`
    const attempt = await time.spend(() => tryRead(guard, address, path, time.leftMs))
    if (!('failed' in attempt)) {
      if (attempt.status === 404) throw unknownCompany(settings)
      if (attempt.status !== 200)
        throw unreachable(path, `the site gave no company info (status ${attempt.status})`, attempt.status)
      return parsed(attempt.text)
    }
    const { failed, mayRetry, askedMs } = attempt
    const waitMs = mayRetry && time.leftMs > 0 ? retryWaitMs(retries, tried, askedMs) : null
    if (waitMs === null) throw failed
    await wait(waitMs)
  }
}

type Attempt =
  | { readonly status: number; readonly text: string }
  | { readonly failed: ConnectWiseError; readonly mayRetry: boolean; readonly askedMs: number | null }

async function tryRead(guard: Guard, address: string, path: string, timeoutMs: number): Promise<Attempt> {
  try {
    const headers = { accept: 'application/json' }
    const response = await guard.fetch(address, { headers, limits: { ...limits.record, timeoutMs } })
    const { status } = response
    const text = await response.text()
    if (status !== 429 && status < 500) return { status, text }
    const failed = unreachable(path, `the site has trouble of its own (status ${status})`, status)
    return { failed, mayRetry: true, askedMs: retryAfterMs(response.headers.get('retry-after')) }
  } catch (error) {
    if (error instanceof ProductError) throw error
    if (error instanceof OverLimit) {
      const tooLarge = error.limit === 'size'
      const failed = unreachable(path, `ConnectWise's answer ${error.says}`, tooLarge ? 200 : null)
      return { failed, mayRetry: !tooLarge, askedMs: null }
    }
    const why = error instanceof Error ? error.message : 'no answer'
    return { failed: unreachable(path, why, null), mayRetry: true, askedMs: null }
  }
}

function unknownCompany({ site, companyId }: DiscoverySettings): ProductError {
  return new ProductError('connectwise-site-unknown', `${site} does not know the company id '${companyId}'.`)
}

function unreachable(path: string, message: string, status: number | null): ConnectWiseError {
  return new ConnectWiseError({
    outcome: 'unreachable',
    status,
    message,
    remoteCode: '',
    fieldErrors: [],
    retryAfterMs: null,
    method: 'GET',
    path,
    unreadable: status === 200,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
