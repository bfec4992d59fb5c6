/** Whether an agreement carries annual invoices: A5 for its kind, billed once (J9; docs/billing-rules.md, "Annual invoices"). */
import { type AgreementFinding, currencyFindings, statusFindings } from '../agreement-rules.ts'
import type { Agreement, Day } from '../types.ts'

/** [inferred] By its name, as of monthly ones: ConnectWise's own is called One-Time; other spellings of it are taken, too. */
export const isOneTimeCycle = (name: string): boolean => /^\s*one[\s-]*time\s*$/i.test(name)

/**
 * Why an agreement cannot carry an annual invoice; empty where it can.
 * @param day the day on which its additions would be billed. @param currency the PRISM connection's currency code
 */
export const oneTimeUnfitness = (agreement: Agreement, day: Day, currency: string): AgreementFinding[] => [
  ...statusFindings(agreement, day),
  ...billingFindings(agreement),
  ...currencyFindings(agreement, currency),
]

/** Of an agreement that bills a customer by the month: an annual invoice needs one of its own. */
export const billsByTheMonth = (customer: string): AgreementFinding => ({
  code: 'bills-by-the-month',
  severity: 'error',
  field: 'Agreement',
  message: `It bills ${customer} by the month, and annual invoices need an agreement of their own.`,
  remedy: 'Pick another agreement, or make one with the billing cycle One-Time in ConnectWise.',
})

/** The other way round. */
export const carriesAnnual = (customer: string): AgreementFinding => ({
  code: 'carries-annual-invoices',
  severity: 'error',
  field: 'Agreement',
  message: `It carries the annual invoices of ${customer}, and what is billed by the month needs an agreement of its own.`,
  remedy: 'Pick another agreement.',
})

function billingFindings({ billingCycle, prorate }: Agreement): AgreementFinding[] {
  const found: AgreementFinding[] = []
  if (!isOneTimeCycle(billingCycle))
    found.push({
      code: 'not-one-time',
      severity: 'error',
      field: 'Billing Cycle',
      message: `The agreement's billing cycle is ${billingCycle === '' ? 'empty' : `“${billingCycle}”`}, while an annual invoice is billed once.`,
      remedy:
        'Pick an agreement with the billing cycle One-Time, or make one for the customer in ConnectWise.',
    })
  if (prorate)
    found.push({
      code: 'prorated',
      severity: 'error',
      field: 'Prorate Agreement',
      message: 'The agreement prorates: what PRISM charges for the term would be billed only in part.',
      remedy: 'Untick “Prorate Agreement” on the agreement in ConnectWise.',
    })
  return found
}
