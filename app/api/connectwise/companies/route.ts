import { authorise, queryOf, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { companiesQuerySchema, companiesSchema } from '../../schemas/connectwise.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'customers.map')
  const { search } = queryOf(request, companiesQuerySchema)
  const { client } = await connectWiseOf(organisationId)
  const { records, unreadable } = await client.companies(search)
  return reply(companiesSchema, { companies: [...records], unreadable: [...unreadable] })
})
