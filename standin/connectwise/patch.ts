/** ConnectWise's PATCH dialect (docs/facts/connectwise.md, "Verbs and PATCH"). */
import { refuse } from './errors.ts'
import type { Field } from './fields.ts'
import * as inferred from './inferred.ts'
import type { Resource } from './resources.ts'
import type { Store } from './store.ts'
import { type Draft, readValue } from './write.ts'

interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value: unknown
}

/** The fields that a PATCH body changes. A path into a reference (`company/identifier`) changes nothing: "a false 200". */
export function readPatch(resource: Resource, body: unknown, store: Store): Draft {
  if (!Array.isArray(body))
    throw refuse(400, inferred.invalidPatchCode, 'A list of patch operations is expected.')
  const changes: Draft = {}
  for (const entry of body) {
    const { op, path, value } = readOperation(entry)
    const [name = '', ...below] = path.replace(/^\//, '').split('/')
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined
    if (field === undefined && name !== 'id')
      throw refuse(400, inferred.invalidPatchCode, `The path ${path} is not a field of ${resource.name}.`)
    if (field === undefined || field.computed || below.length > 0) continue
    changes[name] = op === 'remove' ? removed(field) : readValue(resource, name, field, value, store)
  }
  return changes
}

/** A field that an update must have has no standard to go back to. */
function removed(field: Field): unknown {
  return field.requiredOnUpdate ? null : (field.standard ?? null)
}

function readOperation(entry: unknown): Operation {
  const { op, path, value } = (entry ?? {}) as Record<string, unknown>
  const known = op === 'add' || op === 'replace' || op === 'remove'
  if (!known || typeof path !== 'string')
    throw refuse(
      400,
      inferred.invalidPatchCode,
      'An operation has op (add, replace or remove), path and value.',
    )
  return { op, path, value }
}
