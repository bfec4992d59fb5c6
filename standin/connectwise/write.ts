/** Reading and checking what a client writes: types, lengths, required fields and references, from the resource's table. */
import { parseTimestamp } from './days.ts'
import { type FieldError, invalidObject, unconvertible, unreadableBody } from './errors.ts'
import type { Field } from './fields.ts'
import * as inferred from './inferred.ts'
import type { Row } from './records.ts'
import type { Resource } from './resources.ts'
import { referenceId } from './show.ts'
import type { Store } from './store.ts'
import { textOf } from './text-of.ts'

export type Draft = Record<string, unknown>

/** The writable fields of a JSON body, converted; unknown and computed ones are left aside, as ConnectWise does. */
export function readDraft(resource: Resource, body: unknown, store: Store): Draft {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unreadableBody(resource.name)
  const draft: Draft = {}
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined
    if (field === undefined || field.computed) continue
    draft[name] = readValue(resource, name, field, value, store)
  }
  return draft
}

/** A draft with the standard values of fields it does not name; an update gets none of those that it must name. */
export function withStandards(resource: Resource, draft: Draft, isUpdate = false): Draft {
  const complete: Draft = { ...draft }
  for (const [name, field] of Object.entries(resource.fields))
    if (complete[name] === undefined && field.standard !== undefined && !(isUpdate && field.requiredOnUpdate))
      complete[name] = structuredClone(field.standard)
  return complete
}

/** One value in the form it is stored in. Throws the 500 of a value that cannot be converted, the 400 of a bad reference. */
export function readValue(
  resource: Resource,
  name: string,
  field: Field,
  value: unknown,
  store: Store,
): unknown {
  if (value === null || value === undefined) return null
  switch (field.kind) {
    case 'text':
    case 'enum':
      if (typeof value === 'object') throw unconvertible(value, 'System.String', name)
      return textOf(value).replace(/[\r\n]/g, ' ') // docs/facts/connectwise.md, "Verbs and PATCH": line ends become a space
    case 'number':
    case 'integer':
      return readNumber(name, field, value)
    case 'boolean':
      if (value === 'true' || value === 'false') return value === 'true'
      if (typeof value !== 'boolean') throw unconvertible(value, 'System.Boolean', name)
      return value
    case 'date':
      return readDate(resource, name, value)
    case 'list':
      if (!Array.isArray(value)) throw unconvertible(value, 'System.Collections.Generic.List', name)
      return value
    case 'object':
      if (typeof value !== 'object') throw unconvertible(value, 'System.Object', name)
      return value
    case 'reference':
      return readReference(resource, name, field, value, store)
  }
}

function readNumber(name: string, field: Field, value: unknown): number {
  const type = field.kind === 'integer' ? 'System.Int32' : 'System.Double'
  const numeric = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof numeric !== 'number' || !Number.isFinite(numeric)) throw unconvertible(value, type, name)
  if (field.kind === 'integer' && !Number.isInteger(numeric)) throw unconvertible(value, type, name)
  return numeric
}

/**
 * Stored as `YYYY-MM-DDTHH:mm:ssZ` in UTC. Throws the 400 of fractional seconds (docs/facts/connectwise.md,
 * "Verbs and PATCH").
 */
