/** What a text that somebody looks for may mean, and which group of hits answers it best (J15). Pure. */
import type { FoundGroup } from '#app/api/schemas/search.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'

const FIRST_YEAR = 2020

/** Usage months that a text names: `2026-09`, `September 2026`, `sep`. @param lastYear the last one that counts */
export function monthsNamed(text: string, lastYear: number): Period[] {
  const words = text.toLowerCase().split(' ')
  const found: Period[] = []
  for (let year = lastYear; year >= FIRST_YEAR; year -= 1)
    for (let month = 12; month >= 1; month -= 1) {
      const period = `${year}-${String(month).padStart(2, '0')}` as Period
      if (isNamed(period, words)) found.push(period)
    }
  return found
}

function isNamed(period: Period, words: readonly string[]): boolean {
  const [first = '', second, ...more] = words
  if (more.length > 0) return false
  if (second === undefined && first === period) return true
  const [month = '', year] = monthName(period).toLowerCase().split(' ')
  const isMonth = first.length >= 3 && month.startsWith(first)
  return isMonth && (second === undefined || second === year)
}

/** 0: it is it; 1: it begins with it; 2: it has a word that does; 3: it has it anywhere, or words of it. */
function rankOf(text: string, names: readonly string[]): number {
  const wanted = text.toLowerCase()
  const ranks = names.map((name) => {
    const of = name.toLowerCase()
    if (of === wanted) return 0
    if (of.startsWith(wanted)) return 1
    return of.includes(` ${wanted}`) ? 2 : 3
  })
  return Math.min(3, ...ranks)
}

/** The group whose first hit fits best comes first; among equals the order that they have. */
export const bestFirst = (text: string, groups: readonly FoundGroup[]): FoundGroup[] =>
  groups
    .map((group) => ({ group, rank: rankOf(text, namesOf(group)) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ group }) => group)

/** What its first hit is called by: its title and the parts of its detail. */
const namesOf = ({ hits: [first] }: FoundGroup): string[] =>
  first === undefined ? [] : [first.title, ...first.detail.split(' · ')]

/** Whether all words of `text` begin words of `name`. */
export const hasWords = (name: string, text: string): boolean => {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  return text
    .toLowerCase()
    .split(' ')
    .every((wanted) => words.some((word) => word.startsWith(wanted)))
}
