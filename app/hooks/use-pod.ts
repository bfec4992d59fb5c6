'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ScreenRecord } from '#lib/host-api/messages.ts'
import type { PodApi } from './pod-api.ts'
import { createPodConnection, type PodSnapshot } from './pod-connection.ts'

export interface Pod extends PodSnapshot {
  readonly api: PodApi
  readonly signIn: () => void
}

interface UsePodOptions {
  readonly organisation: string
  readonly origins: readonly string[]
  readonly signedIn: boolean
  readonly onLoad: (record: ScreenRecord) => void
}

/** The page's one conversation with the screen around it. What it was opened with comes from the address and stays. */
export function usePod({ organisation, origins, signedIn, onLoad }: UsePodOptions): Pod {
  const [connection] = useState(() => createPodConnection({ organisation, origins, signedIn }))
  const loaded = useRef(onLoad)
  useEffect(() => {
    loaded.current = onLoad
  }, [onLoad])
  useEffect(() => connection.open(window, (record) => loaded.current(record)), [connection])
  const { state, host } = useSyncExternalStore(connection.subscribe, connection.snapshot, connection.snapshot)
  return { state, host, api: connection.api, signIn: connection.signIn }
}
