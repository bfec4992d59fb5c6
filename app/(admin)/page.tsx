import { redirect } from 'next/navigation'
import { dashboard } from '#app/server/dashboard.ts'
import { pagePrincipal } from '#app/server/page-principal.ts'
import { LocalTime } from '#app/ui/local-time.tsx'
import { Note } from '#app/ui/note.tsx'
import { RunTable } from '#app/ui/run-table.tsx'
import table from '#app/ui/table.module.css'
import { monthName } from '#lib/billing/format.ts'
import { programs } from '#lib/programs/registry.ts'
import styles from './admin.module.css'

type Dashboard = Awaited<ReturnType<typeof dashboard>>

const NAMES = { prism: 'PRISM', connectwise: 'ConnectWise' } as const
const STATES = { connected: 'Connected', failing: 'Failing', never: 'Not connected' } as const

function Cards({ shown }: { shown: Dashboard }) {
  return (
    <div className={styles['cards']}>
      {shown.connections.map(({ kind, state, error, lastCheckedAt }) => (
        <section key={kind} className={styles['card']}>
          <h2>{NAMES[kind]}</h2>
          <b className={styles['figure']}>{STATES[state]}</b>
          <span className={styles['below']}>
            {error ?? (lastCheckedAt === null ? 'No credentials yet' : <LocalTime at={lastCheckedAt} />)}
          </span>
        </section>
      ))}
      <section className={styles['card']}>
        <h2>Customers that sync</h2>
        <b className={styles['figure']}>{shown.customers.syncing + shown.customers.attention}</b>
        <span className={styles['below']}>
          {shown.customers.attention} need attention, {shown.customers.unmapped} are not mapped
        </span>
      </section>
      <section className={styles['card']}>
        <h2>Latest invoice</h2>
        <b className={styles['figure']}>
          {shown.latestInvoice === null ? 'None yet' : monthName(shown.latestInvoice.period)}
        </b>
        <span className={styles['below']}>
          {shown.lastCheckedAt === null ? (
            'PRISM was not looked at yet'
          ) : (
            <>
              last checked <LocalTime at={shown.lastCheckedAt} />
            </>
          )}
        </span>
      </section>
    </div>
  )
}

function Runs({ runs }: { runs: Dashboard['runs'] }) {
  if (runs.length === 0) return null
  return (
    <section className={table['panel']} aria-label="Latest syncs">
      <h2 className={styles['listHead']}>Latest syncs</h2>
      <RunTable runs={runs} />
    </section>
  )
}

export default async function DashboardPage() {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  const [program] = programs
  const shown = await dashboard(principal.organisationId, program.slug)
  return (
    <>
      <h1>{program.name}</h1>
      <Cards shown={shown} />
      {shown.lastCheckError === null ? null : <Note tone="bad">{shown.lastCheckError}</Note>}
      {shown.waiting.map(({ id, period, reason, state }) => (
        <Note key={id} tone={state === 'refused' ? 'bad' : 'warn'} detail={reason}>
          Invoice {id} for {monthName(period)} is {state}.
        </Note>
      ))}
      <Runs runs={shown.runs} />
    </>
  )
}
