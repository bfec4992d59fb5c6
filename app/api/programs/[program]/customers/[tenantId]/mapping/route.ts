import { authorise, bodyOf, nothing, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { beginContext } from '#app/views/beginning.ts'
import { leaveContext, orAsk } from '#app/views/leaving.ts'
import { listTenants } from '#app/views/tenants.ts'
import { firstSyncs } from '#db/mappings/customers.ts'
import { programOptions } from '#lib/intake/context.ts'
import { type MapContext, mapCustomer, unmapCustomer } from '#lib/setup/map-customer.ts'
import { reviseStarts } from '#lib/sync/begin.ts'
import { passOverMissed } from '#lib/sync/missed.ts'
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
  const { missed = 'all', begin, ...input } = await bodyOf(request, mappingInputSchema)
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
  const { client: connectWise } = await connectWiseOf(organisationId)
  const leave = await leaveContext(organisationId, program.slug, actor)
  const ctx: MapContext = {
    ...leave,
    connectWise,
    listTenants: () => listTenants(organisationId, program),
    ...(missed === 'all'
      ? {}
      : {
          onSwitchedOn: (tx, of) => passOverMissed(tx, { organisationId, program, options, actor }, of),
        }),
  }
  return orAsk(leave.currency, async () => {
    const given = { ...input, tenantId, ...(begin === undefined ? {} : { begin }) }
    const mapping = await mapCustomer({ ctx, input: given })
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
