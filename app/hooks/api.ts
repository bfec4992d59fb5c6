import type { Problem } from '#app/api/schemas/problem.ts'
import { askedOf, type CallApi } from './endpoint.ts'

/** Our server said no: `problem` says what happened and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

const UNREACHABLE: Problem = {
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  code: 'unreachable',
  detail: 'Prism Pod did not answer.',
  remedy: 'Check your network connection and try again.',
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem
  } catch {
    return {
      ...UNREACHABLE,
      status: response.status,
      detail: `Prism Pod answered with status ${response.status}.`,
    }
  }
}

/** The answer of our server, whatever its status. Throws `Refused` where there is none. */
export async function send(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: unknown } = {},
): Promise<Response> {
  const request: RequestInit = {
    method,
    headers: { ...headers },
    credentials: 'same-origin',
    cache: 'no-store',
  }
  if (body !== undefined) {
    request.body = JSON.stringify(body)
    request.headers = { ...headers, 'content-type': 'application/json' }
  }
  const response = await fetch(path, request).catch(() => null)
  if (response === null) throw new Refused(UNREACHABLE)
  return response
}

/** The JSON of a good answer. Throws `Refused`. */
export async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Refused(await problemOf(response))
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Calls of the standalone site to our own API, as the person who is signed in. Throws `Refused`. */
export const callApi: CallApi = async (endpoint, ...sending) => {
  const { method, address, body } = askedOf(endpoint, ...sending)
  return answerOf(await send(method, address, { body }))
}
