'use client'
import { useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { useLinkToken } from '#app/hooks/use-link-token.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from '../sign-in/sign-in.module.css'

/** One button: opening the link alone changes nothing, as mail scanners open links, too. */
export function UnsubscribeForm() {
  const token = useLinkToken()
  const { busy, problem, run } = useAttempt()
  const [isDone, setDone] = useState(false)
  const end = async () => {
    const query = { token: token ?? '' }
    if (await run(() => callApi('POST /api/unsubscribe', { query }))) setDone(true)
  }
  const whyNot =
    token === null ? 'Open the link of the mail: without it nobody knows whose mails are meant.' : null
  if (isDone) return <p role="status">You get no more of these mails. An owner can have them sent again.</p>
  return (
    <div className={styles['form']}>
      <p>You get mails about errors and what waits in Prism Pod. They can end.</p>
      <ProblemNote problem={problem} />
      <Button tone="primary" disabled={busy} whyNot={whyNot} onClick={() => void end()}>
        Unsubscribe
      </Button>
    </div>
  )
}
