import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { server } from '#app/process/process.ts'
import type { Database } from '#db/client.ts'
import { writtenAnnual } from '#db/ledger/carried-lines.ts'
import { type GuardSummary, guardSummaries } from '#db/mappings/guard-verdicts.ts'
import { badLinesOf, type ShownBadLine } from '#db/prism/invoice-lines.ts'
import { type InvoicePart, invoiceParts } from '#db/prism/invoice-parts.ts'
import { type Invoice, invoice, invoicesOf } from '#db/prism/invoices.ts'
import { openLinesOf } from '#db/prism/line-claims.ts'
import { programSettings } from '#db/prism/programs.ts'
import { type StoredSetAside, setAsideOf } from '#db/prism/set-aside.ts'
import { ProductError } from '#lib/base/errors.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import { isAnnual } from '#lib/billing/classify.ts'
import { amount, pair, sumPairs } from '#lib/billing/decimal.ts'
import type { HeldCredits } from '#lib/billing/held-credits.ts'
import type { Amount, Day } from '#lib/billing/types.ts'
import { creditsOf } from '#lib/inbox/of-invoices.ts'
import { programOptions } from '#lib/intake/context.ts'
import { searchWord } from '#lib/matching/names.ts'
import type { Program } from '#lib/programs/registry.ts'

/** An invoice as the API and the program's page show it: its state, and why it is in it. */
const shown = (
  of: Invoice,
  badLines: readonly ShownBadLine[],
  openLines: Awaited<ReturnType<typeof openLinesOf>>,
  guards: readonly GuardSummary[],
  atOnce: AtOnce,
  credits: HeldCredits | null,
): ShownInvoice => ({
  id: of.id,
  prismInvoiceId: of.prismInvoiceId,
  programName: of.programName,
  kind: of.kind,
  period: of.period,
  invoicedOn: of.invoicedOn,
  state: of.state,
  reasonCode: of.reasonCode,
  reason: of.reason,
  row: of.row,
  column: of.column,
  lineCount: of.lineCount,
  totalCost: of.totalCost,
  totalPrice: of.totalPrice,
  detectedAt: of.detectedAt.toISOString(),
  decidedBy: of.decidedBy,
  unreadSince: of.unreadSince?.toISOString() ?? null,
  unreadReason: of.unreadReason,
  badLines: badLines
    .filter(({ invoiceId }) => invoiceId === of.id)
    .map(({ invoiceId: _, tenantId: __, ...line }) => line),
  ...openOf(openLines.filter(({ invoiceId }) => invoiceId === of.id)),
  guard: guardOf(guards.find(({ invoiceId }) => invoiceId === of.id)),
  atOnce: atOnceOf(of, atOnce),
  heldCredits: credits,
})

/** What tells whether an annual invoice is carried. */
interface AtOnce {
  readonly since: Day | null
  /** PRISM's ids of those of which something is written. */
  readonly written: ReadonlySet<string>
}

const atOnceOf = (of: Invoice, { since, written }: AtOnce): ShownInvoice['atOnce'] => {
  if (of.state !== 'annual') return null
  const issuedOn = issuedOnOf(of)
  const isTaken = of.takenAt !== null
  const isCarried = isDue({ issuedOn, isTaken }, { options: { annualTermsAtOnce: since } })
  return {
    issuedOn,
    is: isCarried ? 'carried' : since === null ? 'off' : 'before',
    since,
    takenBy: of.takenBy,
    isWritten: written.has(of.prismInvoiceId),
  }
}

const atOnceFor = async (
  db: Database,
  organisationId: string,
  program: string,
  invoices: readonly Invoice[],
): Promise<AtOnce> => {
  const taken = invoices.flatMap((each) => (each.takenAt === null ? [] : [each.prismInvoiceId]))
  const [settings, written] = await Promise.all([
    programSettings(db, organisationId, program),
    writtenAnnual(db, organisationId, program, taken),
  ])
  return { since: settings?.annualTermsAtOnce ?? null, written }
}

const openOf = (
  all: Awaited<ReturnType<typeof openLinesOf>>,
): Pick<ShownInvoice, 'openLines' | 'unclaimed'> => ({
  openLines: all.map(({ invoiceId: _, unclaimed: __, customers, ...line }) => ({
    ...line,
    customers: [...customers],
    search: searchWord(customers[0] ?? line.customerName),
  })),
  unclaimed: all.some(({ is }) => is === 'unclaimed') ? (all[0]?.unclaimed ?? null) : null,
})

