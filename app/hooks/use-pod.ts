'use client'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { connectHost, type FrameWindow, type HostClient, HostSilent, isFramed } from '#lib/host-api/client.ts'
import type { ScreenRecord } from '#lib/host-api/messages.ts'
import { createPodApi, type PodApi, Refused } from './pod-api.ts'

export type PodState =
  | { readonly phase: 'asking' }
  | { readonly phase: 'ready' }
  | { readonly phase: 'silent' }
  | { readonly phase: 'alone' }
  | { readonly phase: 'refused'; readonly refusal: Refused }

export interface Pod {
  readonly state: PodState
  readonly api: PodApi
  /** `null` where no ConnectWise screen is around the page. */
  readonly host: HostClient | null
  /** Proves the member again: after silence, or when the session has run out. */
  readonly signIn: () => void
}

interface PodOptions {
  readonly organisation: string
  /** Exact origins that ConnectWise may have, from our server. */
  readonly origins: readonly string[]
  /** Whether the server has seen a session already: then the first paint holds the content. */
  readonly signedIn: boolean
  readonly onLoad: (record: ScreenRecord) => void
}

const never = () => () => undefined

/** The conversation with the ConnectWise screen, and the session that comes of it. */
export function usePod({ organisation, origins, signedIn, onLoad }: PodOptions): Pod {
  const api = useMemo(() => createPodApi(organisation), [organisation])
  const [host, setHost] = useState<HostClient | null>(null)
  // Whether a screen is around the page is the browser's to say; until it does, one is expected.
  const framed = useSyncExternalStore(
    never,
    () => isFramed(window as unknown as FrameWindow),
    () => true,
  )
  const [state, setState] = useState<PodState>(signedIn ? { phase: 'ready' } : { phase: 'asking' })
  const loaded = useRef(onLoad)
  useEffect(() => {
    loaded.current = onLoad
  }, [onLoad])

  const prove = useCallback(
    async (client: HostClient) => {
      try {
        await api.signIn(await client.memberClaim())
        setState({ phase: 'ready' })
      } catch (error) {
        if (error instanceof HostSilent) setState({ phase: 'silent' })
        else if (error instanceof Refused) setState({ phase: 'refused', refusal: error })
        else throw error
      }
    },
    [api],
  )

  // The origins are a new array with each render of the server component; only their text tells whether they changed.
  const originsText = origins.join(' ')
  useEffect(() => {
    const frame = window as unknown as FrameWindow
    if (!isFramed(frame)) return
    const client = connectHost({ window: frame, origins: originsText.split(' ') })
    client.onLoad((record) => loaded.current(record))
    setHost(client)
    if (signedIn) client.announce()
    else void prove(client)
    return () => client.close()
  }, [originsText, signedIn, prove])

  const signIn = useCallback(() => {
    if (host === null) return
    setState({ phase: 'asking' })
    void prove(host)
  }, [host, prove])

  const isAlone = !framed && (!signedIn || state.phase !== 'ready')
  return { state: isAlone ? { phase: 'alone' } : state, api, host, signIn }
}
