import type { Loading } from '#app/api/schemas/invoices.ts'
import { monthName } from '#lib/billing/format.ts'

/**
 * What is being read of PRISM's invoices, in a sentence without a full stop: the file that is furthest, as one is read at a time,
 * and how many wait. `null`: nothing is.
 */
export function loadingText(loading: Loading): string | null {
  const [first] = loading
  if (first === undefined) return null
  const { prismInvoiceId, period, lines, isWhole } = loading.find((each) => each.lines > 0) ?? first
  const read = `Reading PRISM’s invoice ${prismInvoiceId} for ${monthName(period)}`
  const count = lines.toLocaleString('en-GB')
  const far =
    lines === 0 ? '' : isWhole ? `: all ${count} lines, and whose they are` : `: ${count} lines so far`
  const others = loading.length - 1
  const waiting = others === 0 ? '' : `; ${others} more ${others === 1 ? 'waits' : 'wait'}`
  return `${read}${far}${waiting}`
}
