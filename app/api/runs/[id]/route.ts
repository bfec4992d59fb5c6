import { server } from '#app/server/process.ts'
import { authorise, refuse, reply, route, uuidOf } from '#app/server/route.ts'
import { shownRun } from '#app/server/shown-run.ts'
import { productResultsOf } from '#db/queries/product-runs.ts'
import { run, runItemsOf, runProgress } from '#db/queries/runs.ts'
import { runSchema } from '../../schemas/runs.ts'

export const GET = route<{ id: string }>(async (request, params) => {
  const id = uuidOf(params.id)
  const { organisationId } = await authorise(request, 'runs.read')
  const { db } = server()
  const found = await run(db, organisationId, id)
  if (found === null) throw refuse('not-found', 'There is no such run.')
  const [items, progress, products] = await Promise.all([
    runItemsOf(db, organisationId, id),
    runProgress(db, organisationId, id),
    productResultsOf(db, organisationId, id),
  ])
  return reply(runSchema, {
    ...shownRun(found),
    stopRequestedBy: found.stopRequestedBy,
    progress: found.kind === 'products' ? { done: found.done, total: found.total } : progress,
    counts: found.counts,
    products: products.map(({ organisationId: _, runId: __, ...product }) => product),
    customers: items.map(({ plans, ...item }) => ({
      agreementId: item.agreementId,
      agreementName: item.agreementName,
      companyId: item.companyId,
      companyName: item.companyName,
      tenantIds: [...item.tenantIds],
      state: item.state,
      status: item.status,
      message: item.message,
      detail: item.detail,
      remedy: item.remedy,
      reference: item.reference,
      doing: item.doing,
      periods: [...plans],
    })),
  })
})
