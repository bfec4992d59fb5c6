import { callerOf } from '#app/http/caller.ts'
import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { beginFirstFactor } from '#lib/auth/sign-in.ts'

export const POST = serve('POST /api/session/second-factor/first', ({ request, body }) => {
  const { db, sealer } = server()
  return beginFirstFactor({ db, sealer, caller: callerOf(request), input: body })
})
