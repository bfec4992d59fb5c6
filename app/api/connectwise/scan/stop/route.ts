import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { stopScan } from '#lib/jobs/scan.ts'

export const POST = serve('POST /api/connectwise/scan/stop', async ({ principal }) => ({
  stopped: await stopScan(server().db, principal),
}))
