/** Requests as nobody should send them: over every route on disk, half of them nearly right, so that they get far. */
import fc from 'fast-check'
import { z } from 'zod'
import { rowsOf } from './contract-of.ts'
import { fieldsIn } from './request-schemas.ts'

export interface FuzzedRequest {
  readonly method: string
  /** With its query, encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The text of the body. */
  readonly body?: string
  /** Whose session or token goes with it; an index into the callers of the test. */
  readonly caller: number
}

interface Known {
  /** Route file as `runs/[id]`, and the methods that it exports. */
  readonly routes: Readonly<Record<string, readonly string[]>>
  /** Texts that are somebody's: ids of both organisations, addresses of the stand-ins. */
  readonly real: readonly string[]
  readonly callers: number
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']

const hostileText = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00x',
  '\u202eabc',
  '\ufeff',
  '\u2028',
  'a\r\nset-cookie: x=1',
  '\u007f',
  '0',
  '-1',
  '1e3',
  '0x10',
  '2147483647',
  '2147483648',
  '99999999999',
  '9007199254740993',
  'NaN',
  '1.5',
  '٣',
  '00000000-0000-0000-0000-000000000000',
  '../../etc/passwd',
  '..%2f',
  '%00',
  '%zz',
  '%',
  'constructor',
  '__proto__',
  'toString',
  "'; drop table users; --",
  '%_\\',
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  '=1+1',
  '0000-01-01',
  '9999-99',
  '2026-13',
  '275760-09-13',
  '2026-02-30',
  '{"a":1}',
  '[1]',
  'null',
  'true',
  'http://169.254.169.254/',
  '127.0.0.1:1',
  '[::1',
  'é'.repeat(60),
  '😀'.repeat(30),
  'x'.repeat(101),
  'x'.repeat(3000),
)
const text = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, -1, 0, 0.5, 2_147_483_648, 1e308, -0, [], {}, [[]], { a: { b: {} } }),
  fc.array(text, { maxLength: 60 }),
)

/** More than a body may have (413). */
const tooLong = fc.constantFrom(`"${'x'.repeat(300_000)}"`, `{"name":"${'x'.repeat(300_000)}"}`)

/** Bodies that are no objects of ours: for the reader of bodies itself. */
const rawBody = fc.constantFrom(
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '1',
  '{"a":1e400}',
  '{"a":"\\ud800"}',
  '{"__proto__":{"role":"owner"}}',
  '{"constructor":{"prototype":{}}}',
  '\u0000',
  '\ufeff{}',
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
  `{"n":${'9'.repeat(5_000)}}`,
  '{"a":1,"a":2}',
  'email=a&password=b',
  '<a/>',
)

/** A value that a schema takes, where the pool has one. */
function fitting(schema: z.ZodType, pool: readonly string[]): fc.Arbitrary<unknown> {
  const candidates: readonly unknown[] = [...pool, true, false, 1, 5, 42, 0.5, null, [], ['a@b.example']]
  const taken = candidates.filter((value) => schema.safeParse(value).success)
  if (taken.length > 0) return fc.constantFrom(...taken)
  if (schema instanceof z.ZodObject) return objectOf(schema, pool, fc.constant('x'))
  const { def } = schema as unknown as { def: { innerType?: z.ZodType } }
  return def.innerType === undefined ? fc.constant('x') : fitting(def.innerType, pool)
}

/** An object of a schema, some of whose fields are missing or odd. */
const objectOf = (
  schema: z.ZodObject,
  pool: readonly string[],
  odd: fc.Arbitrary<unknown>,
): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(
      Object.entries(schema.shape).map(([key, field]) => [
        key,
        fc.oneof({ weight: 8, arbitrary: fitting(field as z.ZodType, pool) }, { weight: 1, arbitrary: odd }),
      ]),
    ),
    { requiredKeys: Object.keys(schema.shape).filter((_, at) => at % 2 === 0) },
  )

const words = [
  'microsoft-csp',
  'prism',
  'connectwise',
  'category',
  'misc-items',
  'owner',
  'viewer',
  'yes',
  'no',
  'a@b.example',
  '2026-10',
  '2026-10-01',
  'name',
  '-domain',
  'all',
  'headings',
  'AUD',
  'a-long-enough-password',
  'Ordinary words',
  'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10',
  '1',
  '2',
]

