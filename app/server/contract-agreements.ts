import type { Program } from '#lib/programs/registry.ts'
import { programOptions } from '#lib/sync/context.ts'
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
