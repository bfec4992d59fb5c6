/**
 * A partner whose customers and companies were typed by people, and which of them belong together: what suggestions of a mapping
 * (J7) are measured on. It knows nothing of the product's code and shares no list with it, so that neither is made for the other.
 */
import { type Draws, drawsFor } from '../generator/draws.ts'
import { agreementsOf, type Book, boughtBy, type WrittenAgreement } from './agreements.ts'
import { type Business, businesses, labelOf } from './business.ts'
import { misspelt } from './misspell.ts'
import { brands, mailboxes } from './words.ts'

export interface MisspeltTenant {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly formerNames: readonly string[]
  readonly formerDomains: readonly string[]
  readonly subscriptions: readonly {
    readonly id: string
    readonly product: string
    readonly quantity: number
  }[]
}

export interface MisspeltCompany {
  readonly id: number
  readonly name: string
  readonly identifier: string
  readonly website: string
  /** Domains of its contacts' mail. */
  readonly contactDomains: readonly string[]
  readonly agreements: readonly WrittenAgreement[]
}

export interface MisspeltPartner {
  readonly tenants: readonly MisspeltTenant[]
  readonly companies: readonly MisspeltCompany[]
  /** Whose each tenant is; `null`: no company is its. */
  readonly truth: ReadonlyMap<string, { readonly companyId: number; readonly agreementId: number } | null>
}

export interface PartnerSize {
  readonly seed: number
  readonly tenants: number
  readonly companies: number
  /** Who wrote the additions so far: nobody, people, or a sync that leaves the subscriptions' ids. */
  readonly book: Book
}

const WITHOUT_PAIR = 0.15
const SECOND_TENANTS = 0.02

export function misspeltPartner({ seed, tenants, companies, book }: PartnerSize): MisspeltPartner {
  const draws = drawsFor(seed, 'partner', 1)
  const alone = Math.round(tenants * WITHOUT_PAIR)
  const second = Math.round(tenants * SECOND_TENANTS)
  const both = tenants - alone - second
  const all = shuffled(businesses(both + alone + (companies - both), draws), draws)
  const ownSite = `${draws.pick(brands).toLowerCase()}-msp.example`
  const writing = { draws, all, ownSite, book }
  const truth = new Map<string, { companyId: number; agreementId: number } | null>()
  const madeTenants: MisspeltTenant[] = []
  const madeCompanies: MisspeltCompany[] = []
  const addTenant = (of: Business, isSecond: boolean): MisspeltTenant => {
    // A domain is verified in one tenant only.
    const domain = isSecond ? microsoftDomain(of, draws) : tenantDomain(of, draws)
    const tenant = tenantOf(of, domain, seed, madeTenants.length, draws)
    madeTenants.push(tenant)
    truth.set(tenant.id, null)
    return tenant
  }
  for (const [at, of] of all.entries()) {
    const isTenant = at < both + alone
    const isCompany = at < both || at >= both + alone
    const its = isTenant ? [addTenant(of, false), ...(at < second ? [addTenant(of, true)] : [])] : []
    if (!isCompany) continue
    const company = companyOf(of, 1_000 + madeCompanies.length, its, writing)
    madeCompanies.push(company.company)
    for (const { id } of its)
      truth.set(id, { companyId: company.company.id, agreementId: company.agreementId })
  }
  return { tenants: shuffled(madeTenants, draws), companies: shuffled(madeCompanies, draws), truth }
}

function shuffled<T>(list: readonly T[], draws: Draws): T[] {
  const mixed = [...list]
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = draws.whole(0, at)
    const [one, two] = [mixed[at], mixed[other]]
    if (one !== undefined && two !== undefined) [mixed[at], mixed[other]] = [two, one]
  }
  return mixed
}

const hexadecimal = (draws: Draws, length: number): string =>
  Array.from({ length }, () => draws.whole(0, 15).toString(16)).join('')

function tenantOf(of: Business, domain: string, seed: number, number: number, draws: Draws): MisspeltTenant {
  const id = `${String(seed).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`
  const name = draws.chance(2) ? domain : writtenName(of, draws, 75)
  return {
    id,
    name,
    domain,
    formerNames: draws.chance(4) ? [writtenName(of, draws, 80).toLowerCase()] : [],
    formerDomains: draws.chance(4) ? [microsoftDomain(of, draws)] : [],
    subscriptions: boughtBy(draws).map((bought) => ({
      ...bought,
      id: `${hexadecimal(draws, 8)}-${hexadecimal(draws, 4)}-4${hexadecimal(draws, 3)}-a${hexadecimal(draws, 3)}-${hexadecimal(draws, 12)}`,
    })),
  }
}

