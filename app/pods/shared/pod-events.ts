'use client'
import { useEffect, useRef } from 'react'
import type { Pod } from '#app/hooks/use-pod.ts'

/** Calls back each time that the screen loads its record again: what has only just come to be shown was read with that. */
export function useWhenLoadedAgain({ loads }: Pod, onLoaded: () => void): void {
  const known = useRef(loads)
  useEffect(() => {
    if (known.current === loads) return
    known.current = loads
    onLoaded()
  }, [loads, onLoaded])
}

/** Calls back when what was seen under way has ended. */
export function useWhenEnded(isRunning: boolean, onEnded: () => void): void {
  const wasRunning = useRef(isRunning)
  const callback = useRef(onEnded)
  useEffect(() => {
    callback.current = onEnded
  })
  useEffect(() => {
    if (wasRunning.current && !isRunning) callback.current()
    wasRunning.current = isRunning
  }, [isRunning])
}

/** The session has ended and could not be renewed: the screen is asked once more who is looking. */
export function useRenewedSession(status: number | undefined, { signIn, state }: Pod): void {
  useEffect(() => {
    if (status === 401 && state.phase === 'ready') signIn()
  }, [status, signIn, state])
}
