import { serve } from '#app/http/serve.ts'
import { exclude } from '#app/process/invoices.ts'

export const POST = serve('POST /api/invoices/{id}/exclude', exclude)
