/** The sentences that a source file holds as texts, for tests of how we speak. */

export interface Sentence {
  readonly path: string
  /** Where a value stands in it: `…`. */
  readonly text: string
}

/** The texts of more than two words, besides those of programmer errors and of SQL. */
export function sentencesOf(path: string, source: string): Sentence[] {
  return textsOf(source)
    .filter(({ text, before }) => !isForProgrammers(before) && isSentence(text))
    .map(({ text }) => ({ path, text }))
}

const isForProgrammers = (before: string): boolean => /\bnew Error\(\s*$|\bsql(<[^>]*>)?$/.test(before)

const isSentence = (text: string): boolean =>
  /^\S+ \S+ \S+/.test(text) &&
  /[a-z]{2}/.test(text) &&
  !/\b(SELECT|INSERT|UPDATE|DELETE|WHERE|pgboss)\b/.test(text)

interface Text {
  readonly text: string
  /** The code in front of it, on the same line. */
  readonly before: string
}

/** Read character by character: enough for this code base, whose regular expressions stand after `(`, `,`, `=`, `[`, `:` or `?`. */
function textsOf(source: string): Text[] {
  const found: Text[] = []
  read(source, 0, found, null)
  return found
}

/** Reads code up to `end` (`}` of a template's value), and returns where that is. */
function read(source: string, from: number, found: Text[], end: string | null): number {
  let depth = 0
  let at = from
  while (at < source.length) {
    const character = source[at] ?? ''
    if (source.startsWith('//', at)) at = endOf(source, '\n', at)
    else if (source.startsWith('/*', at)) at = endOf(source, '*/', at)
    else if (character === '/' && /[(,=[:?|&!{\n]\s*$/.test(source.slice(Math.max(0, at - 20), at)))
      at = endOfPattern(source, at)
    else if (character === "'" || character === '"') at = readPlain(source, at, character, found)
    else if (character === '`') at = readTemplate(source, at, found)
    else {
      if (character === end && depth === 0) return at
      if (character === '{') depth += 1
      if (character === '}') depth -= 1
      at += 1
    }
  }
  return at
}

function endOf(source: string, closing: string, at: number): number {
  const end = source.indexOf(closing, at + 2)
  return end === -1 ? source.length : end + closing.length
}

function endOfPattern(source: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source[at]
    if (character === '\\') at += 1
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '\n' || (character === '/' && !inClass)) return at + 1
  }
  return source.length
}

const beforeIn = (source: string, at: number): string => source.slice(Math.max(0, at - 60), at)

function readPlain(source: string, start: number, quote: string, found: Text[]): number {
  let text = ''
  let at = start + 1
  while (at < source.length && source[at] !== quote && source[at] !== '\n') {
    if (source[at] === '\\') at += 1
    text += source[at]
    at += 1
  }
  found.push({ text, before: beforeIn(source, start) })
  return at + 1
}

function readTemplate(source: string, start: number, found: Text[]): number {
  let text = ''
  let at = start + 1
  while (at < source.length && source[at] !== '`') {
    if (source.startsWith('${', at)) {
      at = read(source, at + 2, found, '}') + 1
      text += '…'
      continue
    }
    if (source[at] === '\\') at += 1
    text += source[at]
    at += 1
  }
  found.push({ text, before: beforeIn(source, start) })
  return at + 1
}
