/**
 * Which invoice of a usage month is the standard one (F1): the only one, or none until a person picks. An annual one (J9) is no rival of
 * it, nor of other annual ones: only of what PRISM gave under the same id.
 */
import type { Invoice, InvoiceReason } from '#db/prism/invoices.ts'
import type { Period } from '#lib/billing/types.ts'

export interface Decision {
  readonly id: string
  readonly set: {
    readonly state: 'ready' | 'annual' | 'held'
    readonly reasonCode: InvoiceReason | null
    readonly reason: string | null
    readonly row: number | null
    readonly column: string | null
  }
}

const inUse = ({ id, kind }: Invoice): Decision => ({
  id,
  set: { state: usedState(kind), reasonCode: null, reason: null, row: null, column: null },
})
const held = (id: string, reasonCode: InvoiceReason, reason: string): Decision => ({
  id,
  set: { state: 'held', reasonCode, reason, row: null, column: null },
})

/** The state of one that is in use. */
export const usedState = (kind: Invoice['kind']): 'ready' | 'annual' =>
  kind === 'annual' ? 'annual' : 'ready'
const isUsed = ({ state }: Invoice): boolean => state === 'ready' || state === 'annual'

/** Whether of two invoices one can be in use: two of a usage month, or two contents under one id of which one is annual. */
export const excludeEachOther = (one: Invoice, other: Invoice): boolean =>
  one.id !== other.id &&
  (one.kind === 'monthly' && other.kind === 'monthly'
    ? one.period === other.period
    : one.prismInvoiceId === other.prismInvoiceId)

/** Loaded and not decided about, or held only for another one, which may have been excluded since. */
export const isUndecided = ({ state, reasonCode }: Invoice): boolean =>
  state === 'loaded' || (state === 'held' && (reasonCode === 'candidates' || reasonCode === 'reissue'))

/** It has nothing that could be synced; other content under the same id takes its place. */
export const isPlaceholder = ({ state, reasonCode }: Invoice): boolean =>
  state === 'refused' || state === 'unread' || (state === 'held' && reasonCode === 'no-lines')

/**
 * Decides about the invoices that are loaded, and again about those that waited for another one.
 * @param all the stored invoices; ignored ones do not count
 */
export const decideInvoices = (all: readonly Invoice[]): Decision[] =>
  all.filter(isUndecided).map((each) => decideCandidate(each, all))

const decideCandidate = (candidate: Invoice, all: readonly Invoice[]): Decision => {
  // A corrected file takes the place of the refused one with the same id; a refused one with another id is still a rival.
  const rivals = all.filter(
    (each) =>
      excludeEachOther(each, candidate) &&
      each.state !== 'ignored' &&
      each.state !== 'excluded' &&
      each.state !== 'superseded' &&
      !(isPlaceholder(each) && each.prismInvoiceId === candidate.prismInvoiceId),
  )
  const used = rivals.find(isUsed)
  const isContent = [candidate, ...rivals].some(({ kind }) => kind === 'annual')
  if (used)
    return held(
      candidate.id,
      'reissue',
      isContent
        ? `PRISM gave the same invoice with other content before, which is in use as ${used.id}; pick which one is to be.`
        : `Invoice ${used.id} of the same usage month is in use; pick which one is to be.`,
    )
  const ids = rivals.map((each) => each.id).join(', ')
  if (rivals.length > 0)
    return held(
      candidate.id,
      'candidates',
      isContent
        ? `There is another content of the same invoice: ${ids}.`
        : `There is another invoice for the same usage month: ${ids}.`,
    )
  return inUse(candidate)
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
 * @param stored every invoice of the program; annual ones are of no month. @param mappings of one agreement
 */
export const usableInvoices = (stored: readonly Invoice[], mappings: readonly Reached[]): Usable => {
  const all = stored.filter(({ kind }) => kind === 'monthly')
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
