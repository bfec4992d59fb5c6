/** A file of mappings: which customer, company and agreement each of its rows means, as the database and ConnectWise have them now. */
import { mappingsOf } from '#db/mappings/mappings.ts'
import { namedTenants } from '#db/prism/tenant-names.ts'
import type { SetAside } from '#lib/base/records.ts'
import type { AgreementRecord, Company, Listed } from '#lib/connectwise/values.ts'
import {
  askedIn,
  companyOf,
  type KnownAgreement,
  type KnownCompany,
  placesIn,
} from '#lib/mapping-file/places.ts'
import { type MappingFile, readMappingFile } from '#lib/mapping-file/read.ts'
import { type Mapped, type MeantRow, resolveRows, tenantsOfRows } from '#lib/mapping-file/resolve.ts'
import { textOf } from '#lib/mapping-file/text-of.ts'
import type { Program } from '#lib/programs/registry.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

export interface MeantFile {
  readonly rows: readonly MeantRow[]
  /** Those that were read of ConnectWise now. */
  readonly agreements: ReadonlyMap<number, AgreementRecord>
  readonly unused: readonly string[]
  readonly unreadable: readonly SetAside[]
  /** The heading under which a refusal of an agreement is told. */
  readonly column: string | null
}

/** Throws `UnreadableFile`, and what ConnectWise's refusals are. */
export async function meantIn(
  organisationId: string,
  program: Program,
  bytes: Uint8Array,
): Promise<MeantFile> {
  const file = readMappingFile(textOf(bytes))
  const { db } = server()
  const tenants = await namedTenants(db, organisationId, program.slug)
  const stored = await mappingsOf(db, organisationId, program.slug)
  const mapped = new Map<string, Mapped>(stored.map((each) => [each.tenantId, each]))
  const { companies, agreements } = await named(organisationId, file, {
    stored: stored.map(agreementOfMapping),
    mappedTo: tenantsOfRows(file, tenants).map((tenant) => mapped.get(tenant?.id ?? '')?.companyId ?? null),
  })
  const rows = resolveRows(file, {
    tenants,
    mapped,
    companies: newest(stored.map(companyOfMapping), companies.records),
    agreements: newest(stored.map(agreementOfMapping), agreements.records),
  })
  const read = new Map(agreements.records.map((each) => [each.id, each]))
  return {
    rows,
    agreements: read,
    unused: file.unused,
    unreadable: [...companies.unreadable, ...agreements.unreadable],
    column: file.headings.agreementId ?? file.headings.agreementName ?? null,
  }
}

type Mapping = Awaited<ReturnType<typeof mappingsOf>>[number]

const companyOfMapping = ({ companyId, companyName }: Mapping): KnownCompany => ({
  id: companyId,
  identifier: '',
  name: companyName,
})

const agreementOfMapping = ({
  companyId,
  companyName,
  agreementId,
  agreementName,
}: Mapping): KnownAgreement => ({
  id: agreementId,
  name: agreementName,
  company: { id: companyId, name: companyName },
})

/** Each record once, as it was read where it was. */
const newest = <T extends { readonly id: number }>(stored: readonly T[], read: readonly T[]): T[] => [
  ...new Map([...stored, ...read].map((each) => [each.id, each])).values(),
]

interface Named {
  readonly companies: Listed<Company>
  readonly agreements: Listed<AgreementRecord>
}

/** What the rows name in ConnectWise besides what customers are mapped to. */
async function named(
  organisationId: string,
  { rows, headings }: MappingFile,
  {
    stored,
    mappedTo,
  }: {
    readonly stored: readonly KnownAgreement[]
    /** The company of the customer of each row. */
    readonly mappedTo: readonly (number | null)[]
  },
): Promise<Named> {
  const { companyIds, companyTexts, agreementIds } = askedIn(rows, stored)
  const isAsking = companyIds.length + companyTexts.length + agreementIds.length > 0
  const namesAgreement = rows.some(({ cells }) => cells.agreementId === '' && cells.agreementName !== '')
  const nothing = { records: [], unreadable: [] }
  if (!isAsking && !namesAgreement) return { companies: nothing, agreements: nothing }
  const { client } = await connectWiseOf(organisationId)
  const companies = await client.companiesNamed({ ids: companyIds, texts: companyTexts })
  const places = placesIn(companies.records, [])
  const ofCompanies = rows.flatMap(({ cells }, at) => {
    if (cells.agreementId !== '' || cells.agreementName === '') return []
    const company = companyOf(cells, headings, places, null)
    return company.found?.id ?? (company.problems.length === 0 ? (mappedTo[at] ?? []) : [])
  })
  const [byId, byCompany] = await Promise.all([
    client.agreementsByIds([...agreementIds]),
    client.agreementsOfCompanies(ofCompanies),
  ])
  return {
    companies,
    agreements: {
      records: newest(byId.records, byCompany.records),
      unreadable: [...byId.unreadable, ...byCompany.unreadable],
    },
  }
}
