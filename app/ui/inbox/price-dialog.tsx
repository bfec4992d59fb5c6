'use client'
import type { ShownAction, ShownItem } from '#app/api/schemas/inbox.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { ChangeList } from '#app/ui/plan/change-list.tsx'
import { planMoneyText } from '#app/ui/plan/plan-money-text.ts'
import type { Change } from '#app/ui/plan/shown.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { type Acting, perform } from './acting.ts'

interface PriceDialogProps {
  readonly action: ShownAction
  readonly item: ShownItem
  readonly acting: Acting
  readonly onClose: () => void
}

/** PRISM's price in place of another one: the plan that a sync would write, with its amounts, and a yes to it. */
export function PriceDialog({ action, item, acting, onClose }: PriceDialogProps) {
  const { busy, problem, run } = useAttempt()
  const subscriptionId = item.of.subscription?.id ?? ''
  const { data, error } = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/price/{subscriptionId}',
    { path: { program: item.program, tenantId: item.of.tenant?.id ?? '', subscriptionId } },
    { call: acting.call, revalidateOnFocus: false, dedupingInterval: 0, shouldRetryOnError: false },
  )
  const rows = data?.periods.flatMap(({ subscriptions }) => subscriptions) ?? []
  const written = (of: (id: string) => boolean): Change[] =>
    rows
      .filter((row) => of(subscriptionKey(row.subscriptionId)))
      .flatMap(({ changes }) => changes.filter(({ kind }) => kind !== 'keep'))
  const own = written((id) => id === subscriptionId)
  const others = written((id) => id !== subscriptionId)
  const say = async () => {
    let runId: string | null = null
    const isDone = await run(async () => {
      runId = (await perform(acting, action, '')).runId
    })
    if (!isDone) return
    onClose()
    acting.onAnswered(`${action.text}: a sync writes it.`, runId)
  }
  return (
    <Dialog title={`${action.text}?`} onClose={onClose}>
      <p>
        {item.of.subscription?.product}: {item.says}. Days that ConnectWise has invoiced stay as they are.
      </p>
      {data === undefined ? (
        error === undefined ? (
          <p>Reading what it writes…</p>
        ) : null
      ) : own.length === 0 ? (
        <p>Nothing of it would change now. Sync the customer, and look at it again.</p>
      ) : (
        <>
          <p>A sync starts, and sends this:</p>
          <ChangeList changes={own.map((change) => ({ change, applied: null }))} />
          {others.length === 0 ? null : (
            <p>And what else is due on the agreement: {others.length} changes.</p>
          )}
          {data.money === null ? null : <p>The bill: {planMoneyText(data.money, acting.currency)}</p>}
        </>
      )}
      <ProblemNote problem={error?.problem ?? problem} />
      <DialogActions>
        <Button disabled={busy} onClick={onClose}>
          Cancel
        </Button>
        <Button
          tone="primary"
          disabled={busy}
          whyNot={whyNot(data === undefined, error !== undefined, own.length)}
          isWhySaid
          onClick={() => void say()}
        >
          {action.text}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** Each is said in the dialog already. */
function whyNot(isUnread: boolean, hasFailed: boolean, writes: number): string | null {
  if (hasFailed) return 'What it writes could not be read.'
  if (isUnread) return 'What it writes is being read.'
  return writes === 0 ? 'Nothing of it would change now.' : null
}
