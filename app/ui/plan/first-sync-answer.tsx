'use client'
import { useContext, useState } from 'react'
import { Refused } from '#app/hooks/api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { firstSyncChoices } from '#lib/billing/first-sync-choices.ts'
import type { FirstSync } from '#lib/billing/types.ts'
import { useAnswering } from './answering.tsx'
import styles from './first-sync-answer.module.css'
import { FirstSyncAnswers } from './first-sync-answering.ts'
import { type AnswerableRow, answersOf } from './first-sync-answers.ts'

/** The answers to a row that waits for how its customer begins, or that began in a way that can be changed. */
export function FirstSyncAnswer({
  row,
  ofCustomer,
}: {
  row: AnswerableRow
  ofCustomer?: string | undefined
}) {
  const answer = useContext(FirstSyncAnswers)
  // What waits is answered in the list beside the rows.
  const isListed = useAnswering() === null && row.waits !== undefined
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)
  const answers = answersOf(row)
  if (answer === null || answers.length === 0 || isListed) return null
  const say = async (begin: FirstSync) => {
    setBusy(true)
    setRefusal(null)
    try {
      await answer(row.tenantId, begin)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <div
        className={styles['answers']}
        role="group"
        aria-label={`How ${ofCustomer ?? 'the customer'} begins`}
      >
        <span>For the whole customer:</span>
        {answers.map((begin) => (
          <Button key={begin} disabled={busy} onClick={() => void say(begin)}>
            {firstSyncChoices[begin]}
          </Button>
        ))}
      </div>
      <ProblemNote problem={refusal?.problem ?? null} />
    </>
  )
}
