import { serve } from '#app/http/serve.ts'
import { loadingInvoices } from '#app/process/invoices.ts'

export const GET = serve('GET /api/invoices/loading', loadingInvoices)
