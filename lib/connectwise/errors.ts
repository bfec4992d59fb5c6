import { type ErrorCode, ProductError } from '#lib/base/errors.ts'

/**
 * - `refused`: a definite answer, nothing was done (4xx; 429 until the tries were used up).
 * - `unknown`: a write without a readable answer (none, 408, 5xx, an unreadable 2xx): it may have taken place.
 * - `unreachable`: a read failed; nothing was asked to change.
 */
export type ConnectWiseOutcome = 'refused' | 'unknown' | 'unreachable'

export interface FieldError {
  readonly code: string
  readonly message: string
  readonly field: string
}

export interface ConnectWiseFailure {
  readonly outcome: ConnectWiseOutcome
  /** HTTP status; `null` where there was no answer. */
  readonly status: number | null
  /** ConnectWise's `errors[].message` joined by a space, else its top message (D8). */
  readonly message: string
  /** ConnectWise's own code, e.g. `InvalidObject`; `''` where it gave none. */
  readonly remoteCode: string
  readonly fieldErrors: readonly FieldError[]
  readonly retryAfterMs: number | null
  readonly method: string
  /** Path below the API's root, without its query. */
  readonly path: string
  /** Whether there was an answer that could not be read. */
  readonly unreadable?: boolean
}

/** A failed call to ConnectWise. It never holds the Authorization or clientId header. */
export class ConnectWiseError extends ProductError implements ConnectWiseFailure {
  static override readonly brand = 'ConnectWiseError'
  override readonly name = 'ConnectWiseError'
  readonly outcome: ConnectWiseOutcome
  readonly status: number | null
  readonly remoteCode: string
  readonly fieldErrors: readonly FieldError[]
  readonly retryAfterMs: number | null
  readonly method: string
  readonly path: string

  constructor(failure: ConnectWiseFailure) {
    super(productCode(failure), failure.message)
    this.outcome = failure.outcome
    this.status = failure.status
    this.remoteCode = failure.remoteCode
    this.fieldErrors = failure.fieldErrors
    this.retryAfterMs = failure.retryAfterMs
    this.method = failure.method
    this.path = failure.path
  }
}

function productCode({ outcome, unreadable = false }: ConnectWiseFailure): ErrorCode {
  if (outcome === 'refused') return 'connectwise-refused'
  if (outcome === 'unknown') return 'connectwise-unknown'
  return unreadable ? 'connectwise-unreadable' : 'connectwise-unreachable'
}
