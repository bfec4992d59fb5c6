import { serve } from '#app/http/serve.ts'
import { verifyNow } from '#app/process/second-proof.ts'

export const POST = serve('POST /api/connectwise/verify', ({ principal }) => verifyNow(principal))
