/** Which customer, company and agreement each row of a file means, and what is wrong with those that mean none. */
import {
  agreementOf,
  companyOf,
  type KnownAgreement,
  type KnownCompany,
  type Places,
  placesIn,
} from './places.ts'
import type { FileRow, MappingFile, RowProblem } from './read.ts'
import { isOn } from './switches.ts'

export interface KnownTenant {
  readonly id: string
  readonly name: string
  readonly domain: string
  /** In lower case, the one of now among them. */
  readonly formerDomains: readonly string[]
}

export interface Mapped {
  readonly companyId: number
  readonly companyName: string
  readonly agreementId: number
  readonly agreementName: string
  readonly syncEnabled: boolean
}

/** All that rows may name. */
export interface Known {
  readonly tenants: readonly KnownTenant[]
  /** By tenant. */
  readonly mapped: ReadonlyMap<string, Mapped>
  readonly companies: readonly KnownCompany[]
  readonly agreements: readonly KnownAgreement[]
}

export interface MeantRow {
  readonly row: number
  /** `null` where it is not known whose row it is. */
  readonly tenant: Pick<KnownTenant, 'id' | 'name' | 'domain'> | null
  /** What is written in the row, for who cannot be told. */
  readonly written: string
  readonly before: Mapped | null
  /** `null`: it names no agreement, or has a problem. */
  readonly after: Mapped | null
  readonly problems: readonly RowProblem[]
}

/** Each row in the order of the file. A row with a problem means nothing. */
export function resolveRows(file: MappingFile, known: Known): MeantRow[] {
  const find = tenantFinder(known.tenants)
  const places = placesIn(known.companies, known.agreements)
  const found = file.rows.map((row) => ({ row, ...find(row, file.headings) }))
  const rowsOf = Map.groupBy(found, ({ tenant }) => tenant?.id)
  return found.map(({ row, tenant, problems }) => {
    const before = tenant === null ? null : (known.mapped.get(tenant.id) ?? null)
    const twice = tenant === null ? [] : (rowsOf.get(tenant.id) ?? []).filter((each) => each.row !== row)
    const place = placeOf(row, file.headings, places, before)
    const all = [
      ...row.problems,
      ...problems,
      ...twice.slice(0, 1).map((other) => ({
        column: null,
        says: `Row ${other.row.row} is of ${tenant?.name}, too: a customer goes to one agreement.`,
      })),
      ...place.problems,
    ]
    return {
      row: row.row,
      tenant: tenant === null ? null : { id: tenant.id, name: tenant.name, domain: tenant.domain },
      written: row.cells.customer || row.cells.domain || row.cells.tenantId,
      before,
      after: all.length > 0 ? null : place.after,
      problems: all,
    }
  })
}

/** Whose row each is; `null` where that is not known. */
export function tenantsOfRows(file: MappingFile, tenants: readonly KnownTenant[]): (KnownTenant | null)[] {
  const find = tenantFinder(tenants)
  return file.rows.map((row) => find(row, file.headings).tenant)
}

type Headings = MappingFile['headings']

interface FoundTenant {
  readonly tenant: KnownTenant | null
  readonly problems: readonly RowProblem[]
}

function tenantFinder(tenants: readonly KnownTenant[]) {
  const byId = new Map(tenants.map((each) => [each.id.toLowerCase(), each]))
  const byDomain = Map.groupBy(tenants, ({ domain }) => domain.toLowerCase())
  const byFormerDomain = Map.groupBy(
    tenants.flatMap((tenant) => tenant.formerDomains.map((domain) => ({ domain, tenant }))),
    ({ domain }) => domain.toLowerCase(),
  )
  const ofDomain = (domain: string): readonly KnownTenant[] =>
    byDomain.get(domain) ?? [...new Set((byFormerDomain.get(domain) ?? []).map(({ tenant }) => tenant))]
  return ({ cells }: FileRow, headings: Headings): FoundTenant => {
    const id = cells.tenantId.replaceAll(/^\{|\}$/g, '').toLowerCase()
    const domain = cells.domain
      .toLowerCase()
      .replace(/^(https?:\/\/)?(www\.)?/, '')
      .replace(/\/$/, '')
    const wrong = (column: string | undefined, says: string): FoundTenant => ({
      tenant: null,
      problems: [{ column: column ?? null, says }],
    })
    if (id === '' && domain === '')
      return wrong(headings.tenantId ?? headings.domain, 'It does not say which customer it is.')
    const ofId = byId.get(id)
    if (id !== '' && ofId === undefined)
      return wrong(headings.tenantId, `PRISM lists no customer with the tenant id “${cells.tenantId}”.`)
    const named = domain === '' ? [] : ofDomain(domain)
    if (ofId !== undefined) {
      if (domain === '' || named.length === 0 || named.includes(ofId)) return { tenant: ofId, problems: [] }
      return wrong(
        headings.domain,
        `The tenant id is ${ofId.name}’s, and “${cells.domain}” is ${named[0]?.name}’s. Leave one of them out.`,
      )
    }
    const [first, second] = named
    if (first === undefined)
      return wrong(headings.domain, `PRISM lists no customer with the domain “${cells.domain}”.`)
    if (second !== undefined)
      return wrong(headings.domain, `${named.length} customers have this domain: give the tenant id.`)
    return { tenant: first, problems: [] }
  }
}

/** Where a row sends its customer, and whether it syncs: what it leaves out stays as it is. */
function placeOf(
  row: FileRow,
  headings: Headings,
  places: Places,
  before: Mapped | null,
): { readonly after: Mapped | null; readonly problems: readonly RowProblem[] } {
  const { cells } = row
  const said = cells.sync === '' ? null : isOn(cells.sync)
  const problems: RowProblem[] = []
  if (cells.sync !== '' && said === null)
    problems.push({ column: headings.sync ?? null, says: `“${cells.sync}” is neither on nor off.` })
  const company = companyOf(cells, headings, places, before)
  const agreement = agreementOf(cells, headings, places, { company: company.found, before })
  problems.push(...company.problems, ...(company.problems.length > 0 ? [] : agreement.problems))
  const target = agreement.found
  if (problems.length === 0 && target === null && before === null && said === true)
    problems.push({
      column: headings.agreementId ?? headings.agreementName ?? null,
      says: 'Sync can be on once the customer is mapped: name its agreement.',
    })
  if (problems.length > 0) return { after: null, problems }
  const place = target ?? (said === null ? null : before)
  if (place === null) return { after: null, problems: [] }
  const { companyId, companyName, agreementId, agreementName } = place
  const isKept = before?.agreementId === agreementId
  const syncEnabled = said ?? (isKept && before.syncEnabled)
  return { after: { companyId, companyName, agreementId, agreementName, syncEnabled }, problems: [] }
}
