import type { ComponentProps, ReactNode } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import styles from './form.module.css'

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string
  readonly name: string
  readonly hint?: ReactNode
  /** A refusal of the whole form; what it says of this field is shown here. */
  readonly problem?: Problem | null
}

/** A labelled input, with what is wrong with it right below. */
export function Field({ label, hint, problem, name, ...input }: FieldProps) {
  const wrong = wrongOf(problem, name)
  return (
    <label className={styles['field']}>
      <span>{label}</span>
      <input name={name} {...described(name, wrong)} {...input} />
      {hint === undefined ? null : <small>{hint}</small>}
      <Wrong name={name} wrong={wrong} />
    </label>
  )
}

interface LinesProps extends ComponentProps<'textarea'> {
  readonly label: string
  readonly name: string
  readonly hint?: string
  readonly problem?: Problem | null
}

/** A labelled text of several lines, each a value of its own; what is wrong with one is right below. */
export function Lines({ label, hint, problem, name, ...text }: LinesProps) {
  const wrong = wrongOf(problem, name)
  return (
    <label className={styles['field']}>
      <span>{label}</span>
      <textarea name={name} {...described(name, wrong)} {...text} />
      {hint === undefined ? null : <small>{hint}</small>}
      <Wrong name={name} wrong={wrong} />
    </label>
  )
}

interface CheckProps extends ComponentProps<'input'> {
  readonly label: string
  readonly name: string
  readonly hint?: string
}

/** A switch with its sentence beside it. */
export function Check({ label, hint, ...input }: CheckProps) {
  return (
    <label className={styles['check']}>
      <input type="checkbox" role="switch" {...input} />
      <span>
        {label}
        {hint === undefined ? null : <small>{hint}</small>}
      </span>
    </label>
  )
}

/** What is wrong with a field, or with one of the several values in it (`emails.2`). */
function wrongOf(problem: Problem | null | undefined, name: string): string | undefined {
  const found = problem?.fields?.find(({ field }) => field === name || field.startsWith(`${name}.`))
  if (found === undefined) return undefined
  const index = Number(found.field.slice(name.length + 1))
  return found.field === name || Number.isNaN(index) ? found.message : `Number ${index + 1}: ${found.message}`
}

const described = (name: string, wrong: string | undefined) => ({
  'aria-invalid': wrong !== undefined,
  'aria-describedby': wrong === undefined ? undefined : `${name}-wrong`,
})

function Wrong({ name, wrong }: { name: string; wrong: string | undefined }) {
  if (wrong === undefined) return null
  return (
    <small id={`${name}-wrong`} className={styles['wrong']}>
      {wrong}
    </small>
  )
}

interface ChoiceProps extends ComponentProps<'select'> {
  readonly label: string
  readonly options: Readonly<Record<string, string>>
  readonly bare?: boolean
  readonly hint?: string
}

/** A labelled select; `bare` keeps the label for screen readers only. */
export function Choice({ label, options, hint, bare = false, ...select }: ChoiceProps) {
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
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  )
}

/** Which of a choice's options the text of its field is. */
export function chosenOf<K extends string>(options: Readonly<Record<K, unknown>>, text: string): K {
  const chosen = (Object.keys(options) as K[]).find((key) => key === text)
  if (chosen === undefined) throw new Error('A choice gave what is none of its options')
  return chosen
}

/** The text of a form's field; `''` where there is none. */
export function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}
