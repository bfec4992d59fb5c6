/** The day on which PRISM issued an annual invoice. */
import { firstDay } from '../days.ts'
import type { Day, Period } from '../types.ts'

/**
 * [inferred] PRISM's list has no day of issue: BillingPeriodStart is taken for it (docs/facts/prism.md, "Invoice list"). Where it gives
 * none it is the first day of the usage month, so that what may be older than the day on which these terms were switched on is never
 * carried by itself: a person can take it over.
 */
export const issuedOnOf = (of: { readonly invoicedOn: Day | null; readonly period: Period }): Day =>
  of.invoicedOn ?? firstDay(of.period)
