/**
 * Which tenants may be a company (J7), for a screen of the company: by an equal name or an equal domain, each as `names.ts` makes
 * it. A suggestion is for a person to accept; whoever fits equally well is suggested too. Which companies may be a tenant, with a
 * score, is for `suggest-companies.ts`.
 */
import { type DomainKey, domainKey, type NameKey, nameKey } from './names.ts'

/** A tenant by what PRISM and its invoices ever called it. */
export interface TenantNames {
  readonly id: string
  readonly name: string
  readonly domain: string
  /** What it was called besides; its name and domain of now may be among them. */
  readonly formerNames: readonly string[]
  readonly formerDomains: readonly string[]
}

/** A company as ConnectWise has it. */
export interface CompanyNames {
  readonly id: number
  readonly name: string
  /** ConnectWise's short name of it, often the name without its spaces. */
  readonly identifier: string
  /** `''` where it has none. */
  readonly website: string
}

export const evidenceKinds = [
  'name',
  'domain',
  'identifier',
  'former-name',
  'former-domain',
  'serial',
  'quantities',
  'contact-domain',
  'alike-name',
  'label',
  'prefix',
  'against',
] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** One thing that speaks for it. */
export interface Evidence {
  readonly kind: EvidenceKind
  /** In words, as they end "Suggested: …". */
  readonly reason: string
}

export interface Suggestion<Candidate> {
  readonly candidate: Candidate
  /** What speaks for it, the strongest first; never empty. */
  readonly evidence: readonly Evidence[]
}

/** What of a tenant or company is compared; made once, however many it is compared with. */
interface Keys {
  readonly name: NameKey | null
  readonly domain: DomainKey | null
}

interface TenantKeys extends Keys {
  readonly formerNames: ReadonlyMap<NameKey, string>
  readonly formerDomains: ReadonlySet<DomainKey>
}

interface CompanyKeys extends Keys {
  readonly identifier: NameKey | null
}

/** Without the one of now, which is known by itself. */
const others = (former: readonly string[], now: string): readonly string[] =>
  former.filter((each) => each !== now.toLowerCase())

function tenantKeys({ name, domain, formerNames, formerDomains }: TenantNames): TenantKeys {
  return {
    name: nameKey(name),
    // PRISM may give a domain for a name (docs/facts/prism.md, "Invoice CSV").
    domain: domainKey(domain) ?? domainKey(name),
    formerNames: new Map(
      others(formerNames, name).flatMap((former) => {
        const key = nameKey(former)
        return key === null ? [] : [[key, former] as const]
      }),
    ),
    formerDomains: new Set(
      others([...formerDomains, ...formerNames], domain).flatMap((former) => domainKey(former) ?? []),
    ),
  }
}

const companyKeys = ({ name, identifier, website }: CompanyNames): CompanyKeys => ({
  name: nameKey(name),
  domain: domainKey(website),
  identifier: nameKey(identifier),
})

const withoutSpaces = (key: NameKey): string => key.replaceAll(' ', '')

function evidenceOf(tenant: TenantKeys, company: CompanyKeys): Evidence[] {
  const found: Evidence[] = []
  const { name, domain, identifier } = company
  const isSameName = name !== null && tenant.name === name
  if (isSameName) found.push({ kind: 'name', reason: 'same name' })
  const isSameDomain = domain !== null && tenant.domain === domain
  if (isSameDomain) found.push({ kind: 'domain', reason: 'same domain' })
  if (
    !isSameName &&
    identifier !== null &&
    tenant.name !== null &&
    withoutSpaces(identifier) === withoutSpaces(tenant.name)
  )
    found.push({ kind: 'identifier', reason: 'named as the company’s id' })
  const former = name === null ? undefined : tenant.formerNames.get(name)
  if (!isSameName && former !== undefined)
    found.push({ kind: 'former-name', reason: `formerly named ${former}` })
  if (!isSameDomain && domain !== null && tenant.formerDomains.has(domain))
    found.push({ kind: 'former-domain', reason: `formerly had the domain ${domain}` })
  return found
}

/** The kinds of evidence as a number that is greater for the stronger ones: a binary digit each, the first the highest. */
const strengthOf = (evidence: readonly Evidence[]): number =>
  evidence.reduce((sum, { kind }) => sum + 2 ** (evidenceKinds.length - evidenceKinds.indexOf(kind)), 0)

/** Strongest first; of equal ones by name, then by id, so that the order is the same however they were given. */
function ranked<Candidate extends { readonly id: string | number; readonly name: string }>(
  all: readonly Suggestion<Candidate>[],
): Suggestion<Candidate>[] {
  const compared = <V extends string | number>(a: V, b: V): number => (a < b ? -1 : a > b ? 1 : 0)
  return all.toSorted(
    (a, b) =>
      strengthOf(b.evidence) - strengthOf(a.evidence) ||
      compared(a.candidate.name, b.candidate.name) ||
      compared(a.candidate.id, b.candidate.id),
  )
}

/** The tenants that may be the company. */
export function suggestTenants<T extends TenantNames>(
  company: CompanyNames,
  tenants: readonly T[],
): Suggestion<T>[] {
  const keys = companyKeys(company)
  return ranked(
    tenants.flatMap((candidate) => {
      const evidence = evidenceOf(tenantKeys(candidate), keys)
      return evidence.length === 0 ? [] : [{ candidate, evidence }]
    }),
  )
}
