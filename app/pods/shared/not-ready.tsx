'use client'
import { lazy } from 'react'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Skeleton } from './pod-message.tsx'

// Most screens have content in their first response, and load without it.
const Unready = lazy(async () => ({ default: (await import('./unready.tsx')).Unready }))

/** Until there is content: its shape, or what keeps it from being shown. */
export function NotReady({ pod }: { pod: Pod }) {
  const { phase } = pod.state
  const isStuck = phase === 'silent' || phase === 'alone' || phase === 'refused'
  return isStuck ? <Unready pod={pod} /> : <Skeleton />
}
