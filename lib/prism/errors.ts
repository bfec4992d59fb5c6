import { type ErrorCode, ProductError } from '#lib/base/errors.ts'

/**
 * - `refused`: PRISM gave a definite answer (4xx; also 404, which is never taken for "nothing there").
 * - `unreachable`: no answer, 5xx, or 429 for too long.
 * - `unreadable`: an answer in a form that is not understood.
 */
export type PrismOutcome = 'refused' | 'unreachable' | 'unreadable'

const codes = {
  refused: 'prism-refused',
  unreachable: 'prism-unreachable',
  unreadable: 'prism-unreadable',
} as const satisfies Record<PrismOutcome, ErrorCode>

/** A failed call to PRISM; its message never holds a credential. */
export class PrismError extends ProductError {
  static override readonly brand = 'PrismError'
  override readonly name = 'PrismError'
  readonly outcome: PrismOutcome
  /** HTTP status; `null` where there was no answer. */
  readonly status: number | null

  constructor(outcome: PrismOutcome, message: string, status: number | null, options?: ErrorOptions) {
    super(codes[outcome], message, options)
    this.outcome = outcome
    this.status = status
  }
}

/** An invoice CSV that is refused whole: where it is wrong, and why (docs/billing-rules.md, "Lines"). */
export class InvoiceRefused extends ProductError {
  static override readonly brand = 'InvoiceRefused'
  override readonly name = 'InvoiceRefused'
  /** Line of the file, the header being line 1; `null` where the file as a whole is wrong. */
  readonly row: number | null
  /** The column's name; `null` where none is meant. */
  readonly column: string | null
  readonly reason: string

  constructor(where: { row: number | null; column: string | null }, reason: string) {
    const place = [
      where.row === null ? '' : `Line ${where.row}`,
      where.column === null ? '' : `column ${where.column}`,
    ]
    super(
      'invoice-refused',
      [place.filter((part) => part !== '').join(', '), reason].filter(Boolean).join(': '),
    )
    this.row = where.row
    this.column = where.column
    this.reason = reason
  }
}
