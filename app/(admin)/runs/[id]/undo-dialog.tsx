'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { ChangeList } from '#app/ui/plan/change-list.tsx'
import { Findings } from '#app/ui/plan/findings.tsx'
import styles from './run.module.css'

interface UndoProps {
  readonly runId: string
  readonly agreementId: number
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

function UndoDialog({ runId, agreementId, of, onClose }: UndoProps & { readonly onClose: () => void }) {
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
      <p className={styles['undoes']}>
        The additions become what they were before it. Its months are parked: they are not synced again until
        you release them on the customer’s page.
      </p>
      {error === undefined ? null : <ProblemNote problem={error.problem} />}
      {data === undefined ? (
        error === undefined ? (
          <p className={styles['reading']}>Asking ConnectWise what would change…</p>
        ) : null
      ) : (
        <ul className={styles['undone']}>
          {data.subscriptions.map((row) => (
            <li key={`${row.kind} ${row.subscriptionId} ${row.product.sku}`}>
              <h3>{row.product.name}</h3>
              <Findings findings={row.findings} />
              <ChangeList changes={row.changes.map((change) => ({ change, applied: null }))} />
            </li>
          ))}
        </ul>
      )}
      <ProblemNote problem={undoing.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          tone="primary"
          hidden={error !== undefined}
          disabled={!writes || undoing.busy}
          onClick={() => void undo()}
        >
          {writes
            ? `Undo: ${writes} ${writes === 1 ? 'change' : 'changes'} in ConnectWise`
            : 'Nothing to undo'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
