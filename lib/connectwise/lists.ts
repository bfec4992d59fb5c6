/** A list of ConnectWise, record by record: what is odd is set aside and named; what comes twice counts once. */
import { readRecords, type SetAside } from '#lib/base/records.ts'
import { id as idSchema } from './api-values.ts'
import { labelIn, nameOfRow, type RecordKind } from './record-kinds.ts'

/** A record that cannot be used, with what can be said of it. */
export interface OddRecord extends SetAside {
  /** `null` where not even its id can be read. */
  readonly id: number | null
  /** Its rows as they came: several where they contradict each other. */
  readonly rows: readonly unknown[]
}

export interface ReadList<T> {
  readonly records: readonly T[]
  readonly odd: readonly OddRecord[]
}

/** Paging may give a row twice: equal ones count once, and of contradicting ones nobody knows which is right. */
export function readList<T extends { readonly id: number }>(
  kind: RecordKind<T>,
  rows: readonly unknown[],
): ReadList<T> {
  const { records, setAside } = readRecords(kind.schema, rows, (row) => nameOfRow(kind, row), labelIn(kind))
  const odd = [...oddRecords(kind, rows, setAside), ...contradictions(kind, records, rows)]
  const oddIds = new Set(odd.map(({ id }) => id))
  const byId = new Map(records.map((record) => [record.id, record]))
  return { records: [...byId.values()].filter(({ id }) => !oddIds.has(id)), odd: onceEach(odd) }
}

function oddRecords<T extends { readonly id: number }>(
  kind: RecordKind<T>,
  rows: readonly unknown[],
  setAside: readonly SetAside[],
): OddRecord[] {
  if (setAside.length === 0) return []
  const unread = rows.filter((row) => !kind.schema.safeParse(row).success)
  return setAside.map((aside, at) => {
    const id = idOf(unread[at])
    return { ...aside, id, rows: id === null ? [unread[at]] : rowsOf(id, rows) }
  })
}

function contradictions<T extends { readonly id: number }>(
  { what }: RecordKind<T>,
  records: readonly T[],
  rows: readonly unknown[],
): OddRecord[] {
  const texts = new Map<number, string>()
  return records.flatMap((record) => {
    const { id } = record
    const text = JSON.stringify(record)
    const known = texts.get(id)
    texts.set(id, known ?? text)
    const reason = 'it is listed twice with different values'
    return known === undefined || known === text
      ? []
      : [{ record: `${what} ${id}`, reason, id, rows: rowsOf(id, rows) }]
  })
}

const rowsOf = (id: number, rows: readonly unknown[]): unknown[] => rows.filter((row) => idOf(row) === id)

function idOf(row: unknown): number | null {
  const found = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined
  return idSchema.safeParse(found).data ?? null
}

function onceEach(odd: readonly OddRecord[]): OddRecord[] {
  return [...new Map(odd.map((each, at) => [each.id ?? `row ${at}`, each])).values()]
}

/** What the rows agree on; `null` where one of them cannot be read or they differ. */
export function agreedOn<T>({ rows }: OddRecord, read: (row: object) => T | null): T | null {
  const [first = null, ...others] = rows.map((row) =>
    typeof row === 'object' && row !== null ? read(row) : null,
  )
  return others.every((other) => other === first) ? first : null
}

/** What is shown of them. */
export const namesOf = (odd: readonly OddRecord[]): SetAside[] =>
  odd.map(({ record, reason }) => ({ record, reason }))
