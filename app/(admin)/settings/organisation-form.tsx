'use client'
import { type FormEvent, useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Choice, Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import styles from './settings.module.css'

interface OrganisationFormProps {
  readonly name: string
  readonly timeZone: string
  /** Those that can be chosen. */
  readonly timeZones: readonly string[]
}

export function OrganisationForm({ name, timeZone, timeZones }: OrganisationFormProps) {
  const { busy, problem, run } = useAction()
  const [isSaved, setSaved] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = { name: textOf(form, 'name'), timeZone: textOf(form, 'timeZone') }
    setSaved(await run(() => callApi('PUT /api/organisation', { body })))
  }
  return (
    <section className={table['panel']} aria-label="Organisation">
      <div className={styles['head']}>
        <h2>Organisation</h2>
      </div>
      <form
        className={styles['body']}
        onSubmit={(event) => void submit(event)}
        onChange={() => setSaved(false)}
      >
        <Field label="Name" name="name" defaultValue={name} maxLength={100} required problem={problem} />
        <Choice
          label="Time zone"
          name="timeZone"
          defaultValue={timeZone}
          options={Object.fromEntries(timeZones.map((each) => [each, each]))}
          hint="What is muted until a day comes back when that day has ended here."
        />
        <ProblemNote problem={problem} />
        <div className={styles['buttons']}>
          <Button type="submit" disabled={busy}>
            Save
          </Button>
          <span role="status">{isSaved ? 'Saved.' : ''}</span>
        </div>
      </form>
    </section>
  )
}
