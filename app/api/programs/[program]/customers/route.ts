import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { customersFound } from '#app/views/customers.ts'
import { customersQuerySchema, customersSchema } from '../../../schemas/customers.ts'

export const GET = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId } = await authorise(request, 'customers.read')
  const query = queryOf(request, customersQuerySchema)
  return reply(customersSchema, await customersFound(organisationId, program.slug, query))
})
