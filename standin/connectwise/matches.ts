/** Whether a record fulfils conditions. Works on records as they are shown: "only returned fields can be queried". */
import { badConditions, type Comparison, type Condition, type Value } from './conditions.ts'
import type { FieldKind } from './fields.ts'
import * as inferred from './inferred.ts'

export type Shown = Readonly<Record<string, unknown>>

/** The kind of a path such as `status/id`; `null` where the resource has none such, `undefined` where it cannot be known. */
export type KindOf = (path: string) => FieldKind | null | undefined

/** Turns conditions into a test. Throws the 400 for an unknown field or a value of the wrong type. */
export function toTest(condition: Condition, kindOf: KindOf): (record: Shown) => boolean {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => toTest(part, kindOf))
      return condition.kind === 'and'
        ? (record) => parts.every((part) => part(record))
        : (record) => parts.some((part) => part(record))
    }
    case 'not': {
      const part = toTest(condition.part, kindOf)
      return (record) => !part(record)
    }
    case 'in': {
      for (const value of condition.values) checkKind(condition.field, value, kindOf)
      return (record) =>
        valuesAt(record, condition.field).some((held) =>
          condition.values.some((value) => compare(held, '=', value)),
        )
    }
    case 'compare': {
      const { field, operator, value } = condition
      checkKind(field, value, kindOf)
      if (operator === 'like' || operator === 'contains')
        return textTest(field, operator, String(value.value))
      return (record) => atLeastOne(valuesAt(record, field)).some((held) => compare(held, operator, value))
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

function atLeastOne(held: readonly unknown[]): readonly unknown[] {
  return held.length > 0 ? held : [null]
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

function textTest(field: string, operator: 'like' | 'contains', pattern: string): (record: Shown) => boolean {
  const text = operator === 'contains' ? `*${pattern}*` : pattern
  const parts = text.split(/[*%]/).map((part) => part.replace(/[.+?^${}()|[\]\\/-]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`, inferred.ignoresCase ? 'is' : 's')
  return (record) => valuesAt(record, field).some((held) => expression.test(String(held)))
}

function compare(held: unknown, operator: Comparison, value: Value): boolean {
  const missing = held === undefined || held === null
  if (value.type === 'null') return operator === '=' ? missing : operator === '!=' && !missing
  if (missing) return !inferred.missingNeverMatches && operator === '!='
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
