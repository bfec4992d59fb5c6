'use client'
import { type FormEvent, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import type { Reply } from '#app/contracts/table.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { FactorShown } from '#app/ui/kit/factor-shown.tsx'
import { textOf } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import styles from './sign-in.module.css'

type Begun = Reply<'POST /api/session/second-factor/first'>

export function SignInForm({ next }: { next: string }) {
  const [refusal, setRefusal] = useState<Problem | null>(null)
  const [sending, setSending] = useState(false)
  const [asksCode, setAsksCode] = useState(false)
  const [begun, setBegun] = useState<Begun | null>(null)

  const attempt = async (form: HTMLFormElement) => {
    const who = { email: textOf(form, 'email'), password: textOf(form, 'password') }
    try {
      await callApi('POST /api/session', {
        body: asksCode ? { ...who, code: textOf(form, 'code') } : who,
      })
      // A whole new page: everything on it is this person's.
      window.location.assign(next === '/' ? '/start' : next)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { code } = error.problem
      if (code === 'second-factor-to-set-up')
        setBegun(await callApi('POST /api/session/second-factor/first', { body: who }))
      const isFirstAsked = code === 'second-factor-needed' || code === 'second-factor-to-set-up'
      if (isFirstAsked) setAsksCode(true)
      setRefusal(isFirstAsked && !asksCode ? null : error.problem)
      setSending(false)
    }
  }

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setSending(true)
    setRefusal(null)
    try {
      await attempt(event.currentTarget)
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
        <input name="email" type="email" autoComplete="username" required readOnly={asksCode} />
      </label>
      <label className={styles['field']}>
        Password
        <input name="password" type="password" autoComplete="current-password" required readOnly={asksCode} />
      </label>
      {begun === null ? null : (
        <>
          <p>Your organisation asks for a second factor. Set it up now:</p>
          <FactorShown factor={begun} />
        </>
      )}
      {asksCode ? (
        <label className={styles['field']}>
          {begun === null
            ? 'Code of your authenticator, or a recovery code'
            : 'Code that your authenticator shows'}
          <input name="code" autoComplete="one-time-code" required autoFocus maxLength={40} />
        </label>
      ) : null}
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
