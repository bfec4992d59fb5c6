'use client'
import { useEffect, useRef } from 'react'
import { useOutage } from './hooks/use-outage.ts'
import styles from './sign-in/sign-in.module.css'
import { Button } from './ui/button.tsx'

/** In place of a page that failed: what is wrong with Prism Pod as a whole, else the reference of the log entry (F10). */
export default function PageFailed({ error }: { error: Error & { digest?: string } }) {
  const { problem, isAsked } = useOutage()
  const wasAway = useRef(false)
  useEffect(() => {
    if (problem !== null) wasAway.current = true
    else if (wasAway.current) window.location.reload()
  }, [problem])
  if (!isAsked) return null
  return (
    <main className={styles['page']}>
      <div role="alert" className={styles['card']}>
        <h1>{problem?.title ?? 'An unexpected error occurred'}</h1>
        <p>{problem?.detail ?? `This page could not be shown. Reference ${error.digest ?? 'none'}`}</p>
        <p>{problem?.remedy ?? 'Try again; if it stays so, pass the reference on to rhipe operations.'}</p>
        {problem === null ? (
          <Button onClick={() => window.location.reload()}>Try again</Button>
        ) : (
          <p>This page asks again by itself.</p>
        )}
      </div>
    </main>
  )
}
