'use client'
import type { ReactNode } from 'react'
import { SWRConfig } from 'swr'
import type { Pod } from '#app/hooks/use-pod.ts'

const ownCache = { provider: () => new Map() }

/** What a pod shows to one member: when another one looks, all of it is asked for anew, and nothing that was read or entered stays. */
export function OneViewer({ pod, children }: { pod: Pick<Pod, 'viewer'>; children: ReactNode }) {
  return (
    <SWRConfig key={pod.viewer} value={ownCache}>
      {children}
    </SWRConfig>
  )
}
