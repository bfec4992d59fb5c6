import { z } from 'zod'
import { server } from '#app/server/process.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { shownInvoice } from '#app/server/shown-invoice.ts'
import { invoicesOf } from '#db/queries/invoices.ts'
import { programSettings } from '#db/queries/programs.ts'
import { programs } from '#lib/programs/registry.ts'
import { invoicesSchema } from '../schemas/invoices.ts'

const querySchema = z.object({ program: z.string().default(programs[0].slug) })

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'invoices.read')
  const program = programOf(queryOf(request, querySchema).program)
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
