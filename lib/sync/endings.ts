/** How a sync of an agreement ends when it does not end by itself. */
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period, Status } from '#lib/billing/types.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { SyncContext } from './context.ts'
import type { Stop } from './stop.ts'

/** How an item ended beside its plans: stopped, failed as a whole, or with nothing to say. */
export interface Ending {
  readonly status: Status
  readonly message: string | null
  readonly detail?: string
  readonly remedy?: string
  readonly reference?: string
  /** A write ended unknown, or a system was out of reach: `detect` looks again by itself. */
  readonly lookAgain?: boolean
  /** A person stopped it: it goes on when a person says so, or with the next invoice. */
  readonly isStopped?: boolean
}

/** E6: there is nothing to sync, and nothing wrong. */
export const nothingInvoiced: Ending = {
  status: 'No Change',
  message: 'No invoice contains this customer yet; additions come with the first that does.',
}

/** J9: the same of a One-Time agreement. @param isOn whether terms that are billed at once are carried at all */
export const noAnnualInvoice = (isOn: boolean): Ending => ({
  status: 'No Change',
  message: isOn
    ? 'No annual invoice of this customer is due here yet; additions come with the first that is.'
    : 'Annual terms billed at once are switched off, so nothing is written of annual invoices.',
})

/** F12: an invoice that is due waits for a person or for PRISM, and later months wait with it. */
export const waitsForInvoice = (period: Period): Ending => ({
  status: 'Warning',
  message: `The invoice for ${monthName(period)} usage cannot be used yet, so this month and later ones wait`,
  detail: 'Invoices are applied in chronological order.',
  remedy: 'The program’s page says why it waits: pick it, exclude it, or have it read again there.',
})

/** A write's outcome is not known, or what was written is not shown yet; the month says so. */
export const unanswered: Ending = { status: 'Error', message: null, lookAgain: true }

/** Where Sync of one customer was switched off, the agreement's other customers are synced by the next look. */
export const endingOfStop = ({ message, isOff }: Stop): Ending => ({
  status: 'Warning',
  message,
  lookAgain: isOff,
  isStopped: !isOff,
})

/** The ending of a month that was cut short, by a person or by what is not known; `null`: it was not. */
export const endingOfCut = ({ stop, end }: { readonly stop?: Stop; readonly end: string }): Ending | null => {
  if (stop !== undefined) return endingOfStop(stop)
  return end === 'unanswered' || end === 'not-shown' ? unanswered : null
}

/** The ending of an error. Throws those that end the attempt alone: another process is at it, or the database is away. */
export const endingOf = (ctx: Pick<SyncContext, 'log' | 'organisationId'>, error: unknown): Ending => {
  if (isDatabaseLost(error)) throw error
  if (!(error instanceof ProductError)) {
    const reference = ctx.log.unexpected(error, { organisationId: ctx.organisationId })
    const { meaning, remedy } = errorKinds.unexpected
    return { status: 'Error', message: meaning, detail: `Reference ${reference}`, remedy, reference }
  }
  if (error.code === 'lease-lost' || error.code === 'already-running') throw error
  const { meaning, remedy } = errorKinds[error.code]
  if (error instanceof ConnectWiseError && error.outcome === 'refused')
    return {
      status: 'Error',
      message: `ConnectWise returned an error response: ${error.message}`,
      detail: meaning,
      remedy,
    }
  return {
    status: 'Error',
    message: meaning,
    detail: error.detail,
    remedy,
    lookAgain: passing.includes(error.code),
  }
}

/** What may have passed by the next look, without anybody's doing. */
const passing: readonly string[] = [
  'connectwise-unreachable',
  'connectwise-unknown',
  'connectwise-unreadable',
  'connectwise-stale',
]
