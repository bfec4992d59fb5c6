/** How stored records look to a client: computed fields and standards added, references labelled, nulls left out, `_info` stamped. */
import { computedFields } from './derived.ts'
import type { Collection, Field } from './fields.ts'
import type { Shown } from './matches.ts'
import type { Row } from './records.ts'
import { type Resource, resources } from './resources.ts'
import type { Reading } from './store.ts'

export interface ShowContext {
  readonly store: Reading
  readonly today: string
  /** The API's address, before the paths of `_info`'s hrefs: `https://host/v2025_1/apis/3.0`. */
  readonly apiUrl: string
}

const tables = new Map<Collection, Resource>(resources.map((resource) => [resource.collection, resource]))

/**
 * A record as it is sent, or only some of its fields (to filter and sort by). A field of another path's table
 * (a sub-category's category, below that category) is left out.
 */
export function show(resource: Resource, row: Row, context: ShowContext, only?: ReadonlySet<string>): Shown {
  const computed = computedFields(resource.collection, row, context, only)
  const shown: Record<string, unknown> = resource.bare ? {} : { id: row.id }
  for (const name of only ?? Object.keys(resource.fields)) {
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined
    if (field === undefined) continue
    const values = Object.hasOwn(computed, name) ? computed : row
    const stored = values[name] === undefined ? field.standard : values[name]
    const value = field.hidden ? null : showField(name, field, stored, context)
    if (value !== null && value !== undefined) shown[name] = value
  }
  if (only?.has('_info') === false) return shown
  const stamp = context.store.stampOf(resource.collection, row.id)
  return stamp === undefined ? shown : { ...shown, _info: stamp }
}

function showField(name: string, field: Field, value: unknown, { store, apiUrl }: ShowContext): unknown {
  if (field.kind !== 'reference' || field.to === undefined || field.label === undefined) return value
  const id = referenceId(value)
  if (id === null) return null
  const target = store.get(field.to, id)
  if (target === undefined) return value // seeded without its target: as the seed wrote it
  return {
    id,
    ...labels(field, target, store),
    _info: { [`${name}_href`]: `${apiUrl}${tables.get(field.to)?.path ?? ''}/${id}` },
  }
}

/** What a reference shows of its record beside the id (S25): mostly the name. */
function labels(field: Field, target: Row, store: Reading): Record<string, unknown> {
  if (field.to === 'companies') return { identifier: target.identifier, name: target.name }
  if (field.to === 'catalog')
    return { identifier: target.identifier, serializedFlag: target.serializedFlag === true }
  if (field.to === 'currencies') {
    const { symbol, currencyCode, currencyIdentifier, name } = target
    return { symbol, currencyCode, currencyIdentifier, name }
  }
  if (field.to === 'agreements')
    return { name: target.name, type: store.get('agreementTypes', referenceId(target.type) ?? -1)?.name }
  return { [field.label ?? 'name']: target[field.label ?? 'name'] }
}

/** The id that a stored reference holds. */
export function referenceId(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  const { id } = value as { id?: unknown }
  return typeof id === 'number' ? id : null
}
