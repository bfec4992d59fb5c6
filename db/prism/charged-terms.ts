/** What the newest invoice charges for terms (J12). */
import { and, desc, eq, gte, sql } from 'drizzle-orm'
import type { AnnualInvoice } from '#lib/billing/annual/annual-situation.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, InvoiceLine, Quantity } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { toLine } from './invoice-lines.ts'
import { invoiceLines, invoices } from './invoice-tables.ts'
import { prismSubscriptions } from './tables.ts'
import { termEnds } from './term-tables.ts'

/** A line with the name that it gives its customer. */
export type ChargedLine = InvoiceLine & {
  readonly customerName: string
  /** Of an annual invoice in use (J9); `null`: of the month's. */
  readonly atOnce: Pick<AnnualInvoice, 'issuedOn' | 'isTaken'> | null
}

/**
 * Lines of the newest usable invoice, in the order of its file, without those of a term of one month, unless their product's name may be
 * one of an extension. Which of them are what is asked for is decided by who asks.
 */
export const chargedTerms = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<ChargedLine[]> => {
  const [newest] = await db
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'ready'),
      ),
    )
    .orderBy(desc(invoices.period))
    .limit(1)
  if (newest === undefined) return []
  const rows = await db
    .select()
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.organisationId, organisationId),
        eq(invoiceLines.program, program),
        eq(invoiceLines.invoiceId, newest.id),
        sql`(${invoiceLines.termUnit} NOT ILIKE 'month%' OR btrim(${invoiceLines.termDuration}) <> '1'
          OR ${invoiceLines.billingCycle} NOT ILIKE 'monthly'
          OR ${invoiceLines.offerName} ILIKE ANY ('{%extended%,%(EST)%}'))`,
      ),
    )
    .orderBy(invoiceLines.row)
  return rows.map((row) => ({ ...named(row), atOnce: null }))
}

const named = (row: typeof invoiceLines.$inferSelect) => ({
  ...toLine(row),
  customerName: row.customerName || row.primaryDomainName,
})

/** Lines of annual invoices in use whose term is not over on a day, in the order in which PRISM issued them (J9). */
export const chargedAtOnce = async (
  db: Database,
  organisationId: string,
  program: string,
  today: Day,
): Promise<ChargedLine[]> => {
  const rows = await db
    .select({
      line: invoiceLines,
      invoicedOn: invoices.invoicedOn,
      period: invoices.period,
      takenAt: invoices.takenAt,
    })
    .from(invoices)
    .innerJoin(
      invoiceLines,
      and(
        eq(invoiceLines.organisationId, invoices.organisationId),
        eq(invoiceLines.program, invoices.program),
        eq(invoiceLines.invoiceId, invoices.id),
      ),
    )
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'annual'),
        gte(invoiceLines.last, today),
      ),
    )
    .orderBy(invoices.invoicedOn, invoices.id, invoiceLines.row)
  return rows.map(({ line, takenAt, ...of }) => ({
    ...named(line),
    atOnce: { issuedOn: issuedOnOf(of), isTaken: takenAt !== null },
  }))
}

export interface ListedSubscription {
  readonly id: SubscriptionKey
  readonly tenantId: string
  readonly productId: string
  readonly productName: string
  readonly current: boolean
  readonly listedQuantity: Quantity | null
  readonly firstPurchased: Day | null
  /** When its term ends, as a person said. */
  readonly saidEnd: Day | null
}

/** What is stored of subscriptions beside their lines. */
export const listedSubscriptions = async (
  db: Database,
  organisationId: string,
  program: string,
  ids: readonly SubscriptionKey[],
): Promise<ListedSubscription[]> =>
  db
    .select({
      id: prismSubscriptions.id,
      tenantId: prismSubscriptions.tenantId,
      productId: prismSubscriptions.productId,
      productName: prismSubscriptions.productName,
      current: prismSubscriptions.current,
      listedQuantity: prismSubscriptions.listedQuantity,
      firstPurchased: prismSubscriptions.firstPurchased,
      saidEnd: termEnds.endsOn,
    })
    .from(prismSubscriptions)
    .leftJoin(
      termEnds,
      and(
        eq(termEnds.organisationId, prismSubscriptions.organisationId),
        eq(termEnds.program, prismSubscriptions.program),
        eq(termEnds.subscriptionId, prismSubscriptions.id),
      ),
    )
    .where(
      and(
        eq(prismSubscriptions.organisationId, organisationId),
        eq(prismSubscriptions.program, program),
        isOneOf(prismSubscriptions.id, ids),
      ),
    )

/** When a subscription's term ends, as a person says; `null`: as it is counted. What was said before; `null`: nothing. */
export const putTermEnd = async (
  tx: Database,
  organisationId: string,
  program: string,
  of: { readonly subscriptionId: string; readonly endsOn: Day | null; readonly saidBy: string },
): Promise<Day | null> => {
  const key = { organisationId, program, subscriptionId: subscriptionKey(of.subscriptionId) }
  const [before] = await tx
    .delete(termEnds)
    .where(
      and(
        eq(termEnds.organisationId, organisationId),
        eq(termEnds.program, program),
        eq(termEnds.subscriptionId, key.subscriptionId),
      ),
    )
    .returning({ endsOn: termEnds.endsOn })
  if (of.endsOn !== null) await tx.insert(termEnds).values({ ...key, endsOn: of.endsOn, saidBy: of.saidBy })
  return before?.endsOn ?? null
}
