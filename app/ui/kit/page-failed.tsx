'use client'
import { useEffect, useRef } from 'react'
import { useOutage } from '#app/hooks/use-outage.ts'
import { Button } from './button.tsx'
import styles from './page-failed.module.css'

/** In place of a page that failed: what is wrong with Prism Pod as a whole, else the reference of the log entry (F10). */
export function PageFailed({ digest }: { digest: string | undefined }) {
  const { problem, isAsked } = useOutage()
  const wasAway = useRef(false)
  useEffect(() => {
    if (problem !== null) wasAway.current = true
    else if (wasAway.current) window.location.reload()
  }, [problem])
  if (!isAsked) return null
  const reference = digest === undefined ? '' : ` Reference ${digest}.`
  return (
    <div role="alert" className={styles['failed']}>
      <h1>{problem?.title ?? 'An unexpected error occurred'}</h1>
      <p>{problem?.detail ?? `This page could not be shown. Nothing was changed.${reference}`}</p>
      <p>
        {problem?.remedy ??
          (digest === undefined
            ? 'Try again; if it stays so, tell rhipe operations.'
            : 'Try again; if it stays so, pass the reference on to rhipe operations.')}
      </p>
      {problem === null ? (
        <Button onClick={() => window.location.reload()}>Try again</Button>
      ) : (
        <p>This page asks again by itself.</p>
      )}
    </div>
  )
}
