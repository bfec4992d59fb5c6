import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { FaultRule } from './faults.ts'
import { json, text } from './reply.ts'
import { createRouter } from './router.ts'
import { createStandin, type Standin } from './standin.ts'

const open: Standin[] = []
afterEach(async () => {
  for (const standin of open.splice(0)) await standin.close()
})

/** A stand-in with one list; `post` adds to it, `faults` are set by the control call. */
async function start(...rules: FaultRule[]) {
  const added: unknown[] = []
  const api = createRouter()
    .on('GET', '/things', () => json(added))
    .on('POST', '/things', (incoming) => {
      added.push(incoming.json())
      return json(added.at(-1), 201)
    })
  const refuse = (status: number) => (rule: FaultRule) =>
    json({ refused: status }, status, rule.retryAfter ? { 'retry-after': String(rule.retryAfter) } : {})
  const refusals = {
    '429': refuse(429),
    '500': refuse(500),
    '403': refuse(403),
    'expired-token': refuse(401),
  }
  const standin = createStandin({ api, refusals, reset: () => added.splice(0) })
  open.push(standin)
  const url = await standin.listen(0)
  await fetch(`${url}/control/faults`, { method: 'POST', body: JSON.stringify(rules) })
  const post = () => fetch(`${url}/things`, { method: 'POST', body: '{"a":1}' })
  return { url, added, post, get: () => fetch(`${url}/things`) }
}

describe('a streamed answer', () => {
  it('waits for a slow reader and leaves no listener behind at each wait', async () => {
    const piece = 'x'.repeat(64 * 1024)
    let listeners = 0
    async function* pieces() {
      for (let count = 0; count < 100; count++) {
        await new Promise((resolve) => setImmediate(resolve))
        listeners = Math.max(listeners, response?.listenerCount('close') ?? 0)
        yield piece
      }
    }
    const api = createRouter().on('GET', '/file', () => text(pieces()))
    const standin = createStandin({ api, refusals: {}, reset: () => undefined })
    open.push(standin)
    let response: ServerResponse | undefined
    standin.server.on('request', (_, answering: ServerResponse) => {
      response = answering
    })
    const answer = await fetch(`${await standin.listen(0)}/file`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await answer.text()).toHaveLength(100 * piece.length)
    expect(response).toBeDefined()
    expect(listeners).toBeLessThan(4)
  })
})

describe('faults', () => {
  it('applies the effect of a request whose answer is cut off afterwards', async () => {
    const { added, post, get } = await start({ kind: 'cut-after', method: 'POST', path: '/things', nth: 1 })
    await expect(post()).rejects.toThrow()
    expect(added).toEqual([{ a: 1 }])
    expect((await post()).status).toBe(201)
    expect(await (await get()).json()).toHaveLength(2)
  })

  it('applies nothing where the connection is cut before', async () => {
    const { added, post } = await start({ kind: 'cut-before', method: 'POST', times: 1 })
    await expect(post()).rejects.toThrow()
    expect(added).toEqual([])
    expect((await post()).status).toBe(201)
  })

  it('refuses with 429 and Retry-After on every second request only', async () => {
    const { get } = await start({ kind: '429', every: 2, retryAfter: 7 })
    const answers = [await get(), await get(), await get(), await get()]
    expect(answers.map((answer) => answer.status)).toEqual([200, 429, 200, 429])
    expect(answers[1]?.headers.get('retry-after')).toBe('7')
  })

  it('sends half of the JSON, after the effect', async () => {
    const { added, post } = await start({ kind: 'truncated-json' })
    const answer = await post()
    expect(answer.status).toBe(201)
    await expect(answer.json()).rejects.toThrow()
    expect(added).toHaveLength(1)
  })

  it('never answers a request that times out, and lets its effect come late', async () => {
    const { url, added } = await start({ kind: 'timeout', effectAfterMs: 60 })
    const asked = fetch(`${url}/things`, { method: 'POST', body: '{}', signal: AbortSignal.timeout(20) })
    await expect(asked).rejects.toThrow()
    expect(added).toHaveLength(0)
    await expect.poll(() => added.length).toBe(1)
  })

  it('draws the same requests from the same seed', async () => {
    const rule: FaultRule = { kind: '500', share: 0.5, seed: 42 }
    const first = await start(rule)
    const second = await start(rule)
    const statuses = async (get: () => Promise<Response>) => {
      const seen: number[] = []
      for (let i = 0; i < 20; i++) seen.push((await get()).status)
      return seen
    }
    const drawn = await statuses(first.get)
    expect(new Set(drawn)).toEqual(new Set([200, 500]))
    expect(await statuses(second.get)).toEqual(drawn)
  })

  it('refuses a rule of a kind it does not know', async () => {
    const { url } = await start()
    const answer = await fetch(`${url}/control/faults`, { method: 'POST', body: '{"kind":"gremlins"}' })
    expect(answer.status).toBe(400)
  })
})

describe('control', () => {
  it('counts requests by method and route, without its own', async () => {
    const { url, get, post } = await start()
    await get()
    await get()
    await post()
    await fetch(`${url}/nowhere`)
    const report = await (await fetch(`${url}/control/requests`)).json()
    expect(report.total).toBe(4)
    expect(report.byMethod).toEqual({ GET: 3, POST: 1 })
    expect(report.byRoute).toEqual({ 'GET /things': 2, 'POST /things': 1, 'GET (none)': 1 })
  })

  it('answers 405 with the methods that a path has, 404 where there is none', async () => {
    const { url } = await start()
    const refused = await fetch(`${url}/things`, { method: 'DELETE' })
    expect(refused.status).toBe(405)
    expect(refused.headers.get('allow')).toBe('GET, POST')
    expect((await fetch(`${url}/nowhere`)).status).toBe(404)
  })

  it('sets its clock to a day and back to real time', async () => {
    const { url } = await start()
    const put = (today: unknown) =>
      fetch(`${url}/control/clock`, { method: 'PUT', body: JSON.stringify({ today }) })
    expect(await (await put('2026-09-15')).json()).toMatchObject({ today: '2026-09-15', real: false })
    expect(await (await put(null)).json()).toMatchObject({ real: true })
    expect((await put('yesterday')).status).toBe(400)
  })
})
