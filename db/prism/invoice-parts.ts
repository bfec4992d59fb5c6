/** What of an invoice is not simply synced by the month, for who looks at it as a whole. */
import { and, eq, sql } from 'drizzle-orm'
import type { Cycle } from '#lib/billing/motion.ts'
import type { Money } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { invoiceLines } from './invoice-tables.ts'

/** Lines of an invoice that say the same of their cycle and term, those below zero apart; sums of cost and retail price. */
export interface InvoicePart extends Cycle {
  readonly invoiceId: string
  readonly offersAzure: boolean
  readonly isNegative: boolean
  readonly lines: number
  readonly cost: Money
  readonly price: Money
}

export const invoiceParts = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceIds: readonly string[],
): Promise<InvoicePart[]> => {
  if (invoiceIds.length === 0) return []
  const { invoiceId, billingCycle, termDuration, termUnit, offerName, cost, price, quantity } = invoiceLines
  const offersAzure = sql<boolean>`lower(trim(${offerName})) LIKE 'azure%'`
  const isNegative = sql<boolean>`least(${quantity}, ${cost}, ${price}) < 0`
  return db
    .select({
      invoiceId,
      billingCycle,
      termDuration,
      termUnit,
      offersAzure,
      isNegative,
      lines: sql<number>`count(*)::int`,
      cost: sql<Money>`trim_scale(sum(${cost}))::text`,
      price: sql<Money>`trim_scale(sum(${price}))::text`,
    })
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.organisationId, organisationId),
        eq(invoiceLines.program, program),
        isOneOf(invoiceId, invoiceIds),
      ),
    )
    .groupBy(invoiceId, billingCycle, termDuration, termUnit, offersAzure, isNegative)
}
