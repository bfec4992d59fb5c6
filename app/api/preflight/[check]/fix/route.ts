import { programOf } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { preflightContext, shownPreflight } from '#app/process/preflight.ts'
import { fixCheck } from '#lib/setup/preflight-fix.ts'

export const POST = serve('POST /api/preflight/{check}/fix', async ({ principal, path, query }) => {
  const { organisationId, actor } = principal
  const ctx = { ...(await preflightContext(organisationId, programOf(query.program))), actor }
  const { did, preflight } = await fixCheck({ ctx, input: path })
  return { ...shownPreflight(preflight), did: [...did] }
})
