'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ScreenRecord } from '#lib/host-api/messages.ts'
import type { PodApi, PodRecord } from './pod-api.ts'
import { createPodConnection, type PodSnapshot } from './pod-connection.ts'

export interface Pod extends PodSnapshot {
  readonly api: PodApi
  readonly signIn: () => void
}

interface UsePodOptions {
  readonly organisation: string
  readonly origins: readonly string[]
  readonly signedIn: boolean
  readonly screen: PodRecord['type']
  readonly recordId: number | null
  readonly onLoad: (record: ScreenRecord) => void
}

/** The page's one conversation with the screen around it. What it was opened with comes from the address and stays. */
export function usePod({ onLoad, ...options }: UsePodOptions): Pod {
  const [connection] = useState(() => createPodConnection(options))
  const loaded = useRef(onLoad)
  useEffect(() => {
    loaded.current = onLoad
  }, [onLoad])
  useEffect(() => connection.open(window, (record) => loaded.current(record)), [connection])
  const snapshot = useSyncExternalStore(connection.subscribe, connection.snapshot, connection.snapshot)
  return { ...snapshot, api: connection.api, signIn: connection.signIn }
}
