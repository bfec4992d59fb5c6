'use client'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import type { Month } from '#app/api/schemas/months.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { amountText, moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { monthTitle } from '#app/ui/month/standing-text.ts'
import styles from './month.module.css'
import { closedSecondText } from './when-closed.tsx'

interface ClosingProps {
  readonly program: string
  readonly month: Month
  readonly mayClose: boolean
  readonly address: (more: Record<string, string>) => string
  readonly onDone: (said: string) => void
}

/** Whether the month is closed, what has changed since, and what is left before it is. */
export function Closing(props: ClosingProps) {
  const { month } = props
  return (
    <section className={styles['closing']} aria-label="Closing the month">
      {month.closing === null ? <Open {...props} /> : <Closed {...props} closing={month.closing} />}
      {month.history.some(({ reopened }) => reopened !== null) ? <History month={month} /> : null}
    </section>
  )
}

function Open({ program, month, mayClose, address, onDone }: ClosingProps) {
  const [isAsked, setAsked] = useState(false)
  const { run, problem, busy } = useAction({ refreshes: false })
  const { period, equation, currency, blockers } = month
  const close = async () => {
    const path = { program, period }
    const body = { billed: equation.billed.price }
    const isDone = await run(() =>
      callApi('POST /api/programs/{program}/months/{period}/close', { path, body }),
    )
    if (!isDone) return
    setAsked(false)
    onDone(`${monthTitle(period)} is closed.`)
  }
  const whyNot = mayClose
    ? blockers.length === 0
      ? null
      : `Not yet: ${blockers.map(({ says }) => says).join(', ')}.`
    : 'Only an owner or a billing clerk closes a month.'
  return (
    <div className={styles['closeRow']}>
      {blockers.length === 0 ? (
        <p>
          Nothing is left to settle
          {month.accepted === 0 ? '' : `: ${month.accepted} differences are accepted`}.
        </p>
      ) : (
        <p>
          Left before it can be closed:{' '}
          {blockers.map(({ is, says, filter }, at) => (
            <span key={is}>
              {at === 0 ? '' : ', '}
              <Link href={address({ term: filter.term ?? '', state: filter.state ?? '', page: '1' })}>
                {says}
              </Link>
            </span>
          ))}
          .
        </p>
      )}
      <Button tone="primary" whyNot={whyNot} isWhySaid={mayClose} onClick={() => setAsked(true)}>
        Close month
      </Button>
      {isAsked ? (
        <Dialog title={`Close ${monthTitle(period)}?`} onClose={() => setAsked(false)}>
          <p>
            {moneyText(equation.billed.price, currency)} is billed of {amountText(equation.invoiced.price)}{' '}
            that PRISM invoiced, and{' '}
            {month.accepted === 1 ? '1 difference is' : `${month.accepted} differences are`} accepted. These
            figures are kept, and the program’s addresses are told once.
          </p>
          <p>Closing blocks nothing: what changes the month afterwards goes on, and is said here.</p>
          <ProblemNote problem={problem} />
          <DialogActions>
            <Button disabled={busy} onClick={() => setAsked(false)}>
              Cancel
            </Button>
            <Button tone="primary" disabled={busy} onClick={() => void close()}>
              Close it
            </Button>
          </DialogActions>
        </Dialog>
      ) : null}
    </div>
  )
}

function Closed({
  program,
  month,
  mayClose,
  onDone,
  closing,
}: ClosingProps & { readonly closing: NonNullable<Month['closing']> }) {
  const [isAsked, setAsked] = useState(false)
  const { run, problem, busy } = useAction({ refreshes: false })
  const { period, currency, equation } = month
  const reopen = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const path = { program, period }
    const body = { reason: textOf(event.currentTarget, 'reason') }
    const isDone = await run(() =>
      callApi('POST /api/programs/{program}/months/{period}/reopen', { path, body }),
    )
    if (!isDone) return
    setAsked(false)
    onDone(`${monthTitle(period)} is open again.`)
  }
  const money = (value: string) => moneyText(value, currency)
  const { changed, changedCount, second } = closing
  return (
    <>
      {changedCount === 0 ? (
        <Note tone="quiet">
          Closed on <LocalTime at={closing.closedAt} /> by {closing.closedBy} with{' '}
          {money(closing.billed.price)} billed of {amountText(closing.invoiced.price)}.
        </Note>
      ) : (
        <div role="alert">
          <Note tone="bad">
            Closed on <LocalTime at={closing.closedAt} /> by {closing.closedBy} with{' '}
            {money(closing.billed.price)} billed of {amountText(closing.invoiced.price)}; now{' '}
            {money(equation.billed.price)} of {amountText(equation.invoiced.price)}.{' '}
            {changedCount === 1 ? '1 customer is' : `${changedCount} customers are`} not as they were:
            <ul className={styles['changed']}>
              {changed.slice(0, 10).map(({ bill, customer, was, is }) => (
                <li key={bill}>
                  {customer === '' ? bill : customer}: billed{' '}
                  <s>{was === null ? 'nothing' : money(was.billed.price)}</s>{' '}
                  {is === null ? 'nothing' : money(is.billed.price)}, invoiced{' '}
                  <s>{was === null ? 'nothing' : money(was.invoiced.price)}</s>{' '}
                  {is === null ? 'nothing' : money(is.invoiced.price)}
                </li>
              ))}
            </ul>
            {changedCount > 10 ? `and ${changedCount - 10} more.` : null}
          </Note>
        </div>
      )}
      <p>{closedSecondText(second)}</p>
      {second.changed === 0 ? null : (
        <div role="alert">
          <Note tone="bad">
            ConnectWise has invoiced{' '}
            {second.changed === 1 ? '1 of these agreements' : `${second.changed} of these agreements`}{' '}
            otherwise since: each says so in the list below, with what it was when the month was closed.
          </Note>
        </div>
      )}
      <div>
        <Button
          whyNot={mayClose ? null : 'Only an owner or a billing clerk opens a month again.'}
          onClick={() => setAsked(true)}
        >
          Open again
        </Button>
      </div>
      {isAsked ? (
        <Dialog title={`Open ${monthTitle(period)} again?`} onClose={() => setAsked(false)}>
          <p>What it was closed with is kept. What is accepted stays accepted where it is still the same.</p>
          <form onSubmit={(event) => void reopen(event)}>
            <Field label="Why" name="reason" maxLength={300} required problem={problem} />
            <ProblemNote problem={problem} />
            <DialogActions>
              <Button disabled={busy} onClick={() => setAsked(false)}>
                Cancel
              </Button>
              <Button type="submit" tone="primary" disabled={busy}>
                Open it again
              </Button>
            </DialogActions>
          </form>
        </Dialog>
      ) : null}
    </>
  )
}

function History({ month: { history, currency } }: Pick<ClosingProps, 'month'>) {
  return (
    <details className={styles['history']}>
      <summary>Closed before</summary>
      <ul>
        {history
          .filter(({ reopened }) => reopened !== null)
          .map(({ closedAt, closedBy, billed, reopened }) => (
            <li key={closedAt}>
              <LocalTime at={closedAt} /> by {closedBy} with {moneyText(billed.price, currency)} billed
              {reopened === null ? null : (
                <>
                  ; opened again <LocalTime at={reopened.at} /> by {reopened.by}: {reopened.reason}
                </>
              )}
            </li>
          ))}
      </ul>
    </details>
  )
}
