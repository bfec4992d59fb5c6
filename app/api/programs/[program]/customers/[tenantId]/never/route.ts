import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { Program } from '#lib/programs/registry.ts'
import { mayBeMapped, neverMap } from '#lib/setup/never-mapped.ts'

const ctxOf = (principal: Principal, { slug }: Program) => ({
  ...principal,
  db: server().db,
  program: slug,
  now: () => new Date(),
})

export const PUT = serve(
  'PUT /api/programs/{program}/customers/{tenantId}/never',
  ({ principal, path: { program, tenantId }, body }) =>
    neverMap({ ctx: ctxOf(principal, program), input: { tenantId, ...body } }),
)

export const DELETE = serve(
  'DELETE /api/programs/{program}/customers/{tenantId}/never',
  ({ principal, path: { program, tenantId } }) =>
    mayBeMapped({ ctx: ctxOf(principal, program), input: { tenantId } }),
)
