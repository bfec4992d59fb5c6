import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectHost, type FrameMessage, type FrameWindow, HostSilent, isFramed } from './client.ts'
import { MESSAGE_LIMIT, readHostMessage } from './messages.ts'

const ORIGIN = 'https://na.myconnectwise.net'
const MEMBER = {
  site: 'https://na.myconnectwise.net/',
  companyid: 'example',
  memberid: 'jdoe',
  memberHash: '11111111-2222-3333-4444-555555555555',
  memberContext: 'web',
  memberEmail: 'jdoe@msp.example',
}

/** A frame whose parent records what it is sent; `say` plays the parent. */
function stage() {
  const sent: { message: Record<string, unknown>; target: string }[] = []
  const listeners = new Set<(event: FrameMessage) => void>()
  const parent = {
    postMessage: (text: string, target: string) => void sent.push({ message: JSON.parse(text), target }),
  }
  const window: FrameWindow = {
    parent,
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
  }
  const say = (message: unknown, from: Partial<FrameMessage> = {}) => {
    const data = typeof message === 'string' ? message : JSON.stringify(message)
    for (const listener of listeners) listener({ data, origin: ORIGIN, source: parent, ...from })
  }
  return { window, sent, say, listeners }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the handshake with the ConnectWise screen', () => {
  it('says ready, waits for the frame id, asks for the member and reads the lower-cased answer [H3]', async () => {
    const { window, sent, say } = stage()
    const host = connectHost({ window, origins: [ORIGIN] })
    const claim = host.memberClaim()
    expect(sent).toEqual([{ message: { message: 'ready' }, target: ORIGIN }])
    say({ MessageFrameID: 'f-123' })
    expect(sent[1]).toEqual({
      message: { hosted_request: 'getMemberAuthentication', frameID: 'f-123' },
      target: ORIGIN,
    })
    say({ response: 'getmemberauthentication', data: MEMBER })
    await expect(claim).resolves.toEqual({
      site: MEMBER.site,
      companyId: 'example',
      memberId: 'jdoe',
      memberHash: MEMBER.memberHash,
      memberContext: 'web',
      memberEmail: MEMBER.memberEmail,
    })
  })

  it('takes the payload under args as well as under data [H3]', async () => {
    const { window, say } = stage()
    const claim = connectHost({ window, origins: [ORIGIN] }).memberClaim()
    say({ MessageFrameID: 'f-1' })
    say({ response: 'getmemberauthentication', args: MEMBER })
    await expect(claim).resolves.toMatchObject({ memberId: 'jdoe' })
  })

  it('sends ready to anybody only while several parents are possible, and everything later to the one that answered [H3]', () => {
    const { window, sent, say } = stage()
    const host = connectHost({ window, origins: [ORIGIN, 'https://eu.myconnectwise.net'] })
    host.memberClaim().catch(() => undefined)
    expect(sent[0]?.target).toBe('*')
    say({ MessageFrameID: 'f-1' })
    expect(sent[1]?.target).toBe(ORIGIN)
  })

  it('uses the newest frame id when ConnectWise repeats it [H3]', () => {
    const { window, sent, say } = stage()
    const host = connectHost({ window, origins: [ORIGIN] })
    say({ MessageFrameID: 'f-1' })
    say({ MessageFrameID: 'f-2' })
    host.openCompany(19)
    expect(sent.at(-1)?.message).toEqual({
      hosted_request: 'openScreen',
      args: { newTab: true, screen: 'company', id: 19 },
      frameID: 'f-2',
    })
  })

  it('gives up after ten silent seconds, and a retry starts over [H3]', async () => {
    const { window, sent, say } = stage()
    const host = connectHost({ window, origins: [ORIGIN] })
    const first = expect(host.memberClaim()).rejects.toBeInstanceOf(HostSilent)
    await vi.advanceTimersByTimeAsync(10_000)
    await first
    const second = host.memberClaim()
    expect(sent.filter(({ message }) => message['message'] === 'ready')).toHaveLength(2)
    say({ MessageFrameID: 'f-1' })
    expect(sent.filter(({ message }) => 'hosted_request' in message)).toHaveLength(1)
    say({ response: 'getmemberauthentication', data: MEMBER })
    await expect(second).resolves.toMatchObject({ memberId: 'jdoe' })
  })

  it('waits on when the answer lacks the hash that proves the member [H4]', async () => {
    const { window, say } = stage()
    const claim = expect(connectHost({ window, origins: [ORIGIN] }).memberClaim()).rejects.toBeInstanceOf(
      HostSilent,
    )
    say({ MessageFrameID: 'f-1' })
    say({ response: 'getmemberauthentication', data: { ...MEMBER, memberHash: undefined } })
    await vi.advanceTimersByTimeAsync(10_000)
    await claim
  })

  it('is an ordinary page where no screen is around it [H6]', () => {
    const { window } = stage()
    expect(isFramed(window)).toBe(true)
    const alone = { ...window } as { parent: unknown } & FrameWindow
    Object.assign(alone, { parent: alone })
    expect(isFramed(alone)).toBe(false)
  })
})

