import Link from 'next/link'
import { redirect } from 'next/navigation'
import { dashboard } from '#app/server/dashboard.ts'
import { pagePrincipal } from '#app/server/page-principal.ts'
import { LocalTime } from '#app/ui/local-time.tsx'
import { Mark } from '#app/ui/mark.tsx'
import { Note } from '#app/ui/note.tsx'
import { RunTable } from '#app/ui/run-table.tsx'
import table from '#app/ui/table.module.css'
import { monthName } from '#lib/billing/format.ts'
import styles from './admin.module.css'
import { ResultCards } from './result-card.tsx'

type Dashboard = Awaited<ReturnType<typeof dashboard>>
type ProgramShown = Dashboard['programs'][number]

const NAMES = { prism: 'PRISM', connectwise: 'ConnectWise' } as const
const WAITING: Readonly<Record<string, string>> = {
  held: 'held',
  refused: 'refused',
  unread: 'not given by PRISM',
}
const STATES = { connected: 'Connected', failing: 'Failing', never: 'Not connected' } as const

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
        <ProgramSection key={program.slug} program={program} />
      ))}
    </>
  )
}

function Connections({ connections }: Pick<Dashboard, 'connections'>) {
  const wrong = connections.filter(({ state }) => state !== 'connected')
  if (wrong.length === 0) return null
  return (
    <div className={styles['cards']}>
      {wrong.map(({ kind, state, error }) => (
        <section key={kind} className={styles['card']}>
          <h2>{NAMES[kind]}</h2>
          <b className={styles['figure']}>{STATES[state]}</b>
          <span className={styles['below']}>
            {error ?? 'No credentials yet'} <Link href="/connections">Connections</Link>
          </span>
        </section>
      ))}
    </div>
  )
}

function ProgramSection({ program }: { program: ProgramShown }) {
  const { slug, name, isEnabled, lastCheckError, waiting, results, runs } = program
  return (
    <section className={styles['program']} aria-label={name}>
      <h2 className={styles['programHead']}>
        <Link href={`/programs/${slug}`}>{name}</Link>
        {isEnabled ? null : <Mark tone="warn">Sync is off</Mark>}
      </h2>
      {lastCheckError === null ? null : <Note tone="bad">{lastCheckError}</Note>}
      {waiting.map(({ id, period, reason, state }) => (
        <Note
          key={id}
          tone={state === 'held' ? 'warn' : 'bad'}
          detail={reason}
          remedy="Open the program: there it can be picked, excluded or read again."
        >
          Invoice {id} for {monthName(period)} is {WAITING[state] ?? state}.
        </Note>
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
        <b className={styles['figure']}>
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
