/** What speaks for a company being a tenant, and against it, in points (J7). */
import { type Likeness, likeness } from './alike.ts'
import { type Booked, type BookedProof, bookedProof } from './booked.ts'
import { isOwn, labelsOf, ownDomain } from './domains.ts'
import type { Indexed, Lookup } from './index-of-companies.ts'
import { type DomainKey, domainKey } from './names.ts'
import type { TenantNames } from './suggest.ts'
import { type Reading, sumOf, type Vocabulary, type Word } from './words.ts'

/** Of 100. A name alone never is enough: two businesses may have one name. */
const POINTS = {
  name: 60,
  formerName: -3,
  otherWords: -14,
  prefix: 12,
  identifier: 4,
} as const
/** Of what the domains say. */
const DOMAIN_POINTS = {
  domain: 40,
  'contact-domain': 36,
  'former-domain': 25,
  label: 24,
  against: -8,
} as const
type DomainSays = keyof typeof DOMAIN_POINTS

/** Below, nothing is said of the names. */
export const LEAST_SHARE = 0.3
/** Words that weigh less than this together, as a remark does, make no other company. */
const LEAST_OTHER = 0.3
const LONG_LABEL = 5
/** What was bought says something where a domain does, too. */
const SOME_RARITY = 3

export interface Scored {
  /** Position of the company. */
  readonly at: number
  /** 0..100. */
  readonly score: number
  /** What of it is the name's. */
  readonly ofName: number
  /** As the names are written. */
  readonly likeness: Likeness
  /** The name of now, not a former one. */
  readonly isCurrent: boolean
  readonly domain: DomainSays | null
  readonly isIdentifier: boolean
  readonly isPrefix: boolean
  readonly booked: BookedProof | null
  /** Neither name says more than the other, but for words that the domain of both has, none is cut off and none a domain. */
  readonly isWholeName: boolean
  /** Each name has a word that the other does not have: they may be two of a group or of a chain. */
  readonly isOther: boolean
  /** Something speaks for it that does not come from the name: a domain, or what was bought. */
  readonly isBacked: boolean
  /** What was bought is enough by itself, or is with a domain. */
  readonly isProved: boolean
  /** What was bought is enough by itself, and the domain says the same. */
  readonly isTwiceProved: boolean
}

/** A tenant, made ready to be compared. */
export interface TenantKeys extends Lookup {
  readonly domain: DomainKey | null
  /** How many of the readings, from the first, are of its name of now. */
  readonly current: number
  /** Its name is a domain, so that an equal domain and an equal name are one and the same. */
  readonly isNamedByDomain: boolean
  /** What a domain of Microsoft's says, where it has none of its own. */
  readonly microsoft: readonly string[]
}

const NONE: readonly never[] = []

export function tenantKeysOf(tenant: TenantNames, vocabulary: Vocabulary): TenantKeys {
  const { name, formerNames, formerDomains } = tenant
  // PRISM may give a domain for a name (docs/facts/prism.md, "Invoice CSV").
  const named = name.includes('.') && !name.includes(' ') ? domainKey(name) : null
  const domain = (tenant.domain === '' ? null : domainKey(tenant.domain)) ?? named
  const own = [domain, named].find((each) => each !== null && isOwn(each)) ?? null
  const labels = domain === null ? NONE : labelsOf(domain)
  const now = vocabulary.add(named === null ? name : (labelsOf(named).at(-1) ?? ''))
  const former =
    formerNames.length === 0
      ? NONE
      : formerNames.filter((each) => each !== name.toLowerCase() && domainKey(each) === null)
  const others =
    formerDomains.length === 0
      ? NONE
      : formerDomains.flatMap((each) => ownDomain(each) ?? []).filter((each) => each !== own)
  return {
    readings: former.length === 0 ? now : [...now, ...former.flatMap((each) => vocabulary.add(each))],
    current: now.length,
    domain: own,
    domains: own === null ? others : [own, ...others],
    labels: named === null || named === domain ? labels : [...labels, ...labelsOf(named)],
    isNamedByDomain: named !== null,
    microsoft: own === null ? labels : NONE,
  }
}

