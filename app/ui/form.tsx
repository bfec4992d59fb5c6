import type { ComponentProps, ReactNode } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import styles from './form.module.css'
import { Note } from './note.tsx'

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string
  readonly name: string
  readonly hint?: ReactNode
  /** A refusal of the whole form; what it says of this field is shown here. */
  readonly problem?: Problem | null
}

/** A labelled input, with what is wrong with it right below. */
export function Field({ label, hint, problem, name, ...input }: FieldProps) {
  const wrong = problem?.fields?.find(({ field }) => field === name)?.message
  const described = wrong === undefined ? undefined : `${name}-wrong`
  return (
    <label className={styles['field']}>
      <span>{label}</span>
      <input name={name} aria-invalid={wrong !== undefined} aria-describedby={described} {...input} />
      {hint === undefined ? null : <small>{hint}</small>}
      {wrong === undefined ? null : (
        <small id={described} className={styles['wrong']}>
          {label} {wrong}
        </small>
      )}
    </label>
  )
}

interface ChoiceProps extends ComponentProps<'select'> {
  readonly label: string
  readonly options: Readonly<Record<string, string>>
  readonly bare?: boolean
}

/** A labelled select; `bare` keeps the label for screen readers only. */
export function Choice({ label, options, bare = false, ...select }: ChoiceProps) {
  return (
    <label className={bare ? styles['bare'] : styles['field']}>
      <span>{label}</span>
      <select {...select}>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What was refused and what to do; announced, because it comes after a press. */
export function ProblemNote({ problem }: { problem: Problem | null }) {
  if (problem === null) return null
  const detail = problem.reference === undefined ? null : `Reference ${problem.reference}`
  return (
    <div role="alert">
      <Note tone="bad" detail={detail} remedy={problem.remedy}>
        {problem.fields === undefined ? problem.detail : 'Some fields are not right.'}
      </Note>
    </div>
  )
}

/** The text of a form's field; `''` where there is none. */
export function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}
