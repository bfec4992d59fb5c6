/** What the documents link to, and what the sources cite of them, is there. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  anchorsOf,
  brokenCitations,
  brokenLinks,
  citedElsewhere,
  decisionOf,
  indexRow,
  namedPaths,
  requirementIds,
  type Texts,
  unknownDecisions,
  unknownRequirements,
} from '../scripts/doc-refs.ts'

const root = join(import.meta.dirname, '..')
const exists = (path: string): boolean => existsSync(join(root, path))

const read = (patterns: readonly string[]): Texts => {
  const paths = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**'] })
  const ours = paths.map((path) => path.replaceAll(sep, '/')).filter((path) => path !== 'docs/docs.test.ts')
  return new Map(ours.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

const documents = read(['*.md', 'docs/**/*.md', '{standin,bench,e2e,scripts}/**/*.md'])
const sources = read([
  '{app,lib,db,standin,scripts,e2e,bench,docs}/**/*.{ts,tsx,mjs,js,css}',
  '*.{ts,js}',
  '.env.example',
])
const every = (texts: Texts, find: (path: string, text: string) => string[]): string[] =>
  [...texts].flatMap(([path, text]) => find(path, text))
const pages = [...documents].filter(([path]) => /^docs\/(?:facts\/)?[\w-]+\.md$/.test(path))
const requirements = requirementIds(documents.get('docs/requirements.md') ?? '')
const decisions = [...documents.keys()].filter((path) => /^docs\/decisions\/\d/.test(path))

describe('the documents', () => {
  it('link only to what is there, headings included', () => {
    expect(pages.length).toBeGreaterThan(6)
    expect(every(documents, (path, text) => brokenLinks(path, text, documents, exists))).toEqual([])
  })

  it('name only files and folders that are there, and call none not yet built that is', () => {
    const named = pages.flatMap(([page, text]) => namedPaths(text).map((each) => ({ page, ...each })))
    const wrong = named.filter(({ path, isBuilt }) => exists(path) !== isBuilt)
    expect(named.length).toBeGreaterThan(40)
    expect(wrong.map(({ page, path }) => `${page}: ${path}`)).toEqual([])
  })

  it('have every room of lib and every subject of db on the map', () => {
    const map = documents.get('docs/architecture.md') ?? ''
    const folders = (of: string): string[] =>
      readdirSync(join(root, of), { withFileTypes: true }).flatMap((each) =>
        each.isDirectory() && each.name !== 'testing' ? [each.name] : [],
      )
    const missing = [
      ...folders('lib').map((each) => `\`lib/${each}\``),
      ...folders('db').map((each) => `\`${each}\``),
    ].filter((each) => !map.includes(each))
    expect(missing).toEqual([])
  })

  it('have every requirement from A1 to J16', () => {
    const lengths = { A: 6, B: 6, C: 6, D: 9, E: 6, F: 19, G: 6, H: 7, I: 3, J: 16 }
    const wanted = Object.entries(lengths).flatMap(([letter, length]) =>
      Array.from({ length }, (_, i) => `${letter}${i + 1}`),
    )
    expect([...requirements]).toEqual(wanted)
  })
})

describe('the sources', () => {
  it('cite documents and headings that are there', () => {
    const citing = [...sources.values()].filter((text) => text.includes('docs/billing-rules.md'))
    expect(citing.length).toBeGreaterThan(30)
    expect(every(sources, (path, text) => brokenCitations(path, text, documents))).toEqual([])
  })

  it('cite requirements that are there', () => {
    expect(every(sources, (path, text) => unknownRequirements(path, text, requirements))).toEqual([])
  })

  it('cite decisions that are there, as the documents do', () => {
    const numbers = new Set(decisions.map((path) => path.slice('docs/decisions/'.length).slice(0, 3)))
    const find = (path: string, text: string) => unknownDecisions(path, text, numbers)
    expect([...every(sources, find), ...every(documents, find)]).toEqual([])
  })

  it('cite nothing that is not in this repository, nor do the documents', () => {
    expect(every(sources, citedElsewhere)).toEqual([])
    expect(every(documents, citedElsewhere)).toEqual([])
  })
})

describe('the decision records', () => {
  it('have date, status and cost, and are in the index as they are', () => {
    const index = documents.get('docs/decisions/README.md') ?? ''
    const found = decisions.flatMap((path) => {
      const record = decisionOf(path, documents.get(path) ?? '')
      if (typeof record === 'string') return [record]
      const row = indexRow(path.replace('docs/decisions/', ''), record)
      return index.includes(row) ? [] : [`docs/decisions/README.md lacks: ${row}`]
    })
    expect(decisions.length).toBeGreaterThan(30)
    expect(found).toEqual([])
  })

  it('are as many as the rows of the index, each number once', () => {
    const index = documents.get('docs/decisions/README.md') ?? ''
    const rows = [...index.matchAll(/^\| \[(\d{3})\]/gm)].map(([, number = '']) => number)
    expect(rows).toEqual([...new Set(rows)].sort())
    expect(rows).toHaveLength(decisions.length)
  })
})

