import { prismOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { programOptions } from '#lib/intake/context.ts'
import { programTenants } from '#lib/intake/contract-agreement.ts'
import type { Listed, PrismTenant } from '#lib/prism/values.ts'
import type { Program } from '#lib/programs/registry.ts'

/** All tenants that PRISM lists for the program's contract agreement: the picked one, else the only one (F14). */
export async function listTenants(organisationId: string, program: Program): Promise<Listed<PrismTenant>> {
  const prism = await prismOf(organisationId)
  const { contractAgreementId } = await programOptions(server().db, organisationId, program)
  return (await programTenants(prism, program, contractAgreementId)).tenants
}
