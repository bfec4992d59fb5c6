'use client'
import { useRouter } from 'next/navigation'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { Fit } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'

interface SyncDialogProps {
  readonly program: string
  /** `null`: everybody. */
  readonly chosen: readonly Customer[] | null
  /** All that fit, in place of the chosen ones. */
  readonly fit?: Fit | null
  /** How many customers sync in all, where everybody is meant. */
  readonly everybody?: number
  readonly onClose: () => void
}

const some = (count: number): string =>
  count === 1 ? '1 customer' : `${count.toLocaleString('en-GB')} customers`

/** What a sync of many is about, before it is started. */
export function SyncDialog({ program, chosen, fit = null, everybody = 0, onClose }: SyncDialogProps) {
  const router = useRouter()
  const { busy, problem, run } = useAction({ refreshes: false })
  const named = fit === null ? chosen : null
  const syncing = named?.filter(({ mapping }) => mapping?.syncEnabled) ?? null
  const count = fit?.count ?? syncing?.length ?? everybody
  const off = named?.filter(({ mapping }) => mapping !== null && !mapping.syncEnabled).length ?? 0
  const unmapped = named?.filter(({ mapping }) => mapping === null).length ?? 0
  const agreements = new Set(syncing?.map(({ mapping }) => mapping?.agreementId))
  const start = () =>
    run(async () => {
      const body =
        fit !== null
          ? { fit }
          : syncing === null
            ? {}
            : { tenantIds: syncing.map(({ tenantId }) => tenantId) }
      const { runId } = await callApi('POST /api/programs/{program}/customers/sync', {
        path: { program },
        body,
      })
      router.push(`/runs/${runId}`)
    })
  return (
    <Dialog
      title={chosen === null ? 'Sync everybody now?' : 'Sync the chosen customers now?'}
      onClose={onClose}
    >
      <p>
        {fit !== null
          ? `PRISM is asked for new invoices, then those of the ${some(count)} that have Sync on are synced. Other customers of the same agreements are synced with them.`
          : chosen === null
            ? `PRISM is asked for new invoices, then all ${some(count)} with Sync on are synced, one agreement after the other.`
            : `PRISM is asked for new invoices, then ${some(count)} on ${agreements.size === 1 ? '1 agreement' : `${agreements.size} agreements`} ${count === 1 ? 'is' : 'are'} synced. Other customers of the same agreements are synced with them.`}
      </p>
      {off === 0 ? null : <p>{`Left out, as Sync is off: ${some(off)}.`}</p>}
      {unmapped === 0 ? null : <p>{`Left out, as not mapped: ${some(unmapped)}.`}</p>}
      <p>
        A month that is synced already and agrees is not written again. The run can be stopped on its page.
      </p>
      <ProblemNote problem={problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          tone="primary"
          disabled={busy}
          whyNot={count === 0 ? 'None of them has Sync on.' : null}
          onClick={() => void start()}
        >
          {busy
            ? 'Looking for new invoices…'
            : fit === null
              ? `Sync ${some(count)} now`
              : 'Sync those with Sync on now'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
