'use client'
import { useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Check } from '#app/ui/kit/form.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { monthName } from '#lib/billing/format.ts'
import { type Answering, useAnswer } from './answering.tsx'
import type { AskedRow } from './asked-row.ts'
import { ChangeList } from './change-list.tsx'

interface MonthDialogProps {
  readonly answering: Answering
  readonly row: AskedRow
  readonly onClose: () => void
}

interface ConfirmDialogProps extends MonthDialogProps {
  /** The sync in which it waits. */
  readonly runId: string
}

/** A yes to what waits, with what it sends (F18). */
export function ConfirmDialog({ answering, row, runId: id, onClose }: ConfirmDialogProps) {
  const { busy, problem, act } = useAnswer(answering)
  const [isAll, setAll] = useState(false)
  const { period, subscriptionId, product, waits } = row
  const confirm = async () => {
    const asked = waits?.question
    const question = asked === 'late' || asked === 'guard' ? asked : undefined
    const one = { agreementId: answering.agreementId, subscriptionId, period, question }
    const isDone = await act(async () => {
      const { runId } = await answering.call('POST /api/runs/{id}/confirm', {
        path: { id },
        body: isAll ? {} : one,
      })
      answering.onStarted(runId)
    })
    if (isDone) onClose()
  }
  return (
    <Dialog title={`Confirm ${monthName(period)} of ${product}?`} onClose={onClose}>
      <p>A sync starts, and sends this:</p>
      <ChangeList changes={(waits?.changes ?? []).map((change) => ({ change, applied: null }))} />
      <form onSubmit={(event) => event.preventDefault()}>
        {answering.isWholeProgram ? (
          <Check
            label="All that waits in this sync"
            name="all"
            hint="Of every customer, not only this subscription."
            checked={isAll}
            onChange={({ target }) => setAll(target.checked)}
          />
        ) : null}
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" disabled={busy} onClick={() => void confirm()}>
            {isAll ? 'Confirm all' : 'Confirm'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** Leaves a month of a subscription out, with what is not billed then (F12). */
export function SkipDialog({ answering, row, onClose }: MonthDialogProps) {
  const { busy, problem, act } = useAnswer(answering)
  const { tenantId, period, subscriptionId, product, invoiced } = row
  const skip = async () => {
    const path = { program: answering.program, tenantId }
    const given = { path, body: { subscriptionId, period } }
    const endpoint = 'POST /api/programs/{program}/customers/{tenantId}/skip'
    if (await act(() => answering.call(endpoint, given))) onClose()
  }
  return (
    <Dialog title={`Skip ${monthName(period)} of ${product}?`} onClose={onClose}>
      <p>
        PRISM invoices {moneyText(invoiced.price, answering.currency)} for it in {monthName(period)}. No sync
        bills that: what the additions have now stays as it is, and later months go on. Choose it where the
        month is billed otherwise. It can be taken back.
      </p>
      <ProblemNote problem={problem} />
      <DialogActions>
        <Button disabled={busy} onClick={onClose}>
          Cancel
        </Button>
        <Button tone="primary" disabled={busy} onClick={() => void skip()}>
          Skip
        </Button>
      </DialogActions>
    </Dialog>
  )
}
