'use client'
import { useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { Day } from '#lib/billing/types.ts'

interface TermEndProps {
  readonly program: string
  readonly today: Day
  readonly of: {
    readonly subscriptionId: string
    readonly customer: string
    readonly product: string
    /** `null`: not known. */
    readonly endsOn: Day | null
    readonly isSaid: boolean
  }
}

/** Says when a term ends, where PRISM does not tell, or takes that back. */
export function TermEnd({ program, today, of }: TermEndProps) {
  const [isOpen, setOpen] = useState(false)
  const says = of.endsOn === null ? 'Say when' : 'Change when'
  const { run, problem, busy } = useAction()
  const say = (endsOn: Day | null) =>
    run(async () => {
      const path = { program, subscriptionId: of.subscriptionId }
      await callApi('PUT /api/programs/{program}/subscriptions/{subscriptionId}/term-end', {
        path,
        body: { endsOn },
      })
      setOpen(false)
    })
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-label={`${says} ${of.product} of ${of.customer} ends`}>
        {says}
      </Button>
      {isOpen ? (
        <Dialog title={`When does the term of ${of.product} end?`} onClose={() => setOpen(false)}>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void say(textOf(event.currentTarget, 'endsOn') as Day)
            }}
          >
            <Field
              label="Last day of the term"
              name="endsOn"
              type="date"
              required
              min={today}
              defaultValue={of.endsOn ?? ''}
              problem={problem}
              hint="PRISM’s portal or Microsoft’s Partner Center shows it. Later terms are counted on from it."
            />
            <ProblemNote problem={problem} />
            <DialogActions>
              {of.isSaid ? (
                <Button type="button" disabled={busy} onClick={() => void say(null)}>
                  Count from the first purchase again
                </Button>
              ) : null}
              <Button type="button" onClick={() => setOpen(false)}>
                Cancel
              </Button>
              <Button type="submit" tone="primary" disabled={busy}>
                Save this day
              </Button>
            </DialogActions>
          </form>
        </Dialog>
      ) : null}
    </>
  )
}
