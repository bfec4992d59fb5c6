import { seeOther } from '#app/http/prism-sign-in.ts'
import { serve } from '#app/http/serve.ts'
import { unsubscribeBy } from '#app/process/notifications.ts'
import { server } from '#app/process/process.ts'

export const GET = serve('GET /api/unsubscribe', async ({ query }) =>
  seeOther(`${server().env.appUrl}/unsubscribe#${encodeURIComponent(query.token)}`, []),
)

export const POST = serve('POST /api/unsubscribe', ({ query }) => unsubscribeBy(query.token))
