import { serve } from '#app/http/serve.ts'
import { readInvoicesAfterwards } from '#app/process/second-proof.ts'
import { lookAgainAfterwards } from '#app/process/worker.ts'
import { agreementContent } from '#app/views/agreement-content.ts'

export const GET = serve('GET /api/hosted/agreements/{id}', async ({ principal, path }) => {
  const content = await agreementContent(principal, path.id)
  if (content.state === 'mapped' && content.result?.status === 'Error')
    lookAgainAfterwards(principal.organisationId, content.program.slug, path.id)
  if (content.state === 'mapped' && content.result !== null)
    readInvoicesAfterwards(principal.organisationId, content.program.slug, path.id)
  return content
})
