import { serve } from '#app/http/serve.ts'
import { tryStored } from '#app/process/connecting.ts'

export const POST = serve('POST /api/connections/{kind}/test', ({ principal, path }) =>
  tryStored(principal, path.kind),
)
