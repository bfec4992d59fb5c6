import { type OpenApiDocument, openApiDocument } from '#app/contracts/openapi.ts'
import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'

/** Made once: nothing of it changes while the process runs. */
let document: OpenApiDocument | undefined

export const GET = serve('GET /api/openapi.json', async () => {
  document ??= openApiDocument(server().env.appUrl)
  return document
})
