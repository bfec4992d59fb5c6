'use client'
import { useCallback, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { Refused } from './api.ts'
import type { Action } from './use-action.ts'
import type { Pod } from './use-pod.ts'

/** `useAction` in a pod: where the session has run out, the screen is asked who is looking, and the person presses once more. */
export function usePodAction({ signIn }: Pick<Pod, 'signIn'>): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true)
      setProblem(null)
      try {
        await work()
        return true
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        if (error.problem.status === 401) signIn()
        setProblem(error.problem)
        return false
      } finally {
        setBusy(false)
      }
    },
    [signIn],
  )
  const clear = useCallback(() => setProblem(null), [])
  return { busy, problem, run, clear }
}
