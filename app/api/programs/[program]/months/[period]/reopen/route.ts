import { serve } from '#app/http/serve.ts'
import { monthContext } from '#app/process/months.ts'
import { reopenMonth } from '#lib/months/close.ts'

export const POST = serve(
  'POST /api/programs/{program}/months/{period}/reopen',
  ({ principal, path: { program, period }, body: { reason } }) =>
    reopenMonth({ ctx: monthContext(principal, program), input: { period, reason } }),
)
