'use client'
import { type FormEvent, useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Choice, chosenOf, Field, textOf } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import styles from './settings.module.css'

/** Of whom a second factor is asked. */
const DEMANDS = {
  optional: 'Whoever wants one',
  owners: 'Every owner',
  everybody: 'Everybody',
} as const

/** The age of a month in months; `packingAges` of lib/keeping. */
const PACKS = { 12: 'A year', 24: '2 years', 36: '3 years', 60: '5 years' } as const
const AGES = [12, 24, 36, 60] as const

interface OrganisationFormProps {
  readonly name: string
  readonly timeZone: string
  readonly secondFactor: keyof typeof DEMANDS
  readonly packsAfterMonths: number
  /** Those that can be chosen. */
  readonly timeZones: readonly string[]
}

export function OrganisationForm({
  name,
  timeZone,
  secondFactor,
  packsAfterMonths,
  timeZones,
}: OrganisationFormProps) {
  const { busy, problem, run } = useAction()
  const [isSaved, setSaved] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const body = {
      name: textOf(form, 'name'),
      timeZone: textOf(form, 'timeZone'),
      secondFactor: chosenOf(DEMANDS, textOf(form, 'secondFactor')),
      packsAfterMonths: AGES.find((age) => String(age) === textOf(form, 'packsAfterMonths')),
    }
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
        <Choice
          label="Second factor"
          name="secondFactor"
          defaultValue={secondFactor}
          options={DEMANDS}
          hint="Beside the password, a code of an app on the phone. Who has none is signed out when you save, you too, and sets it up as they sign in again with the password; PRISM asks for its own."
        />
        <Choice
          label="Plans are packed after"
          name="packsAfterMonths"
          defaultValue={String(packsAfterMonths)}
          options={PACKS}
          hint="Plans of older months take half their place then, and are shown as before."
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