describe('messages from elsewhere', () => {
  const strangers: [string, Partial<FrameMessage>][] = [
    ['a look-alike origin', { origin: 'https://na.myconnectwise.net.evil.example' }],
    ['the same host over plain http', { origin: 'http://na.myconnectwise.net' }],
    ['another window of the right origin', { source: {} }],
    ['no origin at all', { origin: 'null' }],
  ]
  it.each(strangers)('are ignored from %s [H3]', async (_, from) => {
    const { window, sent, say } = stage()
    const claim = expect(connectHost({ window, origins: [ORIGIN] }).memberClaim()).rejects.toBeInstanceOf(
      HostSilent,
    )
    say({ MessageFrameID: 'f-1' }, from)
    say({ response: 'getmemberauthentication', data: MEMBER }, from)
    say({ event: 'beforeSave', _id: '8' }, from)
    expect(sent.map(({ message }) => message)).toEqual([{ message: 'ready' }])
    await vi.advanceTimersByTimeAsync(10_000)
    await claim
  })

  it('are ignored when they are objects, broken, too long, or something else [H3]', () => {
    expect(readHostMessage({ MessageFrameID: 'f-1' })).toBeNull()
    expect(readHostMessage('{"MessageFrameID":')).toBeNull()
    expect(readHostMessage('[1]')).toBeNull()
    expect(readHostMessage('{"hello":"world"}')).toBeNull()
    expect(readHostMessage(JSON.stringify({ MessageFrameID: 'f'.repeat(MESSAGE_LIMIT) }))).toBeNull()
    expect(readHostMessage('{"MessageFrameID":"f-1"}')).toEqual({ kind: 'frame', frameId: 'f-1' })
  })
})

describe('events of the screen', () => {
  it('are all answered, also those we do not handle, so that saving is never blocked [H3]', () => {
    const { window, sent, say } = stage()
    connectHost({ window, origins: [ORIGIN] })
    say({ MessageFrameID: 'f-1' })
    for (const [id, event] of ['onLoad', 'beforeSave', 'beforeBack', 'somethingNew'].entries()) {
      say({ event, _id: String(id), data: null })
      expect(sent.at(-1)?.message).toEqual({ event, _id: String(id), result: 'success', frameID: 'f-1' })
    }
  })

  it('are answered as soon as the frame id is there when they came before it [H3]', () => {
    const { window, sent, say } = stage()
    connectHost({ window, origins: [ORIGIN] })
    say({ event: 'beforeSave', _id: '8' })
    expect(sent).toEqual([])
    say({ MessageFrameID: 'f-1' })
    expect(sent.at(-1)?.message).toMatchObject({ event: 'beforeSave', _id: '8', result: 'success' })
  })

  it.each(['data', 'args'])('hand on the loaded record from %s [H3]', (key) => {
    const { window, say } = stage()
    const records: unknown[] = []
    const host = connectHost({ window, origins: [ORIGIN] })
    const stop = host.onLoad((record) => records.push(record))
    const event = {
      event: 'onLoad',
      _id: '7',
      [key]: { screenObject: { screen: 'Agreement', id: 456, hostedAs: 'pod' } },
    }
    say(event)
    say({ ...event, [key]: { screenObject: { screen: 'Agreement', id: 'x' } } })
    stop()
    say(event)
    expect(records).toEqual([{ screen: 'agreement', id: 456 }])
  })
})

describe('requests to the screen', () => {
  it('are refreshScreen and setDirty in ConnectWise’s own words [H3]', () => {
    const { window, sent, say, listeners } = stage()
    const host = connectHost({ window, origins: [ORIGIN] })
    say({ MessageFrameID: 'f-1' })
    host.refreshScreen()
    host.setDirty(true)
    expect(sent.map(({ message }) => message)).toEqual([
      { hosted_request: 'refreshScreen', args: {}, frameID: 'f-1' },
      { hosted_request: 'setDirty', args: { dirty: true }, frameID: 'f-1' },
    ])
    host.close()
    expect(listeners.size).toBe(0)
  })
})
