import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHostedFrame, type HostedFrameOptions } from './public/hosted-frame.js'

const origin = 'http://localhost:3000'
const pod = {}
let sent: { text: string; target: string }[] = []
let ignored: (string | undefined)[] = []
let ready = 0

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget())
  sent = []
  ignored = []
  ready = 0
})
afterEach(() => vi.unstubAllGlobals())

function hosted(options: Partial<HostedFrameOptions> = {}) {
  const contentWindow = Object.assign(pod, {
    postMessage: (text: string, target: string) => sent.push({ text, target }),
  })
  return createHostedFrame({
    iframe: { contentWindow },
    title: 'Billing',
    origin,
    screenObject: { screen: 'agreement', id: 30, hostedAs: 'pod' },
    requests: { getmemberauthentication: async () => ({ memberid: 'jmeyer' }), setdirty: () => undefined },
    onReady: () => {
      ready += 1
    },
    log: (direction, _, __, why) => {
      if (direction === 'ignored') ignored.push(why)
    },
    ...options,
  })
}

function say(data: unknown, { from = origin, source = pod }: { from?: string; source?: object } = {}) {
  const event = new Event('message')
  Object.assign(event, { data: typeof data === 'string' ? data : JSON.stringify(data), origin: from, source })
  window.dispatchEvent(event)
}
interface Sent {
  readonly MessageFrameID?: string
  readonly _id?: string
}
const messages = () => sent.map(({ text }): Sent => JSON.parse(text))
const frameId = () => messages().find((message) => message.MessageFrameID)?.MessageFrameID

describe('the host API as ConnectWise plays it', () => {
  it('answers "ready" with a frame id and onLoad, as JSON strings to the setup\'s origin [H3]', () => {
    hosted()
    say({ message: 'ready' })
    expect(ready).toBe(1)
    expect(sent.every(({ text, target }) => typeof text === 'string' && target === origin)).toBe(true)
    expect(messages()).toEqual([
      { MessageFrameID: expect.stringMatching(/^f-\d+$/) },
      {
        event: 'onLoad',
        _id: expect.any(String),
        data: { screenObject: { screen: 'agreement', id: 30, hostedAs: 'pod' } },
      },
    ])
  })

  it('responds under the lower-cased name of a hosted_request [H3]', async () => {
    hosted()
    say({ message: 'ready' })
    say({ hosted_request: 'getMemberAuthentication', frameID: frameId() })
    await expect
      .poll(() => messages().at(-1))
      .toEqual({ response: 'getmemberauthentication', data: { memberid: 'jmeyer' } })
  })

  it('ignores "request", a foreign frameID and a request it does not have', () => {
    hosted()
    say({ message: 'ready' })
    const before = sent.length
    say({ request: 'getMemberAuthentication', frameID: frameId() })
    say({ hosted_request: 'getMemberAuthentication', frameID: 'f-0' })
    say({ hosted_request: 'formatDisk', frameID: frameId() })
    expect(sent).toHaveLength(before)
    expect(ignored).toEqual([
      'it has no hosted_request',
      `its frameID is not ${frameId()}`,
      'no such request',
    ])
  })

  it.each([
    ['another origin', { message: 'ready' }, { from: 'http://localhost:3000.evil.example' }],
    ['text that is not JSON', 'hello', {}],
    ['JSON that is no object', '[1]', {}],
  ])('ignores %s', (_, data, how) => {
    hosted()
    say(data, how)
    expect(sent).toEqual([])
    expect(ignored).toHaveLength(1)
  })

  it('ignores an object instead of a string', () => {
    hosted()
    const event = Object.assign(new Event('message'), { data: { message: 'ready' }, origin, source: pod })
    window.dispatchEvent(event)
    expect(ignored).toEqual(['messages are JSON strings'])
  })

  it('takes no notice of other windows', () => {
    hosted()
    say({ message: 'ready' }, { source: {} })
    expect(sent).toEqual([])
    expect(ignored).toEqual([])
  })

  it('does not work for a setup without an Origin', () => {
    hosted({ origin: '' })
    say({ message: 'ready' })
    expect(sent).toEqual([])
    expect(ignored).toEqual(['the hosted setup has no Origin'])
  })

  it('waits for the answer of an event by its _id, success or failure', async () => {
    const frame = hosted()
    say({ message: 'ready' })
    const saved = frame.fire('beforeSave')
    const _id = messages().at(-1)?._id
    say({ event: 'beforeSave', _id: 'other', result: 'success', frameID: frameId() })
    expect(ignored).toEqual(['nothing waits for this _id'])
    say({ event: 'beforeSave', _id, result: 'failure', errors: ['Map a tenant first'], frameID: frameId() })
    expect(await saved).toMatchObject({ result: 'failure', errors: ['Map a tenant first'] })
  })

  it('does not wait for a pod that never said "ready"', async () => {
    expect(await hosted().fire('beforeSave')).toEqual({ result: 'success' })
    expect(sent).toEqual([])
  })

  it('hears nothing after it was closed', () => {
    const frame = hosted()
    frame.close()
    say({ message: 'ready' })
    expect(sent).toEqual([])
  })
})
