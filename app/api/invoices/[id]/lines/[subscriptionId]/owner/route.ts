import { authorise, bodyOf, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { shownInvoice } from '#app/views/invoices.ts'
import { setLineOwner } from '#lib/intake/line-owner.ts'
import { invoiceSchema, lineOwnerSchema } from '../../../../../schemas/invoices.ts'
import { programQuerySchema } from '../../../../../schemas/programs.ts'

/**
 * A person says whose a subscription's lines are that nothing else tells (docs/billing-rules.md,
 * "Whose line").
 */
export const PUT = route<{ id: string; subscriptionId: string }>(
  async (request, { id: invoiceId, subscriptionId }) => {
    const { organisationId, actor } = await authorise(request, 'invoices.decide')
    const program = programOf(queryOf(request, programQuerySchema).program)
    const { tenantId } = await bodyOf(request, lineOwnerSchema)
    const { db } = server()
    const of = { organisationId, program: program.slug, invoiceId, subscriptionId }
    await setLineOwner({ db, ...of, tenantId, actor, now: new Date() })
    return reply(invoiceSchema, await shownInvoice(organisationId, program.slug, invoiceId))
  },
)
