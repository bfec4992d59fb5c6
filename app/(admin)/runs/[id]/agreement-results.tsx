'use client'
import { Fragment, useState } from 'react'
import type { RunAgreement, RunContent } from '#app/api/schemas/runs.ts'
import type { SentTo } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { helpPathAbout } from '#app/ui/kit/help-path.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { beginningsOf } from '#app/ui/plan/causes.ts'
import { PlanMonth } from '#app/ui/plan/plan-month.tsx'
import { planTitle } from '#app/ui/plan/plan-names.ts'
import { PlanTitle } from '#app/ui/plan/plan-title.tsx'
import { TakingBack } from '#app/ui/run/taking-back.tsx'
import { statuses } from '#lib/billing/status.ts'
import { SiteAnswering } from '../../site-answering.tsx'
import styles from './run.module.css'
import { UndoRun } from './undo-run.tsx'

/** So many open by themselves. */
const OPEN = 10

interface AgreementResultsProps {
  readonly run: RunContent
  readonly currency: string
  /** The agreement that one comes for: first, and alone open. */
  readonly wanted: number | null
  readonly mayAnswer: boolean
  readonly mayUndo: boolean
}

/** Every agreement of the run, those with something wrong first and open. */
export function AgreementResults({ run, currency, wanted, mayAnswer, mayUndo }: AgreementResultsProps) {
  const rank = ({ status, agreementId }: RunAgreement): number =>
    agreementId === wanted
      ? -1
      : status === null
        ? statuses.length
        : -statuses.indexOf(status) + statuses.length - 1
  const sorted = [...run.customers].sort(
    (a, b) => rank(a) - rank(b) || a.companyName.localeCompare(b.companyName, 'en'),
  )
  const canUndo = mayUndo && run.undoes === null && !run.setsBack
  const [written] = useState(() =>
    run.customers.filter(({ status }) => status !== null && hasWritten(status)),
  )
  return (
    <div className={styles['agreements']}>
      {canUndo && written.length > 1 ? (
        <UndoRun runId={run.id} agreements={written} currency={currency} />
      ) : null}
      {sorted.map((agreement, index) => (
        <AgreementResult
          key={agreement.agreementId}
          run={run}
          agreement={agreement}
          currency={currency}
          mayAnswer={mayAnswer}
          mayUndo={canUndo}
          opens={wanted === null ? index < OPEN && isWrong(agreement) : agreement.agreementId === wanted}
        />
      ))}
    </div>
  )
}

const isWrong = ({ status }: RunAgreement): boolean => status === 'Error' || status === 'Warning'

interface AgreementResultProps {
  readonly run: RunContent
  readonly agreement: RunAgreement
  readonly currency: string
  readonly mayAnswer: boolean
  readonly mayUndo: boolean
  /** Whether it opens by itself. */
  readonly opens: boolean
}

/** Its subscriptions are read when it is opened: a run may have thousands. */
function AgreementResult({ run, agreement, currency, mayAnswer, mayUndo, opens }: AgreementResultProps) {
  const { companyName, agreementName, agreementId, status, doing, message, detail, remedy, reference } =
    agreement
  const [tenantId] = agreement.tenantIds
  const [isOpen, setOpen] = useState(opens)
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  return (
    <details
      className={table['panel']}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary className={styles['agreementHead']}>
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
          <Note
            tone={status === 'Error' ? 'bad' : 'warn'}
            detail={why}
            remedy={remedy}
            help={helpPathAbout(message)}
          >
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
          syncs={tenantId === undefined ? null : { program: run.program, tenantId }}
        >
          <TakingBack
            undoes={mayUndo && hasWritten(status) ? run.id : null}
            of={`${companyName}, ${agreementName}`}
          />
          <Periods
            path={{ id: run.id, agreementId }}
            currency={currency}
            of={`${companyName}, ${agreementName}`}
          />
        </SiteAnswering>
      ) : null}
    </details>
  )
}

/** One of which nothing changed has nothing to take back. */
const hasWritten = (status: RunAgreement['status']): boolean => status !== 'No Change'

interface PeriodsProps {
  readonly path: SentTo<'GET /api/runs/{id}/agreements/{agreementId}'>['path']
  readonly currency: string
  readonly of: string
}

function Periods({ path, currency, of }: PeriodsProps) {
  const endpoint = 'GET /api/runs/{id}/agreements/{agreementId}'
  const { data, error } = useApi(endpoint, { path }, { revalidateOnFocus: false })
  if (error !== undefined)
    return (
      <div className={styles['notes']}>
        <ProblemNote problem={error.problem} />
      </div>
    )
  if (data === undefined) return <p className={styles['reading']}>Reading…</p>
  const beginnings = beginningsOf(data.periods)
  return data.periods.map((plan, index) => {
    const result = (
      <PlanMonth
        plan={plan}
        currency={currency}
        of={`${of}, ${planTitle(plan)}`}
        hasHeading
        className={styles['period']}
      />
    )
    const key = `${plan.period}/${plan.invoiceId}`
    const isFailing = plan.subscriptions.some(({ status }) => status === 'Error')
    const isLast = index === data.periods.length - 1
    return isLast || !isFailing || beginnings.includes(plan) ? (
      <Fragment key={key}>{result}</Fragment>
    ) : (
      <details key={key} className={styles['asBefore']}>
        <summary>
          <PlanTitle plan={plan} />: as before
        </summary>
        {result}
      </details>
    )
  })
}
