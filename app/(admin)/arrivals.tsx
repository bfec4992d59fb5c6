'use client'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import type { Reply } from '#app/contracts/table.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import styles from './arrivals.module.css'
import { arrivedIn, arrivedText, isKeptFresh, refreshKeyOf } from './arrivals-text.ts'

const PAUSE_MS = 10_000

/** Reads the page again when a sync has begun or ended, and says so in one line that moves nothing. */
export function Arrivals({ program }: { program: string }) {
  const router = useRouter()
  const path = usePathname()
  const { data } = useApi('GET /api/runs', { query: { program } }, { refreshInterval: PAUSE_MS })
  const seen = useRef<Reply<'GET /api/runs'>['runs'] | null>(null)
  const [arrived, setArrived] = useState<Reply<'GET /api/runs'>['runs'][number] | null>(null)
  const runs = data?.runs
  useEffect(() => {
    if (runs === undefined) return
    const before = seen.current
    seen.current = runs
    if (before === null || refreshKeyOf(before) === refreshKeyOf(runs)) return
    setArrived((last) => arrivedIn(before, runs) ?? last)
    if (isKeptFresh(path)) router.refresh()
  }, [runs, path, router])
  return (
    <div role="status" className={styles['arrivals']}>
      {arrived === null ? null : (
        <p>
          <Link href={`/runs/${arrived.id}`} prefetch={false} onClick={() => setArrived(null)}>
            {arrivedText(arrived)}
          </Link>{' '}
          <LocalTime at={arrived.finishedAt ?? arrived.createdAt} />
          <button type="button" aria-label="Close this message" onClick={() => setArrived(null)}>
            ×
          </button>
        </p>
      )}
    </div>
  )
}
