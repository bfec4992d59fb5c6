import { callerOf } from '#app/http/caller.ts'
import { serve } from '#app/http/serve.ts'
import { signedIn } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { useFirstOwnerLink } from '#lib/auth/first-owner.ts'

export const POST = serve('POST /api/session/first-owner', async ({ request, body }) =>
  signedIn(await useFirstOwnerLink({ db: server().db, caller: callerOf(request), input: body })),
)
