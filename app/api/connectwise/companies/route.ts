import { z } from 'zod'
import { connectWiseOf } from '#app/server/clients.ts'
import { authorise, queryOf, reply, route } from '#app/server/route.ts'
import { companiesSchema } from '../../schemas/connectwise.ts'

const querySchema = z.object({ search: z.string().trim().max(200).default('') })

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'customers.map')
  const { search } = queryOf(request, querySchema)
  const { client } = await connectWiseOf(organisationId)
  const { records, unreadable } = await client.companies(search)
  return reply(companiesSchema, { companies: [...records], unreadable: [...unreadable] })
})
