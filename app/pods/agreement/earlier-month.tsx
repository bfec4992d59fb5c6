'use client'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { useApi } from '#app/hooks/use-api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import inline from '#app/pods/shared/inline-button.module.css'
import { Skeleton } from '#app/pods/shared/pod-message.tsx'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { type Planned, planTitle } from '#app/ui/plan/plan-names.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import styles from './agreement-pod.module.css'
import { ResultMonth } from './result-month.tsx'

interface EarlierMonthProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly plan: Planned
  readonly newest: Planned
  readonly showCost: boolean
  readonly onBack: () => void
}

/** What was invoiced, billed and changed in a month before the last sync's. What it asked then is asked no more, so nothing answers here. */
export function EarlierMonth({ content, pod, plan, newest, showCost, onBack }: EarlierMonthProps) {
  const { data, error, mutate } = useApi(
    'GET /api/hosted/agreements/{id}/months/{period}',
    {
      path: { id: content.agreement.id, period: plan.period },
      query: plan.annual === undefined ? {} : { invoiceId: plan.invoiceId },
    },
    { call: pod.api.call, revalidateOnFocus: false, shouldRetryOnError: false },
  )
  const name = plan.annual === undefined ? invoiceOfUsage(plan.period) : planTitle(plan)
  return (
    <>
      <div className={styles['stack']} aria-live="polite">
        <Note tone="quiet">
          {data === undefined ? (
            `${name}.`
          ) : (
            <>
              {name}, as of its last sync: <LocalTime at={data.syncedAt} />, {data.actor}.
            </>
          )}{' '}
          <Button tone="plain" className={inline['inline']} onClick={onBack}>
            Back to {planTitle(newest)}
          </Button>
        </Note>
        {error === undefined ? null : (
          <Note tone="bad" remedy={error.problem.remedy}>
            {error.problem.detail}{' '}
            <Button tone="plain" className={inline['inline']} onClick={() => void mutate()}>
              Try again
            </Button>
          </Note>
        )}
      </div>
      {data === undefined ? (
        error === undefined && <Skeleton />
      ) : (
        <ResultMonth plan={data.outcome} content={content} showCost={showCost} />
      )}
    </>
  )
}
