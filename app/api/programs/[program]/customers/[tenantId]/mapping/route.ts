import { connectWiseOf } from '#app/server/clients.ts'
import { leaveContext, orAsk } from '#app/server/leaving.ts'
import { server } from '#app/server/process.ts'
import { authorise, bodyOf, nothing, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { listTenants } from '#app/server/tenants.ts'
import { firstSyncs } from '#db/queries/customers.ts'
import { mapCustomer, unmapCustomer } from '#lib/setup/map-customer.ts'
import {
  clearQuerySchema,
  mappedCustomerSchema,
  mappingInputSchema,
} from '../../../../../schemas/customers.ts'

interface Params {
  readonly program: string
  readonly tenantId: string
}

export const PUT = route<Params>(async (request, { program: slug, tenantId }) => {
  const program = programOf(slug)
  const { organisationId, actor } = await authorise(request, 'customers.map')
  const input = await bodyOf(request, mappingInputSchema)
  const { client: connectWise } = await connectWiseOf(organisationId)
  const leave = await leaveContext(organisationId, program.slug, actor)
  const ctx = { ...leave, connectWise, listTenants: () => listTenants(organisationId, program) }
  return orAsk(leave.currency, async () => {
    const mapping = await mapCustomer({ ctx, input: { ...input, tenantId } })
    const first = await firstSyncs(server().db, organisationId, program.slug, [tenantId])
    return reply(
      mappedCustomerSchema,
      mappedCustomerSchema.parse({ tenantId, mapping, firstSync: first.get(tenantId) ?? null }),
    )
  })
})

/** Clears the mapping: `end` is the last month that is billed on its agreement, `leave` has everything there stay (E5). */
export const DELETE = route<Params>(async (request, { program: slug, tenantId }) => {
  const program = programOf(slug)
  const { organisationId, actor } = await authorise(request, 'customers.map')
  const { end, leave } = queryOf(request, clearQuerySchema)
  const ctx = await leaveContext(organisationId, program.slug, actor)
  return orAsk(ctx.currency, async () => {
    await unmapCustomer({ ctx, input: { tenantId, end, leave: leave === 'true' } })
    return nothing()
  })
})
