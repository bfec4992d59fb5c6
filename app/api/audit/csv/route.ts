import { ReadableStream } from 'node:stream/web'
import { authorise, csvReply, queryOf, route } from '#app/http/route.ts'
import { auditCsv } from '#app/views/audit.ts'
import { auditQuerySchema } from '../../schemas/audit.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'audit.read')
  const query = queryOf(request, auditQuerySchema)
  const lines = ReadableStream.from(auditCsv(organisationId, query))
  // Node's class is the platform's, but TypeScript has a type for each.
  return csvReply('audit', lines as unknown as BodyInit)
})
