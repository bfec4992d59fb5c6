import { authorise, idOf, refuse, reply, route, uuidOf } from '#app/http/route.ts'
import { runCustomer } from '#app/views/runs.ts'
import { runCustomerSchema } from '../../../../schemas/runs.ts'

/** One agreement of a run, its subscriptions under their periods. */
export const GET = route<{ id: string; agreementId: string }>(async (request, params) => {
  const [id, agreementId] = [uuidOf(params.id), idOf(params.agreementId)]
  const { organisationId } = await authorise(request, 'runs.read')
  const found = await runCustomer(organisationId, id, agreementId)
  if (found === null) throw refuse('not-found', 'There is no such agreement in the run.')
  return reply(runCustomerSchema, found)
})
