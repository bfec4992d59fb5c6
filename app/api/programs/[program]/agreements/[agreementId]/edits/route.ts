import { serve } from '#app/http/serve.ts'
import { planOfSetBack } from '#app/process/previews.ts'
import { setBackEdits } from '#app/process/requests.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/agreements/{agreementId}/edits',
  ({ principal, path }) => planOfSetBack(principal, path),
)

export const POST = serve(
  'POST /api/programs/{program}/agreements/{agreementId}/edits',
  ({ principal, path, body }) => setBackEdits(principal, path, body),
)
