import { serve } from '#app/http/serve.ts'
import { readAgain } from '#app/process/invoices.ts'

export const maxDuration = 60

export const POST = serve('POST /api/invoices/{id}/read-again', readAgain)
