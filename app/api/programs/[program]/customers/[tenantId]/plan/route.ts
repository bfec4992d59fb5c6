import { authorise, programOf, refuse, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { syncContextOf } from '#app/process/worker.ts'
import { mapping } from '#db/mappings/mappings.ts'
import { planSchema } from '#lib/billing/types.ts'
import { previewAgreement } from '#lib/sync/run.ts'

export const maxDuration = 60

/** What a sync would write now, and nothing written: the whole agreement's plan, its other tenants included. */
export const GET = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'customers.read')
    const mapped = await mapping(server().db, organisationId, program.slug, tenantId)
    if (mapped === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
    const ctx = await syncContextOf(organisationId, program.slug, actor)
    // Also while its Sync is off: a preview is how one decides to switch it on.
    const input = { agreementId: mapped.agreementId, asIfSyncing: [tenantId] }
    const { plan } = await previewAgreement({ ctx, input })
    return reply(planSchema, plan)
  },
)
