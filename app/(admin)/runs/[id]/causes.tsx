'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Fragment, useState } from 'react'
import type { CausePoint, RunContent } from '#app/api/schemas/runs.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { StatusChip } from '#app/ui/kit/chip.tsx'
import { helpPathAbout } from '#app/ui/kit/help-path.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import text from '#app/ui/kit/text.module.css'
import type { Retries } from '#app/views/run-retries.ts'
import { shortMonth, yearOf } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import styles from './causes.module.css'

interface CausesProps {
  readonly run: Pick<RunContent, 'id' | 'program' | 'causes' | 'customers'>
  readonly currency: string
  readonly retries: Retries
  /** Whether this person syncs many customers. */
  readonly mayRetry: boolean
}
type Cause = RunContent['causes'][number]

/** Rows of a cause that are shown before somebody asks for the others. */
const FIRST_ROWS = 25
/** Together they are read at a glance: then they are open from the beginning. */
const FEW_POINTS = 12

const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en-GB')} ${one}${count === 1 ? '' : 's'}`

/** What is wrong in a run, before anything else of it: each cause once, with how many customers it has and its money (G3). */
export function Causes({ run, currency, retries, mayRetry }: CausesProps) {
  const { causes, customers } = run
  const points = causes.reduce((sum, cause) => sum + cause.points.length, 0)
  const failed = customers.filter(({ status }) => status === 'Error').map(({ agreementId }) => agreementId)
  if (causes.length === 0) return null
  return (
    <section className={styles['causes']} aria-labelledby="wrong">
      <div className={styles['head']}>
        <h2 id="wrong">What is wrong</h2>
        {mayRetry && failed.length > 0 ? (
          <Retry
            program={run.program}
            agreementIds={failed}
            retries={retries}
            label={failed.length === 1 ? 'Retry the failed one' : `Retry all ${failed.length} failed`}
          />
        ) : null}
      </div>
      {causes.map((cause) => (
        <OneCause
          key={`${cause.severity}/${cause.message}`}
          run={run}
          cause={cause}
          currency={currency}
          retries={mayRetry ? retries : null}
          opens={cause.severity === 'error' && points <= FEW_POINTS}
        />
      ))}
    </section>
  )
}

interface OneCauseProps extends Pick<CausesProps, 'run' | 'currency'> {
  readonly cause: Cause
  /** `null`: this person retries nothing. */
  readonly retries: Retries | null
  readonly opens: boolean
}

function OneCause({ run, cause, currency, retries, opens }: OneCauseProps) {
  const { severity, message, remedy, customers, amount, points } = cause
  const [isAll, setAll] = useState(false)
  const shown = isAll ? points : points.slice(0, FIRST_ROWS)
  const agreementIds = [...new Set(points.map(({ agreementId }) => agreementId))]
  return (
    <details className={table['panel']} open={opens}>
      <summary className={styles['summary']}>
        <StatusChip status={severity === 'error' ? 'Error' : 'Warning'} />
        <span className={styles['message']}>{message}</span>
        <span className={styles['who']}>
          {customers === 1 ? (points[0]?.companyName ?? '') : counted(customers, 'customer')}
        </span>
        <span className={styles['money']}>{amount === null ? '' : moneyText(amount, currency)}</span>
      </summary>
      <div className={styles['remedy']}>
        {remedy === '' ? null : <p>{remedy}</p>}
        <p>
          <a href={helpPathAbout(message)} target="_blank" rel="noopener">
            More about this
          </a>
        </p>
        {retries === null || agreementIds.length < 2 ? null : (
          <Retry
            program={run.program}
            agreementIds={agreementIds}
            retries={retries}
            label={`Retry these ${agreementIds.length}`}
          />
        )}
      </div>
      <table className={[table['table'], styles['points']].join(' ')}>
        <thead>
          <tr>
            <th scope="col">Customer</th>
            <th scope="col">Subscription</th>
            <th scope="col">Months</th>
            <th scope="col" className={text['number']}>
              Amount
            </th>
            {retries === null ? null : <th scope="col">Again</th>}
          </tr>
        </thead>
        <tbody>
          {shown.map((point) => (
            <PointRow
              key={[point.agreementId, point.subscriptionId, point.product, point.detail].join('/')}
              run={run}
              point={point}
              hasOwnRemedy={remedy === ''}
              currency={currency}
              retries={retries}
            />
          ))}
        </tbody>
      </table>
      {shown.length === points.length ? null : (
        <p className={styles['more']}>
          <Button onClick={() => setAll(true)}>
            {`Show the other ${(points.length - shown.length).toLocaleString('en-GB')}`}
          </Button>
        </p>
      )}
    </details>
  )
}

