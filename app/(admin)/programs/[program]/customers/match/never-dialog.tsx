'use client'
import type { FormEvent } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { WaitingCustomer } from './desk.ts'

interface NeverDialogProps {
  readonly program: string
  readonly customer: WaitingCustomer
  /** As it was said of the customer before. */
  readonly reason: string
  readonly onClose: () => void
  readonly onSaid: (reason: string) => void
}

/** That a customer is never mapped, and why; who says it and when is kept. */
export function NeverDialog({ program, customer, reason, onClose, onSaid }: NeverDialogProps) {
  const { busy, problem, run } = useAction()
  const { tenantId, name } = customer
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const body = { reason: textOf(event.currentTarget, 'reason') }
    const isSaid = await run(() =>
      callApi('PUT /api/programs/{program}/customers/{tenantId}/never', {
        path: { program, tenantId },
        body,
      }),
    )
    if (isSaid) onSaid(body.reason)
  }
  return (
    <Dialog title={`Never map ${name}?`} onClose={onClose}>
      <p>
        It is not listed as waiting any more. What PRISM invoices of it is billed nowhere, as now, and stands
        under the unmapped customers. It can be taken back at the end of the page.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Why"
          name="reason"
          defaultValue={reason}
          maxLength={300}
          hint="For example: our own tenant, a test, billed in another way."
          required
          problem={problem}
        />
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Never map it
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
