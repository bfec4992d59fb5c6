/** What is stored of ConnectWise's records, and what is told of a write. */
import type { Collection } from './fields.ts'

/** One record as stored: plain JSON as ConnectWise sends it, references as `{id}`; nothing computed. */
export interface Row {
  readonly id: number
  readonly [field: string]: unknown
}

/** Who wrote a record and when: API keys, a member's identifier, or the stand-in itself. Times are `YYYY-MM-DDTHH:mm:ssZ`. */
export interface Stamp {
  readonly dateEntered: string
  readonly enteredBy: string
  readonly lastUpdated: string
  readonly updatedBy: string
}

export interface Entry {
  readonly row: Row
  readonly stamp: Stamp
}

/** One write, as it is told to who watches. */
export interface Change {
  readonly collection: Collection
  readonly action: 'added' | 'updated' | 'deleted'
  /** As it is after the write; of a deleted record, as it was. */
  readonly row: Row
  /** What stood there before; `null` for a new record. */
  readonly before: Entry | null
  readonly by: string
}
