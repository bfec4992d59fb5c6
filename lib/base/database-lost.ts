/**
 * The database is away: recognised here and nowhere else. What else it says (a broken rule, a wrong statement) is a
 * fault of ours and stays one. A lost connection ends the attempt that met it; whoever called tries again.
 */
import { isOfBrand } from './brand.ts'
import { ProductError } from './errors.ts'

/** Thrown by `db/client.ts` where no connection could be had, whatever the reason. */
export class NoConnection extends Error {
  static readonly brand = 'NoConnection'
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOfBrand(this, value)
  }

  override readonly name = 'NoConnection'
}

/** What the driver says of itself when the connection is gone under a query, or none came free in time. */
const driverTexts =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable)/

/** Why the database is away, in words that end "The database cannot be reached: ...". First match wins. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens at its address'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name of its server is not found'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/, 'its server does not answer'],
  [/^(ECONNRESET|EPIPE)$/, 'it closed the connection'],
  [/^(57P01|57P02)$/, 'it is being stopped, or one of its processes crashed'],
  [/^57P03$/, 'it is starting, recovering or stopping'],
  [/^57P05$/, 'it closed a connection that was idle for long'],
  [/^25P0[34]$/, 'it closed a connection whose transaction took too long'],
  [/^08/, 'the connection to it failed'],
  [/^53300$/, 'it has no connection left for us'],
]
/** Only while connecting: later these are refusals of one statement. */
const connectReasons: readonly (readonly [RegExp, string])[] = [
  [/^28/, 'it refuses the user or the password'],
  [/^3D000$/, 'it has no database of this name'],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)$/,
    'its TLS certificate is not trusted (docs/deploy.md, “TLS”)',
  ],
]
/** Only while connecting, and known by the words alone; they go before the code, which says less. */
const connectTexts: readonly (readonly [RegExp, string])[] = [
  [/no encryption/, 'it takes encrypted connections only: add ?sslmode=verify-full to DATABASE_URL'],
  [/does not support SSL/, 'it offers no encryption, which sslmode in DATABASE_URL asks for'],
]

const deepest = 10

/** Whether the error means that the database is away, however many errors it is wrapped in. */
export const isDatabaseLost = (error: unknown): boolean => lossReason(error) !== null

/** Why it is away, without names and addresses; `null` where the error is another one. */
export function lossReason(error: unknown): string | null {
  let isDatabases = false
  let isConnecting = false
  // An operating error that carries such a cause tells of another system.
  let at = error
  for (let depth = 0; depth < deepest && at instanceof Error && !(at instanceof ProductError); depth += 1) {
    isConnecting ||= at instanceof NoConnection
    isDatabases ||= isConnecting || isOfDatabase(at)
    const reason = ownReason(at, isDatabases, isConnecting)
    if (reason !== null) return reason
    at = at.cause
  }
  return isConnecting ? 'no connection to it could be made' : null
}

function ownReason(error: Error, isDatabases: boolean, isConnecting: boolean): string | null {
  const said = isConnecting ? connectTexts.find(([words]) => words.test(error.message)) : undefined
  if (said) return said[1]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = isConnecting ? [...reasons, ...connectReasons] : reasons
  const found = known.find(([codes]) => codes.test(code))
  // PostgreSQL's own codes are its alone; those of the operating system are shared with every other connection.
  if (found && (isDatabases || /^\d[\dA-Z]{4}$/.test(code))) return found[1]
  if (!driverTexts.test(error.message)) return null
  return /time/i.test(error.message) ? 'it does not answer in time' : 'it closed the connection'
}

/** Drizzle's error names the statement that failed. */
const isOfDatabase = (error: Error): boolean =>
  'query' in error && typeof error.query === 'string' && 'params' in error

/** Since when the database is away, and whether the launcher brings it back. */
export interface Outage {
  readonly since: Date | null
  readonly isRestarted: boolean
}

/** The problem that people and scripts are shown while the database is away. */
export function databaseUnreachable(error: unknown, { since, isRestarted }: Outage): ProductError {
  const parts = [`The database cannot be reached: ${lossReason(error) ?? 'it does not answer'}.`]
  if (since !== null)
    parts.push(`It is away since ${since.toISOString().slice(0, 19).replace('T', ' ')} UTC.`)
  if (isRestarted) parts.push('It is being started again.')
  return new ProductError('database-unreachable', parts.join(' '), { cause: error })
}
