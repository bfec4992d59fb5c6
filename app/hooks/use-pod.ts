'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { PodApi } from './pod-api.ts'
import { createPodConnection, type PodOptions, type PodSnapshot } from './pod-connection.ts'

export interface Pod extends PodSnapshot {
  readonly api: PodApi
  readonly signIn: () => void
}

/** The page's one conversation with the screen around it. What it was opened with comes from the address and stays. */
export function usePod(options: PodOptions): Pod {
  const [connection] = useState(() => createPodConnection(options))
  useEffect(() => connection.open(window), [connection])
  const snapshot = useSyncExternalStore(connection.subscribe, connection.snapshot, connection.snapshot)
  return { ...snapshot, api: connection.api, signIn: connection.signIn }
}
