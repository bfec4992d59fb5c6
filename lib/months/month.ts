/** A month as it is stored, for what a person says of it (J5). */
import type { Database } from '#db/client.ts'
import type { MonthOf } from '#db/months/month-sql.ts'
import { type MonthInvoice, monthInvoice, monthSources } from '#db/months/months.ts'
import { ProductError } from '#lib/base/errors.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Amount, Period } from '#lib/billing/types.ts'
import {
  type Equation,
  type Invoiced,
  type MonthFacts,
  monthOf,
  type OfNobody,
  type Standing,
} from '#lib/proof/month.ts'
import type { Terms } from '#lib/proof/terms.ts'

export interface MonthContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
  readonly now: () => Date
}

export type MonthKey = Omit<MonthOf, 'organisationId'>

/** Throws `not-found` where no invoice of the month can be used. */
export const requireInvoice = async (
  db: Database,
  { organisationId, program }: Pick<MonthContext, 'organisationId' | 'program'>,
  period: Period,
): Promise<MonthInvoice & { readonly of: MonthKey }> => {
  const found = await monthInvoice(db, organisationId, program, period)
  if (found === null)
    throw new ProductError('not-found', `No invoice for ${monthName(period)} usage can be used yet.`)
  return { ...found, of: { program, period, invoiceId: found.invoiceId } }
}

const noAmount = { cost: '0', price: '0' } as Amount

/** The month by `lib/proof`: another way to the same figures than the page's query. */
export const provedMonth = async (
  db: Database,
  organisationId: string,
  of: MonthKey,
  total: Amount,
): Promise<Equation> => {
  const { customers, nobodys, bills } = await monthSources(db, organisationId, of)
  const nobody = (term: OfNobody): Amount => nobodys.get(term) ?? noAmount
  const facts: MonthFacts = {
    total,
    customers: customers.map(({ term, ...each }): Invoiced => ({ ...each, standing: term as Standing })),
    nobodys: {
      unclaimed: nobody('unclaimed'),
      contested: nobody('contested'),
      nobodysLines: nobody('nobodysLines'),
      badLines: nobody('badLines'),
    },
    bills: bills.map((bill) => ({
      agreementId: bill.agreementId,
      invoiced: { cost: bill.invoicedCost, price: bill.invoicedPrice },
      taken: { cost: bill.takenCost, price: bill.takenPrice },
      billed: { cost: bill.billedCost, price: bill.billedPrice },
      terms: bill.terms as Terms,
      failing: bill.failing,
      waiting: bill.waiting,
      tenantIds: bill.tenantIds,
    })),
  }
  return monthOf(facts).equation
}
