/** Foreign lists, read record by record: what is odd is set aside with its name and the reason, and stops nothing else (J16). */
import type { z } from 'zod'
import { storable } from './storable-text.ts'

/** A record of a foreign list that cannot be used. */
export interface SetAside {
  /** What a person can find it by, in the foreign system's own words: an id or a name, or its place in the list. */
  readonly record: string
  /** What is odd about it, as the end of a sentence, without a full stop: `UnitPrice is missing`. */
  readonly reason: string
}

export interface ReadRecords<T> {
  readonly records: readonly T[]
  readonly setAside: readonly SetAside[]
}

/** The longest text of a foreign record that is shown. */
const longestShown = 80

/**
 * Reads each of `rows` by itself.
 * @param nameOf the record's name from its raw value; where it gives `''`, the record's place counts: `row 3 of the list`
 * @param labelOf what people call a field of this path, e.g. `UnitPrice` or `product.id`
 */
export function readRecords<S extends z.ZodType>(
  schema: S,
  rows: readonly unknown[],
  nameOf: (row: Readonly<Record<string, unknown>>) => unknown,
  labelOf: (path: string) => string = (path) => path,
): ReadRecords<z.output<S>> {
  const records: z.output<S>[] = []
  const setAside: SetAside[] = []
  rows.forEach((row, at) => {
    const read = schema.safeParse(row)
    if (read.success) records.push(read.data)
    else setAside.push({ record: nameIn(row, at, nameOf), reason: reasonOf(row, read.error, labelOf) })
  })
  return { records, setAside }
}

function nameIn(
  row: unknown,
  at: number,
  nameOf: (row: Readonly<Record<string, unknown>>) => unknown,
): string {
  const name = typeof row === 'object' && row !== null ? nameOf(row as Record<string, unknown>) : undefined
  const text = typeof name === 'string' || typeof name === 'number' ? shownText(String(name)) : ''
  return text === '' ? `row ${at + 1} of the list` : text
}

/** The first thing that is odd, by the field's own name. */
function reasonOf(row: unknown, error: z.ZodError, labelOf: (path: string) => string): string {
  const path = error.issues[0]?.path ?? []
  if (path.length === 0) return 'it is not a record'
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    row,
  )
  return `${labelOf(path.map(String).join('.'))} is ${isUnset(value) ? 'missing' : 'not understood'}`
}

const isUnset = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Foreign text as it may be shown: storable, without surrounding spaces, and cut. */
export const shownText = (text: string): string => {
  const characters = Array.from(storable(text).trim())
  return characters.length > longestShown
    ? `${characters.slice(0, longestShown).join('')}…`
    : characters.join('')
}
