'use client'
import { useCallback, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { Refused } from './api.ts'
import type { Action } from './use-action.ts'

/** `useAction` in a pod, whose page is not the site's and whose session is renewed by itself. */
export function usePodAction(): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      return false
    } finally {
      setBusy(false)
    }
  }, [])
  const clear = useCallback(() => setProblem(null), [])
  return { busy, problem, run, clear }
}
