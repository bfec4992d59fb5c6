import { useEffect, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { callApi, Refused } from './api.ts'

const ASKED_EVERY_MS = 3_000

/** What keeps the whole of Prism Pod from working now, asked for until it is gone; `null` where nothing does. */
export function useOutage(): { readonly problem: Problem | null; readonly isAsked: boolean } {
  const [state, setState] = useState<{ problem: Problem | null; isAsked: boolean }>({
    problem: null,
    isAsked: false,
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    const ask = async (): Promise<void> => {
      const problem = await health()
      if (isGone) return
      setState({ problem, isAsked: true })
      if (problem !== null) timer = setTimeout(() => void ask(), ASKED_EVERY_MS)
    }
    void ask()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [])
  return state
}

async function health(): Promise<Problem | null> {
  try {
    await callApi('GET /api/health', { query: { of: 'database' } })
    return null
  } catch (error) {
    if (error instanceof Refused) return error.problem
    throw error
  }
}
