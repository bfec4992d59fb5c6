/** What accepted suggestions mean (J7): customers that are mapped nowhere, each with a company and an agreement. */
import { neverMappedAmong } from '#db/mappings/accepted.ts'
import { mappingsOfTenants } from '#db/mappings/mappings.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'
import type { Program } from '#lib/programs/registry.ts'
import { connectWiseOf } from './clients.ts'
import type { MeantFile } from './mapping-file.ts'
import { server } from './process.ts'

/** Where a customer is to go; its Sync stays off until what it writes first was looked at. */
export interface Match {
  readonly tenantId: string
  readonly companyId: number
  readonly agreementId: number
}

type Rows = MeantFile['rows']

/** What the matches mean now. A customer that is mapped by now, or never to be, is wrong. */
export async function meantByMatches(
  organisationId: string,
  program: Program,
  matches: readonly Match[],
): Promise<MeantFile> {
  const ids = matches.map(({ tenantId }) => tenantId)
  const ofProgram = [server().db, organisationId, program.slug] as const
  const [tenants, mapped, never] = await Promise.all([
    tenantsByIds(...ofProgram, ids),
    mappingsOfTenants(...ofProgram, ids),
    neverMappedAmong(...ofProgram, ids),
  ])
  const tenantOf = new Map(tenants.map((each) => [each.id, each]))
  const mappingOf = new Map(mapped.map((each) => [each.tenantId, each]))
  const neverOf = new Map(never.map((each) => [each.tenantId, each]))
  const agreements = await agreementsByIds(
    organisationId,
    matches.map(({ agreementId }) => agreementId),
  )
  const rows = matches.map((match): Rows[number] => {
    const tenant = tenantOf.get(match.tenantId) ?? null
    const before = mappingOf.get(match.tenantId) ?? null
    const refused = neverOf.get(match.tenantId)
    const agreement = agreements.get(match.agreementId)
    const wrong = [
      ...(tenant === null ? ['PRISM lists no such customer.'] : []),
      ...(before === null
        ? []
        : [`It is mapped to ${before.companyName}, ${before.agreementName}, since this was suggested.`]),
      ...(refused === undefined
        ? []
        : [`${refused.saidBy} says that it is never mapped (${refused.reason}): take that back first.`]),
    ]
    return {
      row: 0,
      tenant,
      written: match.tenantId,
      before,
      after: {
        ...match,
        companyName: agreement?.company.name ?? '',
        agreementName: agreement?.name ?? '',
        syncEnabled: false,
      },
      problems: wrong.map((says) => ({ column: null, says })),
    }
  })
  return {
    // Nothing is wanted of those that are wrong.
    rows: rows.map((each) => (each.problems.length === 0 ? each : { ...each, after: null })),
    agreements,
    unused: [],
    unreadable: [],
    column: null,
  }
}

/** An agreement is judged as it is now; where Sync is only switched off it is not judged. */
export async function agreementsToJudge(
  organisationId: string,
  read: ReadonlyMap<number, AgreementRecord>,
  changing: Rows,
): Promise<ReadonlyMap<number, AgreementRecord>> {
  const missing = changing.flatMap(({ before, after }) =>
    after === null || read.has(after.agreementId) || (before !== null && !after.syncEnabled)
      ? []
      : [after.agreementId],
  )
  return new Map([...read, ...(await agreementsByIds(organisationId, missing))])
}

async function agreementsByIds(
  organisationId: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, AgreementRecord>> {
  if (ids.length === 0) return new Map()
  const { client } = await connectWiseOf(organisationId)
  const { records } = await client.agreementsByIds([...new Set(ids)])
  return new Map(records.map((each) => [each.id, each]))
}
