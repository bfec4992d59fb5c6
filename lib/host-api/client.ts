import {
  type MemberClaim,
  readHostMessage,
  readMemberClaim,
  readScreenRecord,
  type ScreenRecord,
} from './messages.ts'

/** The part of `Window` that the client needs; a test hands in its own. */
export interface FrameWindow {
  readonly parent: unknown
  addEventListener(type: 'message', listener: (event: FrameMessage) => void): void
  removeEventListener(type: 'message', listener: (event: FrameMessage) => void): void
}

/** The part of `MessageEvent` that the client needs. */
export interface FrameMessage {
  readonly data: unknown
  readonly origin: string
  readonly source: unknown
}

interface Poster {
  postMessage(message: string, targetOrigin: string): void
}

/** ConnectWise did not answer in time, or its answer lacks what the proof of the member needs. */
export class HostSilent extends Error {
  override readonly name = 'HostSilent'
}

export interface HostClient {
  /** Says `ready`, for a page that needs no proof of the member and still wants the screen's events. */
  announce(): void
  /**
   * Asks ConnectWise who is looking. Says `ready` first (again, on a retry).
   * Rejects with `HostSilent` when no usable answer came in time.
   */
  memberClaim(): Promise<MemberClaim>
  /** Calls back with each record that the screen loads. Returns the function that stops it. */
  onLoad(listener: (record: ScreenRecord) => void): () => void
  openCompany(id: number): void
  /** Asks the screen to load again; ConnectWise asks the person first when the screen has unsaved edits. */
  refreshScreen(): void
  setDirty(dirty: boolean): void
  close(): void
}

export interface HostOptions {
  readonly window: FrameWindow
  /** Exact origins that may be our parent, served by our server: never built from an address or a message. */
  readonly origins: readonly string[]
  readonly silenceMs?: number
}

const SILENCE_MS = 10_000

/** Whether there is a screen around the page at all; without one it is an ordinary web page. */
export const isFramed = (window: FrameWindow): boolean => window.parent !== window

/** Starts the conversation with the ConnectWise screen around this frame. */
export function connectHost({ window, origins, silenceMs = SILENCE_MS }: HostOptions): HostClient {
  const parent = window.parent as Poster
  const loadListeners = new Set<(record: ScreenRecord) => void>()
  const claimListeners = new Set<(claim: MemberClaim) => void>()
  let frameId: string | null = null
  // The parent's origin is known with the first message that passed the checks; nothing but `ready` is sent before.
  let parentOrigin: string | null = null
  let waiting: Record<string, unknown>[] = []

  const post = (message: Record<string, unknown>): void => {
    if (frameId === null || parentOrigin === null) {
      waiting.push(message)
      return
    }
    parent.postMessage(JSON.stringify({ ...message, frameID: frameId }), parentOrigin)
  }

  // `ready` holds nothing secret; with one possible parent it still goes to that one only.
  const sayReady = (): void => {
    const [only, ...others] = origins
    const target = only !== undefined && others.length === 0 ? only : '*'
    parent.postMessage(JSON.stringify({ message: 'ready' }), target)
  }

  const receive = (event: FrameMessage): void => {
    if (event.source !== parent || !origins.includes(event.origin)) return
    const message = readHostMessage(event.data)
    if (message === null) return
    parentOrigin ??= event.origin
    if (event.origin !== parentOrigin) return
    if (message.kind === 'frame') {
      frameId = message.frameId
      const held = waiting
      waiting = []
      held.forEach(post)
      return
    }
    if (message.kind === 'event') {
      // An event left unanswered blocks the screen (docs/facts/host-api.md, "Messages"): all are answered,
      // known or not.
      post({ event: message.name, _id: message.id, result: 'success' })
      const record = message.name.toLowerCase() === 'onload' ? readScreenRecord(message.payload) : null
      if (record !== null) for (const listener of loadListeners) listener(record)
      return
    }
    const claim = message.name === 'getmemberauthentication' ? readMemberClaim(message.payload) : null
    if (claim !== null) for (const listener of claimListeners) listener(claim)
  }

  window.addEventListener('message', receive)

  // The key must be `hosted_request`: ConnectWise silently ignores `request` (docs/facts/host-api.md,
  // "Messages").
  const request = (name: string, args?: Record<string, unknown>): void =>
    post(args === undefined ? { hosted_request: name } : { hosted_request: name, args })

  return {
    announce: sayReady,
    memberClaim: () =>
      new Promise((resolve, reject) => {
        const settle = (claim: MemberClaim | null): void => {
          clearTimeout(timer)
          claimListeners.delete(settle)
          if (claim !== null) resolve(claim)
          else reject(new HostSilent('ConnectWise did not answer.'))
        }
        const timer = setTimeout(() => {
          waiting = []
          settle(null)
        }, silenceMs)
        claimListeners.add(settle)
        sayReady()
        request('getMemberAuthentication')
      }),
    onLoad(listener) {
      loadListeners.add(listener)
      return () => loadListeners.delete(listener)
    },
    openCompany: (id) => request('openScreen', { newTab: true, screen: 'company', id }),
    refreshScreen: () => request('refreshScreen', {}),
    setDirty: (dirty) => request('setDirty', { dirty }),
    close() {
      window.removeEventListener('message', receive)
      loadListeners.clear()
      claimListeners.clear()
    },
  }
}
