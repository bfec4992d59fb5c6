/**
 * The companies that may be a tenant, without comparing each with each: by domains, by names as one word, by words, the rarest
 * first, and only where that finds nothing good by words with a slip in them.
 */
import { isOwn, labelsOf, ownDomain } from './domains.ts'
import { type DomainKey, domainKey } from './names.ts'
import type { CompanyNames } from './suggest.ts'
import type { Reading, Vocabulary, Word } from './words.ts'

/** A company, with the domains of its contacts' mail where they are known. */
export interface CompanyToMatch extends CompanyNames {
  readonly contactDomains?: readonly string[]
}

export interface Indexed<C extends CompanyToMatch = CompanyToMatch> {
  readonly company: C
  readonly readings: readonly Reading[]
  /** The name is as long as ConnectWise takes one, so that words of it may be missing. */
  readonly isCut: boolean
  readonly website: DomainKey | null
  readonly contacts: readonly DomainKey[]
  /** The label of its website without dashes. */
  readonly labels: readonly string[]
  /** As one word. */
  readonly identifier: string
}

/** What is looked up of a tenant. */
export interface Lookup {
  readonly readings: readonly Reading[]
  readonly domains: readonly DomainKey[]
  /** Of its domains and Microsoft's own, `labelsOf`. */
  readonly labels: readonly string[]
}

/** Companies of a word that are looked at; a word that more have says too little alone. */
const MOST_OF_A_WORD = 250
/** Of all words together, after the rarest. */
const MOST_VISITS = 200
const MOST_ALIKE_WORDS = 12
/** Companies that a person may be shown, at most, and that are compared in full. */
const MOST_COMPARED = 6
/** Of the hottest's heat: the others are not compared. */
const LEAST_HEAT = 0.3
/** ConnectWise takes 50 characters (docs/facts/connectwise.md); a space at the end is taken away. */
const LONGEST_NAME = 49
const SHORTEST_LABEL = 4
/** A domain that more companies have is no company's own: a partner's, or a host's. */
const MOST_OF_A_DOMAIN = 12

export class CompanyIndex<C extends CompanyToMatch> {
  readonly all: Indexed<C>[] = []
  readonly vocabulary: Vocabulary
  readonly #byDomain = new Chains()
  readonly #byLabel = new Chains()
  #alike: Map<string, Word[]> | null = null
  readonly #heat: Float64Array
  #touched: number[] = []

  /** @param most how many are added to it */
  constructor(most: number, vocabulary: Vocabulary) {
    this.vocabulary = vocabulary
    this.#heat = new Float64Array(most)
  }

  add(company: C): void {
    const at = this.all.length
    const { name, identifier, website, contactDomains = [] } = company
    const readings = this.vocabulary.add(name)
    const host = website === '' ? null : domainKey(website)
    const contacts: DomainKey[] = []
    for (const each of contactDomains) {
      const domain = ownDomain(each)
      if (domain !== null && !contacts.includes(domain)) contacts.push(domain)
    }
    const indexed: Indexed<C> = {
      company,
      readings,
      isCut: name.length >= LONGEST_NAME,
      website: host !== null && isOwn(host) ? host : null,
      contacts,
      labels: host === null ? [] : labelsOf(host),
      identifier: oneWord(identifier),
    }
    this.all.push(indexed)
    const { identifier: short, labels } = indexed
    for (const { words, joined, label } of readings) {
      for (const word of words) if (word.companies.at(-1) !== at) word.companies.push(at)
      this.#byLabel.put(joined, at)
      if (label !== joined) this.#byLabel.put(label, at)
      const [first, second] = words
      if (words.length > 2 && first !== undefined && second !== undefined)
        this.#byLabel.put(first.text + second.text, at)
      if (words.length > 2) this.#byLabel.put(initialsOf(words), at)
    }
    if (short.length >= SHORTEST_LABEL) this.#byLabel.put(short, at)
    for (const label of labels) this.#byLabel.put(label, at)
    if (indexed.website !== null) this.#byDomain.put(indexed.website, at)
    for (const domain of indexed.contacts) this.#byDomain.put(domain, at)
  }

  /** Positions of those worth comparing, by words as they are written, the likeliest first. */
  candidates({ readings, domains, labels }: Lookup): readonly number[] {
    for (const domain of domains) this.#warm(this.#byDomain.of(domain, MOST_OF_A_DOMAIN), 4)
    for (const label of labels) {
      this.#warm(this.#byLabel.of(label, MOST_OF_A_WORD), 1.5)
      this.#warm(this.#few(this.vocabulary.byText.get(label)?.companies), 1)
    }
    for (const { joined, words } of readings) {
      this.#warm(this.#byLabel.of(joined, MOST_OF_A_WORD), 3)
      if (words.length > 2) this.#warm(this.#few(this.vocabulary.byText.get(initialsOf(words))?.companies), 1)
      let visits = 0
      for (const word of rarestFirst(words)) {
        const most = visits === 0 ? MOST_OF_A_WORD : MOST_VISITS - visits
        if (word.companies.length > most) break
        visits += word.companies.length
        this.#warm(word.companies, word.weight)
      }
    }
    return this.#hottest()
  }

