/** The businesses behind the names: what each is really called, whose relative it is, and on which domain it is found. */
import type { Draws } from '../generator/draws.ts'
import { brands, chains, countries, places, structures, surnames, trades } from './words.ts'

export interface Business {
  readonly name: string
  /** Ways to write its legal form; `''`: it has none, as a school or a club. */
  readonly forms: readonly [string, ...string[]]
  /** Of its own mail; a chain's shops and the companies of a group may share the website of the whole. */
  readonly domain: string
  readonly website: string
  /**
   * The name ends with what tells it from others on the same website, and whoever writes it down keeps that word: a record with
   * the name and the website of another business is that other's for anybody.
   */
  readonly isOneOfMany: boolean
  /** What the people call it that own it, where that is another name. */
  readonly owner: string | null
}

type Country = (typeof countries)[number]

const syllables = [
  've',
  'zo',
  'tri',
  'ka',
  'lum',
  'nex',
  'ora',
  'syn',
  'qua',
  'del',
  'fi',
  'mo',
  'ra',
] as const

function coined(draws: Draws): string {
  const parts = Array.from({ length: draws.whole(2, 3) }, () => draws.pick(syllables)).join('')
  return parts.charAt(0).toUpperCase() + parts.slice(1) + draws.pick(['', 'x', 'is', 'ia', 'tech'])
}

function properName(draws: Draws): string {
  const trade = draws.pick(trades)
  switch (
    draws.weighted({
      brand: 26,
      two: 13,
      partners: 12,
      surname: 12,
      place: 10,
      coined: 12,
      letters: 5,
      club: 5,
      alone: 5,
    })
  ) {
    case 'brand':
      return `${draws.pick(brands)} ${trade}`
    case 'two':
      return `${draws.pick(brands)} ${draws.pick(brands)} ${trade}`
    case 'partners':
      return `${draws.pick(surnames)} & ${draws.pick(surnames)} ${trade}`
    case 'surname':
      return `${draws.pick(surnames)} ${draws.pick(['', 'Bros ', 'Family ', '& Sons '])}${trade}`
    case 'place':
      return `${draws.pick(places)} ${trade}`
    case 'coined':
      return draws.chance(60) ? coined(draws) : `${coined(draws)} ${trade}`
    case 'letters':
      return `${Array.from({ length: 3 }, () => String.fromCharCode(draws.whole(65, 90))).join('')} ${trade}`
    case 'club':
      return draws.pick([
        `Rotary Club of ${draws.pick(places)}`,
        `St ${draws.pick(surnames)}'s College`,
        `${draws.pick(places)} Chamber of Commerce`,
        `Association of ${draws.pick(brands)} ${draws.pick(places)} Surveyors`,
        `The ${draws.pick(brands)} Foundation`,
      ])
    case 'alone':
      return `${draws.pick(brands)} ${draws.pick(structures)}`
  }
}

const plainWords = (name: string): string[] =>
  name
    .normalize('NFD')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'and' && word !== 'the')

/** A label as its owner might have found it free: most are the name, some short, some of another idea. */
export function labelOf(name: string, draws: Draws): string {
  const words = plainWords(name)
  const [first = 'x', second = ''] = words
  switch (draws.weighted({ whole: 45, two: 20, first: 10, initials: 10, dashed: 5, other: 10 })) {
    case 'whole':
      return words.join('')
    case 'two':
      return first + second
    case 'first':
      return first
    case 'initials':
      return words.length < 3 ? first + second : words.map((word) => word.charAt(0)).join('')
    case 'dashed':
      return words.join('-')
    case 'other':
      return draws.pick(brands).toLowerCase() + draws.pick(['hq', 'online', '247', 'co', 'team'])
  }
}

/** Businesses that share no domain unless they mean to. */
export class Registry {
  readonly #taken = new Set<string>()
  readonly #draws: Draws

  constructor(draws: Draws) {
    this.#draws = draws
  }

  domain(name: string, country: Country): string {
    for (let attempt = 0; ; attempt += 1) {
      const label = labelOf(name, this.#draws) + (attempt > 4 ? String(attempt) : '')
      const domain = `${label}.${this.#draws.pick(country.ends)}`
      if (!this.#taken.has(domain)) {
        this.#taken.add(domain)
        return domain
      }
    }
  }

  business(name: string, country: Country, shared: string | null = null): Business {
    const draws = this.#draws
    const domain = this.domain(name, country)
    const forms = country.forms.map((form) => form.replaceAll('_', ' ')) as [string, ...string[]]
    return {
      name,
      forms: /Club|College|Chamber|School|Association|Foundation/.test(name) ? [''] : forms,
      domain,
      website: shared ?? domain,
      isOneOfMany: shared !== null,
      owner: draws.chance(8)
        ? `${draws.pick(surnames)} ${draws.pick(['Family Trust', 'Holdings', 'Enterprises', '& Co'])}`
        : null,
    }
  }
}

const home = (draws: Draws): Country => (draws.chance(60) ? countries[0] : draws.pick(countries))

/** `count` businesses of one partner, look-alikes among them. */
export function businesses(count: number, draws: Draws): Business[] {
  const registry = new Registry(draws)
  const found: Business[] = []
  for (let chain = 0; chain < 10; chain += 1) found.push(...shopsOf(draws.pick(chains), registry, draws))
  for (let group = 0; group < 22; group += 1) found.push(...groupOf(properName(draws), registry, draws))
  for (let pair = 0; pair < 12; pair += 1) {
    const name = properName(draws)
    found.push(registry.business(name, home(draws)), registry.business(name, home(draws)))
  }
  while (found.length < count) found.push(registry.business(properName(draws), home(draws)))
  return found.slice(0, count)
}

/** A chain's shops, each somebody's own business, and now and then its head office. */
function shopsOf(chain: string, registry: Registry, draws: Draws): Business[] {
  const country = home(draws)
  const site = draws.chance(60) ? registry.domain(chain, country) : null
  const towns = new Set(Array.from({ length: draws.whole(3, 5) }, () => draws.pick(places)))
  const shops = [...towns].map((town) => registry.business(`${chain} ${town}`, country, site))
  if (!draws.chance(30)) return shops
  const office = registry.business(`${chain} ${draws.pick(['', 'Australia', 'Franchising'])}`.trim(), country)
  return [...shops, site === null ? office : { ...office, domain: site, website: site }]
}

function groupOf(name: string, registry: Registry, draws: Draws): Business[] {
  const country = home(draws)
  const site = draws.chance(40) ? registry.domain(name, country) : null
  const kinds = new Set(Array.from({ length: draws.whole(2, 3) }, () => draws.pick(['', ...structures])))
  const companies = [...kinds].map((kind) => registry.business(`${name} ${kind}`.trim(), country, site))
  const main = draws.whole(0, companies.length - 1)
  return companies.map((each, at) => (site !== null && at === main ? { ...each, domain: site } : each))
}
