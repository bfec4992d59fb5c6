import Link from 'next/link'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import type { Results } from '#app/views/program-results.ts'
import styles from './result-card.module.css'

interface ResultCardsProps {
  readonly program: string
  readonly customers: Results
  readonly products: Results
}

/** The customers card and the products card of a program. */
export function ResultCards({ program, customers, products }: ResultCardsProps) {
  const history = `/history?program=${program}`
  return (
    <div className={styles['cards']}>
      <ResultCard title="Customers" results={customers} history={`${history}&kind=customers`} />
      <ResultCard title="Products" results={products} history={`${history}&kind=products`} />
    </div>
  )
}

const TONES: Readonly<Record<string, string>> = { Error: 'bad', Failed: 'bad', Warning: 'warn' }

interface ResultCardProps {
  readonly title: string
  readonly results: Results
  readonly history: string
}

/** When it last went well, how its customers are now, and what came of the last one whatever its status (G1). */
function ResultCard({ title, results: { successAt, now, last }, history }: ResultCardProps) {
  return (
    <section className={styles['card']} aria-label={title}>
      <div className={styles['cardHead']}>
        <h2>{title}</h2>
        {last?.status ? <StatusChip status={last.status} /> : null}
      </div>
      <p className={styles['success']}>
        Last successful sync
        <b>{successAt === null ? 'None yet' : <LocalTime at={successAt} />}</b>
      </p>
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