export function fuzzedRequests({ routes, real, callers }: Known): fc.Arbitrary<FuzzedRequest> {
  const pool = [...words, ...real]
  const plain = fc.constantFrom(...pool)
  const file = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...Object.keys(routes)) },
    { weight: 1, arbitrary: fc.constantFrom('', 'nothing', 'runs/x/y/z/1/2', '[[...path]]') },
  )
  return file.chain((name) => {
    const read = rowsOf(name).flatMap(({ query, body }) => [query ?? [], body ?? []].flat())
    const methods = routes[name] ?? ['GET']
    return fc
      .record({
        method: fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(...methods) },
          { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
        ),
        path: pathOf(name, plain),
        query: queryOf(read, pool),
        headers: headers(real),
        body: bodyOf(read, pool),
        caller: fc.nat(callers - 1),
      })
      .map(({ path, query, body, ...rest }) => ({
        ...rest,
        path: `/api/${path}${query}`,
        ...(body === null || ['GET', 'HEAD'].includes(rest.method) ? {} : { body }),
      }))
  })
}

function pathOf(file: string, plain: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 4, arbitrary: plain.map(encodeURIComponent) },
    { weight: 1, arbitrary: text.map((odd) => encodeURIComponent(odd.toWellFormed()) || '%20') },
    { weight: 2, arbitrary: fc.constantFrom('2147483647', '2147483648', '9999999999', '0') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%zz', '%', '%ff', '%00', '%ed%a0%80', '%2f', '%2e%2e', '%c0%ae'),
    },
  )
  const parts = file.split('/').map((segment) => {
    if (segment === '[program]')
      return fc.oneof({ weight: 9, arbitrary: fc.constant('microsoft-csp') }, { weight: 1, arbitrary: part })
    return segment.startsWith('[') ? part : fc.constant(segment)
  })
  return fc.tuple(...parts).map((segments) => segments.join('/'))
}

/** Fields of the route's own queries, and others; some of them twice. */
function queryOf(read: readonly z.ZodObject[], pool: readonly string[]): fc.Arbitrary<string> {
  const names = [
    'x',
    '__proto__',
    'a[b]',
    ...read.flatMap((schema) => fieldsIn(schema).map(({ path }) => String(path[0]))),
  ]
  const pair = fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...pool), text))
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: 3,
      arbitrary: fc.array(pair, { maxLength: 4 }).map((pairs) => `?${new URLSearchParams(pairs)}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '?%zz=%ff',
        '?page=%00',
        '?&&&=',
        '?search=%ff%fe',
        `?search=${'x'.repeat(9_000)}`,
        '?page=1&page=2',
      ),
    },
  )
}

function headers(real: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const value = fc.constantFrom(
    '',
    'x',
    '*/*;q=zzz',
    'application/xml',
    'text/plain',
    '-1',
    '999999999',
    'null',
    'Bearer ',
    'Bearer x',
    'Basic Og==',
    'é',
    ...real,
  )
  const name = fc.constantFrom(
    'accept',
    'accept-language',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-prism-pod',
    'content-type',
    'content-length',
    'if-none-match',
    'range',
    'cookie',
    'authorization',
    'origin',
    'x-http-method-override',
  )
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant({}) },
    { weight: 3, arbitrary: fc.dictionary(name, value, { maxKeys: 3 }).map((made) => ({ ...made })) },
    // Among so many headers it is drawn too seldom for what a body is taken for.
    { weight: 1, arbitrary: fc.record({ 'content-type': fc.constantFrom('text/plain', 'application/xml') }) },
  )
}

function bodyOf(read: readonly z.ZodObject[], pool: readonly string[]): fc.Arbitrary<string | null> {
  const objects = read.map((schema) =>
    objectOf(schema, pool, hostileValue).map((value) => JSON.stringify(value)),
  )
  const anything = fc
    .dictionary(fc.constantFrom('name', 'email', 'id', '__proto__', 'role'), hostileValue)
    .map((value) => JSON.stringify(value))
  return fc.oneof(
    { weight: 6, arbitrary: objects.length === 0 ? fc.constant(null) : fc.oneof(...objects) },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.oneof(rawBody, tooLong) },
    { weight: 1, arbitrary: fc.constant(null) },
  )
}
