import { serve } from '#app/http/serve.ts'
import { pick } from '#app/process/invoices.ts'

export const POST = serve('POST /api/invoices/{id}/pick', pick)
