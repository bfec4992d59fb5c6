/** Whether a record fulfils conditions. Works on records as they are shown: "only returned fields can be queried". */
import { badConditions, type Comparison, type Condition, type Value } from './conditions.ts'
import type { FieldKind } from './fields.ts'
import * as inferred from './inferred.ts'

export type Shown = Readonly<Record<string, unknown>>

/** The kind of a path such as `status/id`; `null` where the resource has none such, `undefined` where it cannot be known. */
export type KindOf = (path: string) => FieldKind | null | undefined

/** Turns conditions into a test. Throws the 400 for an unknown field or a value of the wrong type. */
export function toTest(condition: Condition, kindOf: KindOf): (record: Shown) => boolean {
  const truth = truthOf(condition, kindOf)
  return (record) => truth(record) === true
}

/** `null`: not known, because the record has no value there; a negation does not make it known. */
type Truth = boolean | null

function truthOf(condition: Condition, kindOf: KindOf): (record: Shown) => Truth {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => truthOf(part, kindOf))
      const decides = condition.kind === 'or'
      return (record) => joined(parts, decides, record)
    }
    case 'not': {
      const part = truthOf(condition.part, kindOf)
      return (record) => negated(part(record))
    }
    case 'in': {
      for (const value of condition.values) checkKind(condition.field, value, kindOf)
      return (record) =>
        anyOf(valuesAt(record, condition.field), (held) =>
          condition.values.some((value) => compare(held, '=', value) === true),
        )
    }
    case 'compare': {
      const { field, operator, value } = condition
      checkKind(field, value, kindOf)
      if (operator === 'like' || operator === 'contains')
        return textTest(field, operator, String(value.value))
      return (record) =>
        anyOf(
          valuesAt(record, field),
          (held) => compare(held, operator, value),
          compare(null, operator, value),
        )
    }
  }
}

/** Values under a path; an array on the way stands for each of its elements (`childConditions`). */
export function valuesAt(record: unknown, path: string): unknown[] {
  let held: unknown[] = [record]
  for (const key of path.split('/')) {
    held = held
      .flatMap((one) => (Array.isArray(one) ? one : [one]))
      .map((one) => (isObject(one) ? one[key] : undefined))
      .filter((one) => one !== undefined && one !== null)
  }
  return held
}

/** Whether one of the values fulfils `is`; `missing` where there is none. */
function anyOf(held: readonly unknown[], is: (value: unknown) => Truth, missing = unknown): Truth {
  return held.length === 0 ? missing : held.some((value) => is(value) === true)
}

/** What a comparison with no value is. */
const unknown: Truth = inferred.missingNeverMatches ? null : false

function negated(truth: Truth): Truth {
  return truth === null ? null : !truth
}

/** One part that is `decides` decides the whole; else one that is not known leaves it open. */
function joined(parts: readonly ((record: Shown) => Truth)[], decides: boolean, record: Shown): Truth {
  let result: Truth = !decides
  for (const part of parts) {
    const truth = part(record)
    if (truth === decides) return decides
    if (truth === null) result = null
  }
  return result
}

const typeOfKind: Partial<Record<FieldKind, Value['type']>> = {
  text: 'string',
  enum: 'string',
  number: 'numeric',
  integer: 'numeric',
  boolean: 'boolean',
  date: 'DateTime',
}

function checkKind(field: string, value: Value, kindOf: KindOf): void {
  const kind = kindOf(field)
  if (kind === null) throw badConditions(`'${field}' is not a field of this resource.`)
  const expected = kind === undefined ? undefined : typeOfKind[kind]
  if (expected === undefined || value.type === 'null' || value.type === expected) return
  throw badConditions(`Expected a ${expected} value, not a ${value.type}.`)
}

/** Wildcards are `like`'s alone (docs/facts/connectwise.md, "Lists"). */
function textTest(field: string, operator: 'like' | 'contains', pattern: string): (record: Shown) => Truth {
  const parts = (operator === 'like' ? pattern.split(/[*%]/) : ['', pattern, '']).map((part) =>
    part.replace(/[*.+?^${}()|[\]\\/-]/g, '\\$&'),
  )
  const expression = new RegExp(`^${parts.join('.*')}$`, inferred.ignoresCase ? 'is' : 's')
  return (record) => anyOf(valuesAt(record, field), (held) => expression.test(String(held)))
}

function compare(held: unknown, operator: Comparison, value: Value): Truth {
  const missing = held === undefined || held === null
  if (value.type === 'null') return operator === '=' ? missing : operator === '!=' && !missing
  if (missing) return inferred.missingNeverMatches ? null : operator === '!='
  const order = orderOf(held, value)
  switch (operator) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** Below 0, 0 or above 0; NaN (which no operator but `!=` accepts) where the two cannot be compared. */
function orderOf(held: unknown, value: Value): number {
  switch (value.type) {
    case 'DateTime':
      return Date.parse(String(held)) - value.value
    case 'numeric':
      return Number(held) - value.value
    case 'boolean':
      return Number(held) - Number(value.value)
    case 'string':
      return compareTexts(String(held), value.value)
    case 'null':
      return Number.NaN
  }
}

/** Order of texts, by code unit after folding case: the same on every machine. */
export function compareTexts(one: string, other: string): number {
  const [a, b] = inferred.ignoresCase ? [one.toLowerCase(), other.toLowerCase()] : [one, other]
  return a < b ? -1 : a > b ? 1 : 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
