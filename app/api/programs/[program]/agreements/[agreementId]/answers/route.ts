import { authorise, idOf, programOf, reply, route } from '#app/http/route.ts'
import { answersOf } from '#app/views/answers.ts'
import { answersSchema } from '../../../../../schemas/answers.ts'

/** What people answered about the agreement, and the subscriptions that an addition of it may bill. */
export const GET = route<{ program: string; agreementId: string }>(async (request, params) => {
  const program = programOf(params.program)
  const agreementId = idOf(params.agreementId)
  const { organisationId } = await authorise(request, 'customers.read')
  return reply(answersSchema, await answersOf(organisationId, program.slug, agreementId))
})
