import { authorise, bodyOf, programOf, refuse, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { runJobsAfterwards } from '#app/process/worker.ts'
import { beginContext } from '#app/views/beginning.ts'
import { mappingsOfTenants, tenantsThatWaitToBegin } from '#db/mappings/mappings.ts'
import { programOptions } from '#lib/intake/context.ts'
import { requestSync } from '#lib/jobs/enqueue.ts'
import { chooseBegin } from '#lib/sync/begin.ts'
import { beginInputSchema, begunSchema } from '../../../schemas/customers.ts'

export const maxDuration = 60

/**
 * Says of many customers how they begin, and syncs their agreements (docs/billing-rules.md, "First sync").
 */
export const POST = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId, actor, via } = await authorise(request, 'customers.map')
  const { begin, tenantIds: named } = await bodyOf(request, beginInputSchema)
  const { db } = server()
  const tenantIds = named ?? (await tenantsThatWaitToBegin(db, organisationId, program.slug))
  const mappings = await mappingsOfTenants(db, organisationId, program.slug, tenantIds)
  if (tenantIds.some((id) => mappings.every(({ tenantId }) => tenantId !== id)))
    throw refuse('not-mapped', 'One of the customers is not mapped to an agreement.')
  const ctx = await beginContext(organisationId, program, actor)
  for (const tenantId of tenantIds) await chooseBegin({ ctx, input: { tenantId, begin } })
  const { enabled } = await programOptions(db, organisationId, program)
  const agreementIds = mappings.filter((each) => each.syncEnabled).map((each) => each.agreementId)
  if (!enabled || agreementIds.length === 0)
    return reply(begunSchema, { tenantIds: [...tenantIds], runId: null })
  const runId = await requestSync(db, {
    organisationId,
    program: program.slug,
    agreementIds,
    trigger: via,
    actor,
  })
  runJobsAfterwards()
  return reply(begunSchema, { tenantIds: [...tenantIds], runId })
})
