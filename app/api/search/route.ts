import { serve } from '#app/http/serve.ts'
import { searched } from '#app/views/search.ts'

export const GET = serve('GET /api/search', ({ principal, query }) => searched(principal, query.q))
