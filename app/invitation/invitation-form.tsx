'use client'
import Link from 'next/link'
import type { FormEvent } from 'react'
import useSWR from 'swr'
import type { Reply } from '#app/contracts/table.ts'
import { callApi, type Refused } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useLinkToken } from '#app/hooks/use-link-token.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from '../sign-in/sign-in.module.css'

const READING = 'PUT /api/session/invitation'

export function InvitationForm() {
  const token = useLinkToken()
  const { busy, problem, run } = useAction()
  const { data: invited, error } = useSWR<Reply<typeof READING>, Refused>(
    token === null ? null : [READING, token],
    ([endpoint, given]: [typeof READING, string]) => callApi(endpoint, { body: { token: given } }),
    { revalidateOnFocus: false, shouldRetryOnError: false },
  )
  if (error !== undefined) return <ProblemNote problem={error.problem} />
  if (invited === undefined) return <p aria-busy="true">Reading the invitation…</p>
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { token: token ?? '', name: textOf(form, 'name'), password: textOf(form, 'password') }
    if (await run(() => callApi('POST /api/session/invitation', { body }))) window.location.assign('/start')
  }
  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <p>
        You are invited to <b>{invited.organisation}</b> as {invited.role}, as {invited.email}.
      </p>
      <input type="hidden" name="username" autoComplete="username" value={invited.email} />
      <Field label="Your name" name="name" autoComplete="name" maxLength={100} problem={problem} />
      <Field
        label="Choose a password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        hint="At least 10 characters."
        required
        problem={problem}
      />
      <ProblemNote problem={problem} />
      {problem?.code.startsWith('second-factor') ? <Link href="/sign-in">Sign in</Link> : null}
      <Button type="submit" tone="primary" disabled={busy}>
        Join
      </Button>
    </form>
  )
}
