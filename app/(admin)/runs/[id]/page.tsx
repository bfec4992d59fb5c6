import Link from 'next/link'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { runAddressSchema } from '#app/api/schemas/page-addresses.ts'
import type { RunContent } from '#app/api/schemas/runs.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { Downloads } from '#app/ui/kit/downloads.tsx'
import { Filters } from '#app/ui/kit/filters.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { GuardNote } from '#app/ui/plan/guard-note.tsx'
import { LoadingInvoices } from '#app/ui/run/loading-invoices.tsx'
import { durationText, TRIGGERS } from '#app/ui/run/run-words.ts'
import { UnclaimedNote } from '#app/ui/run/unclaimed-note.tsx'
import { retriesOf } from '#app/views/run-retries.ts'
import { runAgreement, runContent } from '#app/views/runs.ts'
import { loadsUnderWay } from '#db/prism/invoice-loads.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { invoicesOfUsage } from '#lib/billing/invoice-month.ts'
import { statuses } from '#lib/billing/status.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { BeginAnswering } from '../../begin-answering.tsx'
import { AgreementResults } from './agreement-results.tsx'
import { AgreementsSoFar } from './agreements-so-far.tsx'
import { Causes } from './causes.tsx'
import { LiveRun } from './live-run.tsx'
import { ProductResults } from './product-results.tsx'
import styles from './run.module.css'
import { RunOutcome } from './run-outcome.tsx'

export const metadata = { title: 'Sync · Prism Pod' }

interface PageProps {
  readonly params: Promise<{ id: string }>
  readonly searchParams: SearchParams
}

/** What one sync did, item by item (G3); while it goes on, how far it is (G5). */
export default async function RunPage({ params, searchParams }: PageProps) {
  const { organisationId, role, via } = await requirePage('runs.read')
  const id = z.uuid().safeParse((await params).id)
  if (!id.success) notFound()
  const progress = await runContent(organisationId, id.data, 'progress')
  if (progress === null) notFound()
  const run = (await runContent(organisationId, id.data, detailOf(progress))) ?? progress
  const program = programBySlug(run.program)
  const currency = await currencyOf(organisationId)
  const isLoading = run.state !== 'finished' && mayDo(role, 'invoices.read')
  const loading = isLoading ? await loadsUnderWay(server().db, organisationId, run.program) : []
  const { agreement, show } = (await searchOf(runAddressSchema, searchParams)).query
  const isResult = run.kind === 'customers' && run.state === 'finished'
  const [wanted, retries] = await Promise.all([
    isResult && agreement !== null ? runAgreement(organisationId, run.id, agreement) : null,
    isResult ? retriesOf(organisationId, run) : {},
  ])
  return (
    <>
      <p className={styles['crumb']}>
        <Link href={`/programs/${run.program}`}>{program?.name ?? run.program}</Link> /{' '}
        <Link href={`/history?program=${run.program}&kind=${run.kind}`}>History</Link>
      </p>
      <div className={styles['head']}>
        <h1>{titleOf(run)}</h1>
        {run.status === null ? null : <StatusChip status={run.status} />}
      </div>
      <p className={styles['facts']}>
        <LocalTime at={run.createdAt} /> · {TRIGGERS[run.trigger]}
        {run.trigger === 'schedule' ? '' : `, ${run.actor}`}
        {run.finishedAt === null || run.startedAt === null ? '' : ` · took ${durationText(run)}`}
      </p>
      {run.state === 'finished' ? (
        <RunOutcome run={run} />
      ) : (
        <LiveRun run={run} mayStop={mayDo(role, 'runs.stop')} />
      )}
      <LoadingInvoices program={run.program} loading={loading} />
      {run.note === null ? null : <Note tone={run.status === 'Error' ? 'bad' : 'warn'}>{run.note}</Note>}
      {run.guards.map(({ invoiceId, period, ...guard }) => (
        <GuardNote key={invoiceId} invoiceId={invoiceId} period={period} guard={guard} currency={currency} />
      ))}
      {run.unclaimed.map((each) => (
        <UnclaimedNote key={each.invoiceId} unclaimed={each} currency={currency} />
      ))}
      <BeginAnswering program={run.program} may={mayDo(role, 'customers.map')}>
        {run.kind === 'products' ? (
          <ProductResults run={run} />
        ) : run.state === 'finished' ? (
          <>
            <Causes
              run={run}
              currency={currency}
              retries={retries}
              mayRetry={mayDo(role, 'customers.many', via)}
            />
            <div className={styles['all']}>
              <h2>All agreements</h2>
              <Downloads path={`/api/runs/${run.id}/csv`} />
            </div>
            <Filters
              label="Statuses"
              current={show}
              address={(value) => `/runs/${run.id}?${new URLSearchParams({ show: value })}`}
              filters={[
                { value: '', text: 'All', count: run.customers.length },
                ...statuses.toReversed().map((status) => ({
                  value: status,
                  text: status,
                  count: run.customers.filter((each) => each.status === status).length,
                })),
              ]}
            />
            <AgreementResults
              run={run}
              currency={currency}
              wanted={wanted}
              show={show}
              mayAnswer={mayDo(role, 'customers.sync', via)}
              mayUndo={mayDo(role, 'runs.undo', via)}
            />
          </>
        ) : (
          <AgreementsSoFar runId={run.id} currency={currency} />
        )}
      </BeginAnswering>
    </>
  )
}

/** Customers are listed when all of them have ended, and before that where somebody asks for the list. */
const detailOf = ({ kind, state }: RunContent) =>
  kind === 'products' ? 'all' : state === 'finished' ? 'headings' : 'progress'

function titleOf({ kind, firstPeriod, lastPeriod, undoes, setsBack }: RunContent): string {
  if (kind === 'products') return 'Product sync'
  if (setsBack) return 'Edits set back'
  if (undoes !== null)
    return firstPeriod === null
      ? 'Undo'
      : `Undo of ${invoicesOfUsage(firstPeriod, lastPeriod ?? firstPeriod)}`
  return firstPeriod === null ? 'Customer sync' : invoicesOfUsage(firstPeriod, lastPeriod ?? firstPeriod)
}
