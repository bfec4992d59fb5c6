/** Finds what points nowhere: links of the documents, and what the sources cite of them. The documents are docs.test.ts's to read. */
import { posix } from 'node:path'

/** Path -> text. */
export type Texts = ReadonlyMap<string, string>

const withoutCode = (markdown: string): string =>
  markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length))

const withoutBlocks = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '')

/** The texts of a document's headings. */
export const headingsOf = (markdown: string): string[] =>
  [...withoutBlocks(markdown).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => heading)

/** What `#…` may name: headings as GitHub makes anchors of them, and ids that the document sets itself. */
export const anchorsOf = (markdown: string): Set<string> => {
  const slugs = headingsOf(markdown).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  const own = [...markdown.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = '']) => id)
  return new Set([...slugs, ...own])
}

/**
 * Relative links of a document that lead nowhere. @param exists whether a path of the repository is there.
 * @param documents those whose anchors are known
 */
export const brokenLinks = (
  path: string,
  markdown: string,
  documents: Texts,
  exists: (path: string) => boolean,
): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/i.test(target)) return []
    const [file = '', anchor] = target.split('#')
    const to = file === '' ? path : posix.join(posix.dirname(path), file)
    if (!exists(to)) return [`${path}: ${target} is not there`]
    const found = documents.get(to)
    const isThere = anchor === undefined || (found !== undefined && anchorsOf(found).has(anchor))
    return isThere ? [] : [`${path}: ${to} has no #${anchor}`]
  })

/** A comment's lines as one text, so that what it cites may go over a line's end. */
const joined = (source: string): string => source.replace(/\s*\n\s*(?:\*|\/\/)(?!\/) ?/g, ' ')

const citation = /\b(docs\/[\w/-]+\.md)((?:(?:,| and|, and) "[^"\n]+")*)/g

/** Cited documents and headings that do not exist: a path below docs, perhaps with `, "A"` or `, "A" and "B"` after it. */
export const brokenCitations = (path: string, source: string, documents: Texts): string[] =>
  [...joined(source).matchAll(citation)].flatMap(([, file = '', headings = '']) => {
    const document = documents.get(file)
    if (document === undefined) return [`${path}: there is no ${file}`]
    const known = new Set(headingsOf(document))
    return [...headings.matchAll(/"([^"]+)"/g)]
      .filter(([, heading = '']) => !known.has(heading))
      .map(([, heading]) => `${path}: ${file} has no heading "${heading}"`)
  })

/** Requirement ids that a document defines in its tables. */
export const requirementIds = (markdown: string): Set<string> =>
  new Set([...markdown.matchAll(/^\| <a id="([A-J]\d{1,2})"><\/a>\1 \|/gm)].map(([, id = '']) => id))

/** Ids cited in brackets, `[F7]` or `(E5, F1; …)`, that are no requirement's. */
export const unknownRequirements = (path: string, source: string, ids: ReadonlySet<string>): string[] =>
  [...joined(source).matchAll(/[[(]([A-J]\d{1,2}(?:[,;:] ?[^()[\]\n]*)?)[\])]/g)].flatMap(([, inner = '']) =>
    inner
      .split(/[,;:] ?|\sand\s/)
      .filter((part) => /^[A-J]\d{1,2}$/.test(part) && !ids.has(part))
      .map((id) => `${path}: ${id} is no requirement`),
  )

/** Numbers of decisions that are cited, `decision 041`, and that no record has. */
export const unknownDecisions = (path: string, text: string, numbers: ReadonlySet<string>): string[] =>
  [...joined(text).matchAll(/\bdecisions? (\d{3}(?:(?:, | and |, and )\d{3})*)\b/gi)]
    .flatMap(([, cited = '']) => cited.match(/\d{3}/g) ?? [])
    .filter((number) => !numbers.has(number))
    .map((number) => `${path}: there is no decision ${number}`)

const elsewhere = [
  /\bdesign\.md\b/,
  /\b[Dd]esign \d+a?\b/,
  /\bfacts,? (?:"[A-Z]|\d)/,
  /\b(?:prism|connectwise|hosted)-api \d/,
]

// The documents name each other by their relative paths.
const factsElsewhere = {
  document: /(?<![\w.])facts\/(?![\w-]*\.md\b|\W)/,
  source: /(?<!docs\/)(?<![\w.])facts\//,
}

/** What is cited of documents that are not in this repository. */
export const citedElsewhere = (path: string, text: string): string[] =>
  [...elsewhere, path.endsWith('.md') ? factsElsewhere.document : factsElsewhere.source].flatMap(
    (pattern) => {
      const found = pattern.exec(joined(text))
      return found ? [`${path}: "${found[0]}" is cited, and is not in this repository`] : []
    },
  )

/** Files and folders that a document names in code, and whether its line says that they are not yet built. */
export const namedPaths = (markdown: string): { readonly path: string; readonly isBuilt: boolean }[] =>
  withoutBlocks(markdown)
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(/`((?:app|lib|db|standin|scripts|e2e|bench|docs)\/[\w./()-]+)`/g)].map(
        ([, path = '']) => ({ path, isBuilt: !line.includes('not yet built') }),
      ),
    )

export interface DecisionRecord {
  readonly number: string
  readonly title: string
  readonly date: string
  /** `accepted`, `amended by 061`, `superseded by 072, 073`. */
  readonly status: string
}

/** Reads a decision record; a text says what it lacks. */
export const decisionOf = (path: string, text: string): DecisionRecord | string => {
  const number = /(\d{3})-[a-z0-9-]+\.md$/.exec(path)?.[1]
  const [, ofTitle, title = ''] = /^# (\d{3}) (.+)$/m.exec(text) ?? []
  if (number === undefined || ofTitle !== number) return `${path}: its title does not begin with its number`
  const date = /^Date: (\d{4}-\d{2}-\d{2})$/m.exec(text)?.[1]
  if (date === undefined) return `${path} has no line "Date: YYYY-MM-DD"`
  const said = /^Status: (.+)$/m.exec(text)?.[1] ?? ''
  const [, status] = /^(accepted|amended by|superseded by)/.exec(said) ?? []
  if (status === undefined)
    return `${path} has no line "Status: accepted", "… amended by" or "… superseded by"`
  if (!/^\*\*(?:Cost|What it costs)\.\*\*/m.test(text)) return `${path} does not say what it costs`
  const by = [...(said.split(';')[0] ?? '').matchAll(/\[(\d{3})\]/g)].map(([, each]) => each)
  if (status !== 'accepted' && by.length === 0) return `${path} does not link the record it is ${status}`
  return { number, title, date, status: status === 'accepted' ? status : `${status} ${by.join(', ')}` }
}

/** The row of a record in the index. */
export const indexRow = (file: string, { number, title, date, status }: DecisionRecord): string =>
  `| [${number}](${file}) | ${title} | ${date} | ${status} |`
