/**
 * Whether an agreement bills as the plan assumes: each rule one sentence that names the field and the remedy.
 *
 * What decides the bill is judged for a usage period, by the one function `unfitness`, at every mapping, preview and sync
 * (F13; docs/billing-rules.md, "Fit for P"); `agreementFindings` adds what a person is told before mapping it
 * (A5).
 */
import { currencyCodeOf } from './currency.ts'
import { firstDay, periodOf } from './days.ts'
import { shortDay } from './format.ts'
import { agreementMustReach } from './still-wrong.ts'
import type { Agreement, Day, Period } from './types.ts'

export interface AgreementFinding {
  readonly code: string
  /** An `error` speaks against it; a `note` is only worth knowing. */
  readonly severity: 'error' | 'note'
  /** As ConnectWise's screen labels it. */
  readonly field: string
  readonly message: string
  readonly remedy: string
  /** The date that it has now, and the one that it must have; left out where the message says both. */
  readonly stillWrong?: string
}

export interface AgreementUse {
  /** Today; it stands for the first usage where none is known. */
  readonly today: Day
  /** The usage period that would sync first; `null` where no stored invoice contains the customer. */
  readonly firstPeriod: Period | null
  /** The PRISM connection's currency code. */
  readonly currency: string
}

/** What speaks against mapping a customer to the agreement, and what is only worth knowing; empty where nothing does. */
export function agreementFindings(agreement: Agreement, use: AgreementUse): AgreementFinding[] {
  const from = use.firstPeriod === null ? use.today : firstDay(use.firstPeriod)
  return [
    ...unfitFrom(agreement, from, use.currency),
    ...dateFindings(agreement, use.firstPeriod),
    ...notes(agreement, from, use),
  ]
}

/**
 * Why the agreement cannot carry the usage of a period; empty where it can. One that has ended since is fit for the usage
 * that it still covers.
 * @param currency the PRISM connection's currency code
 */
export const unfitness = (agreement: Agreement, period: Period, currency: string): AgreementFinding[] =>
  unfitFrom(agreement, firstDay(period), currency)

const unfitFrom = (agreement: Agreement, first: Day, currency: string): AgreementFinding[] => [
  ...statusFindings(agreement, first),
  ...billingFindings(agreement),
  ...currencyFindings(agreement, currency),
]

const error = (code: string, field: string, message: string, remedy: string): AgreementFinding => ({
  code,
  severity: 'error',
  field,
  message,
  remedy,
})
const note = (code: string, field: string, message: string, remedy: string): AgreementFinding => ({
  ...error(code, field, message, remedy),
  severity: 'note',
})

/** Of an agreement with customers that ConnectWise does not have any more, or not under its company. */
export const goneFinding = (): AgreementFinding =>
  error(
    'gone',
    'Agreement',
    'The agreement is not in ConnectWise any more: it was deleted, or belongs to another company now. Nothing is billed through it.',
    'Map its customers to another agreement, or clear their mapping; where it was deleted by mistake, restore it in ConnectWise and sync again.',
  )

const isCancelled = ({ status, cancelled }: Agreement): boolean => cancelled || status === 'Cancelled'

/** That it is active, or ended on or after `first`. */
export function statusFindings(agreement: Agreement, first: Day): AgreementFinding[] {
  const { status, dateCancelled, endDate } = agreement
  if (isCancelled(agreement) && dateCancelled === null)
    return [
      error(
        'cancelled',
        'Agreement Status',
        'The agreement was cancelled.',
        'Pick another agreement, or reopen it in ConnectWise.',
      ),
    ]
  if (endDate !== null && endDate < first) return [endedFinding(agreement, endDate, first)]
  const mayHaveEnded = status === 'Expired' || isCancelled(agreement)
  if (status === 'Active' || (mayHaveEnded && endDate !== null)) return []
  return [
    error(
      'not-active',
      'Agreement Status',
      `The agreement's status is ${status || 'empty'}.`,
      'Set its status to Active in ConnectWise, or pick another agreement.',
    ),
  ]
}

function endedFinding(agreement: Agreement, endDate: Day, first: Day): AgreementFinding {
  const ended =
    isCancelled(agreement) && agreement.dateCancelled === endDate
      ? error(
          'cancelled',
          'Date Cancelled',
          `The agreement was cancelled on ${shortDay(endDate)}.`,
          'Pick another agreement, or reopen it in ConnectWise.',
        )
      : error(
          'ended',
          'Date End',
          `The agreement ended ${shortDay(endDate)}.`,
          'Pick another agreement, or move its ending date in ConnectWise.',
        )
  return { ...ended, stillWrong: agreementMustReach(ended.field, endDate, first) }
}

