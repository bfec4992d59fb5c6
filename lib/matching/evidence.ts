/** What speaks for a suggestion, in words: the strongest first, what speaks against it last. */
import type { TenantKeys } from './score.ts'
import { LEAST_SHARE, type Scored } from './score.ts'
import type { Evidence, EvidenceKind } from './suggest.ts'
import type { Word } from './words.ts'

const DOMAIN_SAYS = {
  domain: 'same domain',
  'contact-domain': 'its contacts have the same domain',
  'former-domain': 'formerly had the same domain',
  label: 'Microsoft’s domain of it is named as the website',
} as const

export function evidenceOf(found: Scored, { domain: own }: TenantKeys): readonly Evidence[] {
  const { booked, domain, isIdentifier, isPrefix } = found
  const evidence: Evidence[] = []
  const says = (kind: EvidenceKind, reason: string): void => void evidence.push({ kind, reason })
  if (booked !== null) says(booked.serials > 0 ? 'serial' : 'quantities', bookedReason(booked))
  if (domain !== null && domain !== 'against') says(domain, DOMAIN_SAYS[domain])
  sayName(found, says)
  if (isIdentifier) says('identifier', 'named as the company’s id')
  if (isPrefix) says('prefix', 'its domain is made of the company’s name')
  if (domain === 'against') says('against', own === null ? 'but another domain' : `but not the domain ${own}`)
  return evidence
}

const bookedReason = ({ serials, equal, agreement }: NonNullable<Scored['booked']>): string =>
  serials > 0
    ? `${counted(serials, 'addition')} of “${agreement}” ${serials === 1 ? 'carries' : 'carry'} its subscriptions’ ids`
    : `${counted(equal, 'product')} of “${agreement}” with the customer’s quantities`

const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

function sayName(
  { likeness: { share, onlyTenant, onlyCompany, isExact }, isCurrent }: Scored,
  says: (kind: EvidenceKind, reason: string) => void,
): void {
  if (share < LEAST_SHARE) return
  if (!isCurrent) return says('former-name', share === 1 ? 'its former name' : 'like its former name')
  if (share === 1) return says('name', 'same name')
  const without = [
    ...(onlyTenant.length > 0 ? [`the company has no ${quoted(onlyTenant)}`] : []),
    ...(onlyCompany.length > 0 ? [`the customer has no ${quoted(onlyCompany)}`] : []),
  ]
  const alike = isExact ? 'same name' : 'name alike'
  says('alike-name', without.length === 0 ? 'name alike' : `${alike}, but ${without.join(' and ')}`)
}

const quoted = (words: readonly Word[]): string => words.map(({ text }) => `“${text}”`).join(' ')
