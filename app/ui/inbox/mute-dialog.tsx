'use client'
import { type FormEvent, useState } from 'react'
import type { ShownAction, ShownItem } from '#app/api/schemas/inbox.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { latestEnd } from '#lib/billing/mute-terms.ts'
import type { Day, Money } from '#lib/billing/types.ts'
import type { Acting } from './acting.ts'
import { moneySaid } from './words.ts'

const TERMS = {
  'next-invoice': 'Until the next invoice',
  'one-month': '1 month',
  'three-months': '3 months',
  day: 'Until a day',
} as const

interface MuteDialogProps {
  readonly action: ShownAction
  readonly item: ShownItem
  readonly acting: Acting
  readonly onClose: () => void
}

/** A cause of a customer, with why it is meant and for how long. */
export function MuteDialog({ action, item, acting, onClose }: MuteDialogProps) {
  const attempt = useAttempt()
  const { busy, problem } = attempt
  const [term, setTerm] = useState<keyof typeof TERMS>('one-month')
  const [today] = useState(() => new Date().toISOString().slice(0, 10) as Day)
  const amount = action.body?.['amount']
  const all =
    item.money === null || typeof amount !== 'string' ? null : { ...item.money, amount: amount as Money }
  const customer = item.of.tenant?.name ?? 'the customer'
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = {
      ...action.body,
      reason: textOf(form, 'reason'),
      term: term === 'day' ? textOf(form, 'day') : term,
    }
    const isDone = await attempt.run(() =>
      acting.call('POST /api/programs/{program}/customers/{tenantId}/mutes', {
        path: { program: item.program, tenantId: item.of.tenant?.id ?? '' },
        // What the action gives is whole, as its contract says.
        body: body as never,
      }),
    )
    if (!isDone) return
    onClose()
    acting.onAnswered('Muted. It is listed at the end of To do.', null)
  }
  return (
    <Dialog title="Mute?" onClose={onClose}>
      <p>
        Of {customer}
        {all === null ? '' : `, ${moneySaid(all, acting.currency)} in all`}: {item.says}.
      </p>
      <p>
        It leaves this list, every count and all messages. It comes back when it is about another amount, or
        when its time is over; where its cause goes, it ends.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <Field label="Why it is meant to be so" name="reason" maxLength={300} required problem={problem} />
        <Choice
          label="For how long"
          name="term"
          value={term}
          options={TERMS}
          onChange={({ target }) => setTerm(chosenOf(TERMS, target.value))}
        />
        {term === 'day' ? (
          <Field
            label="Last day"
            name="day"
            type="date"
            min={today}
            max={latestEnd(today)}
            required
            problem={problem}
          />
        ) : null}
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Mute
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
