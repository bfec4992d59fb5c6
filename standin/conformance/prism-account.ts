/** One PRISM account as the conformance suite talks to it: plain `fetch`, reading only, nothing of our client. */
import type { Target } from './target.ts'

export interface AccountKeys {
  readonly apiUrl: string
  readonly identityUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface Account {
  readonly keys: AccountKeys
  /** `POST /core/connect/token`; fields given replace the right ones. */
  token(changes?: Readonly<Record<string, string>>): Promise<Answered>
  /** `authorization` replaces that of a token which is asked for once. */
  get(path: string, authorization?: string): Promise<Response>
  post(path: string, body: unknown): Promise<Response>
  /** The JSON of a 200, asked for once a path. Throws with the status alone: a body may hold customers' data. */
  json(path: string): Promise<unknown>
}

export interface Answered {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export function openAccount(target: Target, keys: AccountKeys): Account {
  const read = new Map<string, Promise<unknown>>()
  let bearer: Promise<string> | null = null

  const token: Account['token'] = async (changes = {}) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: keys.clientId,
      client_secret: keys.clientSecret,
      scope: 'rhipeapi',
    }
    const body = new URLSearchParams({ ...form, ...changes })
    const response = await target.ask(`${keys.identityUrl}/core/connect/token`, { method: 'POST', body })
    return { status: response.status, body: (await jsonOf(response, 'The token call')) as Answered['body'] }
  }
  const authorized = async (): Promise<string> => {
    bearer ??= token().then(({ body }) => `Bearer ${String(body.access_token)}`)
    return bearer
  }
  const account: Account = {
    keys,
    token,
    get: async (path, authorization) =>
      target.ask(keys.apiUrl + path, { headers: { authorization: authorization ?? (await authorized()) } }),
    post: async (path, body) =>
      target.ask(keys.apiUrl + path, {
        method: 'POST',
        headers: { authorization: await authorized(), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    json(path) {
      const known = read.get(path) ?? readJson(account, path)
      read.set(path, known)
      return known
    },
  }
  return account
}

async function readJson(account: Account, path: string): Promise<unknown> {
  const response = await account.get(path)
  const route = path.replace(/[0-9a-f-]{36}/gi, '{id}')
  if (response.status !== 200) throw new Error(`GET ${route} answered ${response.status}`)
  return jsonOf(response, `GET ${route}`)
}

/** The error of JSON.parse quotes the text, which may be a customer's. */
async function jsonOf(response: Response, what: string): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    const type = response.headers.get('content-type') ?? 'no content type'
    throw new Error(`${what} answered ${response.status} with ${type} that is no JSON`)
  }
}
