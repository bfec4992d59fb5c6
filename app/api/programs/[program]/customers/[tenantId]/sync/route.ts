import { authorise, programOf, refuse, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { lookForInvoices, runJobsAfterwards } from '#app/process/worker.ts'
import { mapping } from '#db/mappings/mappings.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
import { requestSync } from '#lib/jobs/enqueue.ts'
import { startedRunSchema } from '../../../../../schemas/jobs.ts'

export const maxDuration = 60

/** Starts a sync of the customer's agreement, or answers with the one under way. */
export const POST = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor, via } = await authorise(request, 'customers.sync')
    const { db } = server()
    const mapped = await mapping(db, organisationId, program.slug, tenantId)
    if (mapped === null) throw refuse('not-mapped', 'The customer is not mapped to an agreement.')
    if (!mapped.syncEnabled) throw refuse('sync-off', 'Sync is switched off for this customer.')
    if (!(await programSettings(db, organisationId, program.slug))?.enabled) {
      throw refuse('sync-off', `Sync is switched off for ${program.name}.`)
    }
    const agreementIds = [mapped.agreementId]
    await lookForInvoices(organisationId, program.slug, { kind: 'customers', agreementIds })
    await refuseUnclearAgreement(organisationId, program.slug)
    const runId = await requestSync(db, {
      organisationId,
      program: program.slug,
      agreementIds,
      trigger: via,
      actor,
    })
    runJobsAfterwards()
    return reply(startedRunSchema, { runId }, { status: 202 })
  },
)

/** Nothing syncs of several contract agreements until one is picked, not even what is stored of another time (F14). */
async function refuseUnclearAgreement(organisationId: string, program: string): Promise<void> {
  const { db } = server()
  if ((await programSettings(db, organisationId, program))?.contractAgreementId) return
  if ((await readyInvoices(db, organisationId, program)).length === 0) return
  throw refuse('contract-agreement-unclear', 'No contract agreement is picked.')
}
