import { ProductError } from '#lib/base/errors.ts'
import { programOptions } from '#lib/intake/context.ts'
import type { Program } from '#lib/programs/registry.ts'
import { prismOf } from './clients.ts'
import { server } from './process.ts'

/** Throws `prism-not-connected`, and what PRISM's client throws. */
export async function contractAgreementsOf(organisationId: string, program: Program) {
  const prism = await prismOf(organisationId)
  const [{ records: found }, { contractAgreementId }] = await Promise.all([
    prism.contractAgreements(),
    programOptions(server().db, organisationId, program),
  ])
  const agreements = found
    .filter(({ programName }) => programName === program.prismName)
    .map(({ id, programName }) => ({ id, programName }))
  return { agreements, picked: contractAgreementId }
}

/** Throws `contract-agreement-unclear` where PRISM lists no such contract agreement for the program, and as above. */
export async function refuseUnknownAgreement(
  organisationId: string,
  program: Program,
  id: string,
): Promise<void> {
  const { agreements } = await contractAgreementsOf(organisationId, program)
  if (agreements.some((each) => each.id === id)) return
  throw new ProductError(
    'contract-agreement-unclear',
    `PRISM lists no contract agreement '${id}' for ${program.name}.`,
  )
}
