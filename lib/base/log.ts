/** The log: one JSON object a line on stdout. Secrets are kept out by their type (`Secret`), not by guessing at names. */
import { randomInt } from 'node:crypto'
import { ProductError } from './errors.ts'
import { requestId } from './request-id.ts'
import { Secret } from './secrets.ts'

export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** Logs an error nobody foresaw and returns the reference that finds the entry, e.g. `7K3M-9QXW` (F10). */
  unexpected(error: unknown, fields?: LogFields): string
  /** A log that adds `fields` to each entry. */
  with(fields: LogFields): Log
}

interface LogSettings {
  readonly write: (line: string) => void
  readonly now: () => Date
}

const toStdout: LogSettings = {
  write: (line) => process.stdout.write(line),
  now: () => new Date(),
}

export function createLog(settings: Partial<LogSettings> = {}, fixed: LogFields = {}): Log {
  const { write, now } = { ...toStdout, ...settings }
  const entry =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      const id = requestId()
      const values = printable(
        { ...(id === null ? {} : { requestId: id }), ...fixed, ...fields },
        0,
      ) as object
      write(`${oneLine(JSON.stringify({ at: now().toISOString(), level, event, ...values }))}\n`)
    }
  const error = entry('error')
  return {
    info: entry('info'),
    warn: entry('warn'),
    error,
    unexpected(cause, fields = {}) {
      const reference = newReference()
      error('unexpected', { ...fields, reference, error: cause })
      return reference
    },
    with: (fields) => createLog(settings, { ...fixed, ...fields }),
  }
}

/** The process's log. */
export const log: Log = createLog()

/** What JSON leaves as it is and a viewer takes for a line's end or a command to the terminal. */
const oneLine = (json: string): string =>
  json.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const consoleMethods = [
  ['debug', 'info'],
  ['info', 'info'],
  ['log', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
] as const
const captured = globalThis as typeof globalThis & { prismPodConsole?: true }

/**
 * From now on what libraries print goes through the log, an entry a call: what a stranger sent may be in it, and printed
 * raw could pass for entries of ours.
 */
export function captureConsole(into: Log = log): void {
  if (captured.prismPodConsole) return
  captured.prismPodConsole = true
  for (const [method, level] of consoleMethods)
    console[method] = (...printed: unknown[]) => into[level]('printed', { printed })
}

const deepest = 6

/** A copy that JSON can print: secrets as `[secret]`, errors by name, message, code and stack, nothing endless. */
function printable(value: unknown, depth: number): unknown {
  if (value instanceof Secret) return value.toJSON()
  if (typeof value === 'string') return withoutParameters(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (depth >= deepest) return '[deep]'
  if (value instanceof Error) return printableError(value, depth)
  if (Array.isArray(value)) return value.map((item) => printable(item, depth + 1))
  if (value instanceof Map || value instanceof Set)
    return [...value].map((item) => printable(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item, depth + 1)]))
}

/** An error's own fields are printed only for ours: a library's error may carry its request, credentials included. */
function printableError(error: Error, depth: number): object {
  const message = messageOf(error)
  return {
    ...(printable(ownFields(error), depth + 1) as object),
    name: error.name,
    message,
    stack: stackOf(error, message),
    ...(error.cause === undefined ? {} : { cause: printable(error.cause, depth + 1) }),
    ...(error instanceof AggregateError ? { errors: printable(error.errors, depth + 1) } : {}),
  }
}

function ownFields(error: Error): object {
  if (error instanceof ProductError) return Object.fromEntries(Object.entries(error))
  if (isDatabaseError(error)) {
    const { code, severity, schema, table, column, constraint, routine } = error
    return { code, severity, schema, table, column, constraint, routine }
  }
  return { code: 'code' in error ? error.code : undefined }
}

/** PostgreSQL's own words: `detail`, `where` and what the message quotes are values, e.g. of an address that is there already. */
type DatabaseError = Error &
  Partial<
    Record<'code' | 'severity' | 'schema' | 'table' | 'column' | 'constraint' | 'routine', string | undefined>
  >

/** By its fields, because pg's class may be there more than once. */
const isDatabaseError = (error: Error): error is DatabaseError =>
  'severity' in error && 'code' in error && 'routine' in error

const messageOf = (error: Error): string =>
  isDatabaseError(error) ? error.message.replace(/".*"/s, '"…"') : withoutParameters(error.message)

/** The stack begins with the message. */
const stackOf = ({ stack = '', message }: Error, shown: string): string =>
  withoutParameters(stack.replace(message, () => shown))

/** Drizzle writes what a query was given below it, a password's hash too; where that ends nobody can tell. */
const withoutParameters = (text: string): string => {
  const query = text.indexOf('Failed query: ')
  const parameters = query < 0 ? -1 : text.indexOf('\nparams: ', query)
  return parameters < 0 ? text : text.slice(0, parameters)
}

/** Letters and digits that nobody mixes up when reading them out. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

function newReference(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}
