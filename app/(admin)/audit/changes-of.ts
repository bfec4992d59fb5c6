export interface FieldChange {
  readonly name: string
  /** `null` where there was nothing before. */
  readonly before: string | null
  readonly after: string
}

/** An event's detail field by field: what became another, and what else belongs to it. */
export function changesOf(detail: Readonly<Record<string, unknown>>): FieldChange[] {
  const { before, after, ...rest } = detail
  const [from, to] = [fields(before), fields(after)]
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  const changed = names
    .map((name) => ({ name, before: text(from[name]), after: text(to[name]) ?? '' }))
    .filter((change) => change.before !== change.after)
  const others = Object.entries(rest).map(([name, value]) => ({
    name,
    before: null,
    after: text(value) ?? '',
  }))
  return [...changed, ...others]
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function text(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map((each) => text(each) ?? '').join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
