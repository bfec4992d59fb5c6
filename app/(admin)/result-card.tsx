import Link from 'next/link'
import type { ReactNode } from 'react'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import type { MonthSummary } from '#app/views/month-summary.ts'
import type { Results } from '#app/views/program-results.ts'
import { monthName } from '#lib/billing/format.ts'
import styles from './result-card.module.css'

interface ResultCardsProps {
  readonly program: string
  /** How the newest month stands; `null`: there is none. */
  readonly month: MonthSummary | null
  readonly customers: Results
  readonly products: Results
}

/** The customers card and the products card of a program. */
export function ResultCards({ program, customers, products, month }: ResultCardsProps) {
  const history = `/history?program=${program}`
  return (
    <div className={styles['cards']}>
      <ResultCard title="Customers" results={customers} history={`${history}&kind=customers`}>
        {month === null || month.checkedAt === null ? null : <Right program={program} month={month} />}
      </ResultCard>
      <ResultCard title="Products" results={products} history={`${history}&kind=products`}>
        <RightProducts results={products} />
      </ResultCard>
    </div>
  )
}

const TONES: Readonly<Record<string, string>> = { Error: 'bad', Failed: 'bad', Warning: 'warn' }

interface ResultCardProps {
  readonly title: string
  readonly results: Results
  readonly history: string
  readonly children?: ReactNode
}

/** When it last went well, how its customers are now, and what came of the last one whatever its status (G1). */
function ResultCard({ title, results: { successAt, now, last }, history, children }: ResultCardProps) {
  return (
    <section className={styles['card']} aria-label={title}>
      <div className={styles['cardHead']}>
        <h2>{title}</h2>
        {last?.status ? <StatusChip status={last.status} /> : null}
      </div>
      <p className={styles['success']}>
        Last successful sync
        <b>
          {successAt === null ? (
            last === null ? (
              'None yet'
            ) : (
              'None without a problem yet'
            )
          ) : (
            <LocalTime at={successAt} />
          )}
        </b>
      </p>
      {children}
      {now === null ? null : <Counted label="Customers by their status now" counts={now} />}
      {now !== null || last === null ? null : <Counted label="Last sync" counts={last.counts} />}
      <div className={styles['below']}>
        {last === null ? null : (
          <span>
            Last sync{' '}
            <Link href={`/runs/${last.id}`}>
              <LocalTime at={last.finishedAt ?? last.createdAt} />
            </Link>
            {now === null ? null : `: ${countsText(last.counts)}`}
          </span>
        )}
        <Link href={history}>History</Link>
      </div>
    </section>
  )
}

/** How many products the last sync of all of them left right, and when. */
function RightProducts({ results: { last } }: { results: Results }) {
  if (last === null || last.finishedAt === null) return null
  const all = last.counts.reduce((sum, [, count]) => sum + count, 0)
  const failed = last.counts.find(([name]) => name === 'Failed')?.[1] ?? 0
  return (
    <p>
      {(all - failed).toLocaleString('en-GB')} of {all.toLocaleString('en-GB')} are right, as of{' '}
      <LocalTime at={last.finishedAt} />
    </p>
  )
}

/** How many customers are right in the newest month, and when that was looked at. */
function Right({
  program,
  month: { period, standing, checkedAt },
}: {
  program: string
  month: MonthSummary
}) {
  return (
    <p>
      <Link href={`/programs/${program}/months/${period}?state=agrees`}>
        {standing.counts.agrees.toLocaleString('en-GB')} of {standing.customers.toLocaleString('en-GB')} are
        right
      </Link>{' '}
      in {monthName(period)}
      {checkedAt === null ? null : (
        <>
          , as of <LocalTime at={checkedAt} />
        </>
      )}
    </p>
  )
}

function Counted({ label, counts }: { label: string; counts: NonNullable<Results['now']> }) {
  return (
    <dl className={styles['counts']} aria-label={label}>
      {counts.map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={count > 0 ? styles[TONES[name] ?? ''] : undefined}>
            {count.toLocaleString('en-GB')}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Of what there is any: `2 Error, 5 Success`. */
const countsText = (counts: NonNullable<Results['now']>): string =>
  counts
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count.toLocaleString('en-GB')} ${name}`)
    .join(', ') || 'nothing to do'
