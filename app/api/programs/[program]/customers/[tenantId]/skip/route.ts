import { authorise, bodyOf, programOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { whileNobodySyncs } from '#app/process/worker.ts'
import { skipPeriod } from '#lib/setup/positions.ts'
import { skipInputSchema, skippedSchema } from '../../../../../schemas/customers.ts'

/** Passes over a month of one subscription that failed or waits (F12). */
export const POST = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug).slug
    const { organisationId, actor } = await authorise(request, 'customers.sync')
    const input = await bodyOf(request, skipInputSchema)
    const alone = <T>(agreementId: number, work: () => Promise<T>): Promise<T> =>
      whileNobodySyncs(organisationId, program, agreementId, work)
    const ctx = { db: server().db, organisationId, program, actor, alone }
    const skipped = await skipPeriod({ ctx, input: { ...input, tenantId } })
    return reply(skippedSchema, { ...input, skipped })
  },
)
