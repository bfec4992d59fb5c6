import { server } from '#app/server/process.ts'
import { authorise, bodyOf, programOf, reply, route } from '#app/server/route.ts'
import { skipPeriod } from '#lib/setup/positions.ts'
import { skipInputSchema, skippedSchema } from '../../../../../schemas/customers.ts'

/** Passes over a failed period of one subscription (F12). */
export const POST = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'customers.sync')
    const input = await bodyOf(request, skipInputSchema)
    const ctx = { db: server().db, organisationId, program: program.slug, actor }
    const skipped = await skipPeriod({ ctx, input: { ...input, tenantId } })
    return reply(skippedSchema, { ...input, skipped })
  },
)
