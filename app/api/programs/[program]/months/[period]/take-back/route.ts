import { serve } from '#app/http/serve.ts'
import { monthContext } from '#app/process/months.ts'
import { takeAcceptancesBack } from '#lib/months/accept.ts'

export const POST = serve(
  'POST /api/programs/{program}/months/{period}/take-back',
  async ({ principal, path: { program, period }, body: { bills } }) => {
    const ctx = monthContext(principal, program)
    return { count: await takeAcceptancesBack({ ctx, input: { period, bills } }) }
  },
)
