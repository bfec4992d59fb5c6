import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { lookForInvoices, runJobsAfterwards } from '#app/process/worker.ts'
import { shownInvoice } from '#app/views/invoices.ts'
import { readInvoiceAgain } from '#lib/intake/pick.ts'
import { invoiceSchema } from '../../../schemas/invoices.ts'
import { programQuerySchema } from '../../../schemas/programs.ts'

export const maxDuration = 60

/** Has PRISM asked for an invoice's file again, now, and answers with what came of it (F1). */
export const POST = route<{ id: string }>(async (request, { id: invoiceId }) => {
  const { organisationId, actor } = await authorise(request, 'invoices.decide')
  const program = programOf(queryOf(request, programQuerySchema).program)
  const { db } = server()
  await readInvoiceAgain({ db, organisationId, program: program.slug, invoiceId, actor, now: new Date() })
  await lookForInvoices(organisationId, program.slug, { kind: 'customers', agreementIds: [] })
  runJobsAfterwards()
  return reply(invoiceSchema, await shownInvoice(organisationId, program.slug, invoiceId))
})
