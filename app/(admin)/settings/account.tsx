'use client'
import { type FormEvent, useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { SecondFactorDialog } from './second-factor.tsx'
import styles from './settings.module.css'

interface AccountProps {
  readonly email: string
  readonly role: string
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
  /** The organisation asks for one, so that nobody takes theirs off. */
  readonly isDemanded: boolean
}

export function Account({ email, role, hasPassword, hasSecondFactor, isDemanded }: AccountProps) {
  const [isChanging, setChanging] = useState(false)
  const [isOnFactor, setOnFactor] = useState(false)
  const { busy, problem, run } = useAction()
  const signOut = async () => {
    if (await run(() => callApi('DELETE /api/session/everywhere'))) window.location.assign('/sign-in')
  }
  return (
    <section className={table['panel']} aria-label="Your account">
      <div className={styles['head']}>
        <h2>Your account</h2>
      </div>
      <div className={styles['body']}>
        <p>
          {email}, {role}
        </p>
        <ProblemNote problem={problem} />
        <div className={styles['buttons']}>
          {hasPassword ? <Button onClick={() => setChanging(true)}>Change password</Button> : null}
          {hasPassword ? (
            <Button
              whyNot={
                hasSecondFactor && isDemanded
                  ? 'Your organisation asks for it. An owner can reset yours under People.'
                  : null
              }
              onClick={() => setOnFactor(true)}
            >
              {hasSecondFactor ? 'Take the second factor off' : 'Set up a second factor'}
            </Button>
          ) : null}
          <Button disabled={busy} onClick={() => void signOut()}>
            Sign out everywhere
          </Button>
        </div>
      </div>
      {isOnFactor ? <SecondFactorDialog isOn={hasSecondFactor} onClose={() => setOnFactor(false)} /> : null}
      {isChanging ? <ChangePassword onClose={() => setChanging(false)} /> : null}
    </section>
  )
}

function ChangePassword({ onClose }: { onClose: () => void }) {
  const { busy, problem, run } = useAction()
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { current: textOf(form, 'current'), password: textOf(form, 'password') }
    if (await run(() => callApi('PUT /api/session/password', { body }))) onClose()
  }
  return (
    <Dialog title="Change password" onClose={onClose}>
      <p>You are signed out everywhere else.</p>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Present password"
          name="current"
          type="password"
          autoComplete="current-password"
          required
          problem={problem}
        />
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint="At least 10 characters."
          required
          problem={problem}
        />
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            Change
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
