/** The app's API, as scripts that set it up call it. */

interface Call {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Refusals that are no failure. */
  readonly allowed?: readonly number[]
}

/** Throws where the answer is a refusal that is not allowed, with what it says. */
export async function call(
  method: string,
  url: string,
  { headers, body, allowed = [] }: Call = {},
): Promise<Response> {
  const request: RequestInit = { method, headers: { ...headers, 'content-type': 'application/json' } }
  if (body !== undefined) request.body = JSON.stringify(body)
  const answer = await fetch(url, request)
  if (answer.ok || allowed.includes(answer.status)) return answer
  throw new Error(`${method} ${url} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
}

interface Owner {
  readonly email: string
  readonly password: string
}

/** A call of the app by its owner; the path begins with `/`. */
export type App = (
  method: string,
  path: string,
  body?: unknown,
  allowed?: Call['allowed'],
) => Promise<Response>

/** @param appUrl without a slash at its end */
export async function signedIn(appUrl: string, { email, password }: Owner): Promise<App> {
  const { origin } = new URL(appUrl)
  const answer = await call('POST', `${appUrl}/api/session`, {
    headers: { origin },
    body: { email, password },
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  return (method, path, body, allowed = []) =>
    call(method, `${appUrl}${path}`, { headers: { cookie, origin }, body, allowed })
}

/** Each call of the cron route has its own time limit; a few do the demo's work. */
const MOST_CRON_CALLS = 60

/** Calls the cron route until nothing is left to do. */
export async function runJobs(appUrl: string, cronSecret: string): Promise<void> {
  const headers = { authorization: `Bearer ${cronSecret}` }
  for (let calls = 0; calls < MOST_CRON_CALLS; calls += 1) {
    const answer = await call('GET', `${appUrl}/api/cron/sync`, { headers })
    const { jobsLeft } = (await answer.json()) as { jobsLeft: number }
    if (jobsLeft === 0) return
  }
  throw new Error(`Jobs are left after ${MOST_CRON_CALLS} calls of the cron route`)
}
