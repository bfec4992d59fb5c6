'use client'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import table from '#app/ui/kit/table.module.css'
import { CutoverReviewView } from '#app/ui/plan/cutover-review.tsx'
import { reviewText } from '#app/ui/plan/cutover-texts.ts'
import { planMoneyText } from '#app/ui/plan/plan-money-text.ts'
import type { Preview } from '#app/ui/plan/shown.ts'
import { SiteAnswering } from '../../../site-answering.tsx'
import styles from './change-review.module.css'

/** Each agreement is read in ConnectWise. */
const MOST = 50
const AT_A_TIME = 3

interface PreviewsDialogProps {
  readonly program: string
  readonly chosen: readonly Customer[]
  readonly currency: string
  /** Whether this person may answer. */
  readonly may: boolean
  readonly onClose: () => void
}

type Result = { readonly plan: Preview } | { readonly refused: string }

/** One customer for each agreement: a plan is the whole agreement's. */
const byAgreement = (chosen: readonly Customer[]): Customer[][] => [
  ...Map.groupBy(chosen, ({ mapping }) => mapping?.agreementId).values(),
]

/** What a sync of each chosen customer's agreement would write now; nothing is written. */
export function PreviewsDialog({ program, chosen, currency, may, onClose }: PreviewsDialogProps) {
  const [agreements] = useState(() => byAgreement(chosen))
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(new Map())
  const meant = agreements.slice(0, MOST)
  useEffect(() => {
    const waiting = agreements.slice(0, MOST).flatMap(([customer]) => customer?.tenantId ?? [])
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const tenantId = next
        const result = await planOf(program, tenantId)
        setResults((before) => new Map(before).set(tenantId, result))
      }
    }
    for (let at = 0; at < AT_A_TIME; at += 1) void work()
    return () => {
      waiting.length = 0
    }
  }, [agreements, program])
  return (
    <Dialog title="What a sync would write now" onClose={onClose} isWide>
      <p role="status">
        {results.size < meant.length
          ? `Reading ConnectWise: ${results.size} of ${meant.length}…`
          : 'Nothing was written.'}
        {agreements.length > MOST ? ` Shown are the first ${MOST} agreements of ${agreements.length}.` : ''}
      </p>
      <div className={[table['panel'], styles['list']].join(' ')} role="group" aria-label="Previews">
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">Customer</th>
              <th scope="col">What would be written</th>
              <th scope="col">The bill</th>
            </tr>
          </thead>
          <tbody>
            {meant.map((customers) => (
              <PreviewRow
                key={customers[0]?.tenantId}
                program={program}
                customers={customers}
                result={results.get(customers[0]?.tenantId ?? '')}
                currency={currency}
                may={may}
                onAnswered={async (tenantId) => {
                  const result = await planOf(program, tenantId)
                  setResults((before) => new Map(before).set(tenantId, result))
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

async function planOf(program: string, tenantId: string): Promise<Result> {
  try {
    const plan = await callApi('GET /api/programs/{program}/customers/{tenantId}/plan', {
      path: { program, tenantId },
    })
    return { plan }
  } catch (error) {
    if (error instanceof Refused) return { refused: `${error.problem.detail} ${error.problem.remedy}` }
    throw error
  }
}

interface PreviewRowProps {
  readonly program: string
  readonly customers: readonly Customer[]
  readonly result: Result | undefined
  readonly currency: string
  readonly may: boolean
  /** Something was said of an addition, so that its plan is another one. */
  readonly onAnswered: (tenantId: string) => Promise<void>
}

function PreviewRow({ program, customers, result, currency, may, onAnswered }: PreviewRowProps) {
  const [first] = customers
  const review = result !== undefined && 'plan' in result ? result.plan.review : null
  return (
    <tr>
      <td className={styles['who']}>
        {customers.map(({ tenantId, name }) => (
          <Link
            key={tenantId}
            href={`/programs/${program}/customers/${encodeURIComponent(tenantId)}`}
            prefetch={false}
          >
            {name}
          </Link>
        ))}
        <span>{first?.mapping?.agreementName}</span>
      </td>
      <td className={styles['what']}>
        {result === undefined ? (
          '…'
        ) : 'refused' in result ? (
          <p className={styles['wrong']}>{result.refused}</p>
        ) : (
          <Written plan={result.plan} />
        )}
        {review === null || !first?.mapping ? null : (
          <details>
            <summary>{reviewText(review)}</summary>
            <SiteAnswering
              program={program}
              agreementId={first.mapping.agreementId}
              runId={null}
              currency={currency}
              may={may}
              syncs={null}
            >
              <CutoverReviewView
                review={review}
                currency={currency}
                onAnswered={() => void onAnswered(first.tenantId)}
              />
            </SiteAnswering>
          </details>
        )}
      </td>
      <td className={styles['months']}>
        {result === undefined || 'refused' in result || result.plan.money === null
          ? null
          : planMoneyText(result.plan.money, currency)}
      </td>
    </tr>
  )
}

function Written({ plan: { periods } }: { plan: Preview }) {
  const rows = periods.flatMap(({ subscriptions }) => subscriptions)
  const writes = [
    ...periods.flatMap(({ catalogItems }) => catalogItems),
    ...rows.flatMap(({ changes }) => changes),
  ].filter(({ kind }) => kind !== 'keep').length
  const failing = rows.filter(({ status }) => status === 'Error').length
  return (
    <>
      {periods.length === 0
        ? 'No invoice contains this customer yet.'
        : writes === 0
          ? 'Nothing to write.'
          : `${writes === 1 ? '1 change' : `${writes} changes`}.`}
      {failing === 0 ? null : (
        <span className={styles['wrong']}>
          {failing === 1 ? '1 row cannot be synced' : `${failing} rows cannot be synced`}
        </span>
      )}
    </>
  )
}