function readDate(resource: Resource, name: string, value: unknown): string | null {
  if (value === '') return null
  if (typeof value === 'string' && /T\d{2}:\d{2}:\d{2}\.\d/i.test(value))
    throw invalidObject(resource.name, [
      { ...inferred.unsupportedDate, resource: resource.name, field: name },
    ])
  const time = typeof value === 'string' ? parseTimestamp(value) : Number.NaN
  if (Number.isNaN(time)) throw unconvertible(value, 'System.DateTime', name)
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** A reference is named by id, else by its label. Stored as `{id}`. */
function readReference(
  resource: Resource,
  name: string,
  field: Field,
  value: unknown,
  store: Store,
): unknown {
  if (typeof value !== 'object' || value === null || field.to === undefined)
    throw unconvertible(value, 'Reference', name)
  const named = value as Record<string, unknown>
  const id = referenceId(named)
  if (id !== null) {
    if (store.get(field.to, id) !== undefined) return { id }
    throw missingReference(resource, `${name}/id`, `${titled(name)} ${id} not found`)
  }
  const label = field.label ?? 'name'
  const wanted = named[label]
  const found = typeof wanted === 'string' ? findByLabel(store, field, label, wanted) : undefined
  if (found !== undefined) return { id: found.id }
  throw missingReference(resource, `${name}/${label}`, `${titled(name)} ${textOf(wanted)} not found`)
}

function findByLabel(store: Store, field: Field, label: string, wanted: string): Row | undefined {
  if (field.to === undefined) return undefined
  return store.all(field.to).find((row) => String(row[label]).toLowerCase() === wanted.toLowerCase())
}

function missingReference(resource: Resource, field: string, message: string) {
  return invalidObject(resource.name, [{ code: 'NotFound', message, resource: resource.name, field }])
}

/**
 * Checks a whole record, untouched fields too (docs/facts/connectwise.md, "Verbs and PATCH": a PATCH
 * validates the whole record again).
 */
export function check(resource: Resource, draft: Draft, id: number | null, store: Store): void {
  const errors: FieldError[] = []
  for (const [name, field] of Object.entries(resource.fields)) {
    const value = draft[name] === undefined && !field.requiredOnUpdate ? field.standard : draft[name]
    const problem =
      problemOf(name, field, value, id !== null) ??
      duplicateOf(resource, name, field, value, id, store) ??
      missingIdOf(name, field, value, store)
    if (problem !== null) errors.push({ ...problem, resource: resource.name, field: name })
  }
  if (resource.name === 'company' && !hasAddress(draft)) {
    const message = 'At least one address field is required'
    errors.push({ code: 'MissingRequiredField', message, resource: resource.name, field: 'addressLine1' })
  }
  if (draft.type === 'ToolbarButton' && resource.collection === 'hostedSetups' && !draft.toolbarButtonText) {
    const field = 'toolbarButtonText'
    const message = `${field} is required.`
    errors.push({ code: 'MissingRequiredField', message, resource: resource.name, field })
  }
  if (resource.collection === 'callbacks' && hasTwin(draft, id, store)) {
    const message = 'A matching callback entry already exists'
    errors.push({ code: 'ObjectExists', message, resource: resource.name, field: 'objectId' })
  }
  if (errors.length > 0) throw invalidObject(resource.name, errors)
}

function problemOf(
  name: string,
  field: Field,
  value: unknown,
  isUpdate: boolean,
): { code: string; message: string } | null {
  const empty = value === null || value === undefined || value === ''
  const needed = field.required || (isUpdate && field.requiredOnUpdate)
  if (empty) return needed ? { code: 'MissingRequiredField', message: `${name} is required.` } : null
  if (field.max !== undefined && textOf(value).length > field.max) {
    const message = `The field ${name} must be a string with a maximum length of ${field.max}.`
    return { code: 'MaxLengthField', message }
  }
  if (field.range !== undefined && (Number(value) < field.range[0] || Number(value) > field.range[1])) {
    const message = `The field ${name} must be between ${field.range[0]} and ${field.range[1]}.`
    return { code: 'OutOfRange', message }
  }
  if (field.values !== undefined && !field.values.includes(textOf(value)))
    return { code: 'InvalidField', message: `${name} must be one of ${field.values.join(', ')}.` }
  return null
}

function duplicateOf(
  resource: Resource,
  name: string,
  field: Field,
  value: unknown,
  id: number | null,
  store: Store,
): { code: string; message: string } | null {
  if (field.unique === undefined) return null
  const wanted = String(value).toLowerCase()
  const taken = store
    .all(resource.collection)
    .some((row) => row.id !== id && String(row[name]).toLowerCase() === wanted)
  return taken ? { code: 'ObjectExists', message: field.unique } : null
}

function missingIdOf(
  name: string,
  field: Field,
  value: unknown,
  store: Store,
): { code: string; message: string } | null {
  if (field.idOf === undefined || typeof value !== 'number') return null
  if (store.get(field.idOf, value) !== undefined) return null
  return { code: 'NotFound', message: inferred.missingId(name, value) }
}

function hasAddress(draft: Draft): boolean {
  return ['addressLine1', 'addressLine2', 'city', 'state', 'zip', 'country'].some((name) =>
    Boolean(draft[name]),
  )
}

function hasTwin(draft: Draft, id: number | null, store: Store): boolean {
  return store
    .all('callbacks')
    .some((row) => row.id !== id && inferred.callbackIdentity.every((name) => row[name] === draft[name]))
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
