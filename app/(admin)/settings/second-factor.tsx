'use client'
import { type FormEvent, useState } from 'react'
import type { Reply } from '#app/contracts/table.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { FactorShown } from '#app/ui/kit/factor-shown.tsx'
import { Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'

type Begun = Reply<'POST /api/session/second-factor'>

/** Sets one's second factor up, or takes it off. */
export function SecondFactorDialog({ isOn, onClose }: { isOn: boolean; onClose: () => void }) {
  const { busy, problem, run } = useAction()
  const [begun, setBegun] = useState<Begun | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    if (isOn || begun !== null) {
      const body = { code: textOf(form, 'code') }
      const call = () =>
        isOn
          ? callApi('POST /api/session/second-factor/removal', { body })
          : callApi('PUT /api/session/second-factor', { body })
      if (await run(call)) onClose()
      return
    }
    const body = { password: textOf(form, 'password') }
    await run(async () => setBegun(await callApi('POST /api/session/second-factor', { body })))
  }
  return (
    <Dialog title={isOn ? 'Take the second factor off' : 'Set up a second factor'} onClose={onClose}>
      {begun === null ? (
        <p>
          {isOn
            ? 'From then on your password alone signs you in.'
            : 'From then on signing in with your password also asks for a code that an app on your phone shows. You stay signed in where you are.'}
        </p>
      ) : (
        <FactorShown factor={begun} />
      )}
      <form onSubmit={(event) => void submit(event)}>
        {isOn || begun !== null ? (
          <Field
            key="code"
            label={
              isOn ? 'Code of your authenticator, or a recovery code' : 'Code that your authenticator shows'
            }
            name="code"
            autoComplete="one-time-code"
            maxLength={40}
            required
            problem={problem}
          />
        ) : (
          <Field
            key="password"
            label="Present password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            problem={problem}
          />
        )}
        <ProblemNote problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {isOn ? 'Take it off' : begun === null ? 'Go on' : 'Switch it on'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
