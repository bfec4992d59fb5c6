import { serve } from '#app/http/serve.ts'
import { previewedRule } from '#app/process/price-rules.ts'

export const maxDuration = 60

export const POST = serve(
  'POST /api/programs/{program}/price-rules/preview',
  ({ principal, path: { program }, body }) => previewedRule(principal, program, body),
)
