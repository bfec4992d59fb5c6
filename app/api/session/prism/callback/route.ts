import { finishSignIn } from '#app/http/prism-callback.ts'
import { serve } from '#app/http/serve.ts'

export const GET = serve('GET /api/session/prism/callback', ({ request }) => finishSignIn(request))
