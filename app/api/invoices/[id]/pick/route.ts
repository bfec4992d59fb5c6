import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { shownInvoice } from '#app/views/invoices.ts'
import { pickInvoice } from '#lib/intake/pick.ts'
import { invoiceSchema } from '../../../schemas/invoices.ts'
import { programQuerySchema } from '../../../schemas/programs.ts'

/** A person's word about an invoice that waits for it (F1). */
export const POST = route<{ id: string }>(async (request, { id: invoiceId }) => {
  const { organisationId, actor } = await authorise(request, 'invoices.decide')
  const program = programOf(queryOf(request, programQuerySchema).program)
  const { db } = server()
  await pickInvoice({ db, organisationId, program: program.slug, invoiceId, actor, now: new Date() })
  return reply(invoiceSchema, await shownInvoice(organisationId, program.slug, invoiceId))
})
