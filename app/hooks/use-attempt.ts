'use client'
import { useCallback, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { Refused } from './api.ts'

/** What a person does, one thing at a time, with what came of it. */
export interface Attempt {
  readonly busy: boolean
  readonly problem: Problem | null
  /** True where it was done. */
  run(work: () => Promise<unknown>): Promise<boolean>
  clear(): void
}

/** Nothing else comes of it: a pod is no page of the site, and its session is renewed by itself. */
export function useAttempt(): Attempt {
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
