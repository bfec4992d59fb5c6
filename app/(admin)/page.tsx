import Link from 'next/link'
import { redirect } from 'next/navigation'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { sentenceOf } from '#app/ui/kit/sentence.ts'
import table from '#app/ui/kit/table.module.css'
import { GuardNote } from '#app/ui/plan/guard-note.tsx'
import { LoadingInvoices } from '#app/ui/run/loading-invoices.tsx'
import { RunTable } from '#app/ui/run/run-table.tsx'
import { dashboard } from '#app/views/dashboard.ts'
import { monthName } from '#lib/billing/format.ts'
import styles from './admin.module.css'
import { ResultCards } from './result-card.tsx'

type Dashboard = Awaited<ReturnType<typeof dashboard>>
type ProgramShown = Dashboard['programs'][number]

const NAMES = { prism: 'PRISM', connectwise: 'ConnectWise' } as const
const WAITING: Readonly<Record<string, string>> = {
  held: 'waits for you',
  refused: 'cannot be read',
  unread: 'was not given by PRISM',
}

/** What is wrong first, then how it stands, then what was done last. */
export default async function DashboardPage() {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  const shown = await dashboard(principal.organisationId)
  return (
    <>
      <h1>Dashboard</h1>
      <Connections connections={shown.connections} />
      {shown.programs.map((program) => (
        <ProgramSection key={program.slug} program={program} currency={shown.currency} />
      ))}
    </>
  )
}

function Connections({ connections }: Pick<Dashboard, 'connections'>) {
  const wrong = connections.filter(({ state }) => state !== 'connected')
  if (wrong.length === 0) return null
  return (
    <div className={styles['wrong']}>
      {wrong.map(({ kind, state, error, failingSince }) => (
        <Note key={kind} tone={state === 'failing' ? 'bad' : 'warn'}>
          <b>
            {NAMES[kind]} {state === 'failing' ? 'is failing' : 'is not connected'}
            {failingSince === null ? null : (
              <>
                {' '}
                since <LocalTime at={failingSince} />
              </>
            )}
            .
          </b>{' '}
          {error} <Link href="/connections">See {NAMES[kind]}’s connection</Link>
        </Note>
      ))}
    </div>
  )
}

function ProgramSection({ program, currency }: { program: ProgramShown; currency: string }) {
  const { slug, name, isEnabled, lastCheckError, loading, waiting, guards, results, runs } = program
  return (
    <section className={styles['program']} aria-label={name}>
      <h2 className={styles['programHead']}>
        <Link href={`/programs/${slug}`}>{name}</Link>
        {isEnabled ? null : <Mark tone="warn">Sync is off</Mark>}
      </h2>
      {lastCheckError === null ? null : <Note tone="bad">{lastCheckError}</Note>}
      <LoadingInvoices program={slug} loading={loading} />
      {waiting.map(({ id, period, reason, state, totalPrice }) => (
        <Note key={id} tone={state === 'held' ? 'warn' : 'bad'}>
          <b>
            Invoice {id} for {monthName(period)}
            {totalPrice === null ? '' : `, ${moneyText(totalPrice, currency)},`} {WAITING[state] ?? state}.
          </b>{' '}
          {reason === null ? '' : `${sentenceOf(reason)} `}
          <Link href={`/programs/${slug}#invoices`}>Decide</Link>
        </Note>
      ))}
      {guards.map(({ invoiceId, period, ...guard }) => (
        <GuardNote key={invoiceId} invoiceId={invoiceId} period={period} guard={guard} currency={currency} />
      ))}
      <Standing program={program} />
      <ResultCards program={slug} {...results} />
      {runs.length === 0 ? null : (
        <section className={table['panel']} aria-label={`Latest syncs of ${name}`}>
          <h3 className={styles['listHead']}>Latest syncs</h3>
          <RunTable runs={runs} />
        </section>
      )}
    </section>
  )
}

/** Customers by state, and the invoice that the last syncs took. */
function Standing({ program: { slug, customers, latestInvoice, lastCheckedAt } }: { program: ProgramShown }) {
  const of = (state: string) => `/programs/${slug}/customers?state=${state}`
  return (
    <div className={styles['cards']}>
      <div className={styles['card']}>
        <h3>Need attention</h3>
        <b className={[styles['figure'], customers.attention > 0 ? styles['bad'] : ''].join(' ')}>
          <Link href={of('attention')}>{customers.attention.toLocaleString('en-GB')}</Link>
        </b>
        <span className={styles['below']}>of the customers that sync</span>
      </div>
      <div className={styles['card']}>
        <h3>Customers that sync</h3>
        <b className={styles['figure']}>
          {(customers.syncing + customers.attention).toLocaleString('en-GB')}
        </b>
        <span className={styles['below']}>{customers.mapped} more are mapped, with Sync off</span>
      </div>
      <div className={styles['card']}>
        <h3>Not mapped</h3>
        <b className={styles['figure']}>
          <Link href={of('unmapped')}>{customers.unmapped.toLocaleString('en-GB')}</Link>
        </b>
        <span className={styles['below']}>customers of PRISM</span>
      </div>
      <div className={styles['card']}>
        <h3>Latest invoice</h3>
        <b className={styles['figure']}>
          {latestInvoice === null ? 'None yet' : monthName(latestInvoice.period)}
        </b>
        <span className={styles['below']}>
          {lastCheckedAt === null ? (
            'PRISM was not looked at yet'
          ) : (
            <>
              last checked <LocalTime at={lastCheckedAt} />
            </>
          )}
        </span>
      </div>
    </div>
  )
}