interface PointRowProps extends Pick<OneCauseProps, 'run' | 'currency' | 'retries'> {
  readonly point: CausePoint
  readonly hasOwnRemedy: boolean
}

function PointRow({ run, point, hasOwnRemedy, currency, retries }: PointRowProps) {
  const { agreementId, companyName, agreementName, product, subscriptionId, detail, remedy, months, amount } =
    point
  return (
    <tr>
      <td>
        <Link href={`/runs/${run.id}?agreement=${agreementId}#agreement-${agreementId}`} prefetch={false}>
          {companyName || `Agreement ${agreementId}`}
        </Link>
        <span className={styles['below']}>{agreementName}</span>
      </td>
      <td className={styles['what']}>
        {product || 'The whole agreement'}
        {subscriptionId === '' ? null : <span className={styles['below']}>{subscriptionId}</span>}
        {detail === '' ? null : <span className={styles['below']}>{detail}</span>}
        {hasOwnRemedy && remedy !== '' ? <span className={styles['below']}>{remedy}</span> : null}
      </td>
      <td>
        <Months months={months} currency={currency} />
      </td>
      <td className={text['number']} data-label={amount === null ? undefined : 'Amount'}>
        {amount === null ? '' : moneyText(amount, currency)}
      </td>
      {retries === null ? null : (
        <td>
          <Retry
            program={run.program}
            agreementIds={[agreementId]}
            retries={retries}
            label="Retry"
            of={companyName}
          />
        </td>
      )}
    </tr>
  )
}

/** A backlog of eight months is one row with eight amounts. */
function Months({ months, currency }: { months: CausePoint['months']; currency: string }) {
  const [first] = months
  if (first === undefined) return null
  const last = months.at(-1) ?? first
  if (first === last) return <span className={styles['span']}>{monthText(first.period)}</span>
  return (
    <>
      <span className={styles['span']}>
        {monthText(first.period)} – {monthText(last.period)}
      </span>
      <span className={styles['amounts']}>
        {months.map(({ period, amount }, index) => (
          <Fragment key={period}>
            {index === 0 ? '' : ' · '}
            <span className={styles['span']}>
              {shortMonth(period)} {amount === null ? '–' : moneyText(amount, currency)}
            </span>
          </Fragment>
        ))}
      </span>
    </>
  )
}

const monthText = (period: Period): string => `${shortMonth(period)} ${yearOf(period)}`

interface RetryProps {
  readonly program: string
  readonly agreementIds: readonly number[]
  readonly retries: Retries
  readonly label: string
  /** Whose it is, for who cannot see where the button stands. */
  readonly of?: string
}

/** Syncs agreements again, those of which that is possible; the new sync is shown on its own page. */
function Retry({ program, agreementIds, retries, label, of }: RetryProps) {
  const router = useRouter()
  const { busy, problem, run } = useAction({ refreshes: false })
  const each = agreementIds.map((id) => retries[id])
  const tenantIds = each.flatMap((retry) =>
    retry !== undefined && 'tenantId' in retry ? retry.tenantId : [],
  )
  const [reason] = each.flatMap((retry) => (retry !== undefined && 'whyNot' in retry ? retry.whyNot : []))
  const whyNot = tenantIds.length > 0 ? null : (reason ?? 'It is not synced any more.')
  const left = agreementIds.length - tenantIds.length
  const retry = () =>
    run(async () => {
      const path = { program }
      const started = await callApi('POST /api/programs/{program}/customers/sync', {
        path,
        body: { tenantIds: tenantIds.slice(0, MOST_AT_ONCE) },
      })
      router.push(`/runs/${started.runId}`)
    })
  return (
    <div className={styles['retry']}>
      <Button
        disabled={busy}
        whyNot={whyNot}
        aria-label={of === undefined ? undefined : `${label}: ${of}`}
        onClick={() => void retry()}
      >
        {busy ? 'Looking for new invoices…' : label}
      </Button>
      {whyNot === null && left > 0 ? (
        <small>
          {left === 1 ? 'Without 1 that is' : `Without ${left} that are`} not synced here any more.
        </small>
      ) : null}
      <ProblemNote problem={problem} />
    </div>
  )
}

/** The most customers that one request names. */
const MOST_AT_ONCE = 1000
