/** One ConnectWise company as the conformance suite talks to it: plain `fetch`, nothing of our client. */
import type { Target } from './target.ts'

export interface Keys {
  /** `https://host`. */
  readonly url: string
  readonly company: string
  readonly publicKey: string
  readonly privateKey: string
  readonly clientId: string
}

export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed JSON; `undefined` where there was none. */
  readonly body: unknown
}

export type Json = Readonly<Record<string, unknown>>

export interface Site {
  readonly target: Target
  readonly keys: Keys
  /** Below `apis/3.0/`, or from the root where it starts with `/`. `headers` of `null` are left out. */
  ask(
    method: string,
    path: string,
    more?: { body?: unknown; headers?: Record<string, string | null> },
  ): Promise<Seen>
}

/** How a fact is known, as the facts mark it. */
export type Mark = 'seen' | 'inferred' | 'unknown'

/** One row of the facts. `check` throws where the target behaves otherwise. */
export interface Fact {
  readonly title: string
  readonly mark: Mark
  readonly check: (site: Site) => Promise<void>
}

export const fact = (mark: Mark, title: string, check: Fact['check']): Fact => ({ mark, title, check })

export function openSite(target: Target, keys: Keys): Site {
  const token = Buffer.from(`${keys.company}+${keys.publicKey}:${keys.privateKey}`).toString('base64')
  const send = async (method: string, address: string, headers: Record<string, string>, body?: unknown) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await target.ask(address, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parsed(text) }
  }
  let codebase: Promise<string> | null = null
  const findCodebase = async () => {
    const { body } = await send('GET', `${keys.url}/login/companyinfo/${keys.company}`, {})
    const found = (body as Json | null)?.Codebase
    if (typeof found !== 'string') throw new Error(`No codebase in the company info: ${JSON.stringify(body)}`)
    return found
  }
  return {
    target,
    keys,
    async ask(method, path, more = {}) {
      const standard = {
        authorization: `Basic ${token}`,
        clientId: keys.clientId,
        accept: 'application/vnd.connectwise.com+json; version=2025.1',
        ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
      }
      const headers = Object.fromEntries(
        Object.entries({ ...standard, ...more.headers }).filter(
          (pair): pair is [string, string] => pair[1] !== null,
        ),
      )
      if (path.startsWith('/')) return send(method, keys.url + path, headers, more.body)
      codebase ??= findCodebase()
      return send(method, `${keys.url}/${await codebase}apis/3.0/${path}`, headers, more.body)
    },
  }
}

/** The rows of a list answer; throws with what came instead. */
export function rowsOf(seen: Seen): readonly Json[] {
  if (seen.status !== 200 || !Array.isArray(seen.body))
    throw new Error(`A list was expected, observed ${observed(seen)}`)
  return seen.body as Json[]
}

export function observed(seen: Seen): string {
  return `${seen.status} ${seen.text.slice(0, 400)}`
}

/** For what no source states: says what was observed, so that the row of the facts can be corrected. */
export function confirm(holds: boolean, rule: string, value: unknown): void {
  if (!holds)
    throw new Error(`The facts suppose: ${rule}. Observed: ${JSON.stringify(value)}. Correct the row.`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
