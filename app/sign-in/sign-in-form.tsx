'use client'
import { type FormEvent, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { textOf } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import styles from './sign-in.module.css'

export function SignInForm({ next }: { next: string }) {
  const [refusal, setRefusal] = useState<Problem | null>(null)
  const [sending, setSending] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { email: textOf(form, 'email'), password: textOf(form, 'password') }
    setSending(true)
    setRefusal(null)
    try {
      await callApi('POST /api/session', { body })
      // A whole new page: everything on it is this person's.
      window.location.assign(next === '/' ? '/start' : next)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setSending(false)
      setRefusal(error.problem)
    }
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
