/**
 * Lists (docs/facts/connectwise.md, "Lists"): conditions, order, pages by number or forward-only, `fields`,
 * `Link`.
 */
import type { Incoming } from '../http/incoming.ts'
import { json, type Reply } from '../http/reply.ts'
import { badConditions, type Condition, parseConditions } from './conditions.ts'
import { refuse } from './errors.ts'
import type { Collection, Field, FieldKind } from './fields.ts'
import * as inferred from './inferred.ts'
import { compareTexts, type KindOf, type Shown, toTest, valuesAt } from './matches.ts'
import type { Row } from './records.ts'
import type { Resource } from './resources.ts'
import { referenceId, type ShowContext, show } from './show.ts'
import { textOf } from './text-of.ts'

const defaultPageSize = 25
const largestPageSize = 1000

/** One page of `rows`, which are all records of the resource (or of its parent). */
export function listReply(
  incoming: Incoming,
  resource: Resource,
  rows: readonly Row[],
  context: ShowContext,
): Reply {
  checkFields(incoming.query, resource)
  const found = select(incoming.query, resource, rows, context)
  const forward = incoming.header('pagination-type').toLowerCase() === 'forward-only'
  const { rows: page, link } = forward ? pageAfter(incoming, found) : numberedPage(incoming, found)
  const body = page.map((row) => pickFields(incoming.query, resource, show(resource, row, context)))
  return json(body, 200, link === null ? {} : { link })
}

export function countReply(
  query: URLSearchParams,
  resource: Resource,
  rows: readonly Row[],
  context: ShowContext,
): Reply {
  checkFields(query, resource)
  return json({ count: select(query, resource, rows, context).length })
}

/** The record cut down to `?fields=`, which drops `_info` unless it is named. */
export function pickFields(query: URLSearchParams, resource: Resource, shown: Shown): Shown {
  const fields = checkFields(query, resource)
  if (fields.length === 0) return shown
  const picked: Record<string, unknown> = {}
  for (const path of fields) {
    const [value] = valuesAt(shown, path)
    if (value !== undefined) place(picked, path.split('/'), value)
  }
  return picked
}

/** The paths of `?fields=`. Throws the 400 for one that is none, whether there are records or not. */
function checkFields(query: URLSearchParams, resource: Resource): readonly string[] {
  const text = query.get('fields') ?? ''
  const paths = text.trim() === '' ? [] : text.split(',').map((field) => field.trim())
  for (const path of paths)
    if (kindIn(resource)(path) === null)
      throw refuse(400, 'ConnectWiseApi', `'${path}' is not a field of this resource.`)
  return paths
}

function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...below] = path
  if (key === undefined) return
  if (below.length === 0) {
    target[key] = value
    return
  }
  const inner = (target[key] ?? {}) as Record<string, unknown>
  target[key] = inner
  place(inner, below, value)
}

/** Rows that fulfil the query's conditions, in its order. */
function select(
  query: URLSearchParams,
  resource: Resource,
  rows: readonly Row[],
  context: ShowContext,
): Row[] {
  const kindOf = scalarsOf(kindIn(resource), resource)
  const tests = [
    ...read(query, 'conditions').map((condition) => ({ condition, test: toTest(condition, kindOf) })),
    ...read(query, 'childConditions').map((condition) => ({
      condition,
      test: toTest(condition, anyBelow(kindIn(resource))),
    })),
  ]
  const custom = read(query, 'customFieldConditions').map((condition) => toTest(condition, () => undefined))
  const order = readOrder(query.get('orderBy'), kindOf)
  const needed = new Set(
    [
      ...tests.flatMap(({ condition }) => fieldsOf(condition)),
      ...order.map(({ path }) => path),
      ...(custom.length > 0 ? ['customFields'] : []),
    ].map((path) => path.split('/')[0] ?? path),
  )

  const ids = tests.flatMap(({ condition }) => idsOf(condition, resource))
  return rows
    .filter((row) => ids.every((holds) => holds(row)))
    .map((row) => ({ row, seen: show(resource, row, context, needed) }))
    .filter(
      ({ seen }) =>
        tests.every(({ test }) => test(seen)) && custom.every((test) => someCustomField(seen, test)),
    )
    .sort((one, other) => compareBy(order, one.seen, other.seen) || one.row.id - other.row.id)
    .map(({ row }) => row)
}

function read(query: URLSearchParams, name: string): Condition[] {
  const text = query.get(name)
  return text === null || text.trim() === '' ? [] : [parseConditions(text)]
}

function fieldsOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(fieldsOf)
    case 'not':
      return fieldsOf(condition.part)
    case 'in':
    case 'compare':
      return [condition.field]
  }
}

/** What the condition asks of a stored row's own ids: of many rows the others need not be made to be looked at. */
function idsOf(condition: Condition, resource: Resource): ((row: Row) => boolean)[] {
  if (condition.kind === 'and') return condition.parts.flatMap((part) => idsOf(part, resource))
  if (condition.kind !== 'compare' || condition.operator !== '=') return []
  const [name = '', below] = condition.field.split('/')
  const id = condition.value.value
  if (name === 'id' && below === undefined) return [(row) => row.id === id]
  const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined
  if (below !== 'id' || field?.kind !== 'reference') return []
  return [(row) => referenceId(row[name] === undefined ? field.standard : row[name]) === id]
}

function someCustomField(seen: Shown, test: (record: Shown) => boolean): boolean {
  return Array.isArray(seen.customFields) && seen.customFields.some((field: Shown) => test(field))
}

