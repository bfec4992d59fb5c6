/** Damage to one record of a list: an odd field, something else in its place, or the record twice. */
import type { Draws } from '#standin/generator/draws.ts'
import { type Fields, type Odd, pickOf } from './odd-values.ts'

/** The odd values of each field that may be damaged. */
export type OddFields = Readonly<Record<string, readonly Odd[]>>

export interface RecordDamage {
  readonly words: string
  readonly change: (records: readonly unknown[]) => readonly unknown[]
}

/** @param is whether a record of the list is the one meant */
export function oddField(draws: Draws, fields: OddFields, is: (record: Fields) => boolean): RecordDamage {
  const field = pickOf(draws, Object.keys(fields))
  const odd = pickOf(draws, fields[field] ?? [])
  return {
    words: `${field} is ${odd.words}`,
    change: (records) => records.map((each) => (isMeant(each, is) ? odd.change(each, field) : each)),
  }
}

const replacements = [
  ['null', null],
  ['a number', 5],
  ['a text', 'a text'],
  ['a list', []],
  ['an empty record', {}],
] as const

export function replaced(draws: Draws, is: (record: Fields) => boolean): RecordDamage {
  const [words, instead] = pickOf(draws, replacements)
  return {
    words: `${words} stands in its place`,
    change: (records) => records.map((each) => (isMeant(each, is) ? instead : each)),
  }
}

export function twice(is: (record: Fields) => boolean): RecordDamage {
  return {
    words: 'it is listed twice',
    change: (records) => records.flatMap((each) => (isMeant(each, is) ? [each, each] : [each])),
  }
}

/** Twice, and the two contradict each other. */
export function contradicting(
  draws: Draws,
  is: (record: Fields) => boolean,
  other: { readonly words: string; readonly set: Fields },
): RecordDamage {
  const otherFirst = draws.chance(50)
  return {
    words: `it is listed twice, ${otherFirst ? 'first' : 'then'} ${other.words}`,
    change: (records) =>
      records.flatMap((each) => {
        if (!isMeant(each, is)) return [each]
        const second = { ...each, ...other.set }
        return otherFirst ? [second, each] : [each, second]
      }),
  }
}

export function missing(is: (record: Fields) => boolean): RecordDamage {
  return { words: 'it is missing', change: (records) => records.filter((each) => !isMeant(each, is)) }
}

const isMeant = (record: unknown, is: (record: Fields) => boolean): record is Fields =>
  typeof record === 'object' && record !== null && is(record as Fields)

/** Bare, or in PRISM's envelope. */
export const inList =
  ({ change }: RecordDamage) =>
  (value: unknown): unknown => {
    if (Array.isArray(value)) return change(value)
    const { Records, ...rest } = value as { readonly Records: readonly unknown[] }
    return { ...rest, Records: change(Records) }
  }
