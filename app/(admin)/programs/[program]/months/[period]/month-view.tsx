'use client'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import type { Month, MonthQuery } from '#app/api/schemas/months.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Filters, Pages, Search } from '#app/ui/kit/filters.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { MonthStanding } from '#app/ui/month/standing.tsx'
import { monthTitle } from '#app/ui/month/standing-text.ts'
import { termName } from '#app/ui/month/term-names.ts'
import { BillTable } from './bill-table.tsx'
import { Closing } from './closing.tsx'
import { EquationTable } from './equation.tsx'
import styles from './month.module.css'
import { STATES } from './words.ts'

interface MonthViewProps {
  readonly program: string
  /** What the server read for the first paint. */
  readonly initial: Month
  readonly query: MonthQuery
  readonly mayClose: boolean
}

const REFRESH_MS = 20_000

/** What ConnectWise's own invoices say of the month as a whole. */
const secondText = ({ compared, all, differ }: Month['second']): string => {
  if (compared === 0)
    return 'None of ConnectWise’s own invoices of the month was compared so far; that blocks nothing.'
  const agreements = all === 1 ? 'its agreement' : `${compared} of its ${all} agreements`
  const differs = differ === 0 ? 'as planned' : `${differ} of them otherwise than planned`
  return `ConnectWise’s own invoices were compared of ${agreements}: ${differs}. That blocks nothing, and is kept when the month is closed.`
}

/** A month, read again by itself and after each thing that is done. */
export function MonthView({ program, initial, query, mayClose }: MonthViewProps) {
  const { period } = initial
  const { search, term, state, page } = query
  const [said, setSaid] = useState('')
  const { data, error, mutate } = useApi(
    'GET /api/programs/{program}/months/{period}',
    { path: { program, period }, query: { search, term, state, page: String(page) } },
    { keepPreviousData: true, refreshInterval: REFRESH_MS, fallbackData: initial, revalidateOnMount: false },
  )
  // What the server has read since is newer than what is kept.
  useEffect(() => {
    void mutate(initial, { revalidate: false })
  }, [initial, mutate])
  const month = data ?? initial
  const base = `/programs/${program}/months`
  const address = (more: Record<string, string>) =>
    `${base}/${period}?${new URLSearchParams({ search, term, state, ...more })}`
  const done = (text: string) => {
    setSaid(text)
    void mutate()
  }
  const money = month.equation.invoiced.price
  const { counts } = month.standing
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <h2>{monthTitle(period)}</h2>
        <nav className={styles['beside']} aria-label="Months">
          <Link href={`${base}/${period}/reconciliation`}>Compare with another month</Link>
          {month.earlier === null ? null : (
            <Link
              href={`${base}/${month.earlier}`}
              aria-label={`Earlier month: ${monthTitle(month.earlier)}`}
            >
              Earlier month
            </Link>
          )}
          {month.later === null ? null : (
            <Link href={`${base}/${month.later}`} aria-label={`Later month: ${monthTitle(month.later)}`}>
              Later month
            </Link>
          )}
        </nav>
      </div>
      <MonthStanding period={period} standing={month.standing} invoiced={money} currency={month.currency} />
      <p role="status" className={styles['said']}>
        {said}
      </p>
      <ProblemNote problem={error?.problem ?? null} />
      {month.isIndexing ? (
        <Note tone="warn">Months that were synced by an earlier version are still being read in.</Note>
      ) : null}
      {month.unreadable === 0 ? null : (
        <Note tone="warn" remedy="See the invoice’s lines under Invoices.">
          {month.unreadable === 1 ? '1 line has' : `${month.unreadable} lines have`} no amount that can be
          read, and {month.unreadable === 1 ? 'is' : 'are'} in no figure here.
        </Note>
      )}
      <p className={styles['said']}>{secondText(month.second)}</p>
      <Closing program={program} month={month} mayClose={mayClose} address={address} onDone={done} />
      <EquationTable month={month} current={term} address={(value) => address({ term: value, page: '1' })} />
      <section className={styles['bills']} aria-label="Customers of the month">
        <Filters
          label="States"
          current={state}
          address={(value) => address({ state: value, page: '1' })}
          filters={[
            { value: '', text: 'All', count: month.standing.customers },
            { value: 'to-accept', text: 'To accept', count: month.toAccept },
            ...(['failed', 'waits', 'open', 'differs', 'agrees'] as const).map((each) => ({
              value: each,
              text: STATES[each].text,
              count: counts[each],
            })),
            { value: 'accepted', text: 'Accepted', count: month.accepted },
          ]}
        />
        <Search label="Customer or domain" value={search}>
          <span className={styles['tools']}>
            {term === '' ? null : (
              <Link href={address({ term: '', page: '1' })}>Only “{termName(term)}”: show all</Link>
            )}
            <Downloads path={`/api${base}/${period}/csv?${new URLSearchParams({ search, term, state })}`} />
          </span>
        </Search>
        <BillTable
          key={`${search} ${term} ${state} ${page}`}
          program={program}
          month={month}
          filter={{ search, term, state }}
          mayAccept={mayClose && month.closing === null}
          onDone={done}
        />
        <Pages
          page={month.page}
          pageSize={month.pageSize}
          total={month.total}
          address={(value) => address({ page: String(value) })}
        />
      </section>
    </div>
  )
}
