'use client'
import { type FormEvent, useState } from 'react'
import type { ShownNotifications, WebhookAnswer } from '#app/api/schemas/notifications.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { LastMessage } from './last-message.tsx'
import styles from './program.module.css'

interface WebhookFormProps {
  readonly program: string
  readonly webhook: ShownNotifications['webhook']
  readonly mayWrite: boolean
}

const FORMATS = { standard: 'JSON (Standard Webhooks)', teams: 'Microsoft Teams' } as const

/** Where the same is posted that the mails say: its address, its secret once, and a test that says what came back. */
export function WebhookForm({ program, webhook, mayWrite }: WebhookFormProps) {
  const { busy, problem, run } = useAction()
  const [secret, setSecret] = useState<string | null>(null)
  const [answer, setAnswer] = useState<WebhookAnswer | null>(null)
  const path = { program }
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { url: textOf(form, 'url').trim(), format: chosenOf(FORMATS, textOf(form, 'format')) }
    setAnswer(null)
    const done = await run(async () =>
      setSecret((await callApi('PUT /api/programs/{program}/webhook', { path, body })).secret),
    )
    if (done) form.reset()
  }
  const test = () => {
    setAnswer(null)
    return run(async () => setAnswer(await callApi('POST /api/programs/{program}/webhook/test', { path })))
  }
  const remove = async () => {
    setSecret(null)
    setAnswer(null)
    await run(() => callApi('DELETE /api/programs/{program}/webhook', { path }))
  }
  return (
    <form className={styles['group']} onSubmit={(event) => void save(event)} aria-label="Webhook">
      <div>
        <h3>Webhook</h3>
        <p>The same, posted to an address: signed, and tried again until it is taken.</p>
      </div>
      <fieldset disabled={!mayWrite} className={styles['fieldsOnly']}>
        {webhook === null ? (
          <p>None is set.</p>
        ) : (
          <p>
            <b>{webhook.host}</b>, {FORMATS[webhook.format]}: <LastMessage last={webhook.last} />
          </p>
        )}
        {secret === null ? null : (
          <Note tone="quiet">
            The secret that verifies what is sent, shown this once: <code>{secret}</code>
          </Note>
        )}
        {answer === null ? null : (
          <Note
            tone={answer.isTaken ? 'quiet' : 'bad'}
            remedy={answer.isTaken ? null : 'Mend what receives it, or set another address; then test again.'}
          >
            <span role="status">
              {answer.status === null ? 'Nothing came back.' : `Its answer was ${answer.status}.`}{' '}
              {answer.text}
            </span>
          </Note>
        )}
        <Field
          label={webhook === null ? 'Address' : 'Another address'}
          name="url"
          type="url"
          placeholder="https://"
          maxLength={2000}
          hint="https only. It gets a new secret."
          required
          problem={problem}
        />
        <Choice label="Form" name="format" options={FORMATS} defaultValue={webhook?.format ?? 'standard'} />
        <ProblemNote problem={problem} />
        {mayWrite ? (
          <div className={styles['actions']}>
            <Button type="submit" disabled={busy}>
              Set webhook
            </Button>
            {webhook === null ? null : (
              <>
                <Button disabled={busy} onClick={() => void test()}>
                  Test
                </Button>
                <Button disabled={busy} onClick={() => void remove()}>
                  Remove
                </Button>
              </>
            )}
          </div>
        ) : null}
      </fieldset>
    </form>
  )
}
