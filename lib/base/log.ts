/** The log: one JSON object a line on stdout. Secrets are kept out by their type (`Secret`), not by guessing at names. */
import { randomInt } from 'node:crypto'
import { ProductError } from './errors.ts'
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
      const values = printable({ ...fixed, ...fields }, 0) as object
      write(`${JSON.stringify({ at: now().toISOString(), level, event, ...values })}\n`)
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

const deepest = 6

/** A copy that JSON can print: secrets as `[secret]`, errors by name, message, code and stack, nothing endless. */
function printable(value: unknown, depth: number): unknown {
  if (value instanceof Secret) return value.toJSON()
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
  const own =
    error instanceof ProductError
      ? Object.fromEntries(Object.entries(error))
      : { code: 'code' in error ? error.code : undefined }
  return {
    ...(printable(own, depth + 1) as object),
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: printable(error.cause, depth + 1) }),
  }
}

/** Letters and digits that nobody mixes up when reading them out. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

function newReference(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}
