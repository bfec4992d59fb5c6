'use client'
import { useRouter } from 'next/navigation'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { firstSyncChoices } from '#lib/billing/first-sync-choices.ts'
import type { FirstSync } from '#lib/billing/types.ts'
import styles from './customers.module.css'

interface WaitingToBeginProps {
  readonly program: string
  readonly count: number
  readonly may: boolean
}

const BEGINS: readonly FirstSync[] = ['next', 'catch-up', 'elsewhere']

/** One question for all customers that wait for how they begin (E6). */
export function WaitingToBegin({ program, count, may }: WaitingToBeginProps) {
  const router = useRouter()
  const { busy, problem, run } = useAction()
  const answer = (begin: FirstSync) =>
    run(async () => {
      const endpoint = 'POST /api/programs/{program}/begin'
      const { runId } = await callApi(endpoint, { path: { program }, body: { begin } })
      if (runId !== null) router.push(`/runs/${runId}`)
    })
  return (
    <div className={styles['waiting']}>
      <Note
        tone="warn"
        detail="ConnectWise has invoiced the month of their first sync already, and nothing of them is on their agreements. Nothing is written before that is answered, so that no month is billed twice. One customer is answered on its page."
      >
        {count === 1 ? 'One customer waits' : `${count} customers wait`} for how to begin.
      </Note>
      {may ? (
        <div className={styles['actions']} role="group" aria-label="How all of them begin">
          {BEGINS.map((begin) => (
            <Button key={begin} disabled={busy} onClick={() => void answer(begin)}>
              {firstSyncChoices[begin]}
            </Button>
          ))}
        </div>
      ) : null}
      <ProblemNote problem={problem} />
    </div>
  )
}
