/**
 * ConnectWise's `conditions` (docs/facts/connectwise.md, "Lists"): a parser of the grammar into a tree.
 *
 *   expression = term { "or" term } ; term = factor { "and" factor }
 *   factor     = "not" factor | "(" expression ")" | field operator
 *   operator   = ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
 *              | [ "not" ] ( "like" | "contains" ) string | [ "not" ] "in" "(" value { "," value } ")"
 *   value      = string in ' or " | number | true | false | null | "[" date "]"
 */
import { parseTimestamp } from './days.ts'
import { refuse } from './errors.ts'
import * as inferred from './inferred.ts'

export type Value =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'numeric'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'DateTime'; readonly value: number }
  | { readonly type: 'null'; readonly value: null }

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare'
      readonly field: string
      readonly operator: Comparison | 'like' | 'contains'
      readonly value: Value
    }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Value[] }

type Token =
  | { readonly kind: 'value'; readonly value: Value; readonly text: string }
  | { readonly kind: 'word' | 'symbol'; readonly text: string }

const explanation =
  'String values should be enclosed with double or single quotes; DateTime values should be enclosed in square brackets; ' +
  'numbers should consist of only digits, and optionally a decimal point and a negation sign; ' +
  'boolean values should be indicated with the keywords true or false; null values should be indicated by the keyword null.'

/** The 400 of conditions that cannot be read; `problem` is its first sentence. */
export function badConditions(problem: string) {
  return refuse(400, 'ConnectWiseApi', `${problem} ${explanation}`)
}

/** Parses `conditions`, `childConditions` or `customFieldConditions`. Throws the 400 reply where it cannot. */
export function parseConditions(text: string): Condition {
  const cursor = createCursor(tokenize(text))
  const condition = parseOr(cursor)
  const rest = cursor.peek()
  if (rest !== undefined) throw badConditions(`Unexpected '${rest.text}'.`)
  return condition
}

const tokenPattern =
  /\s+|(?<string>"(?:\\"|[^"])*"|'(?:\\'|[^'])*')|(?<date>\[[^\]]*\])|(?<number>-?\d+(?:\.\d+)?(?![\w.]))|(?<word>[A-Za-z_][\w/]*)|(?<symbol><=|>=|!=|[=<>(),])/y

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex
    const found = tokenPattern.exec(text)
    if (found === null) throw badConditions(`Unexpected character '${text[at]}' at position ${at}.`)
    const { string, date, number, word, symbol } = found.groups ?? {}
    if (string !== undefined) tokens.push(literal({ type: 'string', value: unquoted(string) }, string))
    else if (date !== undefined) tokens.push(literal({ type: 'DateTime', value: parseDate(date) }, date))
    else if (number !== undefined) tokens.push(literal({ type: 'numeric', value: Number(number) }, number))
    else if (word !== undefined) tokens.push(wordToken(word))
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol })
  }
  return tokens
}

function literal(value: Value, text: string): Token {
  return { kind: 'value', value, text }
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1)
  return inferred.escapedQuotes ? inner.replaceAll(`\\${text[0]}`, text[0] ?? '') : inner
}

function wordToken(text: string): Token {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 'false')
    return literal({ type: 'boolean', value: lower === 'true' }, text)
  if (lower === 'null') return literal({ type: 'null', value: null }, text)
  return { kind: 'word', text }
}

/** `[2016-08-20T18:04:26Z]` or `[2016-08-20]`. */
function parseDate(text: string): number {
  const time = parseTimestamp(text.slice(1, -1).trim())
  if (Number.isNaN(time)) throw badConditions(`Expected a DateTime value, not ${text}.`)
  return time
}

interface Cursor {
  peek(): Token | undefined
  /** Takes the next token where it is this keyword or symbol. */
  take(text: string): boolean
  next(expected: string): Token
  /** Reads what is nested; throws the 400 where that goes too deep. */
  deeper(read: () => Condition): Condition
}

function createCursor(tokens: readonly Token[]): Cursor {
  let [at, depth] = [0, 0]
  return {
    deeper(read) {
      depth += 1
      if (depth > inferred.deepestConditions) throw badConditions('The conditions are nested too deeply.')
      const condition = read()
      depth -= 1
      return condition
    },
    peek: () => tokens[at],
    take(text) {
      const token = tokens[at]
      if (token === undefined || token.kind === 'value' || token.text.toLowerCase() !== text) return false
      at += 1
      return true
    },
    next(expected) {
      const token = tokens[at]
      if (token === undefined) throw badConditions(`Expected ${expected} at the end.`)
      at += 1
      return token
    },
  }
}

function parseOr(cursor: Cursor): Condition {
  const parts = [parseAnd(cursor)]
  while (cursor.take('or')) parts.push(parseAnd(cursor))
  return joined('or', parts)
}

function parseAnd(cursor: Cursor): Condition {
  const parts = [parseFactor(cursor)]
  while (cursor.take('and')) parts.push(parseFactor(cursor))
  return joined('and', parts)
}

function joined(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { kind, parts }
}

function parseFactor(cursor: Cursor): Condition {
  if (cursor.take('not')) return cursor.deeper(() => ({ kind: 'not', part: parseFactor(cursor) }))
  if (cursor.take('(')) {
    const inner = cursor.deeper(() => parseOr(cursor))
    if (!cursor.take(')')) throw badConditions("Expected ')'.")
    return inner
  }
  const field = cursor.next('a field')
  if (field.kind !== 'word') throw badConditions(`Expected a field, not '${field.text}'.`)
  return parseOperator(cursor, field.text)
}

const comparisons: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=']

function parseOperator(cursor: Cursor, field: string): Condition {
  if (cursor.take('not')) return { kind: 'not', part: parseWordOperator(cursor, field) }
  const symbol = comparisons.find((one) => cursor.take(one))
  if (symbol !== undefined) return { kind: 'compare', field, operator: symbol, value: parseValue(cursor) }
  return parseWordOperator(cursor, field)
}

function parseWordOperator(cursor: Cursor, field: string): Condition {
  if (cursor.take('in')) return { kind: 'in', field, values: parseValues(cursor) }
  for (const operator of ['like', 'contains'] as const) {
    if (!cursor.take(operator)) continue
    const value = parseValue(cursor)
    if (value.type !== 'string') throw badConditions(`Expected a string value, not a ${value.type}.`)
    return { kind: 'compare', field, operator, value }
  }
  throw badConditions(`Expected an operator after '${field}'.`)
}

function parseValues(cursor: Cursor): Value[] {
  if (!cursor.take('(')) throw badConditions("Expected '(' after in.")
  const values = [parseValue(cursor)]
  while (cursor.take(',')) values.push(parseValue(cursor))
  if (!cursor.take(')')) throw badConditions("Expected ')' after the values of in.")
  return values
}

function parseValue(cursor: Cursor): Value {
  const token = cursor.next('a value')
  if (token.kind !== 'value') throw badConditions(`Expected a value, not '${token.text}'.`)
  return token.value
}
