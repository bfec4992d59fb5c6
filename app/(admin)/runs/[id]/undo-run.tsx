'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import type { RunContent } from '#app/api/schemas/runs.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { TypedField, whyNotTyped } from '#app/ui/inbox/typed.tsx'
import { isTyped } from '#app/ui/inbox/words.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { isNegative, isZero, magnitude, moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { planMoneyText } from '#app/ui/plan/plan-money-text.ts'
import { type Review, type Reviewed, reviewOf, writesIn } from '#app/ui/run/review.ts'
import { RowsWritten } from '#app/ui/run/rows-written.tsx'
import back from '#app/ui/run/taking-back.module.css'
import styles from './run.module.css'

interface UndoRunProps {
  readonly runId: string
  /** Those that it may have written to. */
  readonly agreements: readonly Agreement[]
  readonly currency: string
}
type Agreement = Pick<RunContent['customers'][number], 'agreementId' | 'companyName' | 'agreementName'>

/** Takes back what the sync wrote on all its agreements (J2). */
export function UndoRun(props: UndoRunProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles['undo']}>
      <Button onClick={() => setOpen(true)}>Undo the whole sync…</Button>
      {isOpen ? <UndoRunDialog {...props} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

/** As many agreements are asked about at a time. */
const AT_A_TIME = 4
/** The most that one request may name. */
const MOST_NAMED = 1000

/** What undoing each agreement would write now. */
function useReview(runId: string, agreements: readonly Agreement[]): readonly Reviewed[] {
  const [found, setFound] = useState<readonly Reviewed[]>(() => agreements.map(() => ({ state: 'reading' })))
  const begun = useRef(0)
  useEffect(() => {
    let isLeft = false
    begun.current = 0
    const note = (at: number, one: Reviewed) =>
      setFound((all) => all.map((each, place) => (place === at ? one : each)))
    const work = async (): Promise<void> => {
      for (;;) {
        const at = begun.current
        const agreement = agreements[at]
        if (agreement === undefined || isLeft) return
        begun.current += 1
        const read = await reviewed(runId, agreement.agreementId)
        if (!isLeft) note(at, read)
      }
    }
    for (let worker = 0; worker < AT_A_TIME; worker += 1) void work()
    return () => {
      isLeft = true
    }
  }, [runId, agreements])
  return found
}

async function reviewed(id: string, agreementId: number): Promise<Reviewed> {
  try {
    const path = { id, agreementId }
    const plan = await callApi('GET /api/runs/{id}/agreements/{agreementId}/undo', { path })
    return { state: 'read', plan }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { state: 'refused', why: error.problem.detail }
  }
}

function UndoRunDialog({
  runId,
  agreements,
  currency,
  onClose,
}: UndoRunProps & { readonly onClose: () => void }) {
  const router = useRouter()
  const undoing = useAction({ refreshes: false })
  const [typed, setTyped] = useState('')
  const found = useReview(runId, agreements)
  const review = reviewOf(found)
  const { isRead, undone, writes, typing } = review
  const undo = () =>
    undoing.run(async () => {
      const ids = undone.flatMap((at) => agreements[at]?.agreementId ?? [])
      const isAll = ids.length === agreements.length || ids.length > MOST_NAMED
      const body = isAll ? {} : { agreementIds: ids }
      const started = await callApi('POST /api/runs/{id}/undo', { path: { id: runId }, body })
      router.push(`/runs/${started.runId}`)
    })
  const whyNot = !isRead
    ? 'ConnectWise is being asked what would change.'
    : writes === 0
      ? 'It has nothing left to take back.'
      : typing !== null && !isTyped(typed, typing.text)
        ? whyNotTyped(typing.what)
        : null
  const read = found.filter(({ state }) => state !== 'reading').length
  return (
    <Dialog title="Undo the whole sync" onClose={onClose}>
      <p className={back['says']}>
        The additions become what they were before it. Its months are parked: they are not synced again until
        you release them on the customers’ pages.
      </p>
      <p role="status" className={back['money']}>
        {isRead
          ? summaryText(review, currency)
          : `Asking ConnectWise what would change: ${read} of ${agreements.length} agreements…`}
      </p>
      <ul className={back['agreements']}>
        {agreements.map((agreement, at) => (
          <li key={agreement.agreementId}>
            <OneReview agreement={agreement} reviewed={found[at]} currency={currency} />
          </li>
        ))}
      </ul>
      {typing === null || !isRead ? null : <TypedField {...typing} typed={typed} onTyped={setTyped} />}
      <ProblemNote problem={undoing.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          tone="primary"
          disabled={undoing.busy}
          whyNot={whyNot}
          isWhySaid={!isRead || writes === 0}
          onClick={() => void undo()}
        >
          {isRead && writes === 0
            ? 'Nothing to undo'
            : `Undo: ${counted(writes, 'change')} on ${counted(undone.length, 'agreement')}`}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en-GB')} ${one}${count === 1 ? '' : 's'}`
const signed = (amount: string, currency: string): string =>
  `${isNegative(amount) ? '−' : '+'}${moneyText(magnitude(amount), currency)}`

function summaryText({ undone, left, change, monthly }: Review, currency: string): string {
  const money = [
    isZero(change) ? '' : `${signed(change, currency)} for the months that ConnectWise has not invoiced`,
    isZero(monthly) ? '' : `${signed(monthly, currency)} a month from then on`,
  ].filter(Boolean)
  const bill = money.length === 0 ? 'The bill stays as it is' : money.join(', ')
  const rest = left === 0 ? '' : ` Not all is undone on ${counted(left, 'agreement')}: see below.`
  return `${counted(undone.length, 'agreement')}: ${bill}.${rest}`
}

interface OneReviewProps {
  readonly agreement: Agreement
  readonly reviewed: Reviewed | undefined
  readonly currency: string
}

function OneReview({ agreement: { companyName, agreementName }, reviewed: of, currency }: OneReviewProps) {
  const name = `${companyName}, ${agreementName}`
  if (of === undefined || of.state === 'reading')
    return <span className={back['what']}>{name}: reading…</span>
  if (of.state === 'refused')
    return (
      <>
        {name} <span className={back['left']}>is not undone: {of.why}</span>
      </>
    )
  const { plan } = of
  const failing = plan.subscriptions.filter(({ status }) => status === 'Error').length
  const writes = writesIn(plan)
  return (
    <details>
      <summary>
        {name}{' '}
        <span className={back['what']}>
          {writes === 0 ? 'nothing to undo' : counted(writes, 'change')}
          {plan.money === null || writes === 0 ? '' : `: ${planMoneyText(plan.money, currency)}`}
        </span>{' '}
        {failing === 0 ? null : (
          <span className={back['left']}>{counted(failing, 'subscription')} not undone</span>
        )}
      </summary>
      <RowsWritten rows={plan.subscriptions} />
    </details>
  )
}
