import { callerOf } from '#app/http/caller.ts'
import { serve, withCookie } from '#app/http/serve.ts'
import { endedCookie } from '#app/http/session.ts'
import { deleteOwnOrganisation } from '#app/process/deletion.ts'

export const POST = serve('POST /api/organisation/deletion', async ({ request, principal, body }) => {
  await deleteOwnOrganisation(principal, callerOf(request), body)
  return withCookie(undefined, endedCookie())
})
