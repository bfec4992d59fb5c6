/**
 * For each tenant the companies that may be it, the likeliest first (J7). "Likely" are those on which no wrong one stood in the
 * measurement (docs/decisions/106-suggestions-with-a-score.md): a person may accept them all at once, and nothing is mapped
 * without one.
 */
import { type AgreementRead, Books, type Bought } from './booked.ts'
import { evidenceOf } from './evidence.ts'
import { CompanyIndex, type CompanyToMatch, type Indexed } from './index-of-companies.ts'
import { type LikelyAgreement, likelyAgreement } from './likely-agreement.ts'
import { type Scored, scored, type TenantKeys, tenantKeysOf } from './score.ts'
import type { Evidence, TenantNames } from './suggest.ts'
import { Vocabulary, type Word } from './words.ts'

export interface TenantToMatch extends TenantNames {
  readonly bought?: readonly Bought[]
}

export interface SuggestedCompany<C> {
  readonly company: C
  /** 0..100; compares the candidates of one tenant. */
  readonly score: number
  /** Above the line: at most the first, and never one of two that come close. */
  readonly isLikely: boolean
  /** What speaks for it, the strongest first; what speaks against it last. */
  readonly evidence: readonly Evidence[]
  /** `null`: its agreements were not read, or none can be billed on. */
  readonly agreement: LikelyAgreement | null
}

export interface TenantSuggestions<T, C> {
  readonly tenant: T
  readonly companies: readonly SuggestedCompany<C>[]
}

/** The line: the least score, how far the next has to be, and how much of the name has to be there. */
const LINE = 76
const LEAD = 22
const NAME_LEAD = 12
const LEAST_SHARE = 0.74
/** With a word missing on one side. */
const LEAST_SHARE_WITHOUT = 0.75
/** Nothing below is worth showing. */
const LEAST_SCORE = 18
const SHOWN = 5
/** From here on no slip is looked for. */
const GOOD_SCORE = 55

interface Looked {
  readonly keys: TenantKeys
  readonly bought: readonly Bought[]
  readonly found: readonly Scored[]
  readonly isWanted: boolean
}

export interface Compared<T, C> {
  /** All of a partner: who else may be a company counts, too, and what a word says among all names. */
  readonly tenants: readonly T[]
  readonly companies: readonly C[]
  /** Agreements with their additions, of the companies of which they were read. */
  readonly read?: readonly AgreementRead[]
  /** Ids of those to suggest for; left out: all. */
  readonly wanted?: ReadonlySet<string>
}

