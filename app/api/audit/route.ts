import { authorise, queryOf, reply, route } from '#app/http/route.ts'
import { auditPage } from '#app/views/audit.ts'
import { auditQuerySchema, auditSchema } from '../schemas/audit.ts'

/** What people changed, the newest first. */
export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'audit.read')
  return reply(auditSchema, await auditPage(organisationId, queryOf(request, auditQuerySchema)))
})
