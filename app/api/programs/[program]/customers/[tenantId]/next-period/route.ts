import { authorise, bodyOf, programOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { whileNobodySyncs } from '#app/process/worker.ts'
import { startAtPeriod } from '#lib/setup/positions.ts'
import { nextPeriodSchema } from '../../../../../schemas/customers.ts'

/** The customer syncs from this usage period on, whatever was synced before (F12). */
export const PUT = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'customers.reset')
    const { first } = await bodyOf(request, nextPeriodSchema)
    await startAtPeriod({
      ctx: {
        db: server().db,
        organisationId,
        program: program.slug,
        actor,
        alone: (agreementId, work) => whileNobodySyncs(organisationId, program.slug, agreementId, work),
      },
      input: { tenantId, first },
    })
    return reply(nextPeriodSchema, { first })
  },
)
