'use client'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { Refused } from './api.ts'
import { type Attempt, useAttempt } from './use-attempt.ts'

/** An attempt on the standalone site: afterwards the page is shown as it is then. `refreshes`: whether the page changes by it. */
export function useAction({ refreshes = true } = {}): Attempt {
  const router = useRouter()
  const { run: attempt, ...rest } = useAttempt()
  const run = useCallback(
    (work: () => Promise<unknown>) =>
      attempt(async () => {
        try {
          await work()
        } catch (error) {
          if (error instanceof Refused && error.problem.code === 'sign-in-needed')
            window.location.assign('/sign-in')
          throw error
        }
        if (refreshes) router.refresh()
      }),
    [attempt, router, refreshes],
  )
  return { ...rest, run }
}
