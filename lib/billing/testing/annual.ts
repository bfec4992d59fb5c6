/** Annual invoices and One-Time agreements for tests. */
import type { AnnualInvoice, AnnualSituation } from '../annual/annual-situation.ts'
import { planAnnual } from '../annual/plan-annual.ts'
import { changesOf } from '../plan.ts'
import { simulate } from '../simulate.ts'
import type { Addition, Agreement, InvoiceLine, Money, PeriodPlan, Quantity } from '../types.ts'
import { agreement, day, line, situation } from './factories.ts'

export const oneTimeAgreement = (over: Partial<Agreement> = {}): Agreement =>
  agreement({
    id: 8,
    billingCycle: 'One-Time',
    billsMonthly: false,
    prorate: false,
    nextInvoiceDate: null,
    ...over,
  })

interface Charge {
  /** Unit cost and price for the whole term. */
  readonly unit?: readonly [number, number]
  /** Which part of the term is charged, of 365 days. */
  readonly days?: number
}

/** A line of a term of a year that is billed at once; a negative quantity gives back. */
export const annualLine = (
  seats: number,
  from: string,
  to: string,
  over: Partial<InvoiceLine> & Charge = {},
): InvoiceLine => {
  const { unit = [96, 120], days = 365, ...fields } = over
  const total = (each: number): string => {
    const cents = Math.round(Math.abs((each * seats * days * 100) / 365) + 1e-7)
    return `${seats < 0 && cents !== 0 ? '-' : ''}${cents / 100}`
  }
  return {
    ...line(1, '2026-09', 1, 30),
    first: day(from),
    last: day(to),
    quantity: `${seats}` as Quantity,
    unitCost: `${unit[0]}` as Money,
    unitPrice: `${unit[1]}` as Money,
    cost: total(unit[0]) as Money,
    price: total(unit[1]) as Money,
    billingCycle: 'Annual',
    termDuration: '1',
    termUnit: 'YEARS',
    ...fields,
  }
}

export const annualInvoice = (
  lines: readonly InvoiceLine[],
  over: Partial<AnnualInvoice> = {},
): AnnualInvoice => ({
  invoiceId: '90017',
  issuedOn: day('2026-09-17'),
  lines: lines.map((each, index) => ({ ...each, row: index + 2 })),
  ...over,
})

/** These terms were switched on with September 2026. */
export const annualSituation = (
  invoices: readonly AnnualInvoice[],
  over: Partial<AnnualSituation> = {},
): AnnualSituation => {
  const { currency, tenants, subscriptions, products, catalog, options } = situation()
  return {
    agreement: oneTimeAgreement(),
    currency,
    additions: [],
    owned: [],
    tenants,
    subscriptions,
    products,
    catalog,
    invoices,
    options: { defaults: options.defaults, annualTermsAtOnce: day('2026-09-01') },
    ...over,
  }
}

/** The plan of the only invoice, or of the last one. */
export const plannedOf = (of: AnnualSituation): PeriodPlan => {
  const planned = planAnnual(of).periods.at(-1)
  if (planned === undefined) throw new Error('an invoice gives a period')
  return planned
}

/** As ConnectWise and our ledger have it once the plan, or its first changes, are written. */
export const writtenTo = (of: AnnualSituation, howMany = Number.POSITIVE_INFINITY): AnnualSituation => {
  const changes = planAnnual(of).periods.flatMap(changesOf).slice(0, howMany)
  const { additions, owned, catalog } = of
  return { ...of, ...simulate({ additions, owned, catalog }, changes) }
}

/** Additions as they are billed, ids aside: quantity, unit price, day. */
export const asBilled = (additions: readonly Addition[]): string[] =>
  additions
    .map(
      ({ quantity, unitCost, unitPrice, effectiveDate, cancelledDate }) =>
        `${quantity} at ${unitCost}/${unitPrice} on ${effectiveDate}${effectiveDate === cancelledDate ? '' : ` to ${cancelledDate}`}`,
    )
    .sort()
