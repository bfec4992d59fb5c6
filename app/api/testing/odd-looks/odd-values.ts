/** Odd values for the field of a record, each with its words. None of them is a value that could be meant. */
import type { Draws } from '#standin/generator/draws.ts'
import { Written } from './damage.ts'

export interface Odd {
  readonly words: string
  readonly change: (record: Fields, field: string) => Fields
}
export type Fields = Readonly<Record<string, unknown>>

const value = (words: string, make: (before: unknown) => unknown): Odd => ({
  words,
  change: (record, field) => ({ ...record, [field]: make(record[field]) }),
})
const absent: Odd = {
  words: 'absent',
  change: (record, field) => Object.fromEntries(Object.entries(record).filter(([name]) => name !== field)),
}
const text = (before: unknown): string =>
  typeof before === 'string' ? before : before === undefined ? '' : JSON.stringify(before)

/** Unset in each of the ways it is written. */
export const unset: readonly Odd[] = [absent, value('null', () => null), value('an empty text', () => '')]

const wrongTypes: readonly Odd[] = [
  value('an object', () => ({})),
  value('a list', () => []),
  value('true', () => true),
]

/** For what is a text or an id. */
export const oddTexts: readonly Odd[] = [
  ...unset,
  ...wrongTypes,
  value('spaces', () => '   '),
  value('with a NUL inside', (before) => `${text(before).slice(0, 2)}\0${text(before).slice(2)}`),
  value('ending in half a character', (before) => `${text(before)}\ud83d`),
  value('5,000 characters', (before) => text(before).padEnd(5_000, '😀')),
]

/** For what is a flag: one that is not set, or blank, is off. */
export const oddFlags: readonly Odd[] = oddTexts.filter(
  (odd) => !unset.includes(odd) && odd.words !== 'spaces',
)

/** For what is an amount, a quantity or an id in digits. */
export const oddNumbers: readonly Odd[] = [
  ...unset,
  ...wrongTypes,
  value("'NaN'", () => 'NaN'),
  value("'Infinity'", () => 'Infinity'),
  value('a word', () => 'five'),
  value('1e308', () => 1e308),
  value('1e999', () => new Written('1e999')),
  value("'1e999999999'", () => '1e999999999'),
  value('400 digits', () => new Written('9'.repeat(400))),
  value('-1e308', () => -1e308),
]

/** For what is a date. */
export const oddDates: readonly Odd[] = [
  ...wrongTypes,
  value('the 31st of February', () => '2026-02-31T00:00:00Z'),
  value('a number', () => 1_780_000_000_000),
  value('a word', () => 'soon'),
  value('a year of five digits', () => '12026-05-01T00:00:00Z'),
  value('with a NUL inside', (before) => `${text(before)}\0`),
]

/** The same number in another form that systems write; `null` where the value is none. */
export const sameNumber = (draws: Draws, before: string): { readonly words: string; readonly text: string } =>
  draws.pick([
    { words: 'with an exponent', text: `${before}E0` },
    { words: 'with zeros', text: `${before}${before.includes('.') ? '' : '.'}0000000` },
    { words: 'with a plus sign', text: `+${before}` },
    { words: 'between spaces', text: ` ${before} ` },
  ])

export const pickOf = <T>(draws: Draws, list: readonly T[]): T => {
  const [first, ...rest] = list
  if (first === undefined) throw new Error('There is nothing to pick from')
  return draws.pick([first, ...rest])
}
