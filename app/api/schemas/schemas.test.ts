/** Every schema that a request is read by, walked to its last field: what it lets through, and what it says. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { parsed, RequestRefused } from '#app/http/problem.ts'
import { LONGEST_FILE } from '#lib/base/longest-body.ts'
import { rows } from '../testing/contract-of.ts'
import { fieldsIn, type RequestField, requestSchemas, schemasOfPages } from '../testing/request-schemas.ts'
import { LARGEST_ID } from './fields.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const sources = globSync('{api/**/route.ts,{http,process}/*.ts,**/page.tsx}', { cwd: ROOT })
  .filter((path) => !path.endsWith('.test.ts'))
  .sort()
  .map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8'),
  }))

let fields: readonly (RequestField & { readonly schema: z.ZodObject; readonly name: string })[] = []
let schemas: Awaited<ReturnType<typeof requestSchemas>>
beforeAll(async () => {
  schemas = await requestSchemas()
  fields = Object.entries(schemas).flatMap(([name, schema]) =>
    fieldsIn(schema).map((field) => ({ ...field, schema, name: `${name}.${field.path.join('.')}` })),
  )
})

const leavesOf = (type: string) =>
  fields.flatMap(({ name, leaves }) =>
    leaves.filter((leaf) => leaf.def.type === type).map((leaf) => ({ name, leaf })),
  )

describe('what routes and pages read', () => {
  it('goes through a schema beside the others, so that it is walked here [J16]', () => {
    const known = Object.values(schemas)
    const parts = rows.flatMap(([endpoint, { query, body }]) =>
      [query, body].flatMap((schema) => (schema === undefined ? [] : [{ endpoint, schema }])),
    )
    expect(parts.length).toBeGreaterThan(30)
    expect(parts.filter(({ schema }) => !known.includes(schema)).map(({ endpoint }) => endpoint)).toEqual([])
    expect(schemasOfPages().filter((name) => schemas[name] === undefined)).toEqual([])
  })

  it('is read by the two that read for every contract and in no other way, but for PRISM’s sign-in library [J16]', () => {
    const others = sources.filter(({ text }) =>
      /request\.(json|text|formData|arrayBuffer|blob|body)\b|\.searchParams\b|await searchParams/.test(text),
    )
    expect(others.map(({ path }) => path)).toEqual([
      'http/api-route.ts',
      'http/prism-callback.ts',
      'http/request-body.ts',
    ])
  })
})

describe('every field of a request', () => {
  it('that is a text has a longest, and no character that cannot be stored [J16]', () => {
    const odd = [
      'x'.repeat(100_000),
      '1'.repeat(100_000),
      `a@${'b'.repeat(9_000)}.example`,
      'a\u0000',
      '\ud800',
      'a\udc00b',
    ]
    const texts = leavesOf('string')
    expect(texts.length).toBeGreaterThan(40)
    // The bytes of a file are of another length, and are no text before they are read.
    const isBytes = (leaf: (typeof texts)[number]['leaf']) =>
      'format' in leaf.def && leaf.def.format === 'base64'
    const tooMuch = ['A'.repeat(4 * Math.ceil(LONGEST_FILE / 3) + 4)]
    const letThrough = texts.filter(({ leaf }) =>
      (isBytes(leaf) ? tooMuch : odd).some((text) => leaf.safeParse(text).success),
    )
    expect(letThrough.map(({ name }) => name)).toEqual([])
  })

  it('that is a number fits the column and ConnectWise [J16]', () => {
    const numbers = leavesOf('number')
    expect(numbers.length).toBeGreaterThan(3)
    const odd = [LARGEST_ID + 1, Number.MAX_SAFE_INTEGER, 1e308, Number.NaN, Number.POSITIVE_INFINITY, -1]
    expect(numbers.filter(({ leaf }) => odd.some((value) => leaf.safeParse(value).success))).toEqual([])
  })

  it('that is a list has a longest [J16]', () => {
    const lists = leavesOf('array')
    expect(lists.length).toBeGreaterThan(0)
    const endless = lists.filter(({ leaf }) => {
      const { error } = leaf.safeParse(Array(10_000).fill('a@b.example'))
      return !error?.issues.some(({ path }) => path.length === 0)
    })
    expect(endless).toEqual([])
  })

  it('says in a sentence of ours what to enter, whatever is wrong [F10]', () => {
    const odd = [
      undefined,
      null,
      '',
      'x',
      '\u0000',
      'x'.repeat(100_000),
      -1,
      0.5,
      1e308,
      true,
      [],
      {},
      ['x'],
      Array(100).fill('a@b.example'),
    ]
    let heard = 0
    for (const { name, path, schema } of fields)
      for (const value of odd) {
        const sent = path.reduceRight<unknown>(
          (inner, key) => (key === 0 ? [inner] : { [key]: inner }),
          value,
        )
        for (const { field, message } of problemsOf(schema, sent)) {
          heard += 1
          expect(message, `${name} for ${JSON.stringify(value)?.slice(0, 40)}: ${field}`).toMatch(
            /^[A-Z“].{10,400}\.$/,
          )
          expect(message, name).not.toMatch(
            /^Invalid|^Too (small|big)|Unrecognized|expected|string|regex|pattern/i,
          )
        }
      }
    expect(heard).toBeGreaterThan(500)
  })
})

function problemsOf(schema: z.ZodType, value: unknown): RequestRefused['fields'] {
  try {
    parsed(schema, value)
    return []
  } catch (error) {
    if (error instanceof RequestRefused) return error.fields
    throw error
  }
}

describe('a value that is no object, or has fields that are not asked for', () => {
  it.each([[[]], [null], ['text'], [1], [undefined]])('is refused in plain words: %j', (value) => {
    const tokenInputSchema = schemas['tokenInputSchema'] as z.ZodObject
    expect(problemsOf(tokenInputSchema, value)).toEqual([{ field: 'body', message: 'Send a JSON object.' }])
  })

  it('names unknown fields, cut and storable, and some of them only', () => {
    const tokenInputSchema = schemas['tokenInputSchema'] as z.ZodObject
    const extra = JSON.parse('{"__proto__": 1, "\\ud800": 1}') as object
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`.padEnd(99, 'z'), 1]))
    const sent = { name: 'a', role: 'viewer', ...many }
    const [problem] = problemsOf(tokenInputSchema, Object.assign(Object.create(null), extra, sent))
    expect(problem?.message).toMatch(/^Leave out what is not asked for: .*, …\.$/)
    expect(problem?.message.length).toBeLessThan(300)
    expect(problem?.message.isWellFormed()).toBe(true)
  })
})
