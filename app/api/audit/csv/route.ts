import { auditCsv } from '#app/server/audit.ts'
import { authorise, queryOf, route } from '#app/server/route.ts'
import { auditQuerySchema } from '../../schemas/audit.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'audit.read')
  const query = queryOf(request, auditQuerySchema)
  const lines = ReadableStream.from(auditCsv(organisationId, query)).pipeThrough(new TextEncoderStream())
  return new Response(lines, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="prism-pod-audit.csv"',
      'cache-control': 'no-store',
    },
  })
})
