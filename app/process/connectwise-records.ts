/** What ConnectWise has, for who maps a customer. */
import type { Agreements, Companies } from '#app/api/schemas/connectwise.ts'
import { agreementUses, today } from '#app/views/mapping.ts'
import { type AgreementFinding, agreementFindings } from '#lib/billing/agreement-rules.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'
import { oneTimeUse } from '#lib/setup/map-customer.ts'
import { monthlyUse, oneTimeFindings } from '#lib/setup/map-one-time.ts'
import { connectWiseOf, currencyOf } from './clients.ts'
import { server } from './process.ts'

export async function companiesFound(organisationId: string, search: string): Promise<Companies> {
  const { client } = await connectWiseOf(organisationId)
  const { records, unreadable } = await client.companies(search)
  return { companies: [...records], unreadable: [...unreadable] }
}

/**
 * A company's agreements, each with what speaks against it (A5).
 * @param of `tenantId` whose first usage period is judged too; left out: nobody's
 */
export async function agreementsFound(
  organisationId: string,
  program: string,
  companyId: number,
  of: { readonly tenantId?: string | undefined; readonly carries: 'months' | 'annual' },
): Promise<Agreements> {
  const { client } = await connectWiseOf(organisationId)
  const { records, unreadable } = await client.agreements(companyId)
  const findingsOf =
    of.carries === 'annual'
      ? await annualFindings(organisationId, program, records)
      : await monthlyFindings(organisationId, program, records, of.tenantId ?? null)
  return {
    agreements: records.map((agreement) => ({
      id: agreement.id,
      name: agreement.name,
      type: agreement.type,
      status: agreement.status,
      findings: [...findingsOf(agreement)],
    })),
    unreadable: [...unreadable],
  }
}

type FindingsOf = (agreement: AgreementRecord) => readonly AgreementFinding[]

async function monthlyFindings(
  organisationId: string,
  program: string,
  records: readonly AgreementRecord[],
  tenantId: string | null,
): Promise<FindingsOf> {
  const useOf = await agreementUses(organisationId, program, tenantId)
  const used = await usesOf(records, (id) => oneTimeUse({ db: server().db, organisationId, program }, id))
  return (agreement) => [...agreementFindings(agreement, useOf(agreement.id)), ...used(agreement.id)]
}

async function annualFindings(
  organisationId: string,
  program: string,
  records: readonly AgreementRecord[],
): Promise<FindingsOf> {
  const use = { today: today(), currency: await currencyOf(organisationId) }
  const used = await usesOf(records, (id) => monthlyUse({ db: server().db, organisationId, program }, id))
  return (agreement) => [...oneTimeFindings(agreement, use), ...used(agreement.id)]
}

/** What each of them is used for by others. */
async function usesOf(
  records: readonly AgreementRecord[],
  useOf: (agreementId: number) => Promise<AgreementFinding[]>,
): Promise<(agreementId: number) => readonly AgreementFinding[]> {
  const uses = new Map<number, AgreementFinding[]>()
  for (const { id } of records) uses.set(id, await useOf(id))
  return (id) => uses.get(id) ?? []
}
