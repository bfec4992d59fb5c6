'use client'
import type { FormEvent } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useLinkToken } from '#app/hooks/use-link-token.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from '../sign-in/sign-in.module.css'

export function FirstOwnerForm() {
  const token = useLinkToken()
  const { busy, problem, run } = useAction()
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = {
      token: token ?? '',
      organisation: textOf(form, 'organisation'),
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
    }
    if (await run(() => callApi('POST /api/session/first-owner', { body })))
      window.location.assign('/connections')
  }
  const whyNot =
    token === null ? 'Open the whole link that the log of the server shows: it lets you in.' : null
  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <Field label="Organisation" name="organisation" maxLength={100} required problem={problem} />
      <Field label="Your name" name="name" autoComplete="name" maxLength={100} problem={problem} />
      <Field label="E-mail" name="email" type="email" autoComplete="username" required problem={problem} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        hint="At least 10 characters."
        required
        problem={problem}
      />
      <ProblemNote problem={problem} />
      <Button type="submit" tone="primary" disabled={busy} whyNot={whyNot}>
        Create
      </Button>
    </form>
  )
}
