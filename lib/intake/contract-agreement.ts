/** Whose tenants a program has: those of one contract agreement in PRISM (F14). */
import { ProductError } from '#lib/base/errors.ts'
import type { SetAside } from '#lib/base/records.ts'
import { PrismError } from '#lib/prism/errors.ts'
import type { Listed, PrismTenant, Source } from '#lib/prism/values.ts'
import type { Program } from '#lib/programs/registry.ts'

export interface ProgramTenants {
  readonly agreementId: string
  readonly tenants: Listed<PrismTenant>
  /** Odd records of the list of contract agreements, where it was read. */
  readonly setAside: readonly SetAside[]
}

/**
 * The tenants of the picked contract agreement, else of the only one of the program. Throws `contract-agreement-unclear` where
 * there is none, where there are several and nobody picked, and where PRISM does not know the picked one.
 */
export async function programTenants(
  source: Source,
  program: Program,
  picked: string | null,
): Promise<ProgramTenants> {
  const { agreementId, setAside } =
    picked === null ? await onlyAgreement(source, program) : { agreementId: picked, setAside: [] }
  return { agreementId, tenants: await tenantsOf(source, program, agreementId), setAside }
}

async function onlyAgreement(
  source: Source,
  program: Program,
): Promise<{ agreementId: string; setAside: readonly SetAside[] }> {
  const { records, setAside } = await source.contractAgreements()
  const found = records.filter(({ programName }) => programName === program.prismName)
  const [only] = found
  if (only === undefined) throw unclear(`PRISM lists no contract agreement of ${program.prismName}.`)
  if (found.length > 1)
    throw unclear(
      `PRISM lists ${found.length} contract agreements of ${program.prismName}, and none is picked: nothing syncs until one is.`,
    )
  return { agreementId: only.id, setAside }
}

async function tenantsOf(
  source: Source,
  program: Program,
  agreementId: string,
): Promise<Listed<PrismTenant>> {
  try {
    return await source.tenants(agreementId)
  } catch (error) {
    if (error instanceof PrismError && error.status === 404)
      throw unclear(
        `PRISM does not know the contract agreement '${agreementId}' that is picked for ${program.name}.`,
      )
    throw error
  }
}

const unclear = (detail: string): ProductError => new ProductError('contract-agreement-unclear', detail)
