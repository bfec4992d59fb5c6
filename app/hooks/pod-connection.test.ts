import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FrameMessage, FrameWindow } from '#lib/host-api/client.ts'
import { createPodConnection } from './pod-connection.ts'

const SCREEN = 'https://na.myconnectwise.net'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

interface Sent {
  readonly method: string
  readonly path: string
  readonly authorization: string | null
  readonly body: unknown
}

/** A pod in a screen; `server` answers our API. */
function opened(
  server: (sent: Sent) => { status?: number; body?: unknown } | Promise<never>,
  signedIn = false,
) {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', headers, body }: RequestInit) => {
    const asked = {
      method,
      path,
      authorization: new Headers(headers).get('authorization'),
      body: typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined,
    }
    sent.push(asked)
    const { status = 200, body: answer = {} } = await server(asked)
    return Response.json(answer, { status })
  })
  let hear: ((event: FrameMessage) => void) | null = null
  let isSilent = false
  const say = (message: object): void =>
    hear?.({ data: JSON.stringify(message), origin: SCREEN, source: parent })
  const parent = {
    postMessage(text: string) {
      const message = JSON.parse(text) as { message?: string; hosted_request?: string }
      if (isSilent) return
      if (message.message === 'ready') say({ MessageFrameID: 'f-1' })
      if (message.hosted_request === 'getMemberAuthentication')
        say({
          response: 'getmemberauthentication',
          data: { memberid: 'jdoe', memberHash: 'h', memberContext: 'web' },
        })
    },
  }
  const window: FrameWindow = {
    parent,
    addEventListener: (_, listener) => {
      hear = listener
    },
    removeEventListener: () => undefined,
  }
  const connection = createPodConnection({
    organisation: 'org',
    origins: [SCREEN],
    signedIn,
    screen: 'agreement',
    recordId: 12,
  })
  const close = connection.open(window)
  return {
    connection,
    sent,
    close,
    window,
    signIns: () => sent.filter(({ path }) => path === '/api/hosted/session'),
    silence: () => {
      isSilent = true
    },
    loads: (id: number) =>
      say({ event: 'onLoad', _id: '1', data: { screenObject: { screen: 'agreement', id } } }),
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  }
}

let count = 0
const session = (more: object = {}) => {
  count += 1
  const member = { id: 'jdoe', name: 'J' }
  return { body: { member, token: `token-${count}`, expiresAt: '', seconds: 3600, wasOther: false, ...more } }
}
const isSignIn = ({ path }: Sent): boolean => path === '/api/hosted/session'

describe('a pod', () => {
  it('asks for a session of the record that its screen shows, and of the next one that it loads [H3][H4]', async () => {
    const pod = opened((sent) => (isSignIn(sent) ? session() : {}))
    await pod.pass(0)
    pod.loads(12)
    await pod.pass(0)
    pod.loads(13)
    await pod.pass(0)
    const records = pod.signIns().map(({ body }) => (body as { record: object }).record)
    expect(records).toEqual([
      { type: 'agreement', id: 12 },
      { type: 'agreement', id: 13 },
    ])
    expect(pod.connection.snapshot()).toMatchObject({ state: { phase: 'ready' }, recordId: 13, loads: 2 })

    pod.loads(14)
    await pod.connection.api.call('GET /api/hosted/agreements/{id}', { path: { id: 14 } })
    const newest = pod.signIns().length
    expect(newest).toBe(3)
    expect(pod.sent.at(-1)).toMatchObject({
      path: '/api/hosted/agreements/14',
      authorization: `Bearer token-${count}`,
    })
  })

  it('changes nothing before it is known who looks, though the page holds content already [H4]', async () => {
    let prove = (): void => undefined
    const proof = new Promise<void>((resolve) => {
      prove = resolve
    })
    const pod = opened((sent) => (isSignIn(sent) ? (proof.then(() => session()) as never) : {}), true)
    const path = { program: 'microsoft-csp', tenantId: 't' }
    const syncing = pod.connection.api.call('POST /api/programs/{program}/customers/{tenantId}/sync', {
      path,
    })
    await pod.pass(100)
    expect(pod.sent.map((each) => each.path)).toEqual(['/api/hosted/session'])
    prove()
    await syncing
    expect(pod.sent.at(-1)).toMatchObject({
      method: 'POST',
      authorization: expect.stringMatching(/^Bearer token-/),
    })
  })

  it('goes on with what was asked for when the session has ended, once, and asks for one proof however many ask [H4]', async () => {
    let isEnded = false
    const pod = opened((sent) => {
      if (isSignIn(sent)) {
        isEnded = false
        return session()
      }
      return isEnded ? { status: 401, body: { detail: 'ended', status: 401 } } : { body: { ok: true } }
    })
    await pod.pass(0)
    isEnded = true
    const get = () => pod.connection.api.call('GET /api/hosted/agreements/{id}', { path: { id: 12 } })
    expect(await Promise.all([get(), get(), get()])).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(pod.signIns()).toHaveLength(2)
  })

  it('renews before the session runs out; an outage then ends nothing, a refusal does [H4]', async () => {
    let answer = (): { status?: number; body?: unknown } => session({ seconds: 60 })
    const pod = opened((sent) => (isSignIn(sent) ? answer() : {}))
    await pod.pass(0)
    await pod.pass(50_000)
    expect(pod.signIns()).toHaveLength(2)
    answer = () => ({ status: 503, body: { detail: 'down', status: 503 } })
    await pod.pass(50_000)
    expect(pod.connection.snapshot().state.phase).toBe('ready')
    answer = () => ({ status: 401, body: { detail: 'no', status: 401 } })
    await pod.pass(60_000)
    expect(pod.connection.snapshot().state.phase).toBe('refused')
    expect(pod.signIns()).toHaveLength(4)
  })

  it('shows what the page held while its screen stays silent, and says so where it held nothing [H4]', async () => {
    const held = opened(() => session(), true)
    held.close()
    held.silence()
    held.connection.open(held.window)
    await held.pass(11_000)
    expect(held.connection.snapshot().state.phase).toBe('ready')

    const empty = opened(() => session())
    empty.close()
    empty.silence()
    empty.connection.open(empty.window)
    await empty.pass(11_000)
    expect(empty.connection.snapshot().state.phase).toBe('silent')
  })

  it('counts another viewer where the cookie was another member’s, and where the member changes in the page [H4]', async () => {
    let more: object = { wasOther: true }
    const pod = opened(() => session(more), true)
    await pod.pass(0)
    expect(pod.connection.snapshot().viewer).toBe(1)
    more = {}
    pod.connection.signIn()
    await pod.pass(0)
    expect(pod.connection.snapshot().viewer).toBe(1)
    more = { member: { id: 'other', name: 'O' } }
    pod.connection.signIn()
    await pod.pass(0)
    expect(pod.connection.snapshot().viewer).toBe(2)
    // Without content in the page there is nothing of anybody else's.
    const blank = opened(() => session({ wasOther: true }))
    await blank.pass(0)
    expect(blank.connection.snapshot().viewer).toBe(0)
  })
})
