'use client'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { Refused } from '#app/hooks/api.ts'
import type { CallApi, CustomerPath } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { Progress } from '#app/ui/kit/progress.tsx'
import { AnsweringProvider } from '#app/ui/plan/answering.tsx'
import { planMoneyText } from '#app/ui/plan/plan-money-text.ts'
import { PlanMonth } from '#app/ui/plan/plan-month.tsx'
import type { Plan, Preview } from '#app/ui/plan/shown.ts'
import { writesOf, writesText } from '#app/ui/plan/writes-text.ts'
import styles from './preview-dialog.module.css'

// Only a customer that begins here has one.
const CutoverReviewView = lazy(async () => ({
  default: (await import('#app/ui/plan/cutover-review.tsx')).CutoverReviewView,
}))

interface PreviewDialogProps {
  readonly call: CallApi
  /** Whose plan it is. */
  readonly of: CustomerPath
  readonly content: MappedContent
  readonly onClose: () => void
  /** `null` where this person may not sync, or a sync is under way. */
  readonly onSync: (() => void) | null
}

/** Subscriptions that cannot be synced, in whatever month. */
const failingOf = (plan: Plan): number =>
  new Set(
    plan.periods.flatMap(({ subscriptions }) =>
      subscriptions
        .filter(({ status }) => status === 'Error')
        .map(({ subscriptionId, product }) => `${subscriptionId}/${product.productId}`),
    ),
  ).size

const failingText = (count: number): string =>
  `${count} ${count === 1 ? 'subscription' : 'subscriptions'} with an Error`

interface PlanViewProps {
  readonly plan: Plan
  readonly content: MappedContent
  readonly showCost: boolean
}

function PlanView({ plan, content, showCost }: PlanViewProps) {
  const tenantNames = new Map(content.tenants.map(({ id, name }) => [id, name]))
  return plan.periods.map((period) => (
    <section key={`${period.period}/${period.invoiceId}`} className={styles['period']}>
      <PlanMonth
        plan={period}
        currency={content.currency}
        showCost={showCost}
        tenantNames={tenantNames}
        hasHeading
        expanded
        className={styles['body']}
      />
    </section>
  ))
}

interface HeadProps {
  readonly plan: Preview | undefined
  readonly refusal: Refused | undefined
  readonly currency: string
  readonly showCost: boolean
}

function Head({ plan, refusal, currency, showCost }: HeadProps) {
  if (refusal !== undefined) return <p>No plan could be made.</p>
  if (plan === undefined) return <p>Reading PRISM’s invoice and ConnectWise’s additions…</p>
  const writes = writesOf(plan)
  if (plan.periods.length === 0) return <p>No invoice contains this customer yet.</p>
  const failing = failingOf(plan)
  if (writes.length === 0)
    return (
      <p>
        {failing === 0
          ? 'Nothing to write: the additions hold what the invoice says.'
          : `Nothing would be written: ${failingText(failing)}.`}
      </p>
    )
  return (
    <>
      {plan.money === null ? null : (
        <p className={styles['money']}>
          {planMoneyText(plan.money, currency)}
          {showCost ? ` Cost: ${planMoneyText(plan.money, currency, 'cost')}` : ''}
        </p>
      )}
      <p>
        A sync would write now: {writesText(writes)}.
        {failing === 0 ? '' : ` It leaves out: ${failingText(failing)}.`}
      </p>
    </>
  )
}

/** What a sync would write, as old -> new, before anything is written. Made by the same planner as the sync itself. */
export function PreviewDialog({ call, of, content, onClose, onSync }: PreviewDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const options = { call, revalidateOnFocus: false, shouldRetryOnError: false, dedupingInterval: 0 }
  const ofMonths = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/plan',
    content.isOneTime ? null : { path: of },
    options,
  )
  const ofInvoices = useApi(
    'GET /api/programs/{program}/agreements/{agreementId}/plan',
    content.isOneTime ? { path: { program: of.program, agreementId: content.agreement.id } } : null,
    options,
  )
  const { data, error, isValidating, mutate } = content.isOneTime ? ofInvoices : ofMonths
  // A plan made before is none any more: something may have been synced since.
  const plan = isValidating ? undefined : data

  useEffect(() => dialog.current?.showModal(), [])

  // Closed by the browser, which gives the focus back to the button that opened it.
  const close = () => dialog.current?.close()
  const writes = plan === undefined ? [] : writesOf(plan)
  const [isCostAsked, setCostAsked] = useState(false)
  const showCost = isCostAsked && content.may.seeCost
  return (
    <dialog ref={dialog} className={styles['dialog']} aria-labelledby="preview-title" onClose={onClose}>
      <div className={styles['top']}>
        <div className={styles['title']} aria-live="polite">
          <h2 id="preview-title">Preview</h2>
          <Head plan={plan} refusal={error} currency={content.currency} showCost={showCost} />
        </div>
        <div className={styles['actions']}>
          {content.may.seeCost ? (
            <label className={styles['cost']}>
              <input
                type="checkbox"
                checked={isCostAsked}
                onChange={({ target }) => setCostAsked(target.checked)}
              />
              Show cost
            </label>
          ) : null}
          <Button onClick={close}>Close</Button>
          {onSync === null || writes.length === 0 ? null : (
            <Button
              tone="primary"
              onClick={() => {
                close()
                onSync()
              }}
            >
              Sync now: {writesText(writes)}
            </Button>
          )}
        </div>
      </div>
      {plan === undefined && isValidating ? (
        <div className={styles['body']}>
          <Progress label="Planning" done={0} total={0} />
        </div>
      ) : null}
      {error === undefined ? null : (
        <div className={styles['body']} role="alert">
          <Note tone="bad" remedy={error.problem.remedy}>
            {error.problem.detail}
          </Note>
        </div>
      )}
      {!plan?.review ? null : (
        <AnsweringProvider
          program={content.program.slug}
          agreementId={content.agreement.id}
          runId={null}
          currency={content.currency}
          may={content.may.sync}
          maySkip={false}
          isWholeProgram={false}
          call={call}
          onSync={null}
          onStarted={() => undefined}
        >
          <Suspense>
            <CutoverReviewView
              review={plan.review}
              currency={content.currency}
              onAnswered={() => void mutate()}
            />
          </Suspense>
        </AnsweringProvider>
      )}
      {plan === undefined ? null : <PlanView plan={plan} content={content} showCost={showCost} />}
    </dialog>
  )
}
