/** Whether an agreement can carry the additions (A5): each rule one sentence that names the field and the remedy. */
import { firstDay } from '#lib/billing/days.ts'
import type { Day, Period } from '#lib/billing/types.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'

export interface AgreementFinding {
  readonly code: string
  /** An `error` speaks against mapping it; a `note` is only worth knowing. */
  readonly severity: 'error' | 'note'
  /** As ConnectWise names it. */
  readonly field: string
  readonly message: string
  readonly remedy: string
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayText = (day: Day): string =>
  `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`

export interface AgreementUse {
  /** Today, which decides whether it has ended. */
  readonly today: Day
  /** The usage period that would sync first; `null` where no stored invoice contains the customer. */
  readonly firstPeriod: Period | null
  /** The PRISM connection's currency code. */
  readonly currency: string
}

/** What speaks against the agreement, and what is only worth knowing; empty where nothing does. */
export function agreementFindings(agreement: AgreementRecord, use: AgreementUse): AgreementFinding[] {
  return [
    ...statusFindings(agreement, use),
    ...billingFindings(agreement),
    ...dateFindings(agreement, use.firstPeriod),
    ...currencyFindings(agreement, use.currency),
  ]
}

const error = (code: string, field: string, message: string, remedy: string): AgreementFinding => ({
  code,
  severity: 'error',
  field,
  message,
  remedy,
})

/**
 * An agreement that has ended since is good for the usage it still covers; what counts is the first day that would be synced,
 * or today where no usage is known.
 */
function statusFindings(
  agreement: AgreementRecord,
  { today, firstPeriod }: AgreementUse,
): AgreementFinding[] {
  const { status, cancelled, dateCancelled, endDate } = agreement
  if (cancelled) {
    const when = dateCancelled === null ? '' : ` on ${dayText(dateCancelled)}`
    return [
      error(
        'cancelled',
        'agreementStatus',
        `The agreement was cancelled${when}.`,
        'Pick another agreement, or reopen it in ConnectWise.',
      ),
    ]
  }
  if (endDate !== null && endDate < today) return [endedFinding(endDate, firstPeriod)]
  if (status === 'Active' || (status === 'Expired' && endDate !== null)) return []
  return [
    error(
      'not-active',
      'agreementStatus',
      `The agreement's status is ${status || 'empty'}.`,
      'Set its status to Active in ConnectWise, or pick another agreement.',
    ),
  ]
}

function endedFinding(endDate: Day, firstPeriod: Period | null): AgreementFinding {
  const message = `The agreement ended ${dayText(endDate)}.`
  const remedy = 'Pick another agreement, or move its ending date in ConnectWise.'
  return firstPeriod !== null && endDate >= firstDay(firstPeriod)
    ? {
        code: 'ended',
        severity: 'note',
        field: 'endDate',
        message: `${message} Later usage is refused.`,
        remedy,
      }
    : error('ended', 'endDate', message, remedy)
}

function billingFindings({ prorate, invoicingCycle, periodType }: AgreementRecord): AgreementFinding[] {
  const findings: AgreementFinding[] = []
  if (!prorate) {
    findings.push(
      error(
        'not-prorated',
        'prorateFlag',
        'The agreement does not prorate: additions that start inside a month would be billed in full.',
        'Tick “Prorate Agreement” on the agreement in ConnectWise.',
      ),
    )
  }
  if (invoicingCycle === 'ContractYear') {
    findings.push(
      error(
        'contract-year',
        'invoicingCycle',
        'The agreement is invoiced by contract years, while PRISM bills calendar months.',
        'Set its invoicing cycle to Calendar Year in ConnectWise.',
      ),
    )
  }
  if (periodType === 'Future') {
    findings.push({
      code: 'in-advance',
      severity: 'note',
      field: 'periodType',
      message:
        'The agreement is billed in advance: not recommended, changes appear one month later as adjustments.',
      remedy: 'Bill it in arrears in ConnectWise, or leave it as it is.',
    })
  }
  return findings
}

function dateFindings(
  { startDate, billStartDate }: AgreementRecord,
  firstPeriod: Period | null,
): AgreementFinding[] {
  if (firstPeriod === null) return []
  const first = firstDay(firstPeriod)
  const findings: AgreementFinding[] = []
  if (startDate >= first) {
    findings.push(
      error(
        'starts-too-late',
        'startDate',
        `The agreement starts ${dayText(startDate)}, and the first usage to sync starts ${dayText(first)}.`,
        `Set its start date to a day before ${dayText(first)} in ConnectWise, or pick another agreement.`,
      ),
    )
  }
  if (billStartDate !== null && billStartDate > first) {
    findings.push(
      error(
        'bills-too-late',
        'billStartDate',
        `The agreement bills from ${dayText(billStartDate)}, and the first usage to sync starts ${dayText(first)}.`,
        `Set its billing start date to ${dayText(first)} or earlier in ConnectWise, or pick another agreement.`,
      ),
    )
  }
  return findings
}

/** ConnectWise gives a currency's name or its code: `Australian Dollars`, `AUD` or `AUD - …`; another text is not judged. */
function currencyFindings({ currency }: AgreementRecord, expected: string): AgreementFinding[] {
  const code = /\b[A-Z]{3}\b/.exec(currency ?? '')?.[0]
  if (code === undefined || code === expected) return []
  return [
    error(
      'other-currency',
      'currency',
      `The agreement is in ${code}, and PRISM invoices in ${expected}.`,
      `Pick an agreement in ${expected}.`,
    ),
  ]
}
