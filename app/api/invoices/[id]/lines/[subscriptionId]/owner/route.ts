import { serve } from '#app/http/serve.ts'
import { giveLines } from '#app/process/invoices.ts'

export const PUT = serve('PUT /api/invoices/{id}/lines/{subscriptionId}/owner', giveLines)
