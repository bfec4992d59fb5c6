/** Lists read record by record: an odd record is set aside by name, and what is stored of it is not taken for gone (J16). */
import type { z } from 'zod'
import { readRecords, type SetAside } from '#lib/base/records.ts'
import { idText } from './api-types.ts'
import type { Kept, Listed } from './values.ts'

type Row = Readonly<Record<string, unknown>>

interface Reading<S extends z.ZodType> {
  readonly schema: S
  /** The fields whose values together name a record; each of them alone keeps what is stored of one that is set aside. */
  readonly idFields: readonly (keyof z.output<S> & string)[]
  /** What a person can find a record by; the first that is there. */
  readonly nameFields: readonly string[]
  /** A list in the record: one that comes in two rows has what both hold, whatever else differs. */
  readonly joined?: keyof z.output<S> & string
}

const differs = 'it is listed twice and the two differ; the first counts'

/** Reads `rows`; equal records count once, and of contradicting ones the first does. */
export function readListed<S extends z.ZodType<object>>(
  rows: readonly unknown[],
  { schema, idFields, nameFields, joined }: Reading<S>,
): Listed<z.output<S>> {
  const nameOf = (row: Row): string => namesOf(row, nameFields, idFields)
  const read = readRecords(schema, rows, nameOf)
  const setAside: SetAside[] = [...read.setAside]
  const byIds = new Map<string, z.output<S>>()
  for (const record of read.records) {
    const ids = JSON.stringify(idFields.map((field) => record[field]))
    const first = byIds.get(ids)
    if (first !== undefined && !isSame(first, record, joined))
      setAside.push({ record: nameOf(record as Row), reason: differs })
    byIds.set(ids, first === undefined ? record : joinedOf(first, record, joined))
  }
  const records = [...byIds.values()]
  return { records, setAside, kept: read.setAside.length === 0 ? [] : keptIds(rows, records, idFields) }
}

const isSame = (a: object, b: object, joined: string | undefined): boolean =>
  withoutJoined(a, joined) === withoutJoined(b, joined)

const withoutJoined = (record: object, joined: string | undefined): string =>
  JSON.stringify(Object.entries(record).filter(([field]) => field !== joined))

function joinedOf<T extends object>(a: T, b: T, joined: (keyof T & string) | undefined): T {
  if (joined === undefined) return a
  const rows = [a[joined], b[joined]].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))
  return { ...a, [joined]: rows }
}

function namesOf(row: Row, nameFields: readonly string[], idFields: readonly string[]): string {
  const [id = ''] = idFields.flatMap((field) => textOf(row[field]))
  const [name = ''] = nameFields.flatMap((field) => textOf(row[field]))
  return name === '' || id === '' ? name || id : `${name} (${id})`
}

const textOf = (value: unknown): string[] => {
  const text = typeof value === 'string' || typeof value === 'number' ? idText(String(value)) : ''
  return text === '' ? [] : [text]
}

/** Ids in rows that no record was made of. */
function keptIds(rows: readonly unknown[], records: readonly object[], idFields: readonly string[]): Kept {
  const idsOf = (row: unknown): string[] =>
    typeof row === 'object' && row !== null ? idFields.flatMap((field) => textOf((row as Row)[field])) : []
  const known = new Set(records.flatMap(idsOf))
  const all = rows.map(idsOf)
  return all.some((ids) => ids.length === 0) ? null : all.flat().filter((id) => !known.has(id))
}

/** What several lists keep together. */
export const keptTogether = (all: readonly Kept[]): Kept =>
  all.reduce<Kept>((kept, each) => (kept === null || each === null ? null : [...kept, ...each]), [])
