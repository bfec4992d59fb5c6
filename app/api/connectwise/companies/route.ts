import { connectWiseOf } from '#app/server/clients.ts'
import { authorise, queryOf, reply, route } from '#app/server/route.ts'
import { companiesQuerySchema, companiesSchema } from '../../schemas/connectwise.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'customers.map')
  const { search } = queryOf(request, companiesQuerySchema)
  const { client } = await connectWiseOf(organisationId)
  const { records, unreadable } = await client.companies(search)
  return reply(companiesSchema, { companies: [...records], unreadable: [...unreadable] })
})
