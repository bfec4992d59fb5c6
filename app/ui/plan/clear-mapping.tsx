'use client'
import { useState } from 'react'
import useSWR from 'swr'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { Reply } from '#app/contracts/table.ts'
import type { Refused } from '#app/hooks/api.ts'
import type { CallApi, CustomerPath } from '#app/hooks/endpoint.ts'
import type { Attempt } from '#app/hooks/use-attempt.ts'
import { addMonths } from '#lib/billing/days.ts'
import { Button } from '../kit/button.tsx'
import { DialogActions } from '../kit/dialog.tsx'
import { ProblemNote } from '../kit/problem-note.tsx'
import { type LeavingAnswer, LeavingChoice } from './leaving-choice.tsx'

interface ClearMappingProps {
  readonly of: CustomerPath
  readonly customer: Pick<Customer, 'mapping'>
  /** Our own API, as the standalone site calls it or as a pod does. */
  readonly call: CallApi
  readonly action: Attempt
  readonly onKeep: () => void
  readonly onCleared: () => void
}

const READING = 'GET /api/programs/{program}/customers/{tenantId}/mapping/consequences'

/** What stays open when a mapping is cleared, and what is to become of it: there is no default (E5). */
export function ClearMapping({ of, customer, call, action, onKeep, onCleared }: ClearMappingProps) {
  const { busy, problem, run } = action
  const [answer, setAnswer] = useState<LeavingAnswer | null>(null)
  const { data, error } = useSWR<Reply<typeof READING>, Refused>(
    [READING, of, customer.mapping?.agreementId],
    () => call(READING, { path: of }),
    // What was open a moment ago is no answer to what is open now.
    { revalidateOnFocus: false, dedupingInterval: 0 },
  )
  const open = data?.leaving?.open.length ?? 0
  const clear = async () => {
    const endpoint = 'DELETE /api/programs/{program}/customers/{tenantId}/mapping'
    if (await run(() => call(endpoint, { path: of, query: queryOf(answer) }))) onCleared()
  }
  return (
    <>
      <p>It syncs no more.</p>
      {data === undefined && error === undefined ? <p>Reading what is on the agreement…</p> : null}
      {data?.leaving && open > 0 ? (
        <LeavingChoice leaving={data.leaving} goesTo={null} answer={answer} onAnswer={setAnswer} />
      ) : null}
      {data !== undefined && open === 0 ? <p>Nothing of it is open on the agreement.</p> : null}
      {error !== undefined ? (
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
          disabled={busy}
          whyNot={answer === null ? whyNotYet(data === undefined, error !== undefined, open) : null}
          onClick={() => void clear()}
        >
          Clear mapping
        </Button>
      </DialogActions>
    </>
  )
}

/** What is still to be known or chosen before the mapping can be cleared; `null`: nothing. */
function whyNotYet(isUnread: boolean, hasFailed: boolean, open: number): string | null {
  if (hasFailed) return 'What is on the agreement could not be read: tick that it stays as it is.'
  if (isUnread) return 'What is on the agreement is being read.'
  return open > 0 ? 'Choose what becomes of what is open.' : null
}

function queryOf(answer: LeavingAnswer | null) {
  if (answer === null) return {}
  return answer === 'leave' ? { leave: 'true' as const } : { end: addMonths(answer.from, -1) }
}
