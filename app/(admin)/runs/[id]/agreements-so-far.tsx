'use client'
import { useState } from 'react'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { AgreementResults } from './agreement-results.tsx'
import styles from './run.module.css'

/** Slower than the progress above it: a run may have thousands of customers. */
const REFRESH_MS = 5_000

/** The customers of a sync under way, read only where somebody asks for them. */
export function AgreementsSoFar({ runId, currency }: { runId: string; currency: string }) {
  const [isOpen, setOpen] = useState(false)
  const { data, error } = useApi(
    'GET /api/runs/{id}',
    isOpen ? { path: { id: runId }, query: { detail: 'headings' } } : null,
    { refreshInterval: (latest) => (latest?.state === 'finished' ? 0 : REFRESH_MS) },
  )
  if (error !== undefined) return <ProblemNote problem={error.problem} />
  if (data !== undefined)
    return <AgreementResults run={data} currency={currency} wanted={null} mayAnswer={false} mayUndo={false} />
  return (
    <p className={styles['reading']}>
      {isOpen ? 'Reading…' : <Button onClick={() => setOpen(true)}>Show customers so far</Button>}
    </p>
  )
}
