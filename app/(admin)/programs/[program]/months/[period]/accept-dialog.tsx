'use client'
import type { FormEvent } from 'react'
import type { Month, MonthListQuery, MonthRow } from '#app/api/schemas/months.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { Period } from '#lib/billing/types.ts'
import styles from './month.module.css'
import { billName } from './words.ts'

/** Some differences, or all that fit. */
export type Chosen =
  | { readonly rows: Month['rows'] }
  | { readonly all: MonthListQuery & { readonly count: number } }

interface AcceptDialogProps {
  readonly program: string
  readonly period: Period
  readonly currency: string
  readonly chosen: Chosen
  readonly onClose: () => void
  readonly onAccepted: (count: number) => void
}

const LISTED = 8

/** Differences are accepted with why; who says so is who is signed in. */
export function AcceptDialog({ program, period, currency, chosen, onClose, onAccepted }: AcceptDialogProps) {
  const { run, problem, busy } = useAction({ refreshes: false })
  const count = 'rows' in chosen ? chosen.rows.length : chosen.all.count
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = textOf(event.currentTarget, 'note')
    const which =
      'rows' in chosen
        ? { bills: chosen.rows.map(({ bill, difference }) => ({ bill, difference: difference.price })) }
        : { all: chosen.all }
    const isDone = await run(() =>
      callApi('POST /api/programs/{program}/months/{period}/accept', {
        path: { program, period },
        body: { note, ...which },
      }),
    )
    if (isDone) onAccepted(count)
  }
  const title = count === 1 ? 'Accept this difference?' : `Accept ${count} differences?`
  return (
    <Dialog title={title} onClose={onClose}>
      {'rows' in chosen ? (
        <ul className={styles['listed']}>
          {chosen.rows.slice(0, LISTED).map((row) => (
            <li key={row.bill}>
              <span>{billName(row as MonthRow)}</span> <b>{moneyText(row.difference.price, currency)}</b>
            </li>
          ))}
          {count > LISTED ? <li>and {count - LISTED} more</li> : null}
        </ul>
      ) : (
        <p>All {count} that fit and are not accepted yet, with one reason.</p>
      )}
      <p>A difference that becomes another one is to be accepted anew. Nothing is written to ConnectWise.</p>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Why it is right"
          name="note"
          maxLength={300}
          required
          problem={problem}
          hint="It is kept with your name."
        />
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Accept
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