const guardOf = (found: GuardSummary | undefined): ShownInvoice['guard'] => {
  if (found === undefined) return null
  const { invoiceId: _, period: __, ...guard } = found
  return guard
}

/** A record of PRISM's list of invoices that is none to work with; it is ignored, and never silently (F1). */
const shownSetAside = ({ record, reason }: StoredSetAside, seenAt: string): ShownInvoice => ({
  id: record,
  prismInvoiceId: record,
  programName: '',
  kind: 'monthly',
  period: null,
  invoicedOn: null,
  state: 'ignored',
  reasonCode: 'set-aside',
  reason: `What PRISM lists of it is not complete: ${reason}.`,
  row: null,
  column: null,
  lineCount: 0,
  totalCost: null,
  totalPrice: null,
  detectedAt: seenAt,
  decidedBy: null,
  unreadSince: null,
  unreadReason: null,
  badLines: [],
  openLines: [],
  unclaimed: null,
  guard: null,
  atOnce: null,
  heldCredits: null,
})

/** All invoices of the program, the newest usage month first, and last what PRISM lists and is none to work with. */
export async function shownInvoices(organisationId: string, program: string): Promise<ShownInvoice[]> {
  const { db } = server()
  const [invoices, guards, aside] = await Promise.all([
    invoicesOf(db, organisationId, program),
    guardSummaries(db, organisationId, program),
    setAsideOf(db, organisationId, program),
  ])
  const ids = invoices.map(({ id }) => id)
  const [badLines, openLines, atOnce, credits] = await Promise.all([
    badLinesOf(db, organisationId, program, ids),
    openLinesOf(db, organisationId, program, ids),
    atOnceFor(db, organisationId, program, invoices),
    creditsOf({ db, organisationId, program }, invoices),
  ])
  return [
    ...invoices.map((each) => shown(each, badLines, openLines, guards, atOnce, credits.get(each.id) ?? null)),
    ...aside
      .filter(({ list }) => list === 'invoices')
      .map((each) => shownSetAside(each, each.seenAt.toISOString())),
  ]
}

/** An invoice with what of it is not synced by the month; `null`: nothing. */
export interface WholeInvoice extends ShownInvoice {
  readonly annual: Apart | null
  readonly credits: Apart | null
}

interface Apart extends Amount {
  readonly lines: number
}

/** As `shownInvoices`, each with its annual terms (F4) and its lines below zero (F1). */
export async function wholeInvoices(organisationId: string, program: Program): Promise<WholeInvoice[]> {
  const { db } = server()
  const [invoices, { annualTermsMonthly }] = await Promise.all([
    shownInvoices(organisationId, program.slug),
    programOptions(db, organisationId, program),
  ])
  const read = invoices.filter(({ lineCount }) => lineCount > 0).map(({ id }) => id)
  const parts = Map.groupBy(
    await invoiceParts(db, organisationId, program.slug, read),
    ({ invoiceId }) => invoiceId,
  )
  return invoices.map((invoice) => {
    const own = parts.get(invoice.id) ?? []
    const isApart = (part: InvoicePart): boolean =>
      invoice.kind === 'monthly' && !part.offersAzure && isAnnual(part, annualTermsMonthly)
    return {
      ...invoice,
      annual: sumOf(own.filter((part) => !part.isNegative && isApart(part))),
      credits: sumOf(own.filter((part) => part.isNegative)),
    }
  })
}

const sumOf = (parts: readonly InvoicePart[]): Apart | null =>
  parts.length === 0
    ? null
    : { lines: parts.reduce((sum, { lines }) => sum + lines, 0), ...amount(sumPairs(parts.map(pair))) }

/** Throws `not-found`. */
export async function shownInvoice(
  organisationId: string,
  program: string,
  id: string,
): Promise<ShownInvoice> {
  const { db } = server()
  const found = await invoice(db, organisationId, program, id)
  if (found === null) throw new ProductError('not-found', `There is no invoice ${id}.`)
  const [credits, badLines, openLines, guards, atOnce] = await Promise.all([
    creditsOf({ db, organisationId, program }, [found]),
    badLinesOf(db, organisationId, program, [id]),
    openLinesOf(db, organisationId, program, [id]),
    guardSummaries(db, organisationId, program),
    atOnceFor(db, organisationId, program, [found]),
  ])
  return shown(found, badLines, openLines, guards, atOnce, credits.get(id) ?? null)
}
