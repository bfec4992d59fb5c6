import { connectHost, type FrameWindow, type HostClient, HostSilent, isFramed } from '#lib/host-api/client.ts'
import type { ScreenRecord } from '#lib/host-api/messages.ts'
import { Refused } from './api.ts'
import { createPodApi, type PodApi } from './pod-api.ts'

export type PodState =
  | { readonly phase: 'asking' | 'ready' | 'silent' | 'alone' }
  | { readonly phase: 'refused'; readonly refusal: Refused }

export interface PodSnapshot {
  readonly state: PodState
  /** `null` where no ConnectWise screen is around the page. */
  readonly host: HostClient | null
}

export interface PodConnection {
  readonly api: PodApi
  snapshot(): PodSnapshot
  subscribe(listener: () => void): () => void
  /** Starts the conversation with the screen; gives the function that ends it. */
  open(window: FrameWindow, onLoad: (record: ScreenRecord) => void): () => void
  /** Proves the member again: after silence, or when the session has run out. */
  signIn(): void
}

interface PodOptions {
  readonly organisation: string
  /** Exact origins that ConnectWise may have, from our server. */
  readonly origins: readonly string[]
  /** Whether the server has seen a session already: then the first paint holds the content. */
  readonly signedIn: boolean
}

/** The conversation with the ConnectWise screen, and the session that comes of it. */
export function createPodConnection({ organisation, origins, signedIn }: PodOptions): PodConnection {
  const api = createPodApi(organisation)
  const listeners = new Set<() => void>()
  let current: PodSnapshot = { state: { phase: signedIn ? 'ready' : 'asking' }, host: null }

  const change = (next: Partial<PodSnapshot>): void => {
    current = { ...current, ...next }
    for (const listener of listeners) listener()
  }

  const prove = async (host: HostClient): Promise<void> => {
    try {
      await api.signIn(await host.memberClaim())
      if (current.host === host) change({ state: { phase: 'ready' } })
    } catch (error) {
      if (current.host !== host) return
      if (error instanceof HostSilent) change({ state: { phase: 'silent' } })
      else if (error instanceof Refused) change({ state: { phase: 'refused', refusal: error } })
      else throw error
    }
  }

  return {
    api,
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open(window, onLoad) {
      if (!isFramed(window)) {
        if (current.state.phase !== 'ready') change({ state: { phase: 'alone' } })
        return () => undefined
      }
      const host = connectHost({ window, origins })
      host.onLoad(onLoad)
      change({ host })
      if (current.state.phase === 'ready') host.announce()
      else void prove(host)
      return () => {
        host.close()
        change({ host: null })
      }
    },
    signIn() {
      const { host } = current
      change({ state: { phase: host === null ? 'alone' : 'asking' } })
      if (host !== null) void prove(host)
    },
  }
}
