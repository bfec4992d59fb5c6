/** How we speak to people: the words of ConnectWise's and PRISM's screens, none of a schema's, a route's or the code's. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type FieldProblem, parsed, RequestRefused } from '#app/http/problem.ts'
import { errorKinds } from '#lib/base/errors.ts'
import { rows } from './api/testing/contract-of.ts'
import { type Sentence, sentencesOf } from './testing/sentences.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const sources = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.test\.|\/testing\//.test(path))

/** Settings are read by whoever runs the deployment, and named as in .env.example. */
const ofTheOperator = 'lib/base/env.ts'
const sentences: readonly Sentence[] = sources(
  '{lib,app/api,app/contracts,app/http,app/process,app/views}/**/*.ts',
)
  .filter((path) => path !== ofTheOperator)
  .flatMap((path) => sentencesOf(path, read(path)))
/** What goes to ConnectWise, to PRISM, to a log or into a file, and is no word to a person. */
const notSpoken: readonly RegExp[] = [
  /^[a-zA-Z/]+ (=|like|in|contains) /, // conditions of ConnectWise's lists
  /^(attachment|default-src|frame-ancestors|text\/html|Bearer|Basic) ?/,
  /; (charset|filename|Max-Age|Path|SameSite)=/i,
]
const spoken = sentences.filter(({ text }) => !notSpoken.some((pattern) => pattern.test(text)))

