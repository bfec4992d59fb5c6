import { serve } from '#app/http/serve.ts'
import { shownInbox } from '#app/views/inbox.ts'

export const GET = serve('GET /api/inbox', ({ principal, query }) => shownInbox(principal, query))
