'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { ShownRun } from '#app/api/schemas/runs.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { RunProgress } from './run-progress.tsx'
import { KINDS } from './run-words.ts'
import styles from './runs-under-way.module.css'

/** How soon a sync is seen that somebody else begins, and how often one under way says how far it is. */
const LOOK_MS = 5_000
const STEP_MS = 1_000
/** Syncs that the page lists. */
const LISTED = 10

interface RunsUnderWayProps {
  readonly program: string
  /** The newest syncs, as the page has them. */
  readonly runs: readonly ShownRun[]
}

/** What is being synced now, how far it is, and when that ends the page as it is then (G5). Its place is kept while nothing is. */
export function RunsUnderWay({ program, runs }: RunsUnderWayProps) {
  const router = useRouter()
  const { data } = useApi('GET /api/runs', { query: { program } }, { refreshInterval: LOOK_MS })
  const newest = data?.runs ?? runs
  const under = newest.filter(({ state }) => state !== 'finished')
  const [now, before] = [newest, runs].map(standingOf)
  const isKnown = data !== undefined
  useEffect(() => {
    if (isKnown && now !== before) router.refresh()
  }, [isKnown, now, before, router])
  const [first] = under
  return (
    <div className={styles['place']}>
      {first === undefined ? (
        <p className={styles['none']}>No sync is under way.</p>
      ) : (
        <OneUnderWay key={first.id} run={first} others={under.length - 1} />
      )}
    </div>
  )
}

/** Those that a page lists, and how each is. */
const standingOf = (runs: readonly ShownRun[]): string =>
  runs
    .slice(0, LISTED)
    .map(({ id, state }) => `${id}/${state}`)
    .join(' ')

function OneUnderWay({ run: { id, kind, startedAt }, others }: { run: ShownRun; others: number }) {
  const { data } = useApi(
    'GET /api/runs/{id}',
    { path: { id }, query: { detail: 'progress' } },
    { refreshInterval: (latest) => (latest?.state === 'finished' ? 0 : STEP_MS) },
  )
  const unknown = { startedAt, doing: null, stopRequestedBy: null, progress: { done: 0, total: 0 } }
  return (
    <div className={styles['one']}>
      <Link href={`/runs/${id}`} prefetch={false}>
        {KINDS[kind]} are being synced
        {others === 0 ? '' : `, and ${others} more ${others === 1 ? 'sync' : 'syncs'}`}
      </Link>
      <RunProgress run={data ?? unknown} />
    </div>
  )
}
