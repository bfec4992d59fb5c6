import { server } from '#app/server/process.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { shownInvoice } from '#app/server/shown-invoice.ts'
import { invoicesOf } from '#db/queries/invoices.ts'
import { programSettings } from '#db/queries/programs.ts'
import { invoicesSchema } from '../schemas/invoices.ts'
import { programQuerySchema } from '../schemas/programs.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'invoices.read')
  const program = programOf(queryOf(request, programQuerySchema).program)
  const { db } = server()
  const [invoices, settings] = await Promise.all([
    invoicesOf(db, organisationId, program.slug),
    programSettings(db, organisationId, program.slug),
  ])
  return reply(invoicesSchema, {
    invoices: invoices.map(shownInvoice),
    lastCheckedAt: settings?.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: settings?.lastCheckError ?? null,
  })
})
