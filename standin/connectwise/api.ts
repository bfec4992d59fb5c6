/** The REST routes: one set per resource table, plus company info, system info and the signed-in member. */
import type { Clock } from '../http/clock.ts'
import type { Incoming } from '../http/incoming.ts'
import { json, noContent, type Reply } from '../http/reply.ts'
import type { Handler, Router } from '../http/router.ts'
import { checkAddition, completeAddition } from './additions.ts'
import { provenMember, type Site } from './auth.ts'
import { completeCatalogItem } from './catalog.ts'
import { notFound, refuse } from './errors.ts'
import * as inferred from './inferred.ts'
import { countReply, listReply, pickFields } from './lists.ts'
import { readPatch } from './patch.ts'
import { refuseUsed } from './references.ts'
import { type Resource, resources, tableOf } from './resources.ts'
import type { Level, Role } from './roles.ts'
import { referenceId, type ShowContext, show } from './show.ts'
import type { Row, Store } from './store.ts'
import { check, type Draft, readDraft, withStandards } from './write.ts'

export interface ApiContext {
  readonly store: Store
  readonly clock: Clock
  readonly site: Site
  readonly role: Role
}

export const codebases = ['v2025_1', 'v4_6_release'] as const
const base = '/:codebase/apis/3.0'

export function addApiRoutes(router: Router, context: ApiContext): void {
  const { site, store, clock } = context
  router.on('GET', '/login/companyinfo/:company', (_, { company = '' }) => companyInfo(site, company))
  router.on('GET', `${base}/system/info`, () => json(systemInfo))
  router.on('GET', `${base}/system/myMembers/info`, (incoming) => {
    const member = provenMember(incoming, site, store)
    return json(show(tableOf('members'), member, { store, today: clock.today() }))
  })
  for (const resource of resources) addResourceRoutes(router, resource, context)
}

const systemInfo = {
  version: 'v2025.1.38842',
  isCloud: true,
  serverTimeZone: 'Eastern Standard Time',
  licenseBits: [],
  cloudRegion: 'NA',
}

/** An unknown company answers `null` (facts 2). */
function companyInfo(site: Site, company: string): Reply {
  if (company.toLowerCase() !== site.companyId.toLowerCase()) return json(null)
  return json({
    CompanyName: site.companyName ?? site.companyId,
    Codebase: `${codebases[0]}/`,
    VersionCode: 'v2025.1',
    VersionNumber: 'v4.6.38842',
    CompanyID: site.companyId.toUpperCase(),
    IsCloud: 'True',
  })
}

function addResourceRoutes(router: Router, resource: Resource, context: ApiContext): void {
  const list = base + resource.path
  const one = `${list}/:id`
  const { store, clock } = context
  const seen = (): ShowContext => ({ store, today: clock.today() })
  const on = (method: string, pattern: string, level: Level, handle: Handler) =>
    router.on(method, pattern, (incoming, params) => {
      context.role.require(resource.collection, level)
      return handle(incoming, params)
    })
  on('GET', `${list}/count`, 'Inquire', (incoming, params) =>
    countReply(incoming.query, resource, rowsOf(resource, params, store), seen()),
  )
  on('GET', list, 'Inquire', (incoming, params) =>
    listReply(incoming, resource, rowsOf(resource, params, store), seen()),
  )
  on('GET', one, 'Inquire', (incoming, params) =>
    json(pickFields(incoming.query, resource, show(resource, rowOf(resource, params, store), seen()))),
  )
  if (resource.readOnly) return
  const save = (row: Row, status: number): Reply =>
    json(show(resource, store.put(resource.collection, row, context.site.publicKey), seen()), status)
  on('POST', list, 'Add', (incoming, params) =>
    save(create(resource, readWritten(incoming), params, store), 201),
  )
  on('PUT', one, 'Edit', (incoming, params) => {
    const before = rowOf(resource, params, store)
    const draft = withStandards(resource, readDraft(resource, readWritten(incoming), store), true)
    return save(revised(resource, before, { ...kept(resource, before), ...draft }, store), 200)
  })
  on('PATCH', one, 'Edit', (incoming, params) => {
    const before = rowOf(resource, params, store)
    const changes = readPatch(resource, readWritten(incoming), store)
    return save(revised(resource, before, { ...before, ...changes }, store), 200)
  })
  on('DELETE', one, 'Delete', (_, params) => {
    const row = rowOf(resource, params, store)
    refuseUsed(resource, row, store)
    store.remove(resource.collection, row.id, context.site.publicKey)
    return noContent
  })
}

function create(
  resource: Resource,
  body: unknown,
  params: Readonly<Record<string, string>>,
  store: Store,
): Row {
  const parent = parentOf(resource, params, store)
  const draft = completed(resource, withStandards(resource, readDraft(resource, body, store)), store)
  check(resource, draft, null, store)
  if (resource.collection === 'additions' && parent) checkAddition(draft, parent, null, store)
  return { ...draft, ...ownership(resource, parent), id: store.nextId(resource.collection) }
}

/** The changed row, checked as a whole. */
function revised(resource: Resource, before: Row, draft: Draft, store: Store): Row {
  check(resource, draft, before.id, store)
  if (resource.collection === 'additions') {
    const agreement = store.get('agreements', Number(before.agreementId))
    if (agreement) checkAddition(draft, agreement, before, store)
  }
  const complete = resource.collection === 'catalog' ? completeCatalogItem(draft, store) : draft
  return { ...complete, id: before.id }
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

function parentOf(resource: Resource, params: Readonly<Record<string, string>>, store: Store): Row | null {
  if (resource.parent === undefined) return null
  const parent = store.get(resource.parent.collection, idOf(params.parentId))
  if (parent === undefined) throw notFound(`${resource.parent.collection}/${params.parentId}`)
  return parent
}

function rowsOf(resource: Resource, params: Readonly<Record<string, string>>, store: Store): readonly Row[] {
  const parent = parentOf(resource, params, store)
  if (parent === null) return store.all(resource.collection)
  if (resource.collection === 'additions') return store.additionsOf(parent.id)
  return store.all(resource.collection).filter((row) => belongsTo(resource, row, parent))
}

function rowOf(resource: Resource, params: Readonly<Record<string, string>>, store: Store): Row {
  const parent = parentOf(resource, params, store)
  const row = store.get(resource.collection, idOf(params.id))
  if (row === undefined || (parent !== null && !belongsTo(resource, row, parent)))
    throw notFound(`${resource.name} ${params.id}`)
  return row
}

function belongsTo(resource: Resource, row: Row, parent: Row): boolean {
  const held = resource.parent === undefined ? undefined : row[resource.parent.field]
  return (resource.parent?.holds === 'reference' ? referenceId(held) : held) === parent.id
}

function readWritten(incoming: Incoming): unknown {
  if (!incoming.header('content-type').includes('json'))
    throw refuse(415, 'UnsupportedMediaType', 'The content type must be application/json.')
  try {
    return JSON.parse(incoming.body)
  } catch {
    throw refuse(400, inferred.notJson.code, inferred.notJson.message)
  }
}

/** An id of a path; no record has one that is written otherwise than in digits. */
function idOf(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN
}
