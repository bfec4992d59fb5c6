import Link from 'next/link'
import { notFound } from 'next/navigation'
import { requirePage } from '#app/http/page-guard.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { MonthStanding } from '#app/ui/month/standing.tsx'
import { monthTitle } from '#app/ui/month/standing-text.ts'
import { GuardNote } from '#app/ui/plan/guard-note.tsx'
import { LoadingInvoices } from '#app/ui/run/loading-invoices.tsx'
import { shownInvoices } from '#app/views/invoices.ts'
import { monthSummary } from '#app/views/month-summary.ts'
import { shownNotifications } from '#app/views/notifications.ts'
import { annualOf, shownProgram } from '#app/views/program.ts'
import { programResults } from '#app/views/program-results.ts'
import { loadsUnderWay } from '#db/prism/invoice-loads.ts'
import { programSettings } from '#db/prism/programs.ts'
import { setAsideOf } from '#db/prism/set-aside.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { ResultCards } from '../../result-card.tsx'
import { InvoiceList } from './invoice-list.tsx'
import { isToBeSeen } from './invoice-states.ts'
import { Notifications } from './notifications.tsx'
import { OptionsForm } from './options-form.tsx'
import styles from './program.module.css'
import { SetAside } from './set-aside.tsx'

export const metadata = { title: 'Program · Prism Pod' }

/** A program: what came of its last syncs, the invoices that wait, what PRISM lists oddly, and its options (C2-C4, A4, F1, G1). */
export default async function ProgramPage({ params }: { params: Promise<{ program: string }> }) {
  const { organisationId, role } = await requirePage('program.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const mayReadInvoices = mayDo(role, 'invoices.read')
  const [stored, results, invoices, loading, setAside, currency, notifications, annual, month] =
    await Promise.all([
      programSettings(server().db, organisationId, program.slug),
      programResults(organisationId, program.slug),
      mayReadInvoices ? shownInvoices(organisationId, program.slug) : [],
      mayReadInvoices ? loadsUnderWay(server().db, organisationId, program.slug) : [],
      setAsideOf(server().db, organisationId, program.slug),
      currencyOf(organisationId),
      shownNotifications(organisationId, program.slug),
      annualOf(organisationId, program),
      monthSummary(organisationId, program.slug),
    ])
  const list = (
    <InvoiceList
      program={program.slug}
      invoices={invoices}
      currency={currency}
      mayDecide={mayDo(role, 'invoices.decide')}
    />
  )
  const isWaiting = invoices.some(isToBeSeen)
  const shown = shownProgram(program, stored, setAside, annual)
  return (
    <div className={styles['page']}>
      {shown.lastCheckError === null ? null : (
        <Note tone="bad" remedy="See Connections. PRISM is looked at again by itself.">
          PRISM could not be read: {shown.lastCheckError}
        </Note>
      )}
      <LoadingInvoices program={program.slug} loading={loading} />
      {invoices.map(({ id, period, guard }) =>
        guard === null || period === null ? null : (
          <GuardNote key={id} invoiceId={id} period={period} guard={guard} currency={currency} />
        ),
      )}
      {isWaiting ? list : null}
      {month === null ? null : (
        <section className={styles['month']} aria-label="The newest month">
          <MonthStanding {...month} />
          <Link href={`/programs/${program.slug}/months/${month.period}`}>
            See {monthTitle(month.period)}
          </Link>
        </section>
      )}
      <ResultCards program={program.slug} {...results} month={month} />
      {shown.lastCheckedAt === null ? null : (
        <p className={styles['checked']}>
          PRISM was last looked at for new invoices <LocalTime at={shown.lastCheckedAt} />
        </p>
      )}
      {isWaiting ? null : list}
      <SetAside records={shown.setAside} />
      <OptionsForm
        program={shown}
        options={program.options}
        isNew={stored === null}
        currency={currency}
        mayWrite={mayDo(role, 'program.write')}
      />
      <Notifications
        program={program.slug}
        notifications={notifications}
        mayWrite={mayDo(role, 'program.write')}
      />
    </div>
  )
}
