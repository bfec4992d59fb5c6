import { fieldText, valueText } from './words.ts'

export interface FieldChange {
  readonly name: string
  /** `null` where there was nothing before. */
  readonly before: string | null
  readonly after: string
}

/** An event's detail field by field, in words: what became another, and what else belongs to it. */
export function changesOf(detail: Readonly<Record<string, unknown>>): FieldChange[] {
  const { before, after, ...rest } = detail
  const [from, to] = [fields(before), fields(after)]
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  const changed = names
    .map((name) => change(name, from[name], to[name]))
    .filter((each) => each.before !== each.after && !(each.before === null && each.after === NONE))
  return [...changed, ...Object.entries(rest).map(([name, value]) => change(name, undefined, value))]
}

const NONE = 'none'

const change = (path: string, before: unknown, after: unknown): FieldChange => ({
  name: fieldText(path),
  before: valueText(path, before),
  after: valueText(path, after) ?? NONE,
})

/** The fields by their paths: `defaults.category`. */
function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, of]) =>
      typeof of === 'object' && of !== null && !Array.isArray(of)
        ? Object.entries(fields(of)).map(([below, each]) => [`${name}.${below}`, each])
        : [[name, of]],
    ),
  )
}
