import { authorise, programOf, reply, route } from '#app/http/route.ts'
import { contractAgreementsOf } from '#app/process/contract-agreements.ts'
import { contractAgreementsSchema } from '../../../schemas/programs.ts'

/** The program's contract agreements in PRISM; where there are several, a person picks the one that syncs (F14). */
export const GET = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId } = await authorise(request, 'connections.read')
  return reply(contractAgreementsSchema, await contractAgreementsOf(organisationId, program))
})
