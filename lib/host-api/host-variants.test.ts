/** Our client against ConnectWise's side of the host API, in each way that a screen may speak. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createHostedFrame } from '#standin/host-screen/public/hosted-frame.js'
import { variants } from '#standin/host-screen/public/variants.js'
import { connectHost, type FrameMessage, HostSilent } from './client.ts'

const [screenOrigin, podOrigin] = ['https://na.myconnectwise.net', 'https://pod.example']
const claim = { companyid: 'example', memberid: 'jdoe', memberHash: 'hash', memberContext: 'web' }

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', new EventTarget())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** The screen in its window and the pod in its own; what one posts arrives at the other. */
function opened(variant: string) {
  const screen = window
  let hear = (_: FrameMessage): void => undefined
  const parent = {
    postMessage: (data: unknown) =>
      screen.dispatchEvent(
        Object.assign(new Event('message'), { data, origin: podOrigin, source: contentWindow }),
      ),
  }
  const contentWindow = {
    postMessage: (data: unknown) => hear({ data, origin: screenOrigin, source: parent }),
  }
  const frame = createHostedFrame({
    iframe: { contentWindow },
    title: 'Billing',
    origin: podOrigin,
    screenObject: { screen: 'agreement', id: 30, hostedAs: 'pod' },
    requests: { getmemberauthentication: () => claim },
    onReady: () => undefined,
    log: () => undefined,
    variant,
  })
  const pod = connectHost({
    window: {
      parent,
      addEventListener: (_, listener) => {
        hear = listener
      },
      removeEventListener: () => undefined,
    },
    origins: [screenOrigin],
  })
  return { frame, pod }
}

const understood = {
  standard: true,
  args: true,
  twice: true,
  slow: true,
  silent: false,
  'other-record': true,
  garbage: true,
  nonsense: false,
  object: false,
}

it('knows every variant', () => {
  expect(Object.keys(understood).toSorted()).toEqual(Object.keys(variants).toSorted())
})

it.each(Object.entries(understood))('%s: gets the member: %s [H3]', async (variant, answered) => {
  const { pod } = opened(variant)
  const settled = pod.memberClaim().then(
    (member) => member,
    (error: unknown) => error,
  )
  await vi.advanceTimersByTimeAsync(15_000)
  if (answered) expect(await settled).toMatchObject({ memberHash: 'hash' })
  else expect(await settled).toBeInstanceOf(HostSilent)
})

it.each(['standard', 'args', 'twice', 'slow', 'silent', 'garbage', 'nonsense'])(
  '%s: learns the record and answers the screen’s events [H3]',
  async (variant) => {
    const { pod, frame } = opened(variant)
    const records: unknown[] = []
    pod.onLoad((record) => records.push(record))
    pod.announce()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(records.filter((record) => (record as { screen: string }).screen === 'agreement')).toEqual([
      { screen: 'agreement', id: 30 },
    ])
    expect(await frame.fire('beforeSave')).toMatchObject({ result: 'success' })
  },
)
