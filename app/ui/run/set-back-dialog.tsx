'use client'
import { useState } from 'react'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { TypedField, whyNotTyped } from '#app/ui/inbox/typed.tsx'
import { isTyped } from '#app/ui/inbox/words.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { Answering } from '#app/ui/plan/answering.tsx'
import { ChangeList } from '#app/ui/plan/change-list.tsx'
import { Findings } from '#app/ui/plan/findings.tsx'
import { planMoneyText } from '#app/ui/plan/plan-money-text.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { typedForMoney } from './review.ts'
import styles from './taking-back.module.css'

interface SetBackDialogProps {
  readonly answering: Answering
  readonly onClose: () => void
}

const EDITS = 'GET /api/programs/{program}/agreements/{agreementId}/edits'
const SET_BACK = 'POST /api/programs/{program}/agreements/{agreementId}/edits'

/** What somebody edited by hand, old and new with its money, is set back of the subscriptions that are ticked. */
export function SetBackDialog({ answering, onClose }: SetBackDialogProps) {
  const { call, program, agreementId, currency, onStarted } = answering
  const path = { program, agreementId }
  const setting = useAttempt()
  const [typed, setTyped] = useState('')
  const [left, setLeft] = useState<readonly string[]>([])
  const { data, error } = useApi(
    EDITS,
    { path },
    { call, revalidateOnFocus: false, shouldRetryOnError: false },
  )
  const rows = data?.periods.flatMap(({ subscriptions }) => subscriptions) ?? []
  const edited = rows.filter(({ changes }) => changes.length > 0)
  const chosen = edited.map(idOf).filter((id) => !left.includes(id))
  const typing = data === undefined ? null : typedForMoney(data.money)
  const whyNot =
    chosen.length === 0
      ? 'Tick at least one.'
      : typing !== null && !isTyped(typed, typing.text)
        ? whyNotTyped(typing.what)
        : null
  const setBack = async () => {
    const isDone = await setting.run(async () => {
      onStarted((await call(SET_BACK, { path, body: { subscriptionIds: chosen } })).runId)
    })
    if (isDone) onClose()
  }
  return (
    <Dialog title="Set back what was edited by hand" onClose={onClose}>
      <p className={styles['says']}>
        Additions that somebody changed in ConnectWise become what the last sync had left. What ConnectWise
        has invoiced stays as it was invoiced.
      </p>
      <ProblemNote problem={error?.problem ?? null} />
      {data === undefined && error === undefined ? (
        <p className={styles['reading']}>Reading ConnectWise’s additions…</p>
      ) : null}
      {data !== undefined && rows.length === 0 ? <p>Nothing was edited since a sync wrote it.</p> : null}
      {data === undefined || data.money === null || edited.length === 0 ? null : (
        <p className={styles['money']}>{planMoneyText(data.money, currency)}</p>
      )}
      <form onSubmit={(event) => event.preventDefault()}>
        <ul className={styles['rows']}>
          {rows.map((row) => (
            <li key={`${row.kind} ${row.subscriptionId} ${row.product.sku}`}>
              {row.changes.length === 0 ? (
                <h3>{row.product.name}</h3>
              ) : (
                <label className={styles['choice']}>
                  <input
                    type="checkbox"
                    checked={!left.includes(idOf(row))}
                    onChange={({ target }) =>
                      setLeft(target.checked ? left.filter((id) => id !== idOf(row)) : [...left, idOf(row)])
                    }
                  />
                  {row.product.name}
                </label>
              )}
              <Findings findings={row.findings} />
              <ChangeList changes={row.changes.map((change) => ({ change, applied: null }))} />
            </li>
          ))}
        </ul>
        {typing === null || edited.length === 0 ? null : (
          <TypedField {...typing} typed={typed} onTyped={setTyped} />
        )}
        <ProblemNote problem={setting.problem} />
        <DialogActions>
          <Button disabled={setting.busy} onClick={onClose}>
            {edited.length === 0 ? 'Close' : 'Cancel'}
          </Button>
          {edited.length === 0 ? null : (
            <Button tone="primary" disabled={setting.busy} whyNot={whyNot} onClick={() => void setBack()}>
              {`Set back ${chosen.length === 1 ? '1 subscription' : `${chosen.length} subscriptions`}`}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** `''`: of what is no subscription's. */
const idOf = ({ kind, subscriptionId }: { kind: string; subscriptionId: string }): string =>
  kind === 'azure' ? '' : subscriptionKey(subscriptionId)
