import { connectWiseOf, currencyOf } from '#app/server/clients.ts'
import { today } from '#app/server/mapping.ts'
import { server } from '#app/server/process.ts'
import { authorise, bodyOf, nothing, programOf, reply, route } from '#app/server/route.ts'
import { listTenants } from '#app/server/tenants.ts'
import { firstSyncs } from '#db/queries/customers.ts'
import { mapCustomer, unmapCustomer } from '#lib/setup/map-customer.ts'
import { mappedCustomerSchema, mappingInputSchema } from '../../../../../schemas/customers.ts'

interface Params {
  readonly program: string
  readonly tenantId: string
}

export const PUT = route<Params>(async (request, { program: slug, tenantId }) => {
  const program = programOf(slug)
  const { organisationId, actor } = await authorise(request, 'customers.map')
  const input = await bodyOf(request, mappingInputSchema)
  const { db } = server()
  const { client: connectWise } = await connectWiseOf(organisationId)
  const currency = await currencyOf(organisationId)
  const mapping = await mapCustomer({
    ctx: {
      db,
      organisationId,
      program: program.slug,
      actor,
      connectWise,
      currency,
      today: today(),
      listTenants: () => listTenants(organisationId, program),
    },
    input: { ...input, tenantId },
  })
  const first = await firstSyncs(db, organisationId, program.slug, [tenantId])
  return reply(
    mappedCustomerSchema,
    mappedCustomerSchema.parse({ tenantId, mapping, firstSync: first.get(tenantId) ?? null }),
  )
})

export const DELETE = route<Params>(async (request, { program: slug, tenantId }) => {
  const program = programOf(slug)
  const { organisationId, actor } = await authorise(request, 'customers.map')
  await unmapCustomer({
    ctx: { db: server().db, organisationId, program: program.slug, actor },
    input: { tenantId },
  })
  return nothing()
})
