/** The records of one ConnectWise company, in memory. */

import type { InvoiceDraft } from './billing.ts'
import type { Collection } from './fields.ts'
import type { Change, Entry, Row, Stamp } from './records.ts'

export interface Invoice extends InvoiceDraft {
  readonly id: number
  readonly number: string
  readonly agreementId: number
  /** Where `DELETE` of this invoice puts the agreement's next invoice date back to. */
  readonly nextInvoiceDateBefore: string
  /** The day it was made. */
  readonly date: string
  /** What the agreement bills beside its additions: its own amount, for a whole period; a decimal text. */
  readonly ownAmount: string
}

export type Records = Partial<Record<Collection, readonly Row[]>>

/** What reading a record takes. */
export interface Reading {
  all(collection: Collection): readonly Row[]
  /** The additions of one agreement, without a look at all others. */
  additionsOf(agreementId: number): readonly Row[]
  get(collection: Collection, id: number): Row | undefined
  stampOf(collection: Collection, id: number): Stamp | undefined
}

export interface Store extends Reading {
  /** The id a new record will get. */
  nextId(collection: Collection): number
  put(collection: Collection, row: Row, by: string): Row
  remove(collection: Collection, id: number, by: string): void
  /** Calls `listener` after each write; a reset is none. */
  watch(listener: (change: Change) => void): void
  /** Last day that was invoiced when the addition came in with the seed: what was billed before this stand-in's memory. */
  billedThrough(additionId: number): string | undefined
  readonly invoices: Invoice[]
  /** Counts every write: lets a page see whether to read again. */
  readonly version: number
  reset(): void
  /** All that is held, as plain JSON. */
  snapshot(): Snapshot
  /** Puts everything back to what a snapshot holds; as with a reset, nobody is told. */
  restore(snapshot: Snapshot): void
}

export interface Snapshot {
  readonly collections: readonly (readonly [Collection, readonly Entry[]])[]
  /** By collection, the highest id that was ever given. */
  readonly highest: readonly (readonly [Collection, number])[]
  /** By addition of the seed, the last day that was invoiced before this stand-in's memory. */
  readonly billed: readonly (readonly [number, string])[]
  readonly invoices: readonly Invoice[]
}

/**
 * `seed` comes back on every `reset`; `billedThrough` gives the last invoiced day of a seeded addition.
 */
export function createStore(
  seed: Records,
  options: { readonly now: () => Date; readonly billedThrough: (addition: Row) => string | undefined },
): Store {
  const collections = new Map<Collection, Map<number, Entry>>()
  const additions = new Map<number, Set<number>>()
  const billed = new Map<number, string>()
  const highest = new Map<Collection, number>()
  const invoices: Invoice[] = []
  const listeners: ((change: Change) => void)[] = []
  let version = 0
  let resetting = false

  const tell = (change: Change): void => {
    version += 1
    if (!resetting) for (const listener of listeners) listener(change)
  }

  const entries = (collection: Collection) => {
    const found = collections.get(collection) ?? new Map<number, Entry>()
    collections.set(collection, found)
    return found
  }

  const store: Store = {
    invoices,
    get version() {
      return version
    },
    all: (collection) => [...entries(collection).values()].map((entry) => entry.row),
    additionsOf: (agreementId) =>
      [...(additions.get(agreementId) ?? [])].flatMap((id) => entries('additions').get(id)?.row ?? []),
    get: (collection, id) => entries(collection).get(id)?.row,
    stampOf: (collection, id) => entries(collection).get(id)?.stamp,
    nextId: (collection) => (highest.get(collection) ?? 0) + 1,
    put(collection, row, by) {
      const now = `${options.now().toISOString().slice(0, 19)}Z`
      const before = entries(collection).get(row.id) ?? null
      const { dateEntered, enteredBy } = before?.stamp ?? { dateEntered: now, enteredBy: by }
      const stamp = { dateEntered, enteredBy, lastUpdated: now, updatedBy: by }
      entries(collection).set(row.id, { row, stamp })
      highest.set(collection, Math.max(highest.get(collection) ?? 0, row.id))
      if (collection === 'additions') index(row)
      tell({ collection, action: before === null ? 'added' : 'updated', row, before, by })
      return row
    },
    remove(collection, id, by) {
      const before = entries(collection).get(id)
      if (before === undefined) return
      entries(collection).delete(id)
      if (collection === 'additions') additions.get(Number(before.row.agreementId))?.delete(id)
      tell({ collection, action: 'deleted', row: before.row, before, by })
    },
    watch: (listener) => void listeners.push(listener),
    billedThrough: (id) => billed.get(id),
    reset() {
      resetting = true
      for (const held of [collections, additions, billed, highest]) held.clear()
      invoices.length = 0
      for (const [collection, rows] of Object.entries(seed))
        for (const row of rows) store.put(collection as Collection, structuredClone(row), 'seed')
      for (const addition of store.all('additions')) {
        const through = options.billedThrough(addition)
        if (through !== undefined) billed.set(addition.id, through)
      }
      resetting = false
    },
    snapshot: () =>
      structuredClone({
        collections: [...collections].map(([name, held]) => [name, [...held.values()]] as const),
        highest: [...highest],
        billed: [...billed],
        invoices,
      }),
    restore(snapshot) {
      const from = structuredClone(snapshot)
      for (const held of [collections, additions, billed, highest]) held.clear()
      for (const [name, rows] of from.collections)
        collections.set(name, new Map(rows.map((entry) => [entry.row.id, entry])))
      for (const addition of store.all('additions')) index(addition)
      for (const [name, id] of from.highest) highest.set(name, id)
      for (const [id, day] of from.billed) billed.set(id, day)
      invoices.splice(0, invoices.length, ...from.invoices)
      version += 1
    },
  }

  function index(addition: Row): void {
    const agreementId = Number(addition.agreementId)
    const ids = additions.get(agreementId) ?? new Set<number>()
    additions.set(agreementId, ids.add(addition.id))
  }

  return store
}
