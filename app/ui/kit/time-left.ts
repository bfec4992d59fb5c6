'use client'
import { useEffect, useState } from 'react'

/** About how long it still takes, as fast as so far (G5), each second anew; `null` in the first moments, and where the server draws the page. */
export function useTimeLeft(
  startedAt: string | null,
  { done, total }: { readonly done: number; readonly total: number },
): string | null {
  const now = useNow(startedAt !== null)
  return startedAt === null || now === null ? null : timeLeft(Date.parse(startedAt), now, done, total)
}

/** The browser's clock; it stands still where nothing is under way, as a pod is open all day. */
function useNow(isRunning: boolean): number | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}

/** @param startedAt and `now` in milliseconds since 1970 */
export function timeLeft(startedAt: number, now: number, done: number, total: number): string | null {
  if (done === 0 || done >= total || now - startedAt < 3_000) return null
  const seconds = Math.round((((now - startedAt) / done) * (total - done)) / 1_000)
  return seconds < 90 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} min`
}