function billingFindings(agreement: Agreement): AgreementFinding[] {
  const { prorate, invoicingCycle, billsMonthly, billingCycle } = agreement
  const findings: AgreementFinding[] = []
  if (!billsMonthly)
    findings.push(
      error(
        'not-monthly',
        'Billing Cycle',
        `The agreement's billing cycle is ${billingCycle === '' ? 'empty' : `“${billingCycle}”`}, while PRISM bills by the month.`,
        'Set its billing cycle to Monthly in ConnectWise, or pick another agreement.',
      ),
    )
  if (!prorate)
    findings.push(
      error(
        'not-prorated',
        'Prorate Agreement',
        'The agreement does not prorate: additions that start inside a month would be billed in full.',
        'Tick “Prorate Agreement” on the agreement in ConnectWise.',
      ),
    )
  if (invoicingCycle === 'ContractYear')
    findings.push(
      error(
        'contract-year',
        'Cycle Based On',
        'The agreement is invoiced by contract years, while PRISM bills calendar months.',
        'Set its cycle to Calendar Year in ConnectWise.',
      ),
    )
  return findings
}

/** @param expected the PRISM connection's currency code */
export function currencyFindings({ currency }: Agreement, expected: string): AgreementFinding[] {
  const code = currency === null ? null : currencyCodeOf(currency)
  if (code === null || code === expected) return []
  return [
    error(
      'other-currency',
      'Currency',
      `The agreement is in ${code}, and PRISM invoices in ${expected}.`,
      `Pick an agreement in ${expected}.`,
    ),
  ]
}

function dateFindings(
  { startDate, billStartDate }: Agreement,
  firstPeriod: Period | null,
): AgreementFinding[] {
  if (firstPeriod === null) return []
  const first = firstDay(firstPeriod)
  const findings: AgreementFinding[] = []
  if (startDate >= first)
    findings.push(
      error(
        'starts-too-late',
        'Date Start',
        `The agreement starts ${shortDay(startDate)}, and the first usage to sync starts ${shortDay(first)}.`,
        `Set its Date Start to a day before ${shortDay(first)} in ConnectWise, or pick another agreement for the customer.`,
      ),
    )
  if (billStartDate !== null && billStartDate > first)
    findings.push(
      error(
        'bills-too-late',
        'Billing Start Date',
        `The agreement bills from ${shortDay(billStartDate)}, and the first usage to sync starts ${shortDay(first)}.`,
        `Set its Billing Start Date to ${shortDay(first)} or earlier in ConnectWise, or pick another agreement for the customer.`,
      ),
    )
  return findings
}

/** What is worth knowing before it is mapped. */
function notes(agreement: Agreement, from: Day, { firstPeriod }: AgreementUse): AgreementFinding[] {
  const { endDate, periodType, parentAgreementId, currency } = agreement
  const found: AgreementFinding[] = []
  if (firstPeriod !== null && endDate !== null && endDate >= from)
    found.push(
      note(
        'ended',
        'Date End',
        `The agreement ${periodOf(endDate) === firstPeriod ? 'covers its first usage only in part: it ends' : 'ends'} ${shortDay(endDate)}. Later usage is refused.`,
        'Move its ending date in ConnectWise, or pick another agreement before then.',
      ),
    )
  if (periodType === 'Future')
    found.push(
      note(
        'in-advance',
        'Billing Period',
        'The agreement is billed in advance: not recommended, changes appear one month later as adjustments.',
        'Bill it in arrears in ConnectWise, or leave it as it is.',
      ),
    )
  if (parentAgreementId !== null)
    found.push(
      note(
        'has-parent',
        'Parent Agreement',
        'The agreement belongs to a parent agreement: its additions appear on the parent’s invoice, and only when the parent is invoiced.',
        'Nothing to do if the parent is invoiced monthly too; otherwise pick an agreement of its own.',
      ),
    )
  if (currency !== null && currencyCodeOf(currency) === null)
    found.push(
      note(
        'currency-unknown',
        'Currency',
        `The agreement's currency is called “${currency}”, which could not be compared with PRISM's.`,
        'Look whether it is the currency that PRISM invoices in.',
      ),
    )
  return found
}
