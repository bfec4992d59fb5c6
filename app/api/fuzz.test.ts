/**
 * Requests as nobody should send them, over every route on disk, by everybody there is: no internal error, no hang, nothing of
 * another organisation. `FUZZ=20000` sends that many, `FUZZ_SEED` others; the seed of a failure is in its title.
 */
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { problemSchema } from './schemas/problem.ts'
import { APP_URL, settled } from './testing/api-world.ts'
import { type FuzzedRequest, fuzzedRequests } from './testing/fuzz-requests.ts'
import { type Caller, type FuzzWorld, json, needles, startFuzzWorld } from './testing/fuzz-world.ts'
import { builtMethods, handlersOf, served } from './testing/served.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const REQUESTS = Number(process.env['FUZZ'] ?? 2_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_126)
const AT_ONCE = 20
const ANSWERS_WITHIN_MS = 20_000
/** Takes away what the next requests need to get far. */
const DISTURBING = /connections|mapping|microsoft-csp(\?.*)?$/
const PROGRAM = '/api/programs/microsoft-csp'

let world: FuzzWorld
const logged: string[] = []

beforeAll(async () => {
  world = await startFuzzWorld()
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    logged.push(String(text))
    return true
  })
})
afterEach(() => {
  logged.length = 0
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world.stop()
})

describe('the border', () => {
  it('knows the methods that each route file exports [J16]', async () => {
    for (const [file, methods] of Object.entries(builtMethods))
      expect([...methods].sort(), file).toEqual(Object.keys(await handlersOf(file)).sort())
    expect(Object.keys(builtMethods).length).toBeGreaterThan(40)
  })
})

describe('what was an internal error once', () => {
  const tooLarge = '2147483648'
  interface Row {
    readonly asked: string
    readonly status: number
    readonly body?: object
  }
  const rows: readonly Row[] = [
    { asked: `GET ${PROGRAM}/customers?search=%00`, status: 400 },
    { asked: `GET ${PROGRAM}/customers?page=99999999999`, status: 400 },
    { asked: `GET ${PROGRAM}/customers?page=1&page=2`, status: 400 },
    { asked: `GET ${PROGRAM}/customers/%00/plan`, status: 404 },
    { asked: 'GET /api/programs/%00', status: 404 },
    { asked: 'POST /api/invoices/%00/pick', status: 404 },
    { asked: 'POST /api/invoices/a%0ab/exclude', status: 404 },
    { asked: `GET /api/hosted/agreements/${tooLarge}`, status: 404 },
    { asked: `GET /api/hosted/companies/${tooLarge}`, status: 404 },
    { asked: `GET /api/connectwise/companies/${tooLarge}/agreements`, status: 404 },
    { asked: `GET /api/runs/00000000-0000-4000-8000-000000000000/agreements/${tooLarge}`, status: 404 },
    { asked: 'GET /api/audit?from=0000-01-01', status: 400 },
    { asked: 'GET /api/audit?until=275760-09-13', status: 400 },
    { asked: 'GET /api/audit?from=2026-02-30', status: 400 },
    { asked: 'GET /api/audit?before=9007199254740993', status: 400 },
    { asked: 'GET /api/runs/%zz', status: 400 },
    { asked: 'GET /api/runs?program=%00', status: 400 },
    { asked: 'GET /api/preflight?program=nothing', status: 404 },
    { asked: 'POST /api/preflight/nothing/fix', status: 404 },
    { asked: 'PUT /api/organisation', status: 400, body: { name: '\u0000' } },
    { asked: 'PUT /api/organisation', status: 400, body: { name: 'a\ud800' } },
    { asked: 'PUT /api/organisation', status: 400, body: { name: 'a\r\nBcc: x@y.example' } },
    { asked: `PUT ${PROGRAM}`, status: 400, body: { defaults: { category: 'a\u0000' } } },
    { asked: `PUT ${PROGRAM}`, status: 400, body: { contractAgreementId: '\u0000' } },
    {
      asked: `PUT ${PROGRAM}/customers/x/mapping`,
      status: 400,
      body: { companyId: 2_147_483_648, agreementId: 1, syncEnabled: true },
    },
    { asked: `PUT ${PROGRAM}/customers/x/next-period`, status: 400, body: { first: '0000-01' } },
    { asked: 'PATCH /api/runs', status: 405 },
    { asked: 'GET /api/nothing/at/all', status: 404 },
  ]

  it.each(rows)('$asked is answered with $status [J16]', async ({ asked, status, body }) => {
    const [method = '', path = ''] = asked.split(' ')
    const owner = world.callers.find(({ name }) => name === 'ours owner')
    const headers = { 'content-type': 'application/json', ...owner?.headers }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await served(new Request(new URL(path, APP_URL), { method, headers, ...sent }))
    const problem = problemSchema.parse(await answer?.json())
    expect(problem, problem.detail).toMatchObject({ status })
    expect(problem.detail).not.toMatch(/Invalid|Too small|expected/)
  })

  it('a page past the end of the customers knows how many there are [E1]', async () => {
    const asked = (page: number) =>
      json<{ customers: object[]; total: number }>(
        world.boss('GET', `${PROGRAM}/customers?page=${page}&search=o`),
      )
    const [first, past] = [await asked(1), await asked(50)]
    expect(first.total).toBeGreaterThan(0)
    expect(past).toMatchObject({ customers: [], total: first.total })
  })
})