/** Exact messages of the requirements may name what we otherwise would not (D6). */
const namesOf = (text: string): string[] =>
  [
    /\b[a-z]+[A-Z]\w*/, // camelCase
    /\b[a-z]+_[a-z_]+\b/, // snake_case
    /(^|[\s'"(“])\/[a-z]\w*\//i, // an address
    /\bv\d+\/\w/,
    /\banswered (…|[45]\d\d)(?! rows)/, // nothing but a status
    /\b(payload|Invalid input|expected string|undefined|NaN|\[object Object\])\b/,
  ].flatMap((pattern) => pattern.exec(text)?.[0] ?? [])

describe('our sentences', () => {
  it('are found in the sources', () => {
    expect(spoken.length).toBeGreaterThan(200)
    const remedy = 'Connect PRISM under Connections.'
    expect(spoken).toContainEqual({ path: 'lib/base/errors.ts', text: remedy })
    expect(
      sentencesOf('a.ts', "const a = /'/; throw new Error('for us alone, yes') // it's `x y z`"),
    ).toEqual([])
    expect(sentencesOf('a.ts', "say(`one ${b('two of these')} three`)").map(({ text }) => text)).toEqual([
      'two of these',
      'one … three',
    ])
  })

  it('hold no name of a schema, a route or the code [G3]', () => {
    const wrong = spoken.flatMap(({ path, text }) =>
      namesOf(text).map((name) => `${path}: ${name} in: ${text}`),
    )
    expect(wrong).toEqual([])
  })

  it('of the registry speak of no records and states, and say what to do [G3]', () => {
    for (const [code, { meaning, remedy }] of Object.entries(errorKinds)) {
      expect(`${code}: ${meaning} ${remedy}`).not.toMatch(/\b(records?|state|resource|entity)\b/i)
      expect(namesOf(`${meaning} ${remedy}`), code).toEqual([])
      expect(remedy, code).toMatch(/^[A-Z].{15,}\.$/)
    }
  })
})

// ───────────────────────────── remedies ─────────────────────────────

const pages = sources('app/**/*.tsx').map(read).join('\n')
/** As ConnectWise's screens call them (docs/facts/connectwise.md, "Records"). */
const connectWiseLabels = [
  'Bill Customer',
  'Calendar Year',
  'Cancelled Date',
  'Effective Date',
  'Less Included',
  'Product Catalog',
  'Product ID',
  'Prorate Agreement',
  'Serial Number',
  'Unit Cost',
  'Unit Price',
  'Vendor SKU',
]
/** What a remedy may ask for only where our pages offer it. */
const controls: readonly (readonly [asked: RegExp, offered: RegExp])[] = [
  [/\bskip\b/i, /\/skip\b/],
  [/\bnobody's\b/i, /\bnobody\b[\s\S]*\/answer\b/i],
  [/\bthat it stays\b/i, /It stays as it is/],
  [/\bwhen it ends\b/i, /Its last day/],
  [/\bwhich subscription it bills\b/i, /It bills a subscription/],
  [/\btake the answer back\b/i, /Take back/],
  [/\breset\b|(start|begin)( it)? (at|with) a later/i, /\/next-period\b/],
  [/\b(pick|exclude) (it|the invoice|an invoice|one of them)\b/i, /'pick' \| 'exclude'/],
  [/\bsay whose it is\b/i, /\/owner\b/],
  [/\bundo\b/i, /\/undo\b/],
  [/\bconfirm\b/i, /\/confirm\b/],
  [/\bcatch-up\b|\bbilled elsewhere\b|\bbegin here\b/i, /FirstSyncAnswer/],
  [/\bmute\b/i, /\/mute\b/],
]
const withRemedies = spoken.filter(({ path }) =>
  /errors\.ts$|findings\.ts$|agreement-rules\.ts$|connection-trouble\.ts$|endings\.ts$|sync-products\.ts$/.test(
    path,
  ),
)

describe('a remedy', () => {
  it('names a control in quotes only where a page or ConnectWise has it [G3]', () => {
    const quoted = withRemedies.flatMap(({ path, text }) =>
      [...text.matchAll(/“([^”…]+)”/g)].map(([, name = '']) => ({ path, name })),
    )
    const missing = quoted.filter(({ name }) => !pages.includes(name) && !connectWiseLabels.includes(name))
    expect(missing).toEqual([])
  })

  it('asks for nothing that no page offers [G3]', () => {
    const wrong = withRemedies.flatMap(({ path, text }) =>
      controls.flatMap(([asked, offered]) =>
        asked.test(text) && !offered.test(pages) ? [`${path}: ${text}`] : [],
      ),
    )
    expect(wrong).toEqual([])
  })

  it('writes ConnectWise’s fields as its screens do [G3]', () => {
    const exact = /\(serial number\)|VendorSku/ // F9, D6
    const wrong = withRemedies.filter(
      ({ text }) =>
        !exact.test(text) &&
        /\b(write|set|enter|correct|change)\b.*\b(serial number|cancelled date|effective date|vendor sku|unit price)\b/.test(
          text,
        ),
    )
    expect(wrong).toEqual([])
  })
})

// ───────────────────────────── requests ─────────────────────────────

/** The schemas that requests are read with: what they say, people read. */
const requestSchemas = (): (readonly [string, z.ZodObject])[] =>
  rows.flatMap(([endpoint, { query, body }]) =>
    [query, body].flatMap((schema) => (schema === undefined ? [] : [[endpoint, schema] as const])),
  )

const odd: readonly unknown[] = [
  undefined,
  null,
  '',
  'x'.repeat(70_000),
  '\0',
  'x',
  -1,
  1e20,
  1.5,
  true,
  {},
  [],
  [5],
  ['x'],
]
const zodsOwn = /^(Invalid|Too (small|big)|Unrecognized|Expected|Required)|expected |received /

describe('a request that is refused', () => {
  it('is told in our own words what to enter, whatever was entered [C1][H6]', () => {
    const schemas = requestSchemas()
    expect(schemas.length).toBeGreaterThan(30)
    const wrong = schemas.flatMap(([name, schema]) => fieldsWithoutWords(name, schema))
    expect(wrong).toEqual([])
  })
})

/** What a route answers. */
function refusals(schema: z.ZodObject, value: unknown): readonly FieldProblem[] {
  try {
    parsed(schema, value)
    return []
  } catch (error) {
    if (error instanceof RequestRefused) return error.fields
    throw error
  }
}

function fieldsWithoutWords(name: string, schema: z.ZodObject): string[] {
  return Object.keys(schema.shape).flatMap((field) => {
    const messages = odd.flatMap((value) => {
      return refusals(schema, { [field]: value })
        .filter(({ field: at }) => at.split('.')[0] === field)
        .map(({ message }) => message)
    })
    const badly = [...new Set(messages)].filter(
      (message) => zodsOwn.test(message) || namesOf(message).length > 0,
    )
    return badly.map((message) => `${name}.${field}: ${message}`)
  })
}