function kindIn(resource: Resource): KindOf {
  return (path) => {
    const [name = '', below, ...deeper] = path.split('/')
    if (name === 'id') return below === undefined ? 'integer' : null
    if (name === '_info') return kindOfInfo(below)
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined
    if (field === undefined || field.hidden) return null
    if (below === undefined) return field.kind
    if (field.kind !== 'reference') return field.kind === 'object' || field.kind === 'list' ? undefined : null
    return deeper.length === 0 || below === '_info' ? kindBelow(field, below) : null
  }
}

/** Of the stamps' parts; of an `…_href` nothing is known. */
function kindOfInfo(part: string | undefined): FieldKind | undefined {
  if (part === 'lastUpdated' || part === 'dateEntered') return 'date'
  return part === 'updatedBy' || part === 'enteredBy' ? 'text' : undefined
}

/** Paths without those through an array: `conditions` and `orderBy` refuse them. */
function scalarsOf(kindOf: KindOf, resource: Resource): KindOf {
  return (path) => {
    const [name = ''] = path.split('/')
    if (resource.fields[name]?.kind === 'list') throw badConditions(inferred.arrayCondition(name))
    return kindOf(path)
  }
}

/** Texts of references beyond name and identifier, as `show` gives them. */
const labelsBelow: Readonly<Partial<Record<Collection, readonly string[]>>> = {
  agreements: ['type'],
  currencies: ['symbol', 'currencyCode', 'currencyIdentifier'],
}

function kindBelow({ to }: Field, part: string): FieldKind | null | undefined {
  if (part === 'id') return 'integer'
  if (part === 'name' || part === 'identifier') return 'text'
  if (to !== undefined && labelsBelow[to]?.includes(part)) return 'text'
  return part === '_info' || part === 'serializedFlag' ? undefined : null
}

/** Elements of arrays are not described by the tables: only the array itself must be known. */
function anyBelow(kindOf: KindOf): KindOf {
  return (path) => (kindOf(path.split('/')[0] ?? path) === null ? null : undefined)
}

interface Order {
  readonly path: string
  readonly sign: 1 | -1
}

function readOrder(text: string | null, kindOf: KindOf): Order[] {
  if (text === null || text.trim() === '') return []
  return text.split(',').map((part) => {
    const [path = '', direction = 'asc'] = part.trim().split(/\s+/)
    const known = kindOf(path) !== null && /^(asc|desc)$/i.test(direction)
    if (!known) throw badConditions(`Cannot order by '${part.trim()}'.`)
    return { path, sign: direction.toLowerCase() === 'desc' ? -1 : 1 }
  })
}

function compareBy(order: readonly Order[], one: Shown, other: Shown): number {
  for (const { path, sign } of order) {
    const [a] = valuesAt(one, path)
    const [b] = valuesAt(other, path)
    const result = compareValues(a, b)
    if (result !== 0) return result * sign
  }
  return 0
}

/** Records without the value come first, as NULL does in SQL Server. */
function compareValues(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(textOf(a), textOf(b))
}

interface Page {
  readonly rows: readonly Row[]
  readonly link: string | null
}

function numberedPage(incoming: Incoming, rows: readonly Row[]): Page {
  const size = pageSize(incoming.query)
  const page = positive(incoming.query.get('page')) ?? 1
  const last = Math.max(1, Math.ceil(rows.length / size))
  const to = (number: number) => linkTo(incoming, { pageSize: size, page: number })
  const links = [
    ...(page < last ? [`${to(page + 1)}; rel="next"`, `${to(last)}; rel="last"`] : []),
    ...(page > 1 ? [`${to(1)}; rel="first"`, `${to(page - 1)}; rel="prev"`] : []),
  ]
  const start = (page - 1) * size
  return { rows: rows.slice(start, start + size), link: links.length > 0 ? links.join(', ') : null }
}

/** `pageId` means id > pageId; the last page's Link is there and empty. */
function pageAfter(incoming: Incoming, rows: readonly Row[]): Page {
  if (incoming.query.get('orderBy')) throw refuse(400, 'ConnectWiseApi', inferred.orderedForwardOnly)
  const size = pageSize(incoming.query)
  const after = positive(incoming.query.get('pageId')) ?? 0
  const rest = rows.filter((row) => row.id > after)
  const page = rest.slice(0, size)
  const lastId = page.at(-1)?.id
  if (lastId === undefined || rest.length <= size) return { rows: page, link: '' }
  return { rows: page, link: `${linkTo(incoming, { pageSize: size, pageId: lastId })}; rel="next"` }
}

function pageSize(query: URLSearchParams): number {
  return Math.min(positive(query.get('pageSize')) ?? defaultPageSize, largestPageSize)
}

function positive(text: string | null): number | null {
  const number = Number(text)
  return text !== null && Number.isInteger(number) && number > 0 ? number : null
}

/** The address of a page: `pageSize` comes first, the page last (docs/facts/connectwise.md, "Lists"). */
function linkTo(
  incoming: Incoming,
  {
    pageSize: size,
    ...place
  }: { readonly pageSize: number; readonly page?: number; readonly pageId?: number },
): string {
  const url = new URL(incoming.url)
  const others = [...url.searchParams].filter(([name]) => name !== 'pageSize' && !(name in place))
  const all = [
    ['pageSize', String(size)],
    ...others,
    ...Object.entries(place).map(([name, at]) => [name, String(at)]),
  ]
  url.search = new URLSearchParams(all).toString()
  return `<${url.href}>`
}
