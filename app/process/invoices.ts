/** A person's word about an invoice that waits for it (F1); each answers with the invoice as it is then. */
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import type { Reply } from '#app/contracts/table.ts'
import { programOf } from '#app/http/api-route.ts'
import { shownInvoice, shownInvoices } from '#app/views/invoices.ts'
import { loadsUnderWay } from '#db/prism/invoice-loads.ts'
import { programSettings } from '#db/prism/programs.ts'
import type { Principal } from '#lib/auth/actions.ts'
import type { Day } from '#lib/billing/types.ts'
import { setLineOwner } from '#lib/intake/line-owner.ts'
import { excludeInvoice, pickInvoice, readInvoiceAgain } from '#lib/intake/pick.ts'
import { leaveTakenInvoice, takeInvoice } from '#lib/intake/take-annual.ts'
import { server } from './process.ts'
import { lookForInvoices, runJobsAfterwards } from './worker.ts'

interface Asked {
  readonly principal: Principal
  readonly path: { readonly id: string }
  readonly query: { readonly program: string }
}

/** What the verbs take. Throws `not-found` where there is no such program. */
const of = ({ principal: { organisationId, actor }, path, query }: Asked) => ({
  db: server().db,
  organisationId,
  program: programOf(query.program).slug,
  invoiceId: path.id,
  actor,
  now: new Date(),
})

const shown = ({ organisationId, program, invoiceId }: ReturnType<typeof of>): Promise<ShownInvoice> =>
  shownInvoice(organisationId, program, invoiceId)

export async function listedInvoices({
  principal: { organisationId },
  query,
}: Pick<Asked, 'principal' | 'query'>): Promise<Reply<'GET /api/invoices'>> {
  const program = programOf(query.program).slug
  const [invoices, settings] = await Promise.all([
    shownInvoices(organisationId, program),
    programSettings(server().db, organisationId, program),
  ])
  return {
    invoices,
    lastCheckedAt: settings?.lastCheckedAt?.toISOString() ?? null,
    lastCheckError: settings?.lastCheckError ?? null,
  }
}

export async function loadingInvoices({
  principal: { organisationId },
  query,
}: Pick<Asked, 'principal' | 'query'>): Promise<Reply<'GET /api/invoices/loading'>> {
  return { loading: await loadsUnderWay(server().db, organisationId, programOf(query.program).slug) }
}

export async function pick(asked: Asked): Promise<ShownInvoice> {
  const invoice = of(asked)
  await pickInvoice(invoice)
  return shown(invoice)
}

export async function exclude(asked: Asked): Promise<ShownInvoice> {
  const invoice = of(asked)
  await excludeInvoice(invoice)
  return shown(invoice)
}

/** Takes over an annual invoice that was issued before these terms were switched on (J9). */
export async function take(asked: Asked): Promise<ShownInvoice> {
  const invoice = of(asked)
  await takeInvoice({ ...invoice, since: await sinceOf(invoice) })
  return shown(invoice)
}

export async function leaveTaken(asked: Asked): Promise<ShownInvoice> {
  const invoice = of(asked)
  await leaveTakenInvoice({ ...invoice, since: await sinceOf(invoice) })
  return shown(invoice)
}

const sinceOf = async ({ db, organisationId, program }: ReturnType<typeof of>): Promise<Day | null> =>
  (await programSettings(db, organisationId, program))?.annualTermsAtOnce ?? null

/** Has PRISM asked for its file again, now. */
export async function readAgain(asked: Asked): Promise<ShownInvoice> {
  const invoice = of(asked)
  const { organisationId, program } = invoice
  await readInvoiceAgain(invoice)
  await lookForInvoices(organisationId, program, { kind: 'customers', agreementIds: [] })
  runJobsAfterwards()
  return shown(invoice)
}

/** Says whose a subscription's lines are; `null`: nobody's. */
export async function giveLines(
  asked: Asked & {
    readonly path: { readonly subscriptionId: string }
    readonly body: { readonly tenantId: string | null }
  },
): Promise<ShownInvoice> {
  const invoice = of(asked)
  await setLineOwner({ ...invoice, subscriptionId: asked.path.subscriptionId, tenantId: asked.body.tenantId })
  return shown(invoice)
}
