'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { PlanMonth } from '#app/ui/plan/plan-month.tsx'
import styles from './run.module.css'

interface UndoProps {
  readonly runId: string
  readonly agreementId: number
  readonly currency: string
  /** Company and agreement. */
  readonly of: string
}

/** Takes back what the sync wrote on one agreement (J2): first what that would write, then it is done. */
export function Undo(props: UndoProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles['undo']}>
      <Button onClick={() => setOpen(true)}>Undo…</Button>
      {isOpen ? <UndoDialog {...props} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

function UndoDialog({
  runId,
  agreementId,
  currency,
  of,
  onClose,
}: UndoProps & { readonly onClose: () => void }) {
  const router = useRouter()
  const undoing = useAction({ refreshes: false })
  const { data, error } = useApi(
    'GET /api/runs/{id}/agreements/{agreementId}/undo',
    { path: { id: runId, agreementId } },
    { revalidateOnFocus: false },
  )
  const undo = () =>
    undoing.run(async () => {
      const started = await callApi('POST /api/runs/{id}/undo', {
        path: { id: runId },
        body: { agreementIds: [agreementId] },
      })
      router.push(`/runs/${started.runId}`)
    })
  const writes = data?.subscriptions.flatMap(({ changes }) =>
    changes.filter(({ kind }) => kind !== 'keep'),
  ).length
  return (
    <Dialog title={`Undo this sync of ${of}`} onClose={onClose}>
      <p>
        The additions become what they were before it. Its months are parked: they are not synced again until
        you release them on the customer’s page.
      </p>
      {error === undefined ? null : <ProblemNote problem={error.problem} />}
      {data === undefined ? (
        error === undefined ? (
          <p className={styles['reading']}>Asking ConnectWise what would change…</p>
        ) : null
      ) : (
        <PlanMonth plan={data} currency={currency} of={`${of}, undone`} expanded />
      )}
      <ProblemNote problem={undoing.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="primary" disabled={!writes || undoing.busy} onClick={() => void undo()}>
          {writes
            ? `Undo: ${writes} ${writes === 1 ? 'change' : 'changes'} in ConnectWise`
            : 'Nothing to undo'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
