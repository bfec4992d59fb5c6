/** The REST routes: one set per resource table, plus company info, system info and the signed-in member. */
import type { Incoming } from '../http/incoming.ts'
import { json, noContent, type Reply } from '../http/reply.ts'
import type { Handler, Router } from '../http/router.ts'
import type { Level } from './areas.ts'
import { mailAddressOf, provenMember, type Site } from './auth.ts'
import type { ApiContext } from './context.ts'
import { derivedRows, isDerived } from './derived-rows.ts'
import { notFound, refuse, unreadableBody } from './errors.ts'
import { addFinanceRoutes } from './finance-routes.ts'
import { countReply, listReply, pickFields } from './lists.ts'
import type { Row } from './records.ts'
import { myMemberInfo, type Resource, resources } from './resources.ts'
import { referenceId, type ShowContext, show } from './show.ts'
import type { Reading } from './store.ts'
import { create, patch, remove, replace } from './writing.ts'

export const codebases = ['v2025_1', 'v4_6_release'] as const
const base = '/:codebase/apis/3.0'

export function addApiRoutes(router: Router, context: ApiContext): void {
  const { site, store, clock, staleReads } = context
  const seenBy = (incoming: Incoming, { codebase = codebases[0] }: Params): ShowContext => ({
    store: staleReads.reading(),
    today: clock.today(),
    apiUrl: `${incoming.url.origin}/${codebase}/apis/3.0`,
  })
  router.on('GET', '/login/companyinfo/:company', (_, { company = '' }) => companyInfo(site, company))
  router.on('GET', `${base}/system/info`, () => json(systemInfo))
  router.on('GET', `${base}/system/myMembers/info`, (incoming, params) => {
    const member = provenMember(incoming, site, store)
    const asItSeesItself = { ...member, defaultEmail: mailAddressOf(member) }
    return json(show(myMemberInfo, asItSeesItself, seenBy(incoming, params)))
  })
  addFinanceRoutes(router, base, context, seenBy)
  for (const resource of resources) addResourceRoutes(router, resource, context, seenBy)
}

type Params = Readonly<Record<string, string>>

const systemInfo = {
  version: 'v2025.1.38842',
  isCloud: true,
  serverTimeZone: 'Eastern Standard Time',
  licenseBits: [],
  cloudRegion: 'NA',
}

/** An unknown company answers `null` (docs/facts/connectwise.md, "Base URL and company info"). */
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

function addResourceRoutes(
  router: Router,
  resource: Resource,
  context: ApiContext,
  seenBy: (incoming: Incoming, params: Params) => ShowContext,
): void {
  const list = base + resource.path
  const one = `${list}/:id`
  const { store, role, staleReads, site } = context
  const on = (method: string, pattern: string, level: Level, handle: Handler) =>
    router.on(method, pattern, (incoming, params) => {
      role.require(resource.collection, level)
      return handle(incoming, params)
    })
  const seenRows = (incoming: Incoming, params: Params) => rowsOf(resource, incoming, params, context)
  on('GET', `${list}/count`, 'Inquire', (incoming, params) =>
    countReply(incoming.query, resource, seenRows(incoming, params), seenBy(incoming, params)),
  )
  on('GET', list, 'Inquire', (incoming, params) => {
    if (resource.endsWithSlash && !incoming.path.endsWith('/')) throw notFound(incoming.path)
    return listReply(incoming, resource, seenRows(incoming, params), seenBy(incoming, params))
  })
  if (resource.onlyList) return
  on('GET', one, 'Inquire', (incoming, params) => {
    const row = isDerived(resource.collection)
      ? seenRows(incoming, params).find(({ id }) => id === idOf(params.id))
      : rowOf(resource, params, staleReads.reading())
    if (row === undefined) throw notFound(`${resource.name} ${params.id}`)
    return json(pickFields(incoming.query, resource, show(resource, row, seenBy(incoming, params))))
  })
  if (resource.readOnly) return
  /** What was written is answered as it is, however stale the reads. */
  const written = (row: Row, status: number, incoming: Incoming, params: Params): Reply =>
    json(show(resource, row, { ...seenBy(incoming, params), store }), status)
  const by = site.publicKey
  on('POST', list, 'Add', (incoming, params) => {
    const parent = parentOf(resource, params, store)
    const row = create(resource, readWritten(resource, incoming), parent, store, by)
    return written(row, 201, incoming, params)
  })
  on('PUT', one, 'Edit', (incoming, params) => {
    const before = rowOf(resource, params, store)
    const row = replace(resource, before, readWritten(resource, incoming), store, by)
    return written(row, 200, incoming, params)
  })
  on('PATCH', one, 'Edit', (incoming, params) => {
    const before = rowOf(resource, params, store)
    const row = patch(resource, before, readWritten(resource, incoming), store, by)
    return written(row, 200, incoming, params)
  })
  on('DELETE', one, 'Delete', (_, params) => {
    remove(resource, rowOf(resource, params, store), store, by)
    return noContent
  })
}

function parentOf(resource: Resource, params: Params, store: Reading): Row | null {
  if (resource.parent === undefined) return null
  const parent = store.get(resource.parent.collection, idOf(params.parentId))
  if (parent === undefined) throw notFound(`${resource.parent.collection}/${params.parentId}`)
  return parent
}

/** The rows of a list as reads see them now. */
function rowsOf(resource: Resource, incoming: Incoming, params: Params, context: ApiContext): readonly Row[] {
  const store = context.staleReads.reading()
  const parent = parentOf(resource, params, store)
  if (isDerived(resource.collection))
    return derivedRows[resource.collection](context, { parent, query: incoming.query })
  if (parent === null) return store.all(resource.collection)
  if (resource.collection === 'additions') return store.additionsOf(parent.id)
  return store.all(resource.collection).filter((row) => belongsTo(resource, row, parent))
}

function rowOf(resource: Resource, params: Params, store: Reading): Row {
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

function readWritten(resource: Resource, incoming: Incoming): unknown {
  if (!incoming.header('content-type').includes('json'))
    throw refuse(415, 'UnsupportedMediaType', 'The content type must be application/json.')
  try {
    return JSON.parse(incoming.body)
  } catch {
    throw unreadableBody(resource.name)
  }
}

/** An id of a path; no record has one that is written otherwise than in digits. */
function idOf(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN
}
