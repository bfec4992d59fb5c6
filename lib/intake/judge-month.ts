/** Which invoice of a usage month is the standard one (F1): the only one, or none until a person picks. */
import type { Invoice, InvoiceReason } from '#db/prism/invoices.ts'
import type { Period } from '#lib/billing/types.ts'

export interface Decision {
  readonly id: string
  readonly set: {
    readonly state: 'ready' | 'held'
    readonly reasonCode: InvoiceReason | null
    readonly reason: string | null
    readonly row: number | null
    readonly column: string | null
  }
}

const ready = (id: string): Decision => ({
  id,
  set: { state: 'ready', reasonCode: null, reason: null, row: null, column: null },
})
const held = (id: string, reasonCode: InvoiceReason, reason: string): Decision => ({
  id,
  set: { state: 'held', reasonCode, reason, row: null, column: null },
})

/** Loaded and not decided about, or held only for another one, which may have been excluded since. */
export const isUndecided = ({ state, reasonCode }: Invoice): boolean =>
  state === 'loaded' || (state === 'held' && (reasonCode === 'candidates' || reasonCode === 'reissue'))

/** It has nothing that could be synced; other content under the same id takes its place. */
export const isPlaceholder = ({ state, reasonCode }: Invoice): boolean =>
  state === 'refused' || state === 'unread' || (state === 'held' && reasonCode === 'no-lines')

/**
 * Decides about the invoices of one month that are loaded, and again about those that waited for another one.
 * @param month all stored invoices of the month; ignored ones do not count
 */
export const decideMonth = (month: readonly Invoice[]): Decision[] => {
  const all = month.filter((each) => each.state !== 'ignored')
  return all.filter(isUndecided).map((each) => decideCandidate(each, all))
}

const decideCandidate = (candidate: Invoice, all: readonly Invoice[]): Decision => {
  // A corrected file takes the place of the refused one with the same id; a refused one with another id is still a rival.
  const rivals = all.filter(
    (each) =>
      each.id !== candidate.id &&
      each.state !== 'excluded' &&
      each.state !== 'superseded' &&
      !(isPlaceholder(each) && each.prismInvoiceId === candidate.prismInvoiceId),
  )
  const used = rivals.find((each) => each.state === 'ready')
  if (used)
    return held(
      candidate.id,
      'reissue',
      `Invoice ${used.id} of the same usage month is in use; pick which one is to be.`,
    )
  if (rivals.length > 0)
    return held(
      candidate.id,
      'candidates',
      `There is another invoice for the same usage month: ${rivals.map((each) => each.id).join(', ')}.`,
    )
  return ready(candidate.id)
}

/** What says how far a mapped tenant is. */
interface Reached {
  readonly firstPeriod: Period | null
  readonly attemptedInvoiceId: string | null
  /** The last month that it is planned for, where it moved away. */
  readonly lastPeriod?: Period | null
}

export interface Usable {
  /** Ready invoices, oldest first, up to the month that is waited for. */
  readonly invoices: readonly Invoice[]
  /** The first month that is due, that PRISM has an invoice of, and that none is usable of; `null`: none. */
  readonly waitsFor: Period | null
}

/**
 * The invoices that tenants can take up, in order: a month whose invoice waits for a person or for PRISM holds the later ones,
 * until it is usable or excluded (F12; docs/billing-rules.md, "Late months"). One that comes behind what was
 * taken up already is late and holds nothing.
 * @param all every stored invoice of the program. @param mappings of one agreement
 */
export const usableInvoices = (all: readonly Invoice[], mappings: readonly Reached[]): Usable => {
  const readyOnes = all
    .filter((each) => each.state === 'ready')
    .sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : 0))
  const latest = readyOnes.at(-1)?.period
  const months = new Set(readyOnes.map((each) => each.period))
  const waiting = all
    .filter(
      (each) => ['loaded', 'held', 'refused', 'unread'].includes(each.state) && !months.has(each.period),
    )
    .map((each) => each.period)
    .sort()
  const firstFor = ({ firstPeriod, attemptedInvoiceId, lastPeriod = null }: Reached): Period | undefined => {
    const first = firstPeriod ?? latest
    const reached = all.find((each) => each.id === attemptedInvoiceId)?.period
    return waiting.find(
      (period) =>
        first !== undefined &&
        period >= first &&
        (reached === undefined || period > reached) &&
        (lastPeriod === null || period <= lastPeriod),
    )
  }
  const [waitsFor = null] = mappings.flatMap((each) => firstFor(each) ?? []).sort()
  return {
    invoices: readyOnes.filter(({ period }) => waitsFor === null || period < waitsFor),
    waitsFor,
  }
}
