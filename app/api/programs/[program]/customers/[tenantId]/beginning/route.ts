import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { beginningOn } from '#app/views/beginning.ts'
import { beginningQuerySchema, beginningSchema } from '../../../../../schemas/customers.ts'

/** What the customer's next sync on the agreement would take, before it is enabled (E6). */
export const GET = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId } = await authorise(request, 'customers.map')
    const { agreementId } = queryOf(request, beginningQuerySchema)
    return reply(beginningSchema, await beginningOn(organisationId, program, tenantId, agreementId))
  },
)