describe('the checks find', () => {
  const page = '# A page\n\n## The window\n\n<a id="F7"></a>\n'
  const few: Texts = new Map([
    ['docs/a.md', page],
    ['docs/facts/b.md', '# B\n'],
  ])
  const isThere = (path: string): boolean => few.has(path) || path === 'lib/x.ts'

  it.each([
    ['a file that is not there', '[a](c.md)', ['docs/z.md: c.md is not there']],
    ['a heading that is not there', '[a](a.md#the-door)', ['docs/z.md: docs/a.md has no #the-door']],
    ['an anchor of a file without any', '[a](../lib/x.ts#l1)', ['docs/z.md: lib/x.ts has no #l1']],
  ])('a link to %s', (_, text, found) => {
    expect(brokenLinks('docs/z.md', text, few, isThere)).toEqual(found)
  })

  it('nothing in links that lead somewhere, out of the repository, or are code', () => {
    const text =
      '[a](a.md#the-window) [b](a.md#F7) ![c](facts/b.md) [d](https://x.example) `[e](no.md)` [f](../lib/x.ts)'
    expect(brokenLinks('docs/z.md', text, few, isThere)).toEqual([])
  })

  it.each([
    ['a document that is not there', '/** See docs/c.md. */', ['a.ts: there is no docs/c.md']],
    [
      'a heading over a line’s end',
      '/**\n * (F7, docs/a.md,\n * "The\n * door").\n */',
      ['a.ts: docs/a.md has no heading "The door"'],
    ],
    [
      'the second of two headings',
      '// docs/a.md, "The window" and "The door"',
      ['a.ts: docs/a.md has no heading "The door"'],
    ],
  ])('a citation of %s', (_, text, found) => {
    expect(brokenCitations('a.ts', text, few)).toEqual(found)
  })

  it('nothing in citations that resolve, also over a line’s end', () => {
    const text = '/**\n * docs/a.md,\n * "The window": so; docs/facts/b.md.\n */'
    expect(brokenCitations('a.ts', text, few)).toEqual([])
  })

  it('a requirement that there is not, alone or beside others', () => {
    const text = "it('does [F7][F77]', x) // (F7, K9, G88; so) and (E5 alone)\n// f(A9, b)"
    expect(unknownRequirements('a.ts', text, new Set(['F7']))).toEqual([
      'a.ts: F77 is no requirement',
      'a.ts: G88 is no requirement',
      'a.ts: A9 is no requirement',
    ])
  })

  it.each([
    'design.md 2a',
    '(design 3)',
    'facts/prism-api 5',
    '(facts, connectwise-api 10)',
    '(facts 14)',
    'facts "Hosted API" 6',
  ])('what is cited of other documents: %s', (text) => {
    expect(citedElsewhere('a.ts', `/** So it is: ${text}. */`)).not.toEqual([])
  })

  it('nothing elsewhere in what is', () => {
    expect(citedElsewhere('a.ts', '// docs/facts/prism.md; the facts are few')).toEqual([])
    expect(citedElsewhere('a.md', 'docs/facts/prism.md; [b](facts/b.md); [facts/](facts/b.md)')).toEqual([])
    expect(citedElsewhere('a.ts', '// facts/b.md')).toHaveLength(1)
  })

  it.each([
    ['no date', '# 001 So\n\nStatus: accepted\n\n**Cost.** Much.\n'],
    ['no status', '# 001 So\n\nDate: 2026-11-26\n\n**Cost.** Much.\n'],
    ['no cost', '# 001 So\n\nDate: 2026-11-26\nStatus: accepted\n'],
    ['another number', '# 002 So\n\nDate: 2026-11-26\nStatus: accepted\n\n**Cost.** Much.\n'],
    [
      'a successor without a link',
      '# 001 So\n\nDate: 2026-11-26\nStatus: superseded by\n\n**Cost.** Much.\n',
    ],
  ])('a decision record with %s', (_, text) => {
    expect(typeof decisionOf('docs/decisions/001-so.md', text)).toBe('string')
  })

  it('a decision that there is not', () => {
    const text = '// Decision 001; decisions 001 and 002\n// (decision 003)'
    expect(unknownDecisions('a.ts', text, new Set(['001']))).toEqual([
      'a.ts: there is no decision 002',
      'a.ts: there is no decision 003',
    ])
  })

  it('the row of a record in the index', () => {
    const text =
      '# 001 So\n\nDate: 2026-11-26\nStatus: amended by [002](002-x.md); of [000](0.md)\n\n**Cost.** Much.\n'
    const record = decisionOf('docs/decisions/001-so.md', text)
    expect(typeof record === 'string' ? record : indexRow('001-so.md', record)).toBe(
      '| [001](001-so.md) | So | 2026-11-26 | amended by 002 |',
    )
  })

  it('paths in code, and which of them are not yet built', () => {
    const text = '`lib/a.ts` and `b.ts`\n| `lib/c` | not yet built |\n```\n`lib/d`\n```\n'
    expect(namedPaths(text)).toEqual([
      { path: 'lib/a.ts', isBuilt: true },
      { path: 'lib/c', isBuilt: false },
    ])
  })

  it('anchors as GitHub makes them', () => {
    expect([...anchorsOf("## Moving and clearing\n### Nobody's, P (1)\n")]).toEqual([
      'moving-and-clearing',
      'nobodys-p-1',
    ])
  })
})
