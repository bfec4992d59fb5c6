import { beginContext } from '#app/server/beginning.ts'
import { connectWiseOf, currencyOf } from '#app/server/clients.ts'
import { today } from '#app/server/mapping.ts'
import { server } from '#app/server/process.ts'
import { authorise, bodyOf, nothing, programOf, reply, route } from '#app/server/route.ts'
import { listTenants } from '#app/server/tenants.ts'
import { firstSyncs } from '#db/queries/customers.ts'
import { mapCustomer, unmapCustomer } from '#lib/setup/map-customer.ts'
import { reviseStarts } from '#lib/sync/begin.ts'
import { programOptions } from '#lib/sync/context.ts'
import { passOverMissed } from '#lib/sync/missed.ts'
import { mappedCustomerSchema, mappingInputSchema } from '../../../../../schemas/customers.ts'

interface Params {
  readonly program: string
  readonly tenantId: string
}

export const PUT = route<Params>(async (request, { program: slug, tenantId }) => {
  const program = programOf(slug)
  const { organisationId, actor } = await authorise(request, 'customers.map')
  const { missed = 'all', begin, ...input } = await bodyOf(request, mappingInputSchema)
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
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
      ...(missed === 'all'
        ? {}
        : {
            onSwitchedOn: (tx, of) => passOverMissed(tx, { organisationId, program, options, actor }, of),
          }),
    },
    input: { ...input, tenantId, ...(begin === undefined ? {} : { begin }) },
  })
  if (begin !== undefined)
    await reviseStarts({
      ctx: await beginContext(organisationId, program, actor),
      input: { tenantId, begin },
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