/** A fifth never gave Microsoft a domain of their own; some mail from another than their website's. */
function tenantDomain(of: Business, draws: Draws): string {
  if (draws.chance(20)) return microsoftDomain(of, draws)
  if (draws.chance(6)) return `${labelOf(of.name, draws)}-mail.example`
  return of.domain
}

function microsoftDomain(of: Business, draws: Draws): string {
  if (draws.chance(10)) return `netorg${draws.whole(100_000, 9_999_999)}.onmicrosoft.com`
  const [label = ''] = draws.chance(50) ? of.domain.split('.') : [labelOf(of.name, draws)]
  const end = draws.pick(['', '', '', 'pl', 'au', '1', 'group', '365'])
  return `${label.replaceAll('-', '')}${end}.onmicrosoft.com`
}

/** With slips in `percent` of all, a legal form as somebody thought it was, and now and then who owns it. */
function writtenName(of: Business, draws: Draws, percent: number): string {
  const name = draws.chance(percent) ? misspelt(of.name, of.isOneOfMany, draws) : of.name
  const form = draws.chance(55) ? draws.pick(of.forms) : ''
  const full = `${name}${form === '' ? '' : draws.chance(5) ? `, ${form}` : ` ${form}`}`
  if (of.owner === null) return draws.chance(3) ? `The ${full}` : full
  switch (draws.weighted({ name: 55, both: 38, owner: 7 })) {
    case 'name':
      return full
    case 'both':
      return `${of.owner} ${draws.pick(['t/a', 'T/As', 'trading as', '- t/a', 'dba'])} ${name}`
    case 'owner':
      return `${of.owner} ${form}`.trim()
  }
}

interface Writing {
  readonly draws: Draws
  readonly all: readonly Business[]
  readonly ownSite: string
  readonly book: Book
}

function companyOf(
  of: Business,
  id: number,
  tenants: readonly MisspeltTenant[],
  { draws, all, ownSite, book }: Writing,
): { readonly company: MisspeltCompany; readonly agreementId: number } {
  const remark = draws.chance(3) ? draws.pick([' (old)', ' - Managed', ' *', ' (NEW)']) : ''
  const name = `${writtenName(of, draws, 60)}${remark}`.slice(0, 50).trim()
  const { agreements, agreementId } = agreementsOf(id, tenants, book, draws)
  const company = {
    id,
    name,
    identifier: identifierOf(name, draws),
    website: websiteOf(of, draws),
    contactDomains: contactDomains(of, all, ownSite, draws),
    agreements,
  }
  return { company, agreementId }
}

/** At most 25 characters, most of them the name's. */
function identifierOf(name: string, draws: Draws): string {
  const letters = name.replace(/[^\p{L}\p{N}]/gu, '')
  switch (draws.weighted({ whole: 55, short: 30, number: 15 })) {
    case 'whole':
      return letters.slice(0, 25)
    case 'short':
      return letters.slice(0, draws.whole(5, 9)).toUpperCase()
    case 'number':
      return `C${draws.whole(1_000, 99_999)}`
  }
}

/** None of 40 in a hundred, and one of eight that was given up since. */
function websiteOf(of: Business, draws: Draws): string {
  if (draws.chance(40)) return ''
  const domain = draws.chance(12) ? `${labelOf(of.name, draws)}-old.example` : of.website
  return draws.pick([domain, `www.${domain}`, `https://www.${domain}/`, `http://${domain}/contact-us`])
}

/**
 * An agreement must have a contact (docs/facts/connectwise.md), so that nearly every company has one; of 15 in a hundred no mail is
 * written. People use everybody's mail, their accountant's, and the partner's own.
 */
function contactDomains(of: Business, all: readonly Business[], ownSite: string, draws: Draws): string[] {
  if (draws.chance(15)) return []
  const other = all[draws.whole(0, all.length - 1)]?.domain ?? ownSite
  const domains = Array.from({ length: draws.whole(1, 4) }, () => {
    switch (draws.weighted({ own: 68, mailbox: 26, other: 4, partner: 2 })) {
      case 'own':
        return of.domain
      case 'mailbox':
        return draws.pick(mailboxes)
      case 'other':
        return other
      case 'partner':
        return ownSite
    }
  })
  return [...new Set(domains)]
}
