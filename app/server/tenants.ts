import type { ListedTenant } from '#db/queries/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Program } from '#lib/programs/registry.ts'
import { programOptions } from '#lib/sync/context.ts'
import { prismOf } from './clients.ts'
import { server } from './process.ts'

/** All tenants that PRISM lists for the program's contract agreement: the picked one, else the only one (F14). */
export async function listTenants(
  organisationId: string,
  program: Program,
): Promise<readonly ListedTenant[]> {
  const prism = await prismOf(organisationId)
  const { contractAgreementId: picked } = await programOptions(server().db, organisationId, program)
  if (picked !== null) return prism.tenants(picked)
  const found = (await prism.contractAgreements()).filter(
    ({ programName }) => programName === program.prismName,
  )
  const [only] = found
  if (only === undefined)
    throw new ProductError('not-found', `PRISM has no contract agreement for ${program.prismName}.`)
  if (found.length > 1) {
    throw new ProductError(
      'conflict',
      `PRISM has ${found.length} contract agreements for ${program.prismName}; pick the one that syncs in the program's settings.`,
    )
  }
  return prism.tenants(only.id)
}
