import { server } from '#app/server/process.ts'
import { authorise, idOf, reply, route } from '#app/server/route.ts'
import { mappingsOfCompany } from '#db/queries/mappings.ts'
import { tenantsByIds } from '#db/queries/tenants.ts'
import { companyContentSchema } from '../../../schemas/pod.ts'

/** A company's tenants and the agreements that they are mapped to. */
export const GET = route<{ id: string }>(async (request, params) => {
  const companyId = idOf(params.id)
  const { organisationId } = await authorise(request, 'pods.read')
  const { db } = server()
  const mappings = await mappingsOfCompany(db, organisationId, 'microsoft-csp', companyId)
  const tenants = await tenantsByIds(
    db,
    organisationId,
    'microsoft-csp',
    mappings.map(({ tenantId }) => tenantId),
  )
  const named = new Map(tenants.map(({ id, name, domain }) => [id, { id, name, domain }]))
  return reply(companyContentSchema, {
    mappings: mappings.map(({ tenantId, agreementId, agreementName, syncEnabled }) => ({
      tenant: named.get(tenantId) ?? { id: tenantId, name: tenantId, domain: '' },
      agreement: { id: agreementId, name: agreementName },
      syncEnabled,
    })),
  })
})
