/** How alike two words are, and two names: slips of the finger, cut-off words, missing ones, another order. */
import { type Reading, sumOf, type Word } from './words.ts'

/** Below, two words are two words. */
const LEAST_ALIKE = 0.65
const LONG_WORD = 7

/** Two names beside each other. */
export interface Likeness {
  /** 0..1: how much of what both say is the same. */
  readonly share: number
  /** What only the one or the other says. */
  readonly onlyTenant: readonly Word[]
  readonly onlyCompany: readonly Word[]
  /** Words are equal but for slips. */
  readonly isExact: boolean
}

/** 0..1, 1 for equal ones. */
export function wordLikeness(one: string, other: string): number {
  if (one === other) return 1
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length < 3 || short.charCodeAt(0) !== long.charCodeAt(0)) {
    // The first letter is seldom wrong, but may be swapped with the second.
    return short.length > 4 && slips(short, long, 1) <= 1 ? 0.8 : 0
  }
  if (long.startsWith(short)) return long.length - short.length <= 1 ? 0.9 : 0.8
  if (short.length > 3) {
    const most = short.length >= LONG_WORD ? 2 : 1
    const found = slips(short, long, most)
    if (found === 1) return 0.9
    if (found === 2 && most === 2) return 0.78
  }
  return short.length <= 5 && long.length >= 6 && isWithin(short, long) ? 0.66 : 0
}

/** All letters in order, as in `mgmt` of `management`. */
function isWithin(short: string, long: string): boolean {
  let at = 0
  for (const letter of long) if (letter === short[at]) at += 1
  return at === short.length && short.at(-1) === long.at(-1)
}

/** Rows of the table below, made once. */
const LONGEST = 64
let [before, last, now] = [0, 1, 2].map(() => new Uint8Array(LONGEST + 1)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]

/** Letters missing, added, changed, or swapped with the next; `most + 1` where they are more, or a text is too long to tell. */
export function slips(one: string, other: string, most: number): number {
  const [rows, columns] = [one.length, other.length]
  if (Math.abs(rows - columns) > most || rows > LONGEST || columns > LONGEST) return most + 1
  for (let column = 0; column <= columns; column += 1) last[column] = column
  for (let row = 1; row <= rows; row += 1) {
    let least = row
    now[0] = row
    const letter = one.charCodeAt(row - 1)
    const earlier = row > 1 ? one.charCodeAt(row - 2) : -1
    for (let column = 1; column <= columns; column += 1) {
      const its = other.charCodeAt(column - 1)
      let cost = Math.min(at(last, column), at(now, column - 1)) + 1
      cost = Math.min(cost, at(last, column - 1) + (letter === its ? 0 : 1))
      if (column > 1 && earlier === its && letter === other.charCodeAt(column - 2))
        cost = Math.min(cost, at(before, column - 2) + 1)
      now[column] = cost
      if (cost < least) least = cost
    }
    if (least > most) return most + 1
    ;[before, last, now] = [last, now, before]
  }
  return at(last, columns)
}

const at = (row: Uint8Array, column: number): number => row[column] ?? 0

const onlyIn = (one: Reading, other: Reading): Word[] => {
  const found = one.words.filter((word) => !other.words.includes(word))
  for (const word of one.repeated) if (!other.repeated.includes(word)) found.push(word)
  return found
}

const isSameLabel = (one: Reading, other: Reading): boolean =>
  one.joined === other.joined ||
  one.label === other.label ||
  one.label === other.joined ||
  one.joined === other.label

export function likeness(tenant: Reading, company: Reading): Likeness {
  if (isSameLabel(tenant, company)) return { share: 1, onlyTenant: [], onlyCompany: [], isExact: true }
  const mine = onlyIn(tenant, company)
  const theirs = onlyIn(company, tenant)
  const total = tenant.weight + company.weight
  if (mine.length === 0 && theirs.length === 0)
    return { share: 1, onlyTenant: [], onlyCompany: [], isExact: true }
  let same = total - sumOf(mine) - sumOf(theirs)
  const isExact = mine.length === 0 || theirs.length === 0
  same += together(mine, theirs) + together(theirs, mine) + slipped(mine, theirs)
  const share = total === 0 ? 0 : same / total
  return whole(tenant, company, { share, onlyTenant: mine, onlyCompany: theirs, isExact })
}

/** Words that are alike leave both lists; told is what they add. */
function slipped(mine: Word[], theirs: Word[]): number {
  let added = 0
  while (mine.length > 0 && theirs.length > 0) {
    let best = { likeness: 0, mine: 0, theirs: 0 }
    for (const [at, one] of mine.entries())
      for (const [to, other] of theirs.entries()) {
        const alike = wordLikeness(one.text, other.text)
        if (alike > best.likeness) best = { likeness: alike, mine: at, theirs: to }
      }
    if (best.likeness < LEAST_ALIKE) return added
    const [one] = mine.splice(best.mine, 1)
    const [other] = theirs.splice(best.theirs, 1)
    added += best.likeness * ((one?.weight ?? 0) + (other?.weight ?? 0))
  }
  return added
}

/** Two words beside each other that the other name writes as one. */
function together(parts: Word[], wholes: Word[]): number {
  let added = 0
  for (let at = 0; at + 1 < parts.length; at += 1) {
    const [first, second] = [parts[at], parts[at + 1]]
    if (first === undefined || second === undefined) break
    const text = first.text + second.text
    const to = wholes.findIndex((word) => wordLikeness(word.text, text) >= 0.9)
    if (to < 0) continue
    const [one] = wholes.splice(to, 1)
    parts.splice(at, 2)
    added += first.weight + second.weight + (one?.weight ?? 0)
    at -= 1
  }
  return added
}

/** Where the words do not meet, the letters of the whole may, or one is the other's initials. */
function whole(tenant: Reading, company: Reading, byWords: Likeness): Likeness {
  const { onlyTenant, onlyCompany } = byWords
  if (onlyTenant.length === 0 && onlyCompany.length === 0) return byWords
  const longest = Math.max(tenant.joined.length, company.joined.length)
  if (longest >= 8 && byWords.share < 0.9) {
    const found = slips(tenant.joined, company.joined, longest >= 14 ? 2 : 1)
    if (found <= (longest >= 14 ? 2 : 1))
      return { share: 0.95 - 0.03 * found, onlyTenant: [], onlyCompany: [], isExact: false }
  }
  if (byWords.share < 0.6 && (areInitials(tenant, company) || areInitials(company, tenant)))
    return { share: 0.6, onlyTenant: [], onlyCompany: [], isExact: false }
  return byWords
}

const areInitials = (short: Reading, long: Reading): boolean =>
  short.words.length === 1 &&
  long.words.length >= 3 &&
  short.joined.length === long.words.length &&
  long.words.every(({ text }, at) => text[0] === short.joined[at])
