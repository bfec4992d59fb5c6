import { z } from 'zod'
import { server } from '#app/server/process.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { shownInvoice } from '#app/server/shown-invoice.ts'
import { programs } from '#lib/programs/registry.ts'
import { excludeInvoice } from '#lib/sync/pick.ts'
import { invoiceSchema } from '../../../schemas/invoices.ts'

const querySchema = z.object({ program: z.string().default(programs[0].slug) })

/** A person's word about an invoice that waits for it (F1). */
export const POST = route<{ id: string }>(async (request, { id: invoiceId }) => {
  const { organisationId, actor } = await authorise(request, 'invoices.decide')
  const program = programOf(queryOf(request, querySchema).program)
  const { db } = server()
  await excludeInvoice({ db, organisationId, program: program.slug, invoiceId, actor, now: new Date() })
  return reply(invoiceSchema, await shownInvoice(organisationId, program.slug, invoiceId))
})
