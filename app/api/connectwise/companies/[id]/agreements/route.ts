import { authorise, idOf, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { agreementUses } from '#app/views/mapping.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import { agreementsQuerySchema, agreementsSchema } from '../../../../schemas/connectwise.ts'

export const GET = route<{ id: string }>(async (request, params) => {
  const companyId = idOf(params.id)
  const { organisationId } = await authorise(request, 'customers.map')
  const { program, tenantId } = queryOf(request, agreementsQuerySchema)
  const { client } = await connectWiseOf(organisationId)
  const useOf = await agreementUses(organisationId, programOf(program).slug, tenantId ?? null)
  const { records, unreadable } = await client.agreements(companyId)
  return reply(agreementsSchema, {
    agreements: records.map((agreement) => ({
      id: agreement.id,
      name: agreement.name,
      type: agreement.type,
      status: agreement.status,
      findings: agreementFindings(agreement, useOf(agreement.id)),
    })),
    unreadable: [...unreadable],
  })
})
