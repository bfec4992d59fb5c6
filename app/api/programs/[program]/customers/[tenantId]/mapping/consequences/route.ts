import { authorise, programOf, queryOf, refuse, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { leaveContext, shownLeaving } from '#app/views/leaving.ts'
import { mapping } from '#db/mappings/mappings.ts'
import { leavingOf } from '#lib/setup/leave-agreement.ts'
import { consequencesQuerySchema } from '../../../../../../schemas/customers.ts'
import { consequencesSchema } from '../../../../../../schemas/leaving.ts'

export const maxDuration = 60

/** What stays open where the customer is mapped, should it move to another agreement, or its mapping be cleared (E5). */
export const GET = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'customers.map')
    const { agreementId } = queryOf(request, consequencesQuerySchema)
    const before = await mapping(server().db, organisationId, program.slug, tenantId)
    if (before === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
    if (before.agreementId === agreementId) return reply(consequencesSchema, { leaving: null })
    const ctx = await leaveContext(organisationId, program.slug, actor)
    const target =
      agreementId === undefined
        ? null
        : await (await connectWiseOf(organisationId)).client.agreement(agreementId)
    if (agreementId !== undefined && target === null)
      throw refuse('not-found', `ConnectWise has no agreement ${agreementId}.`)
    return reply(consequencesSchema, {
      leaving: shownLeaving(await leavingOf(ctx, before, target), ctx.currency),
    })
  },
)
