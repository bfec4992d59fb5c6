/** A name as words that are compared one by one, and how much each of them says among all names of a partner. */
import { nameWords } from './names.ts'

/** What stands between the name of an owner and the name that it trades under, or between names of now and before. */
const TRADING =
  /\s(?:-\s*)?(?:t\/as?|trading as|ta:|d\/b\/a|dba|a\/t\/f|atf|as trustee for|formerly|previously|fka)\s/i
/** What is quickly looked for in most names, which have neither. */
const MAY_TRADE = /[/:]| trading | dba | atf | as trustee | formerly | previously | fka | ta /i
const ADDED = /\((?:old|new|do not use|inactive|closed)\)|\s-\s(?:managed|csp|old)$|\*+$/gi

/** Words that are shortened to other than their beginning; of what is only cut off nothing must be known. */
const SHORTENED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    svc: 'services',
    svcs: 'services',
    mgmt: 'management',
    mgt: 'management',
    mngt: 'management',
    mfg: 'manufacturing',
    mfr: 'manufacturing',
    intl: 'international',
    natl: 'national',
    assn: 'association',
    assoc: 'associates',
    bros: 'brothers',
    ctr: 'centre',
    center: 'centre',
    grp: 'group',
    hldgs: 'holdings',
    eng: 'engineering',
    engr: 'engineering',
    engrs: 'engineers',
    tpt: 'transport',
    acct: 'accounting',
    accts: 'accountants',
    dept: 'department',
    govt: 'government',
    sth: 'south',
    sthn: 'southern',
    nth: 'north',
    nthn: 'northern',
    tech: 'technology',
    bldg: 'building',
    bldrs: 'builders',
    mt: 'mount',
  }),
)
const EMPTY = new Set(['and', 'of', 'the', 'for', 'in', 'at', 'a', 'an', 'pty', 'ltd', 'limited'])

/** One of the names that a text holds. */
export interface Reading {
  /** Each once. */
  readonly words: readonly Word[]
  /** Those that it has twice, as `Contoso Group Group`, of which one is another's. */
  readonly repeated: readonly Word[]
  /** The words without spaces. */
  readonly joined: string
  /** The same with the words that say nothing, as a domain may have them. */
  readonly label: string
  /** Together what its words weigh. */
  weight: number
}

/** One for each that is written the same, so that equal words are the same object. */
export interface Word {
  readonly text: string
  /** Names that have it. */
  uses: number
  /** 0..1: what it says, less the more names have it. */
  weight: number
  /** Companies that have it, by their position. */
  readonly companies: number[]
}

/** Both names of `Smith Family Trust t/a Coho Winery`, the one traded under first. */
function partsOf(name: string): readonly string[] {
  const cleaned = /[-(*]/.test(name) ? name.replace(ADDED, '') : name
  return MAY_TRADE.test(cleaned) ? cleaned.split(TRADING).toReversed() : [cleaned]
}

export class Vocabulary {
  readonly byText = new Map<string, Word>()
  readonly #readings: Reading[] = []
  #names = 0

  /** Its words count for what words weigh; `weigh` has to be called after the last name. */
  add(name: string): readonly Reading[] {
    this.#names += 1
    const readings: Reading[] = []
    for (const part of partsOf(name)) {
      const written = nameWords(part)
      const { words, repeated } = this.#wordsOf(written)
      if (words.length === 0) continue
      const joined = [...words, ...repeated].map(({ text }) => text).join('')
      const reading: Reading = { words, repeated, joined, label: written.join(''), weight: 0 }
      readings.push(reading)
      this.#readings.push(reading)
    }
    return readings
  }

  #wordsOf(all: readonly string[]): Pick<Reading, 'words' | 'repeated'> {
    const words: Word[] = []
    const repeated: Word[] = []
    for (const written of all) {
      if (EMPTY.has(written)) continue
      const word = this.#word(SHORTENED.get(written) ?? written)
      if (words.includes(word)) repeated.push(word)
      else {
        word.uses += 1
        words.push(word)
      }
    }
    return { words, repeated }
  }

  #word(text: string): Word {
    const known = this.byText.get(text)
    if (known !== undefined) return known
    const word: Word = { text, uses: 0, weight: 0, companies: [] }
    this.byText.set(text, word)
    return word
  }

  weigh(): void {
    const most = Math.log(this.#names + 1)
    for (const word of this.byText.values())
      word.weight = weightOf(word.text.length, Math.log((this.#names + 1) / word.uses) / most)
    for (const reading of this.#readings) reading.weight = sumOf(reading.words) + sumOf(reading.repeated)
  }
}

/** Of a single letter it is little, however rare it is. */
const weightOf = (length: number, rarity: number): number =>
  length === 1 ? 0.1 : Math.max(0.15, Math.min(1, rarity))

export const sumOf = (words: readonly Word[]): number => words.reduce((sum, { weight }) => sum + weight, 0)
