import { serve } from '#app/http/serve.ts'
import { listedInvoices } from '#app/process/invoices.ts'

export const GET = serve('GET /api/invoices', listedInvoices)
