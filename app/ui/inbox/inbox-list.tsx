'use client'
import Link from 'next/link'
import { type ReactNode, useEffect, useState } from 'react'
import { useSWRConfig } from 'swr'
import type { Inbox } from '#app/api/schemas/inbox.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { Acting } from './acting.ts'
import styles from './inbox.module.css'
import { InboxGroup } from './inbox-group.tsx'

interface InboxListProps extends Pick<Acting, 'call' | 'rowOf' | 'placeOf'> {
  /** What the server read for the first paint. */
  readonly initial: Inbox | null
  readonly query: {
    readonly program: string
    readonly agreementId?: number
    readonly kind?: string
    readonly page?: number
  }
  /** How many groups are shown; left out: all of the page. */
  readonly shown?: number
  /** Something was answered; with the sync that it started. */
  readonly onAnswered?: (runId: string | null) => void
  readonly runPath: ((runId: string) => string) | null
  /** Of the causes' headings, one below what stands above them. */
  readonly level: 2 | 4
  /** Instead of the sentence that nothing waits. */
  readonly ifEmpty?: ReactNode
}

const REFRESH_MS = 20_000

/** Whether what was read under a key is of the inbox, or of what is muted in it. */
export const isOfInbox = (key: unknown): boolean =>
  typeof key === 'string' && (key.startsWith('/api/inbox?') || key.endsWith('/mutes'))

/** What waits for a person, with its answers in place; read again by itself, and after each answer. */
export function InboxList({
  initial,
  query: { program, agreementId, kind, page },
  shown,
  onAnswered,
  runPath,
  level,
  ifEmpty,
  call,
  rowOf,
  placeOf,
}: InboxListProps) {
  const { mutate: readAgain } = useSWRConfig()
  const [said, setSaid] = useState<{ readonly text: string; readonly runId: string | null } | null>(null)
  const { data, error, mutate } = useApi(
    'GET /api/inbox',
    {
      query: {
        program,
        ...(agreementId === undefined ? {} : { agreementId: String(agreementId) }),
        ...(kind === undefined ? {} : { kind: kind as 'late' }),
        ...(page === undefined ? {} : { page: String(page) }),
      },
    },
    {
      call,
      keepPreviousData: true,
      refreshInterval: REFRESH_MS,
      ...(initial === null ? {} : { fallbackData: initial, revalidateOnMount: false }),
    },
  )
  // What the server has read since is newer than what is kept.
  useEffect(() => {
    if (initial === null) void mutate()
    else void mutate(initial, { revalidate: false })
  }, [initial, mutate])
  const acting: Acting = {
    call,
    currency: data?.currency ?? '',
    rowOf,
    placeOf,
    onAnswered(text, runId) {
      setSaid({ text, runId })
      void mutate()
      // Lists of one cause that are open, and what is muted.
      void readAgain(isOfInbox)
      onAnswered?.(runId)
    },
  }
  const groups = data?.groups.slice(0, shown) ?? []
  return (
    <div className={styles['inbox']}>
      <p role="status" className={styles['said']}>
        {said === null ? null : (
          <>
            {said.text}{' '}
            {said.runId === null || runPath === null ? null : (
              <Link href={runPath(said.runId)}>Follow the sync</Link>
            )}
          </>
        )}
      </p>
      <ProblemNote problem={error?.problem ?? null} />
      {groups.map((group) => (
        <InboxGroup key={group.cause} group={group} acting={acting} agreementId={agreementId} level={level} />
      ))}
      {data !== undefined && groups.length === 0
        ? (ifEmpty ?? (
            <p className={styles['empty']}>
              <b>Nothing waits for you.</b> {data.next}
            </p>
          ))
        : null}
    </div>
  )
}
