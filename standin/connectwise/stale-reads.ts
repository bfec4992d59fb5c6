/**
 * Stale reads (docs/facts/connectwise.md, "Reading after a write"): for a while after a write, lists and gets
 * answer as if it had not taken place yet. The answer to the write itself is true at once.
 */
import { json, ReplyError } from '../http/reply.ts'
import type { Collection } from './fields.ts'
import type { Change, Entry, Row, Stamp } from './records.ts'
import type { Reading, Store } from './store.ts'

export interface Staleness {
  /** How long a write stays unseen, in milliseconds; 0: not at all. */
  readonly ms: number
  /** The collections concerned, such as `additions`; left out: all. */
  readonly only?: readonly string[]
}

export interface StaleReads {
  /** The records as the API's reads see them now. */
  reading(): Reading
  now(): Staleness
  /** Holds for the writes from now on. */
  set(staleness: Staleness): void
  /** What `work` writes before it first waits stays unseen for `ms`, whatever is set. */
  hide<T>(ms: number, work: () => T): T
}

interface Unseen {
  readonly change: Change
  /** `performance.now()` from which on it is seen. */
  readonly until: number
}

export function createStaleReads(store: Store): StaleReads {
  let staleness: Staleness = { ms: 0 }
  let unseen: Unseen[] = []
  let hiddenMs: number | null = null
  store.watch((change) => {
    const concerned = staleness.only?.includes(change.collection) ?? true
    const ms = hiddenMs ?? (concerned ? staleness.ms : 0)
    if (ms > 0) unseen.push({ change, until: performance.now() + ms })
  })
  return {
    now: () => staleness,
    set(next) {
      staleness = next
      unseen = []
    },
    hide(ms, work) {
      hiddenMs = ms
      try {
        return work()
      } finally {
        hiddenMs = null
      }
    },
    reading() {
      const now = performance.now()
      unseen = unseen.filter(({ until }) => until > now)
      return unseen.length === 0 ? store : before(store, unseen)
    },
  }
}

/** The records without the writes that nobody sees yet. */
function before(store: Store, unseen: readonly Unseen[]): Reading {
  const old = new Map<Collection, Map<number, Entry | null>>()
  for (const { change } of unseen) {
    const rows = old.get(change.collection) ?? new Map<number, Entry | null>()
    old.set(change.collection, rows)
    if (!rows.has(change.row.id)) rows.set(change.row.id, change.before)
  }
  const rowsOf = (collection: Collection, current: readonly Row[]): Row[] => {
    const changed = old.get(collection)
    if (changed === undefined) return [...current]
    const restored = [...changed.values()].flatMap((entry) => entry?.row ?? [])
    return [...current.filter(({ id }) => !changed.has(id)), ...restored].sort((a, b) => a.id - b.id)
  }
  const entryOf = (collection: Collection, id: number): Entry | null | undefined =>
    old.get(collection)?.get(id)
  return {
    all: (collection) => rowsOf(collection, store.all(collection)),
    additionsOf: (agreementId) =>
      rowsOf('additions', store.additionsOf(agreementId)).filter((row) => row.agreementId === agreementId),
    get(collection, id): Row | undefined {
      const entry = entryOf(collection, id)
      return entry === undefined ? store.get(collection, id) : entry?.row
    },
    stampOf(collection, id): Stamp | undefined {
      const entry = entryOf(collection, id)
      return entry === undefined ? store.stampOf(collection, id) : entry?.stamp
    },
  }
}

/** Reads `PUT /control/stale-reads`. Throws the 400 for what is none. */
export function readStaleness(body: unknown, collections: readonly string[]): Staleness {
  const { ms, only } = (body ?? {}) as Record<string, unknown>
  const known =
    only === undefined || (Array.isArray(only) && only.every((one) => collections.includes(String(one))))
  if (typeof ms === 'number' && ms >= 0 && Number.isFinite(ms) && known)
    return { ms, ...(only === undefined ? {} : { only: (only as unknown[]).map(String) }) }
  const message = 'ms is how long a write stays unseen (0: not at all); only, where given, lists collections.'
  throw new ReplyError(json({ message, collections }, 400))
}
