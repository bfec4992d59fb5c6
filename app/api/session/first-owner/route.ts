import { serve } from '#app/http/serve.ts'
import { callerOf } from '#app/server/caller.ts'
import { server } from '#app/server/process.ts'
import { signedIn } from '#app/server/session.ts'
import { useFirstOwnerLink } from '#lib/auth/first-owner.ts'

export const POST = serve('POST /api/session/first-owner', async ({ request, body }) =>
  signedIn(await useFirstOwnerLink({ db: server().db, caller: callerOf(request), input: body })),
)
