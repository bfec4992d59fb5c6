import Link from 'next/link'
import { redirect } from 'next/navigation'
import type { Inbox } from '#app/api/schemas/inbox.ts'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { MonthCharts } from '#app/ui/month/charts.tsx'
import { MonthStanding } from '#app/ui/month/standing.tsx'
import { monthTitle } from '#app/ui/month/standing-text.ts'
import { LoadingInvoices } from '#app/ui/run/loading-invoices.tsx'
import { RunTable } from '#app/ui/run/run-table.tsx'
import { RunsUnderWay } from '#app/ui/run/runs-under-way.tsx'
import { dashboard } from '#app/views/dashboard.ts'
import { firstRun } from '#app/views/first-run.ts'
import { shownInbox } from '#app/views/inbox.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import { programs } from '#lib/programs/registry.ts'
import styles from './admin.module.css'
import { FirstRun } from './first-run.tsx'
import { ResultCards } from './result-card.tsx'
import { TodoList } from './todo-list.tsx'

type Dashboard = Awaited<ReturnType<typeof dashboard>>
type ProgramShown = Dashboard['programs'][number]

const NAMES = { prism: 'PRISM', connectwise: 'ConnectWise' } as const
/** What is wrong first, then how it stands, then what was done last. */
export default async function DashboardPage() {
  const principal = await pagePrincipal()
  if (principal === null) redirect('/sign-in')
  const [shown, steps] = await Promise.all([
    dashboard(principal.organisationId),
    firstRun(principal, programs[0]),
  ])
  const inboxes = await Promise.all(
    shown.programs.map(({ slug }) => shownInbox(principal, { program: slug, page: 1 })),
  )
  return (
    <>
      <h1>Dashboard</h1>
      <Connections connections={shown.connections} areSteps={steps !== null} />
      {steps === null ? null : <FirstRun steps={steps} />}
      {shown.programs
        .filter((program) => steps === null || hasSomething(program))
        .map((program) => {
          const inbox = inboxes[shown.programs.indexOf(program)]
          return inbox === undefined ? null : (
            <ProgramSection key={program.slug} program={program} inbox={inbox} />
          )
        })}
    </>
  )
}

/** Before that its cards would all be empty. */
const hasSomething = ({ customers, runs, latestInvoice }: ProgramShown): boolean =>
  runs.length > 0 || latestInvoice !== null || Object.values(customers).some((count) => count > 0)

interface ConnectionsProps extends Pick<Dashboard, 'connections'> {
  /** The first steps say what is not connected yet. */
  readonly areSteps: boolean
}

function Connections({ connections, areSteps }: ConnectionsProps) {
  const wrong = connections.filter(({ state }) => state === 'failing' || (state === 'never' && !areSteps))
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

/** How many causes the dashboard shows; the page of what is to be done has them all. */
const FIRST_GROUPS = 9

function ProgramSection({ program, inbox }: { program: ProgramShown; inbox: Inbox }) {
  const { slug, name, isEnabled, lastCheckError, loading, results, runs, month } = program
  return (
    <section className={styles['program']} aria-label={name}>
      <h2 className={styles['programHead']}>
        <Link href={`/programs/${slug}`}>{name}</Link>
        {isEnabled ? null : <Mark tone="warn">Sync is off</Mark>}
      </h2>
      {lastCheckError === null ? null : <Note tone="bad">{lastCheckError}</Note>}
      <LoadingInvoices program={slug} loading={loading} />
      {month === null ? null : (
        <section className={styles['month']} aria-label="The newest month">
          <MonthStanding {...month} />
          <Link href={`/programs/${slug}/months/${month.period}`}>See {monthTitle(month.period)}</Link>
        </section>
      )}
      <section className={styles['todo']} aria-label="To do">
        <div className={styles['todoHead']}>
          <h3>To do</h3>
          <Link href="/todo">
            {inbox.waiting === 0
              ? 'Nothing waits'
              : `All that waits (${inbox.waiting.toLocaleString('en-GB')})`}
          </Link>
        </div>
        <TodoList level={4} program={slug} initial={inbox} shown={FIRST_GROUPS} />
      </section>
      <Standing program={program} />
      <RunsUnderWay program={slug} runs={runs} />
      <ResultCards program={slug} {...results} month={month} />
      {month === null ? null : <MonthCharts program={slug} months={month.months} currency={month.currency} />}
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
          {latestInvoice === null ? 'None yet' : invoiceOfUsage(latestInvoice.period)}
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
