/** What people make of a name when they type it: each kind of slip by itself, and a mix of them as often as they happen. */
import type { Draws } from '../generator/draws.ts'
import { shortened } from './words.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
/** Of a keyboard's rows, where a finger lands beside the key. */
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** One letter less, more, double, beside it, or in the wrong place. */
export function mistyped(word: string, draws: Draws): string {
  if (word.length < 4) return word
  const at = draws.whole(1, word.length - 2)
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)]
  switch (draws.weighted({ swapped: 4, missing: 4, doubled: 2, beside: 3, other: 1 })) {
    case 'swapped':
      return `${before}${after.charAt(0)}${letter}${after.slice(1)}`
    case 'missing':
      return before + after
    case 'doubled':
      return `${before}${letter}${letter}${after}`
    case 'beside':
      return before + keyBeside(letter, draws) + after
    case 'other':
      return before + LETTERS.charAt(draws.whole(0, 25)) + after
  }
}

function keyBeside(letter: string, draws: Draws): string {
  const row = ROWS.find((keys) => keys.includes(letter.toLowerCase()))
  if (row === undefined) return letter
  const at = row.indexOf(letter.toLowerCase())
  return row.charAt(at === 0 ? 1 : at === row.length - 1 || draws.chance(50) ? at - 1 : at + 1)
}

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/** One word by another, chosen among those that `isMeant`. */
function changed(
  name: string,
  draws: Draws,
  isMeant: (word: string) => boolean,
  change: (word: string) => string,
): string {
  const words = name.split(' ')
  const meant = [...words.keys()].filter((at) => isMeant(words[at] ?? ''))
  const [first, ...more] = meant
  if (first === undefined) return name
  const at = draws.pick([first, ...more])
  return words.map((word, index) => (index === at ? change(word) : word)).join(' ')
}

function abbreviated(name: string, draws: Draws): string {
  const known = changed(
    name,
    draws,
    (word) => word in shortened,
    (word) => draws.pick(shortened[word] ?? [word]),
  )
  if (known !== name) return known
  return changed(
    name,
    draws,
    (word) => word.length > 7,
    (word) => word.slice(0, draws.whole(4, 5)) + (draws.chance(30) ? '.' : ''),
  )
}

/** Without its last word or, of a long name, one of the middle: what it is called by stays. */
function shorter(name: string, draws: Draws): string {
  const words = name.split(' ')
  if (words.length < 2) return name
  const gone = words.length > 2 && draws.chance(30) ? draws.whole(1, words.length - 2) : words.length - 1
  const left = words.filter((_, at) => at !== gone)
  return left.join(' ').replace(/ &$/, '')
}

function reordered(name: string, draws: Draws): string {
  const words = name.split(' ')
  if (words.length < 2) return name
  const [last = '', rest] = [words.at(-1), words.slice(0, -1).join(' ')]
  return draws.chance(60) ? `${last}, ${rest}` : `${last} ${rest}`
}

const joined = (name: string, draws: Draws): string =>
  name.includes(' ') ? name.replace(' ', draws.chance(60) ? '' : '-') : name

const initials = (name: string): string => {
  const words = name.split(/[ &]+/)
  return words.length < 3 ? name : words.map((word) => word.charAt(0).toUpperCase()).join('')
}

/**
 * The name as somebody wrote it down, its legal form not yet behind it; now and then with several slips.
 * @param keepsEnd its last word may be written otherwise, but is there
 */
export function misspelt(name: string, keepsEnd: boolean, draws: Draws): string {
  let written = name
  if (draws.chance(50)) written = written.replaceAll(' & ', draws.chance(80) ? ' and ' : ' + ')
  if (draws.chance(60)) written = withoutAccents(written)
  if (draws.chance(40)) written = written.replaceAll("'", draws.chance(50) ? '’' : '')
  if (draws.chance(14)) written = abbreviated(written, draws)
  if (!keepsEnd && draws.chance(9)) written = shorter(written, draws)
  if (draws.chance(4)) written = reordered(written, draws)
  if (draws.chance(5)) written = joined(written, draws)
  if (!keepsEnd && draws.chance(1.5)) written = initials(written)
  const typos = draws.chance(15) ? (draws.chance(15) ? 2 : 1) : 0
  for (let typo = 0; typo < typos; typo += 1)
    written = changed(
      written,
      draws,
      (word) => word.length > 3,
      (word) => mistyped(word, draws),
    )
  if (draws.chance(8)) return written.toUpperCase()
  if (draws.chance(5)) return written.toLowerCase()
  return written
}
