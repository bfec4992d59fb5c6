'use client'
import { type FormEvent, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import styles from './sign-in.module.css'

const UNREACHABLE = {
  detail: 'Prism Pod did not answer.',
  remedy: 'Check your network connection and try again.',
}

export function SignInForm({ next }: { next: string }) {
  const [refusal, setRefusal] = useState<Pick<Problem, 'detail' | 'remedy'> | null>(null)
  const [sending, setSending] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    setSending(true)
    setRefusal(null)
    const answer = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: fields.get('email'), password: fields.get('password') }),
    }).catch(() => null)
    if (answer?.ok) {
      // A whole new page: everything on it is this person's.
      window.location.assign(next)
      return
    }
    setSending(false)
    setRefusal(answer === null ? UNREACHABLE : ((await answer.json()) as Problem))
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <label className={styles['field']}>
        E-mail
        <input name="email" type="email" autoComplete="username" required />
      </label>
      <label className={styles['field']}>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {refusal === null ? null : (
        <div role="alert">
          <Note tone="bad" remedy={refusal.remedy}>
            {refusal.detail}
          </Note>
        </div>
      )}
      <Button type="submit" tone="primary" disabled={sending}>
        {sending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