  /** Positions of those of which a word is like one of the tenant's. */
  alikeCandidates({ readings }: Lookup): readonly number[] {
    for (const { words } of readings)
      for (const word of words)
        if (word.text.length > 2)
          for (const other of this.#wordsLike(word.text)) this.#warm(this.#few(other.companies), other.weight)
    for (const { words } of readings) for (const word of words) this.#warmTouched(word.companies, word.weight)
    return this.#hottest()
  }

  #few = (positions: readonly number[] | undefined): readonly number[] =>
    positions === undefined || positions.length > MOST_OF_A_WORD ? NONE : positions

  #warm(positions: readonly number[], by: number): void {
    for (const at of positions) {
      if (this.#heat[at] === 0) this.#touched.push(at)
      this.#heat[at] = (this.#heat[at] ?? 0) + by
    }
  }

  #warmTouched(positions: readonly number[], by: number): void {
    if (positions.length > MOST_OF_A_WORD) return
    for (const at of positions) if ((this.#heat[at] ?? 0) > 0) this.#heat[at] = (this.#heat[at] ?? 0) + by
  }

  /** The hottest, hottest first, as far as they come near the first; all are cold again then. */
  #hottest(): readonly number[] {
    const heat = this.#heat
    const best: number[] = []
    for (const at of this.#touched) {
      const its = heat[at] ?? 0
      let place = best.length
      while (place > 0 && isHotter(its, at, heat[best[place - 1] ?? 0] ?? 0, best[place - 1] ?? 0)) place -= 1
      if (place >= MOST_COMPARED) continue
      if (best.length === MOST_COMPARED) best.pop()
      best.splice(place, 0, at)
    }
    const least = (heat[best[0] ?? 0] ?? 0) * LEAST_HEAT
    const near = best.filter((at) => (heat[at] ?? 0) >= least)
    for (const at of this.#touched) heat[at] = 0
    this.#touched = []
    return near
  }

  #wordsLike(text: string): readonly Word[] {
    this.#alike ??= alikeWords(this.vocabulary)
    const found: Word[] = []
    for (const key of slipKeys(text))
      for (const word of this.#alike.get(key) ?? [])
        if (word.text !== text && !found.includes(word)) found.push(word)
    return found.sort(rarerFirst).slice(0, MOST_ALIKE_WORDS)
  }
}

/** Of words of as many companies, by their letters: not by who brought them first. */
const rarerFirst = (a: Word, b: Word): number =>
  a.companies.length - b.companies.length || (a.text < b.text ? -1 : Number(a.text > b.text))

const initialsOf = (words: readonly Word[]): string => {
  let initials = ''
  for (const { text } of words) initials += text.charAt(0)
  return initials
}

const oneWord = (identifier: string): string => {
  const text = identifier.toLowerCase()
  return /^[a-z0-9]*$/.test(text) ? text : text.replace(/[^\p{L}\p{N}]/gu, '')
}

const isHotter = (heat: number, at: number, than: number, atThan: number): boolean =>
  heat > than || (heat === than && at < atThan)

const NONE: readonly number[] = []

/** Positions under a text, each list a chain through two arrays: most have one, and an array for each would cost more. */
class Chains {
  readonly #last = new Map<string, number>()
  readonly #positions: number[] = []
  readonly #before: number[] = []

  put(key: string, at: number): void {
    const last = this.#last.get(key)
    if (last !== undefined && this.#positions[last] === at) return
    this.#last.set(key, this.#positions.length)
    this.#positions.push(at)
    this.#before.push(last ?? -1)
  }

  /** None where there are more than `most`. */
  of(key: string, most: number): readonly number[] {
    const found: number[] = []
    for (let link = this.#last.get(key) ?? -1; link >= 0; link = this.#before[link] ?? -1) {
      if (found.length === most) return NONE
      found.push(this.#positions[link] ?? 0)
    }
    return found
  }
}

const rarestFirst = (words: readonly Word[]): readonly Word[] =>
  words.length < 2 ? words : words.toSorted((a, b) => a.companies.length - b.companies.length)

/** Each word under what is left of it without one letter, where any two words with one slip meet, and under its beginning. */
function alikeWords({ byText }: Vocabulary): Map<string, Word[]> {
  const found = new Map<string, Word[]>()
  for (const word of byText.values()) {
    if (word.companies.length === 0) continue
    for (const key of slipKeys(word.text)) {
      const known = found.get(key)
      if (known === undefined) found.set(key, [word])
      else known.push(word)
    }
  }
  return found
}

function slipKeys(text: string): readonly string[] {
  const keys = [text]
  if (text.length < 4) return keys
  for (let at = 0; at < text.length; at += 1)
    // Of two equal letters beside each other one is enough.
    if (text[at] !== text[at + 1]) keys.push(text.slice(0, at) + text.slice(at + 1))
  keys.push(`${text.slice(0, 4)}…`)
  return keys
}
