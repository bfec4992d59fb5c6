'use client'
import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { Refused } from './api.ts'

export interface Action {
  readonly busy: boolean
  readonly problem: Problem | null
  /** Runs it, and shows the page as it is afterwards; true where it was done. */
  run(work: () => Promise<unknown>): Promise<boolean>
  clear(): void
}

/** One thing that a person does at a time, with what came of it. `refreshes`: whether the page changes by it. */
export function useAction({ refreshes = true } = {}): Action {
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true)
      setProblem(null)
      try {
        await work()
        if (refreshes) router.refresh()
        return true
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        if (error.problem.code === 'sign-in-needed') window.location.assign('/sign-in')
        setProblem(error.problem)
        return false
      } finally {
        setBusy(false)
      }
    },
    [router, refreshes],
  )
  const clear = useCallback(() => setProblem(null), [])
  return { busy, problem, run, clear }
}
