import { authorise, idOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { mappingsOfCompany } from '#db/mappings/mappings.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { programs } from '#lib/programs/registry.ts'
import { companyContentSchema } from '../../../schemas/pod.ts'

/** A company's tenants and the agreements that they are mapped to, whatever the program. */
export const GET = route<{ id: string }>(async (request, params) => {
  const companyId = idOf(params.id)
  const { organisationId } = await authorise(request, 'pods.read')
  const mappings = await Promise.all(programs.map(({ slug }) => mappingsIn(organisationId, slug, companyId)))
  return reply(companyContentSchema, { mappings: mappings.flat() })
})

async function mappingsIn(organisationId: string, program: string, companyId: number) {
  const { db } = server()
  const mappings = await mappingsOfCompany(db, organisationId, program, companyId)
  const ids = mappings.map(({ tenantId }) => tenantId)
  const tenants = await tenantsByIds(db, organisationId, program, ids)
  const named = new Map(tenants.map(({ id, name, domain }) => [id, { id, name, domain }]))
  return mappings.map(({ tenantId, agreementId, agreementName, syncEnabled }) => ({
    program,
    tenant: named.get(tenantId) ?? { id: tenantId, name: tenantId, domain: '' },
    agreement: { id: agreementId, name: agreementName },
    syncEnabled,
  }))
}
