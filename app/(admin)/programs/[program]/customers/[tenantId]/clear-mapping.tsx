'use client'
import { useState } from 'react'
import useSWR from 'swr'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/form.tsx'
import { type LeavingAnswer, LeavingChoice } from '#app/ui/plan/leaving-choice.tsx'
import { addMonths } from '#lib/billing/days.ts'

interface ClearMappingProps {
  /** The customer's address in the API. */
  readonly path: string
  readonly customer: Customer
  readonly onKeep: () => void
  readonly onCleared: () => void
}

/** What stays open when a mapping is cleared, and what is to become of it: there is no default (E5). */
export function ClearMapping({ path, customer, onKeep, onCleared }: ClearMappingProps) {
  const { busy, problem, run } = useAction()
  const [answer, setAnswer] = useState<LeavingAnswer | null>(null)
  const { data, error } = useSWR<{ leaving: ShownLeaving | null }, unknown>(
    [`${path}/mapping/consequences`, customer.mapping?.agreementId],
    ([address]: [string]) => callApi('GET', address),
    // What was open a moment ago is no answer to what is open now.
    { revalidateOnFocus: false, dedupingInterval: 0 },
  )
  const open = data?.leaving?.open.length ?? 0
  const clear = async () => {
    if (await run(() => callApi('DELETE', `${path}/mapping${queryOf(answer)}`))) onCleared()
  }
  return (
    <Dialog title={`Clear the mapping of ${customer.name}?`} onClose={onKeep}>
      <p>It syncs no more.</p>
      {data === undefined && error === undefined ? <p>Reading what is on the agreement…</p> : null}
      {data?.leaving && open > 0 ? (
        <LeavingChoice leaving={data.leaving} goesTo={null} answer={answer} onAnswer={setAnswer} />
      ) : null}
      {data !== undefined && open === 0 ? <p>Nothing of it is open on the agreement.</p> : null}
      {error instanceof Refused ? (
        <>
          <ProblemNote problem={error.problem} />
          <label>
            <input
              type="checkbox"
              checked={answer === 'leave'}
              onChange={({ target }) => setAnswer(target.checked ? 'leave' : null)}
            />{' '}
            Clear it all the same, and leave what is there as it is
          </label>
        </>
      ) : null}
      <ProblemNote problem={problem} />
      <DialogActions>
        <Button onClick={onKeep}>Keep it</Button>
        <Button
          tone="primary"
          disabled={busy || (answer === null && (data === undefined || open > 0))}
          onClick={() => void clear()}
        >
          Clear mapping
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function queryOf(answer: LeavingAnswer | null): string {
  if (answer === null) return ''
  return answer === 'leave' ? '?leave=true' : `?end=${addMonths(answer.from, -1)}`
}
