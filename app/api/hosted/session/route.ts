import { serve } from '#app/http/serve.ts'
import { signInMember } from '#app/process/pods.ts'

export const POST = serve('POST /api/hosted/session', ({ request, body }) => signInMember(request, body))
