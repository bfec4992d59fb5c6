import { serve } from '#app/http/serve.ts'
import { startScan } from '#app/process/scan.ts'
import { shownScan } from '#app/views/scan.ts'

export const GET = serve('GET /api/connectwise/scan', ({ principal }) => shownScan(principal.organisationId))

export const POST = serve('POST /api/connectwise/scan', ({ principal }) => startScan(principal))
