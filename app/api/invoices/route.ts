import { server } from '#app/server/process.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { shownInvoices } from '#app/server/shown-invoice.ts'
import { programSettings } from '#db/queries/programs.ts'
import { invoicesSchema } from '../schemas/invoices.ts'
import { programQuerySchema } from '../schemas/programs.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'invoices.read')
  const program = programOf(queryOf(request, programQuerySchema).program)
  const [invoices, settings] = await Promise.all([
    shownInvoices(organisationId, program.slug),
    programSettings(server().db, organisationId, program.slug),
  ])
  return reply(invoicesSchema, {
    invoices,
    lastCheckedAt: settings?.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: settings?.lastCheckError ?? null,
  })
})
