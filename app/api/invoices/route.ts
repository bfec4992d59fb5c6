import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { shownInvoices } from '#app/views/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
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
