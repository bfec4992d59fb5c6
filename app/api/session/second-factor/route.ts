import { callerOf } from '#app/http/caller.ts'
import { serve } from '#app/http/serve.ts'
import { personOf } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { tryAs } from '#lib/auth/limits.ts'
import { beginFactor, confirmFactor } from '#lib/auth/second-factor.ts'
import { provePassword } from '#lib/auth/sign-in.ts'

export const POST = serve('POST /api/session/second-factor', async ({ request, principal, body }) => {
  const { db, sealer } = server()
  return tryAs({ db, caller: callerOf(request), kind: 'password' }, async () => {
    const person = await personOf(principal)
    await provePassword(db, person, body.password)
    return beginFactor({ db, sealer }, person)
  })
})

export const PUT = serve('PUT /api/session/second-factor', async ({ principal, body }) =>
  confirmFactor(server(), await personOf(principal), body.code),
)
