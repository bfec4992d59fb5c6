import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { removePriceRule } from '#lib/setup/price-rules.ts'

export const DELETE = serve(
  'DELETE /api/programs/{program}/price-rules/{id}',
  ({ principal, path: { program, ...input } }) =>
    removePriceRule({ ctx: { ...principal, db: server().db, program: program.slug }, input }),
)
