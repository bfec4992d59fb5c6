'use client'
import { lazy, Suspense, useState } from 'react'
import { useAnswering } from './answering.tsx'

// Most agreements were never asked about, and load without it.
const AnswersList = lazy(async () => ({ default: (await import('./answers-list.tsx')).AnswersList }))

/** What people answered, where they did. @param tenantId whose skipped months; left out: everybody's. */
export function AnswersGiven({ tenantId }: { tenantId?: string }) {
  const answering = useAnswering()
  const given = answering?.given
  const months = given?.skipped.filter((each) => tenantId === undefined || each.tenantId === tenantId) ?? []
  const mutes = given?.mutes.filter((each) => tenantId === undefined || each.tenantId === tenantId) ?? []
  const isAny =
    given !== undefined &&
    given.answers.length + given.billed.length + given.lines.length + months.length + mutes.length > 0
  // What came of the last one that is taken back is still to be read.
  const [wasAny, setWasAny] = useState(isAny)
  if (isAny && !wasAny) setWasAny(true)
  if (answering === null || given === undefined || !(isAny || wasAny)) return null
  return (
    <Suspense>
      <AnswersList answering={answering} given={given} months={months} mutes={mutes} />
    </Suspense>
  )
}
