import { prismTokenOf } from '#app/http/prism-sign-in.ts'
import { serve } from '#app/http/serve.ts'
import { generatePrism } from '#app/process/connecting.ts'

export const POST = serve('POST /api/connections/prism/generate', async ({ request, principal, body }) =>
  generatePrism(principal, await prismTokenOf(request, principal), body),
)