describe(`${REQUESTS} requests that nobody should send (seed ${SEED})`, () => {
  it(
    'are answered in time, without an internal error and without a word of another organisation [I2][J16]',
    async () => {
      const { real, callers } = world
      const arbitrary = fuzzedRequests({ routes: builtMethods, real, callers: callers.length })
      const statuses = new Map<number, number>()
      let isDisturbed = false
      const note = ({ method, path }: FuzzedRequest, { ok, status }: Response) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        isDisturbed ||= ok && method !== 'GET' && DISTURBING.test(path)
      }
      const requests = fc.sample(arbitrary, { seed: SEED, numRuns: REQUESTS })
      for (let at = 0; at < requests.length; at += AT_ONCE) {
        const some = requests.slice(at, at + AT_ONCE)
        const wrong = await Promise.all(some.map(async (each) => faultOf(each, note)))
        await settled()
        expect(wrong.filter((each) => each !== null)).toEqual([])
        expect(unexpectedIn(logged), `after request ${at} of seed ${SEED}`).toEqual([])
        logged.length = 0
        if (isDisturbed) await world.restore()
        isDisturbed = false
      }
      // Else they would all have stopped at the door. What so many draw but once (201, 202) is left to chance.
      for (const status of [200, 204, 400, 401, 403, 404, 405, 409, 413, 415])
        expect(
          statuses.get(status) ?? 0,
          `answers with ${status}: ${JSON.stringify([...statuses])}`,
        ).toBeGreaterThan(0)
      if (process.env['FUZZ'] !== undefined) console.info(JSON.stringify(Object.fromEntries(statuses)))
    },
    60_000 + REQUESTS * 60,
  )
})

/** What is wrong with the answer to it, in words; `null` where nothing is. */
async function faultOf(
  fuzzed: FuzzedRequest,
  note: (request: FuzzedRequest, answer: Response) => void,
): Promise<string | null> {
  const caller = world.callers[fuzzed.caller]
  if (caller === undefined) throw new Error('a caller')
  const { method, path, body } = fuzzed
  // Whoever signs out everywhere could not send the next request.
  if (path.startsWith('/api/session/everywhere') && method === 'DELETE') return null
  const described = `${caller.name} ${method} ${path.slice(0, 200)} ${JSON.stringify(fuzzed.headers)} ${body?.slice(0, 300) ?? ''}`
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { host: 'localhost:3000', ...type, ...caller.headers, ...fuzzed.headers }
  const request = new Request(new URL(path, APP_URL), {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  const answer = await Promise.race([
    served(request),
    new Promise<'late'>((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS, 'late').unref()),
  ])
  if (answer === null) return null
  if (answer === 'late') return `${described}: no answer`
  note(fuzzed, answer)
  const text = await answer.text()
  const fault = wrongIn(answer, text, caller, fuzzed)
  return fault === null ? null : `${described}: ${answer.status} ${fault}: ${text.slice(0, 500)}`
}

function wrongIn(
  answer: Response,
  text: string,
  caller: Caller,
  { method, path }: FuzzedRequest,
): string | null {
  const foreign = Object.entries(needles).flatMap(([side, needles]) => (side === caller.side ? [] : needles))
  if (foreign.some((needle) => text.toLowerCase().includes(needle))) return 'shows another organisation'
  if (answer.status < 400) return null
  const problem = problemSchema.safeParse(JSON.parse(text))
  if (!problem.success || problem.data.status !== answer.status) return 'is no problem'
  if (answer.headers.get('content-type') !== 'application/problem+json')
    return 'does not say that it is a problem'
  if (answer.status === 405 && !answer.headers.get('allow')) return 'does not say what is offered'
  // Only who enters another ConnectWise's address hears that it does not answer.
  const entersAddress = method === 'PUT' && path.startsWith('/api/connections/connectwise')
  if (answer.status === 502 && entersAddress && problem.data.code === 'connectwise-unreachable') return null
  return answer.status >= 500 ? 'is an internal error' : null
}

/** Entries of the log that nobody foresaw, and lines that are no entries. */
const unexpectedIn = (lines: readonly string[]): string[] =>
  lines
    .flatMap((text) => text.split('\n').filter((line) => line !== ''))
    .filter((line) => {
      try {
        return (JSON.parse(line) as { event?: string }).event === 'unexpected'
      } catch {
        return true
      }
    })
