import { serve } from '#app/http/serve.ts'
import { monthContext } from '#app/process/months.ts'
import { acceptDifferences } from '#lib/months/accept.ts'

export const POST = serve(
  'POST /api/programs/{program}/months/{period}/accept',
  async ({ principal, path: { program, period }, body: { note, bills = [], all } }) => {
    const ctx = monthContext(principal, program)
    const what = all === undefined ? { bills } : { filter: all }
    const input = { period, note, what, count: all?.count ?? bills.length }
    return { count: await acceptDifferences({ ctx, input }) }
  },
)
