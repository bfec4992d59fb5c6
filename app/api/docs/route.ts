import { seeOther } from '#app/http/prism-sign-in.ts'
import { serve } from '#app/http/serve.ts'

/** The page is one of the site's: answers of the API carry neither styles nor scripts. */
export const GET = serve('GET /api/docs', async () => seeOther('/help/api'))
