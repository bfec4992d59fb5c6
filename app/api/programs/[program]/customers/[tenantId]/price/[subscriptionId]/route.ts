import { serve } from '#app/http/serve.ts'
import { billAtPrismsPrice, planAtPrismsPrice } from '#app/process/prices.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/price/{subscriptionId}',
  ({ principal, path }) => planAtPrismsPrice(principal, path),
)

export const POST = serve(
  'POST /api/programs/{program}/customers/{tenantId}/price/{subscriptionId}',
  ({ principal, path, body }) => billAtPrismsPrice(principal, path, body),
)
