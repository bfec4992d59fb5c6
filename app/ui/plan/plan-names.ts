import { monthName, shortDay } from '#lib/billing/format.ts'
import type { PeriodPlan } from './shown.ts'

export type Planned = Pick<PeriodPlan, 'period' | 'invoiceId' | 'annual'>

/** What a plan is of, in words: `Annual invoice 12345 of 3 Sep 2026`, or the month. */
export const planTitle = ({ period, invoiceId, annual }: Planned): string =>
  annual === undefined ? monthName(period) : `Annual invoice ${invoiceId} of ${shortDay(annual.issuedOn)}`

/** Tells plans of a run from each other. */
export const planId = ({ period, invoiceId, annual }: Planned): string =>
  annual === undefined ? period : `${period}/${invoiceId}`

/** Why the bill of an annual invoice is not called right while nothing was compared. */
export const writtenNotInvoiced =
  'The additions bill what PRISM charges. Whether ConnectWise has invoiced them was not read yet.'

/** What ConnectWise says of an annual invoice, as the state of its bill. */
export const stateWord = (says: string | undefined): string =>
  says === undefined ? 'Cannot tell' : `${says.charAt(0).toUpperCase()}${says.slice(1)}`

/** A month as the API lists it. */
export const plannedOf = ({
  period,
  annual,
}: Pick<Planned, 'period'> & {
  readonly annual: (NonNullable<Planned['annual']> & Pick<Planned, 'invoiceId'>) | null
}): Planned =>
  annual === null
    ? { period, invoiceId: '' }
    : { period, invoiceId: annual.invoiceId, annual: { issuedOn: annual.issuedOn } }
