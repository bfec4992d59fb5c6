import { z } from 'zod'
import { server } from '#app/server/process.ts'
import { authorise, bodyOf, programOf, reply, route } from '#app/server/route.ts'
import { amountSchema, periodSchema } from '#lib/billing/types.ts'
import { skipPeriod } from '#lib/setup/positions.ts'

const inputSchema = z.strictObject({ subscriptionId: z.string().min(1).max(100), period: periodSchema })
/** What was invoiced in the month that nobody bills now. */
const skippedSchema = z.object({ subscriptionId: z.string(), period: periodSchema, skipped: amountSchema })

/** Passes over a failed period of one subscription (F12). */
export const POST = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'customers.sync')
    const input = await bodyOf(request, inputSchema)
    const ctx = { db: server().db, organisationId, program: program.slug, actor }
    const skipped = await skipPeriod({ ctx, input: { ...input, tenantId } })
    return reply(skippedSchema, { ...input, skipped })
  },
)
