import { serve } from '#app/http/serve.ts'
import { exportOwnOrganisation } from '#app/process/export.ts'

export const maxDuration = 60

export const GET = serve('GET /api/organisation/export', ({ principal }) => exportOwnOrganisation(principal))
