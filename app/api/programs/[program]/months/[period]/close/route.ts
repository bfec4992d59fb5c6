import { serve } from '#app/http/serve.ts'
import { currencyOf } from '#app/process/clients.ts'
import { monthContext } from '#app/process/months.ts'
import { closeMonth } from '#lib/months/close.ts'

export const POST = serve(
  'POST /api/programs/{program}/months/{period}/close',
  async ({ principal, path: { program, period }, body: { billed } }) => {
    const currency = await currencyOf(principal.organisationId)
    const ctx = monthContext(principal, program)
    const { closedAt, closedBy } = await closeMonth({ ctx, currency, input: { period, billed } })
    return { closedAt: closedAt.toISOString(), closedBy }
  },
)
