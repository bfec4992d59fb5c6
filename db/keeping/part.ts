/** A part of what a rule goes through, which is one transaction (J14). */
export interface Part {
  readonly before: Date
  /** Rows at most, or syncs or invoices whose rows go. */
  readonly limit: number
  /** Where it goes on; `null`: at the beginning. */
  readonly place: string | null
}

export interface RemovedPart {
  readonly removed: number
  /** Where the next part begins; `null`: there is none. */
  readonly next: string | null
}
