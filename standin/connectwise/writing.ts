/** Creating, changing and deleting one record, with all its checks: for the API and for the host screen's forms. */
import { checkAddition, completeAddition, takenAnew } from './additions.ts'
import { completeCatalogItem } from './catalog.ts'
import { readPatch } from './patch.ts'
import type { Row } from './records.ts'
import { refuseUsed } from './references.ts'
import type { Resource } from './resources.ts'
import type { Store } from './store.ts'
import { check, type Draft, readDraft, withStandards } from './write.ts'

/** Stores a new record below `parent`. `by` is who wrote it. Throws the 400 or 500 of what ConnectWise would not take. */
export function create(resource: Resource, body: unknown, parent: Row | null, store: Store, by: string): Row {
  const draft = completed(resource, withStandards(resource, readDraft(resource, body, store)), store)
  check(resource, draft, null, store)
  if (resource.collection === 'additions' && parent) checkAddition(draft, parent, null, store)
  const row = { ...draft, ...ownership(resource, parent), id: store.nextId(resource.collection) }
  return store.put(resource.collection, row, by)
}

/** A full replace: what the body leaves out goes back to its standard. */
export function replace(resource: Resource, before: Row, body: unknown, store: Store, by: string): Row {
  const draft = withStandards(resource, readDraft(resource, body, store), true)
  return save(resource, before, { ...kept(resource, before), ...draft }, store, by)
}

/** Applies ConnectWise's PATCH operations. */
export function patch(resource: Resource, before: Row, body: unknown, store: Store, by: string): Row {
  const changes = readPatch(resource, body, store)
  const retaken = resource.collection === 'additions' ? takenAnew(before, changes, store) : {}
  return save(resource, before, { ...before, ...retaken, ...changes }, store, by)
}

/** Throws the 409 where the record is in use. */
export function remove(resource: Resource, row: Row, store: Store, by: string): void {
  refuseUsed(resource, row, store)
  store.remove(resource.collection, row.id, by)
}

/** Stores the changed row, checked as a whole. */
function save(resource: Resource, before: Row, draft: Draft, store: Store, by: string): Row {
  check(resource, draft, before.id, store)
  if (resource.collection === 'additions') {
    const agreement = store.get('agreements', Number(before.agreementId))
    if (agreement) checkAddition(draft, agreement, before, store)
  }
  const complete = resource.collection === 'catalog' ? completeCatalogItem(draft, store) : draft
  return store.put(resource.collection, { ...complete, id: before.id }, by)
}

function completed(resource: Resource, draft: Draft, store: Store): Draft {
  if (resource.collection === 'additions') return completeAddition(draft, store)
  if (resource.collection === 'catalog') return completeCatalogItem(draft, store)
  return draft
}

/** What a full replace keeps: whose record it is, and the seed's secrets. */
function kept(resource: Resource, before: Row): Draft {
  const hidden = Object.entries(resource.fields).flatMap(([name, field]) => (field.hidden ? [name] : []))
  const names = [...hidden, ...(resource.parent ? [resource.parent.field] : [])]
  return Object.fromEntries(names.map((name) => [name, before[name]]))
}

function ownership(resource: Resource, parent: Row | null): Draft {
  if (resource.parent === undefined || parent === null) return {}
  return { [resource.parent.field]: resource.parent.holds === 'id' ? parent.id : { id: parent.id } }
}
