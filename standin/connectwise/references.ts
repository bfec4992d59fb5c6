/** Which records hold on to which: a used one cannot be deleted. */
import { refuse } from './errors.ts'
import type { Row } from './records.ts'
import { type Resource, resources } from './resources.ts'
import { referenceId } from './show.ts'
import type { Store } from './store.ts'

/**
 * Throws the 409 "Record possibly in use or another conflict" (docs/facts/connectwise.md, "Verbs and PATCH")
 * where another record points to this one.
 */
export function refuseUsed(resource: Resource, row: Row, store: Store): void {
  const used = resources.some((other) => points(other, resource, row, store))
  if (used) throw refuse(409, 'Conflict', 'Record possibly in use or another conflict')
}

function points(other: Resource, resource: Resource, row: Row, store: Store): boolean {
  if (other.parent?.collection === resource.collection && other.parent.holds === 'id') {
    const { field } = other.parent
    if (store.all(other.collection).some((held) => held[field] === row.id)) return true
  }
  const fields = Object.entries(other.fields).flatMap(([name, field]) =>
    field.to === resource.collection ? [name] : [],
  )
  if (fields.length === 0) return false
  return store.all(other.collection).some((held) => fields.some((name) => referenceId(held[name]) === row.id))
}
