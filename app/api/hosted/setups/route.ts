import { serve } from '#app/http/serve.ts'
import { installOurPods } from '#app/process/pods.ts'

export const POST = serve('POST /api/hosted/setups', ({ principal }) => installOurPods(principal))
