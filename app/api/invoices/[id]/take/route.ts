import { serve } from '#app/http/serve.ts'
import { leaveTaken, take } from '#app/process/invoices.ts'

export const POST = serve('POST /api/invoices/{id}/take', take)
export const DELETE = serve('DELETE /api/invoices/{id}/take', leaveTaken)
