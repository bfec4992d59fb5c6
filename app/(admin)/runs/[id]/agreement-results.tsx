'use client'
import { Fragment, useState } from 'react'
import { flushSync } from 'react-dom'
import type { RunAgreement, RunContent } from '#app/api/schemas/runs.ts'
import type { SentTo } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { helpPathAbout } from '#app/ui/kit/help-path.ts'
import { moneyText } from '#app/ui/kit/money.ts'
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

interface AgreementResultsProps {
  readonly run: RunContent
  readonly currency: string
  /** The agreement that one comes for, which is first and open, with what came of it; `null`: of none. */
  readonly wanted: RunAgreement | null
  /** Agreements of this status alone; `''`: all. */
  readonly show?: RunAgreement['status'] | ''
  readonly mayAnswer: boolean
  readonly mayUndo: boolean
}

/** As many as a browser shows, searches and styles without a wait. */
const FIRST = 200
const MORE = 500

/** Every agreement of the run, those with something wrong first; of many the others on demand. */
export function AgreementResults({
  run,
  currency,
  wanted,
  show = '',
  mayAnswer,
  mayUndo,
}: AgreementResultsProps) {
  // While it goes on each keeps its place.
  const isSettled = run.state === 'finished'
  const rank = ({ status, agreementId }: RunAgreement): number =>
    !isSettled
      ? 0
      : agreementId === wanted?.agreementId
        ? -1
        : status === null
          ? statuses.length
          : -statuses.indexOf(status) + statuses.length - 1
  const fitting = run.customers.filter(
    ({ status, agreementId }) => show === '' || status === show || agreementId === wanted?.agreementId,
  )
  const sorted = fitting.sort((a, b) => rank(a) - rank(b) || a.companyName.localeCompare(b.companyName, 'en'))
  const [most, setMost] = useState(FIRST)
  const left = sorted.length - most
  /** Whoever works by keyboard goes on at the first of them. */
  const showMore = () => {
    const next = sorted[most]
    flushSync(() => setMost(most + MORE))
    document.querySelector<HTMLElement>(`#agreement-${next?.agreementId} > summary`)?.focus()
  }
  const canUndo = mayUndo && run.undoes === null && !run.setsBack
  const [written] = useState(() =>
    run.customers.filter(({ status }) => status !== null && hasWritten(status)),
  )
  return (
    <div className={styles['agreements']}>
      {canUndo && written.length > 1 ? (
        <UndoRun runId={run.id} agreements={written} currency={currency} />
      ) : null}
      {sorted.length === 0 ? <p className={styles['none']}>No agreement of it is so.</p> : null}
      {sorted.slice(0, most).map((agreement) => (
        <AgreementResult
          // One that somebody comes for on this very page opens, too.
          key={`${agreement.agreementId} ${agreement.agreementId === wanted?.agreementId}`}
          run={run}
          agreement={agreement}
          currency={currency}
          mayAnswer={mayAnswer}
          mayUndo={canUndo}
          first={agreement.agreementId === wanted?.agreementId ? wanted : null}
        />
      ))}
      {left <= 0 ? null : (
        <Button className={styles['more']} onClick={showMore}>
          Show {Math.min(left, MORE).toLocaleString('en-GB')} more of {left.toLocaleString('en-GB')}
        </Button>
      )}
    </div>
  )
}

interface AgreementResultProps {
  readonly run: RunContent
  readonly agreement: RunAgreement
  readonly currency: string
  readonly mayAnswer: boolean
  readonly mayUndo: boolean
  /** What came of it, where it opens by itself; `null`: that is read when somebody opens it. */
  readonly first: RunAgreement | null
}

/** Its subscriptions are read when it is opened: a run may have thousands. */
function AgreementResult({ run, agreement, currency, mayAnswer, mayUndo, first }: AgreementResultProps) {
  const { companyName, agreementName, agreementId, status, doing, message, detail, remedy, reference } =
    agreement
  const [tenantId] = agreement.tenantIds
  const [isOpen, setOpen] = useState(first !== null)
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  return (
    <details
      id={`agreement-${agreementId}`}
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
            first={first}
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
  readonly first: RunAgreement | null
  readonly currency: string
  readonly of: string
}

function Periods({ path, first, currency, of }: PeriodsProps) {
  const endpoint = 'GET /api/runs/{id}/agreements/{agreementId}'
  const { data, error } = useApi(
    endpoint,
    { path },
    {
      revalidateOnFocus: false,
      // The page came with it: nothing moves when it is read again.
      ...(first === null ? {} : { fallbackData: first }),
    },
  )
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
          <PlanTitle plan={plan} />: as before, PRISM invoiced{' '}
          {moneyText(plan.totals.invoiced.price, currency)}, the additions bill{' '}
          {moneyText(plan.totals.billed.price, currency)}
        </summary>
        {result}
      </details>
    )
  })
}
