/** What ConnectWise has, for who maps a customer. */
import type { Agreements, Companies } from '#app/api/schemas/connectwise.ts'
import { agreementUses } from '#app/views/mapping.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import { connectWiseOf } from './clients.ts'

export async function companiesFound(organisationId: string, search: string): Promise<Companies> {
  const { client } = await connectWiseOf(organisationId)
  const { records, unreadable } = await client.companies(search)
  return { companies: [...records], unreadable: [...unreadable] }
}

/**
 * A company's agreements, each with what speaks against it (A5).
 * @param tenantId whose first usage period is judged too; `null`: nobody's
 */
export async function agreementsFound(
  organisationId: string,
  program: string,
  companyId: number,
  tenantId: string | null,
): Promise<Agreements> {
  const { client } = await connectWiseOf(organisationId)
  const useOf = await agreementUses(organisationId, program, tenantId)
  const { records, unreadable } = await client.agreements(companyId)
  return {
    agreements: records.map((agreement) => ({
      id: agreement.id,
      name: agreement.name,
      type: agreement.type,
      status: agreement.status,
      findings: agreementFindings(agreement, useOf(agreement.id)),
    })),
    unreadable: [...unreadable],
  }
}