/** For each tenant that is wanted, in their order, at once. */
export function suggestAll<T extends TenantToMatch, C extends CompanyToMatch>(
  compared: Compared<T, C>,
): TenantSuggestions<T, C>[] {
  const steps = suggestInSteps(compared)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** How many are gone through between two steps: some milliseconds of work. */
const COMPANIES_A_STEP = 250
const TENANTS_A_STEP = 100

/** The same in steps, as of 20,000 companies it takes a second: whoever has others to serve does so between them. */
export function* suggestInSteps<T extends TenantToMatch, C extends CompanyToMatch>({
  tenants,
  companies: given,
  read = [],
  wanted,
}: Compared<T, C>): Generator<undefined, TenantSuggestions<T, C>[]> {
  // Of equals those with the lower ids are compared, in whatever order they come.
  const companies = given.toSorted((a, b) => a.id - b.id)
  const vocabulary = new Vocabulary()
  const index = new CompanyIndex<C>(companies.length, vocabulary)
  yield* eachIn(companies, COMPANIES_A_STEP, (company) => index.add(company))
  const keys: TenantKeys[] = []
  yield* eachIn(tenants, TENANTS_A_STEP, (tenant) => keys.push(tenantKeysOf(tenant, vocabulary)))
  vocabulary.weigh()
  yield
  const books = new Books(read, read.length === 0 ? [] : tenants.map(({ bought = [] }) => bought))
  const positions = new Map(read.length === 0 ? [] : companies.map(({ id }, at) => [id, at]))
  yield
  const looked: Looked[] = []
  yield* eachIn(keys, TENANTS_A_STEP, (each, at) => {
    const bought = tenants[at]?.bought ?? []
    const isWanted = wanted?.has(tenants[at]?.id ?? '') !== false
    const holders = isWanted
      ? books.companiesWith(bought).flatMap((id) => positions.get(id) ?? [])
      : NO_HOLDERS
    const found = isWanted ? lookedUp(each, bought, holders, index, books) : NOTHING_FOUND
    looked.push({ keys: each, bought, found, isWanted })
  })
  const claims = new Claims(companies.length)
  if (wanted === undefined) for (const [tenant, { found }] of looked.entries()) claims.put(tenant, found)
  else {
    const contested = bestOf(looked, index)
    yield* eachIn(looked, TENANTS_A_STEP, (each, tenant) =>
      claims.put(tenant, each.isWanted ? each.found : rivalOf(each, contested, books)),
    )
  }
  return looked.flatMap(({ keys: own, bought, found, isWanted }, at) => {
    const tenant = tenants[at]
    if (!isWanted || tenant === undefined) return []
    const shown = found.filter(({ score }) => score >= LEAST_SCORE).slice(0, SHOWN)
    const suggested = shown.flatMap((each, rank) => {
      const indexed = index.all[each.at]
      if (indexed === undefined) return []
      const booked = books.of(bought, indexed.company.id)
      return [
        {
          company: indexed.company,
          score: each.score,
          isLikely: rank === 0 && isLikely(found, at, claims),
          evidence: evidenceOf(each, own),
          agreement: booked === null ? null : likelyAgreement(booked),
        },
      ]
    })
    return [{ tenant, companies: suggested }]
  })
}

const NO_HOLDERS: readonly number[] = []
const NOTHING_FOUND: readonly Scored[] = []

function* eachIn<V>(
  all: readonly V[],
  aStep: number,
  work: (each: V, at: number) => void,
): Generator<undefined> {
  for (const [at, each] of all.entries()) {
    if (at > 0 && at % aStep === 0) yield
    work(each, at)
  }
}

interface Contested {
  readonly at: number
  readonly indexed: Indexed
  readonly words: ReadonlySet<Word>
}

/** The best companies of those that are wanted. */
const bestOf = (looked: readonly Looked[], index: CompanyIndex<CompanyToMatch>): readonly Contested[] =>
  [...new Set(looked.flatMap(({ found: [first] }) => first?.at ?? []))].flatMap((at) => {
    const indexed = index.all[at]
    return indexed === undefined
      ? []
      : [{ at, indexed, words: new Set(indexed.readings.flatMap(({ words }) => words)) }]
  })

/** Another one is compared with them as far as it has a word or a domain of one. */
function rivalOf({ keys, bought }: Looked, contested: readonly Contested[], books: Books): readonly Scored[] {
  const words = keys.readings.flatMap((reading) => reading.words)
  const near = contested.filter(
    ({ indexed, words: its }) =>
      words.some((word) => its.has(word)) ||
      keys.domains.some((domain) => domain === indexed.website || indexed.contacts.includes(domain)),
  )
  return near.map(({ at, indexed }) => scored(keys, at, indexed, books.of(bought, indexed.company.id)))
}

/** Compared in full, the best first; equal ones in the order of their ids. */
function lookedUp<C extends CompanyToMatch>(
  keys: TenantKeys,
  bought: readonly Bought[],
  holders: readonly number[],
  index: CompanyIndex<C>,
  books: Books,
): readonly Scored[] {
  const found: Scored[] = []
  const compare = (positions: readonly number[]): void => {
    for (const at of positions) {
      const indexed = index.all[at]
      if (indexed === undefined || found.some((each) => each.at === at)) continue
      const booked = bought.length === 0 ? null : books.of(bought, indexed.company.id)
      found.push(scored(keys, at, indexed, booked))
    }
  }
  compare(holders)
  compare(index.candidates(keys))
  if (found.every(({ score }) => score < GOOD_SCORE)) compare(index.alikeCandidates(keys))
  const idOf = ({ at }: Scored): number => index.all[at]?.company.id ?? 0
  return found.sort((a, b) => b.score - a.score || b.ofName - a.ofName || idOf(a) - idOf(b))
}

/** Who else may be a company: the two best scores of each, and whose the best is. */
class Claims {
  readonly #first: Int16Array
  readonly #second: Int16Array
  readonly #holder: Int32Array

  constructor(companies: number) {
    this.#first = new Int16Array(companies)
    this.#second = new Int16Array(companies)
    this.#holder = new Int32Array(companies)
  }

  put(tenant: number, found: readonly Scored[]): void {
    for (const { at, score } of found) this.#put(at, score, tenant)
  }

  #put(at: number, score: number, tenant: number): void {
    const first = this.#first[at] ?? 0
    if (score > first) {
      this.#second[at] = first
      this.#first[at] = score
      this.#holder[at] = tenant
    } else if (score > (this.#second[at] ?? 0)) this.#second[at] = score
  }

  /** The best score that another tenant has with the company. */
  ofOthers(at: number, tenant: number): number {
    return (this.#holder[at] === tenant ? this.#second[at] : this.#first[at]) ?? 0
  }
}

function isLikely(found: readonly Scored[], tenant: number, claims: Claims): boolean {
  const [best, next] = found
  if (best === undefined || best.score < LINE || !best.isBacked) return false
  // Ids are stronger than all else, and where two companies have them nothing else decides.
  if ((best.booked?.serials ?? 0) > 0) return best.booked?.isEnough === true
  if (best.score - (next?.score ?? 0) < LEAD) return false
  if (best.score - claims.ofOthers(best.at, tenant) < LEAD) return false
  if (best.isTwiceProved) return true
  if (best.isOther) return false
  if (best.isWholeName) return best.likeness.share >= LEAST_SHARE
  // Of a group or a chain the missing word may be what tells its companies apart, and they may share a domain.
  const isAlone = found.every((each) => each === best || best.ofName - each.ofName >= NAME_LEAD)
  return best.isProved && best.likeness.share >= LEAST_SHARE_WITHOUT && isAlone
}
