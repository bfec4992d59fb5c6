'use client'
import { Fragment, useState } from 'react'
import useSWR from 'swr'
import type { RunContent, RunCustomer } from '#app/api/schemas/runs.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { ProblemNote } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import table from '#app/ui/kit/table.module.css'
import { urgency } from '#app/ui/kit/urgency.ts'
import { beginningsOf } from '#app/ui/plan/causes.ts'
import { ChangeList } from '#app/ui/plan/change-list.tsx'
import { Findings } from '#app/ui/plan/findings.tsx'
import { IgnoredLines } from '#app/ui/plan/ignored-lines.tsx'
import { Proof } from '#app/ui/plan/proof.tsx'
import { SubscriptionTable } from '#app/ui/plan/subscription-table.tsx'
import type { AppliedPeriodPlan } from '#db/values.ts'
import { monthName } from '#lib/billing/format.ts'
import { SiteAnswering } from '../../site-answering.tsx'
import styles from './run.module.css'

/** So many open by themselves. */
const OPEN = 10

interface CustomerResultsProps {
  readonly run: RunContent
  readonly currency: string
  /** The agreement that one comes for: first, and alone open. */
  readonly wanted: number | null
  readonly mayAnswer: boolean
}

/** Every agreement of the run, those with something wrong first and open. */
export function CustomerResults({ run, currency, wanted, mayAnswer }: CustomerResultsProps) {
  const rank = ({ status, agreementId }: RunCustomer): number =>
    agreementId === wanted ? -1 : status === null ? 4 : urgency[status]
  const sorted = [...run.customers].sort(
    (a, b) => rank(a) - rank(b) || a.companyName.localeCompare(b.companyName, 'en'),
  )
  return (
    <div className={styles['customers']}>
      {sorted.map((customer, index) => (
        <CustomerResult
          key={customer.agreementId}
          run={run}
          customer={customer}
          currency={currency}
          mayAnswer={mayAnswer}
          opens={wanted === null ? index < OPEN && isWrong(customer) : customer.agreementId === wanted}
        />
      ))}
    </div>
  )
}

const isWrong = ({ status }: RunCustomer): boolean => status === 'Error' || status === 'Warning'

interface CustomerResultProps {
  readonly run: RunContent
  readonly customer: RunCustomer
  readonly currency: string
  readonly mayAnswer: boolean
  /** Whether it opens by itself. */
  readonly opens: boolean
}

/** Its subscriptions are read when it is opened: a run may have thousands. */
function CustomerResult({ run, customer, currency, mayAnswer, opens }: CustomerResultProps) {
  const { companyName, agreementName, agreementId, status, doing, message, detail, remedy, reference } =
    customer
  const [tenantId] = customer.tenantIds
  const [isOpen, setOpen] = useState(opens)
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  return (
    <details
      className={table['panel']}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary className={styles['customerHead']}>
        <h2>{companyName}</h2>
        <span className={styles['quiet']}>{agreementName}</span>
        {status === null ? (
          <span className={styles['quiet']}>{doing ?? 'Waiting for its turn…'}</span>
        ) : (
          <StatusChip status={status} />
        )}
      </summary>
      {message === null ? null : (
        <div className={styles['notes']}>
          <Note tone={status === 'Error' ? 'bad' : 'warn'} detail={why} remedy={remedy}>
            {message}
          </Note>
        </div>
      )}
      {isOpen && status !== null ? (
        <SiteAnswering
          program={run.program}
          agreementId={agreementId}
          runId={run.id}
          currency={currency}
          may={mayAnswer}
          syncPath={
            tenantId === undefined
              ? null
              : `/api/programs/${run.program}/customers/${encodeURIComponent(tenantId)}/sync`
          }
        >
          <Periods
            path={`/api/runs/${run.id}/customers/${agreementId}`}
            currency={currency}
            of={`${companyName}, ${agreementName}`}
          />
        </SiteAnswering>
      ) : null}
    </details>
  )
}

function Periods({ path, currency, of }: { path: string; currency: string; of: string }) {
  const { data, error } = useSWR<RunCustomer, unknown>(
    path,
    (from: string) => callApi<RunCustomer>('GET', from),
    {
      revalidateOnFocus: false,
    },
  )
  if (error instanceof Refused)
    return (
      <div className={styles['notes']}>
        <ProblemNote problem={error.problem} />
      </div>
    )
  if (data === undefined) return <p className={styles['reading']}>Reading…</p>
  const beginnings = beginningsOf(data.periods)
  return data.periods.map((plan, index) => {
    const result = <PeriodResult plan={plan} currency={currency} of={of} />
    const key = `${plan.period}/${plan.invoiceId}`
    const isFailing = plan.subscriptions.some(({ status }) => status === 'Error')
    const isLast = index === data.periods.length - 1
    return isLast || !isFailing || beginnings.includes(plan) ? (
      <Fragment key={key}>{result}</Fragment>
    ) : (
      <details key={key} className={styles['asBefore']}>
        <summary>{monthName(plan.period)} usage: as before</summary>
        {result}
      </details>
    )
  })
}

function PeriodResult({ plan, currency, of }: { plan: AppliedPeriodPlan; currency: string; of: string }) {
  const { appliedCatalogItems, findings, subscriptions, ignored, totals } = plan
  const created = appliedCatalogItems.map((applied) => ({ change: applied.change, applied }))
  return (
    <>
      <div className={styles['period']}>
        <h3>{monthName(plan.period)} usage</h3>
        <Proof plan={plan} currency={currency} showCost={false} of={`${of}, ${monthName(plan.period)}`} />
        {created.length === 0 ? null : <ChangeList changes={created} />}
        {findings.length === 0 ? null : <Findings findings={findings} />}
      </div>
      {subscriptions.length === 0 ? null : (
        <SubscriptionTable plan={plan} showCost={false} tenantNames={new Map()} />
      )}
      <IgnoredLines lines={ignored} total={totals.ignored.price} currency={currency} />
    </>
  )
}