export function scored(tenant: TenantKeys, at: number, company: Indexed, books: Booked | null): Scored {
  const { found, isCurrent } = bestLikeness(tenant, company.readings)
  const shared = tenant.domains.find((each) => each === company.website || company.contacts.includes(each))
  const left = shared === undefined ? found : withoutWordsOf(shared, found)
  const booked = bookedProof(books)
  const domain = domainSays(tenant, company, shared)
  const { share } = found
  const isSaid = share >= LEAST_SHARE
  const isOther = isSaid && Math.min(sumOf(left.onlyTenant), sumOf(left.onlyCompany)) >= LEAST_OTHER
  const isIdentifier = isNamedAs(company.identifier, tenant)
  const isPrefix = share < 1 && tenant.labels.some((label) => isMadeOfAny(label, company.readings))
  const ofName = isSaid ? POINTS.name * share ** 1.5 + (isCurrent ? 0 : POINTS.formerName) : 0
  const points =
    ofName +
    (booked?.points ?? 0) +
    (domain === null ? 0 : DOMAIN_POINTS[domain]) +
    (isOther ? POINTS.otherWords : 0) +
    (isIdentifier ? POINTS.identifier : 0) +
    (isPrefix ? POINTS.prefix : 0)
  const hasDomain = shared !== undefined
  const isBooked = booked?.isEnough === true
  const hasSome = booked !== null && booked.rarity >= SOME_RARITY
  return {
    at,
    score: Math.max(0, Math.min(100, Math.round(points))),
    ofName,
    likeness: found,
    isCurrent,
    domain,
    isIdentifier,
    isPrefix,
    booked,
    isWholeName:
      !company.isCut && !tenant.isNamedByDomain && left.onlyTenant.length + left.onlyCompany.length === 0,
    isOther,
    isBacked: isBooked || hasDomain || (domain === 'label' && hasSome),
    isProved: isBooked || (hasDomain && hasSome),
    isTwiceProved: isBooked && hasDomain,
  }
}

const NOTHING_ALIKE: Likeness = { share: 0, onlyTenant: NONE, onlyCompany: NONE, isExact: false }

function bestLikeness(
  { readings, current }: TenantKeys,
  others: readonly Reading[],
): { readonly found: Likeness; readonly isCurrent: boolean } {
  let best = NOTHING_ALIKE
  let isCurrent = true
  for (let position = 0; position < readings.length; position += 1)
    for (const theirs of others) {
      const mine = readings[position]
      if (mine === undefined || best.share === 1) continue
      const found = likeness(mine, theirs)
      if (found.share > best.share) {
        best = found
        isCurrent = position < current
      }
    }
  return { found: best, isCurrent }
}

/** A word that one of the names leaves out is no other company's where the domain of both has it. */
function withoutWordsOf(domain: DomainKey, found: Likeness): Likeness {
  const [label = ''] = labelsOf(domain)
  const isLeft = ({ text }: Word): boolean => text.length < 3 || !label.includes(text)
  return {
    ...found,
    onlyTenant: found.onlyTenant.filter(isLeft),
    onlyCompany: found.onlyCompany.filter(isLeft),
  }
}

/** @param shared the domain that both have */
function domainSays(
  { domain, microsoft }: TenantKeys,
  { website, contacts, labels }: Indexed,
  shared: DomainKey | undefined,
): DomainSays | null {
  if (shared !== undefined && shared !== domain) return 'former-domain'
  if (shared !== undefined) return shared === website ? 'domain' : 'contact-domain'
  if (microsoft.some((each) => labels.includes(each))) return 'label'
  return domain === null || (website === null && contacts.length === 0) ? null : 'against'
}

const isNamedAs = (identifier: string, { readings, labels }: TenantKeys): boolean =>
  identifier !== '' &&
  (labels.includes(identifier) ||
    readings.some(({ joined, label }) => joined === identifier || label === identifier))

const isMadeOfAny = (label: string, readings: readonly Reading[]): boolean =>
  label.length >= LONG_LABEL && readings.some((reading) => isMadeOf(label, reading))

/** All of the label is words of the name, one behind the other, of which the last may be cut off. */
function isMadeOf(label: string, { words, joined, label: whole }: Reading): boolean {
  if (joined.startsWith(label) || whole.startsWith(label)) return true
  let at = 0
  for (const { text } of words) if (label.startsWith(text, at)) at += text.length
  return at === label.length
}
