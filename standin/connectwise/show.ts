/** How stored records look to a client: computed fields added, references labelled, nulls left out, `_info` stamped. */
import { computedFields } from './derived.ts'
import type { Collection, Field } from './fields.ts'
import type { Shown } from './matches.ts'
import { type Resource, resources } from './resources.ts'
import type { Row, Store } from './store.ts'

export interface ShowContext {
  readonly store: Store
  readonly today: string
}

const tables = new Map<Collection, Resource>(resources.map((resource) => [resource.collection, resource]))

/**
 * A record as it is sent, or only some of its fields (to filter and sort by). A field of another path's table
 * (a sub-category's category, below that category) is left out.
 */
export function show(resource: Resource, row: Row, context: ShowContext, only?: ReadonlySet<string>): Shown {
  const values = { ...row, ...computedFields(resource.collection, row, context) }
  const shown: Record<string, unknown> = { id: row.id }
  for (const [name, field] of Object.entries(resource.fields)) {
    if (only !== undefined && !only.has(name)) continue
    const value = field.hidden ? null : showField(name, field, values[name], context)
    if (value !== null && value !== undefined) shown[name] = value
  }
  const stamp = context.store.stampOf(resource.collection, row.id)
  return { ...shown, _info: { lastUpdated: stamp?.lastUpdated, updatedBy: stamp?.updatedBy } }
}

function showField(name: string, field: Field, value: unknown, { store }: ShowContext): unknown {
  if (field.kind !== 'reference' || field.to === undefined || field.label === undefined) return value
  const id = referenceId(value)
  if (id === null) return null
  const target = store.get(field.to, id)
  if (target === undefined) return value // seeded without its target: as the seed wrote it
  return {
    id,
    ...labels(field, target),
    _info: { [`${name}_href`]: `${tables.get(field.to)?.path ?? ''}/${id}` },
  }
}

/** A company's reference has identifier and name, a product's identifier and serializedFlag (S25), others a name. */
function labels(field: Field, target: Row): Record<string, unknown> {
  if (field.to === 'companies') return { identifier: target.identifier, name: target.name }
  if (field.to === 'catalog')
    return { identifier: target.identifier, serializedFlag: target.serializedFlag === true }
  return { [field.label ?? 'name']: target[field.label ?? 'name'] }
}

/** The id that a stored reference holds. */
export function referenceId(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  const { id } = value as { id?: unknown }
  return typeof id === 'number' ? id : null
}
