import { connectHost, type FrameWindow, type HostClient, HostSilent, isFramed } from '#lib/host-api/client.ts'
import type { ScreenRecord } from '#lib/host-api/messages.ts'
import { Refused } from './api.ts'
import { createPodApi, type PodApi, type PodRecord } from './pod-api.ts'

export type PodState =
  | { readonly phase: 'asking' | 'ready' | 'silent' | 'alone' }
  | { readonly phase: 'refused'; readonly refusal: Refused }

export interface PodSnapshot {
  readonly state: PodState
  /** `null` where no ConnectWise screen is around the page. */
  readonly host: HostClient | null
  /**
   * Goes up when another member looks than before, or than whose content the server put into the page: nothing that was shown to
   * that one may stay.
   */
  readonly viewer: number
  /** The record that the screen shows; `null`: none is known yet. */
  readonly recordId: number | null
  /** How often the screen has loaded its record: each time somebody may have edited it. */
  readonly loads: number
}

export interface PodConnection {
  readonly api: PodApi
  snapshot(): PodSnapshot
  subscribe(listener: () => void): () => void
  /** Starts the conversation with the screen; gives the function that ends it. */
  open(window: FrameWindow): () => void
  /** Proves the member again: after silence, or when the session has run out. */
  signIn(): void
}

export interface PodOptions {
  readonly organisation: string
  /** Exact origins that ConnectWise may have, from our server. */
  readonly origins: readonly string[]
  /** Whether the server has seen a session already: then the first paint holds the content. */
  readonly signedIn: boolean
  /** The kind of record that the page is for, and by its address which one; `null` where ConnectWise left that out. */
  readonly screen: PodRecord['type']
  readonly recordId: number | null
}

/** A session is renewed when this part of it has passed, and tried again so often where that fails. */
const RENEWED_AFTER = 5 / 6
const TRIED_AGAIN_MS = 60_000

/** The conversation with the ConnectWise screen, and the session that comes of it. */
export function createPodConnection(options: PodOptions): PodConnection {
  const { organisation, origins, signedIn, screen, recordId } = options
  const listeners = new Set<() => void>()
  let current: PodSnapshot = {
    state: { phase: signedIn ? 'ready' : 'asking' },
    host: null,
    viewer: 0,
    recordId,
    loads: 0,
  }
  let shown: PodRecord | null = recordId === null ? null : { type: screen, id: recordId }
  let member: string | null = null
  let proving: { readonly host: HostClient; readonly proof: Promise<boolean> } | null = null
  let renewal: ReturnType<typeof setTimeout> | undefined

  const api = createPodApi({
    organisation,
    settled: async () => proving?.proof,
    renew: async () => (current.host === null ? false : renewed(current.host)),
  })

  const change = (next: Partial<PodSnapshot>): void => {
    current = { ...current, ...next }
    for (const listener of listeners) listener()
  }

  const renewIn = (ms: number): void => {
    clearTimeout(renewal)
    renewal = setTimeout(() => {
      if (current.host !== null) void renewed(current.host)
    }, ms)
  }

  /** One proof at a time; whoever needs one meanwhile waits for it. */
  const renewed = (host: HostClient): Promise<boolean> => {
    if (proving?.host === host) return proving.proof
    const proof = prove(host).finally(() => {
      if (proving?.proof === proof) proving = null
    })
    proving = { host, proof }
    return proof
  }

  const prove = async (host: HostClient): Promise<boolean> => {
    const of = shown
    try {
      const { seconds, wasOther, ...proved } = await api.signIn(await host.memberClaim(), of)
      if (current.host !== host) return false
      const isOther = member === null ? signedIn && wasOther : member !== proved.member.id
      member = proved.member.id
      change({ state: { phase: 'ready' }, viewer: current.viewer + (isOther ? 1 : 0) })
      renewIn(seconds * 1000 * RENEWED_AFTER)
      // The screen went on to another record meanwhile.
      return of === shown || prove(host)
    } catch (error) {
      if (!(error instanceof Refused || error instanceof HostSilent)) throw error
      if (current.host === host) failed(error)
      return false
    }
  }

  /** What is shown stays where nobody said no: an outage, or a screen that does not answer, ends no session. */
  const failed = (error: Refused | HostSilent): void => {
    const isNo = error instanceof Refused && [401, 403].includes(error.problem.status)
    if (current.state.phase === 'ready' && !isNo) renewIn(TRIED_AGAIN_MS)
    else if (error instanceof HostSilent) change({ state: { phase: 'silent' } })
    else change({ state: { phase: 'refused', refusal: error } })
  }

  const follow = (host: HostClient, loaded: ScreenRecord): void => {
    if (!loaded.screen.startsWith(screen)) return
    if (shown?.id !== loaded.id) {
      shown = { type: screen, id: loaded.id }
      if (proving === null) void renewed(host)
    }
    change({ recordId: loaded.id, loads: current.loads + 1 })
  }

  return {
    api,
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open(window) {
      if (!isFramed(window)) {
        if (current.state.phase !== 'ready') change({ state: { phase: 'alone' } })
        return () => undefined
      }
      const host = connectHost({ window, origins })
      host.onLoad((loaded) => follow(host, loaded))
      change({ host })
      void renewed(host)
      return () => {
        clearTimeout(renewal)
        host.close()
        change({ host: null })
      }
    },
    signIn() {
      const { host } = current
      change({ state: { phase: host === null ? 'alone' : 'asking' } })
      if (host !== null) void renewed(host)
    },
  }
}
