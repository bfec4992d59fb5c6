import { serve } from '#app/http/serve.ts'
import { lookAgainAfterwards } from '#app/process/worker.ts'
import { companyContent } from '#app/views/company-content.ts'

export const GET = serve('GET /api/hosted/companies/{id}', async ({ principal, path, query }) => {
  const content = await companyContent(principal, path.id, query.read)
  for (const { id, program, result } of content.agreements)
    if (result?.status === 'Error') lookAgainAfterwards(principal.organisationId, program.slug, id)
  return content
})
