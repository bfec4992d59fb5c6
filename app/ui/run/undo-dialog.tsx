'use client'
import { useState } from 'react'
import type { CallApi } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { TypedField, whyNotTyped } from '#app/ui/inbox/typed.tsx'
import { isTyped } from '#app/ui/inbox/words.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { planMoneyText } from '#app/ui/plan/plan-money-text.ts'
import { typedForMoney, writesIn } from './review.ts'
import { RowsWritten } from './rows-written.tsx'
import styles from './taking-back.module.css'

interface UndoDialogProps {
  readonly runId: string
  readonly agreementId: number
  /** Company and agreement. */
  readonly of: string
  readonly currency: string
  readonly call: CallApi
  readonly onStarted: (runId: string) => void
  readonly onClose: () => void
}

/** Takes back what a sync wrote on one agreement (J2): first what that would write and change of the bill, then it is done. */
export function UndoDialog({ runId, agreementId, of, currency, call, onStarted, onClose }: UndoDialogProps) {
  const undoing = useAttempt()
  const [typed, setTyped] = useState('')
  const { data, error } = useApi(
    'GET /api/runs/{id}/agreements/{agreementId}/undo',
    { path: { id: runId, agreementId } },
    { call, revalidateOnFocus: false, shouldRetryOnError: false },
  )
  const undo = () =>
    undoing.run(async () => {
      const started = await call('POST /api/runs/{id}/undo', {
        path: { id: runId },
        body: { agreementIds: [agreementId] },
      })
      onStarted(started.runId)
    })
  const writes = data === undefined ? 0 : writesIn(data)
  const typing = data === undefined ? null : typedForMoney(data.money)
  const whyNot =
    data === undefined
      ? 'ConnectWise is being asked what would change.'
      : writes === 0
        ? 'It has nothing left to take back.'
        : typing !== null && !isTyped(typed, typing.text)
          ? whyNotTyped(typing.what)
          : null
  return (
    <Dialog title={`Undo this sync of ${of}`} onClose={onClose}>
      <p className={styles['says']}>
        The additions become what they were before it. Its months are parked: they are not synced again until
        the organisation’s people release them in Prism Pod, on the customer’s page.
      </p>
      <ProblemNote problem={error?.problem ?? null} />
      {data === undefined ? (
        error === undefined ? (
          <p className={styles['reading']}>Asking ConnectWise what would change…</p>
        ) : null
      ) : (
        <>
          {data.money === null || writes === 0 ? null : (
            <p className={styles['money']}>{planMoneyText(data.money, currency)}</p>
          )}
          <RowsWritten rows={data.subscriptions} />
        </>
      )}
      {typing === null || writes === 0 ? null : <TypedField {...typing} typed={typed} onTyped={setTyped} />}
      <ProblemNote problem={undoing.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        {error !== undefined ? null : (
          <Button
            tone="primary"
            disabled={undoing.busy}
            whyNot={whyNot}
            isWhySaid={writes === 0}
            onClick={() => void undo()}
          >
            {data !== undefined && writes === 0
              ? 'Nothing to undo'
              : `Undo: ${writes} ${writes === 1 ? 'change' : 'changes'} in ConnectWise`}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}
