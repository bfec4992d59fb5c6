/** Which invoice of a usage month is the standard one (F1): the only one, or none until a person picks. */
import type { Invoice, InvoiceReason } from '#db/queries/invoices.ts'
import type { Loaded } from './load.ts'

export interface Decision {
  readonly id: string
  readonly set: {
    readonly state: 'ready' | 'held' | 'refused'
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

/**
 * Decides about the files just loaded, and again about those that waited for another one.
 * @param stored invoices of the month that were known before, ignored ones left out
 */
export const decideMonth = (stored: readonly Invoice[], loaded: readonly Loaded[]): Decision[] => {
  const own = loaded.flatMap(({ id, judgement }): Decision[] =>
    judgement.state === 'ready' ? [] : [{ id, set: { ...judgement } }],
  )
  const waiting = stored
    .filter(isWaiting)
    .map((each) => ({ id: each.id, prismInvoiceId: each.prismInvoiceId }))
  const candidates = [
    ...waiting,
    ...loaded
      .filter(({ judgement }) => judgement.state === 'ready')
      .map(({ id, header }) => ({ id, prismInvoiceId: header.id })),
  ]
  return [
    ...own,
    ...candidates.map((each) => decideCandidate(each, stored, [...waiting, ...loadedIds(loaded)])),
  ]
}

interface Candidate {
  readonly id: string
  readonly prismInvoiceId: string
}

const loadedIds = (loaded: readonly Loaded[]): Candidate[] =>
  loaded.map(({ id, header }) => ({ id, prismInvoiceId: header.id }))

const isWaiting = ({ state, reasonCode }: Invoice): boolean =>
  state === 'held' && (reasonCode === 'candidates' || reasonCode === 'reissue')

const decideCandidate = (
  candidate: Candidate,
  stored: readonly Invoice[],
  undecided: readonly Candidate[],
): Decision => {
  // A corrected file takes the place of the refused one with the same id; a refused one with another id is still a rival.
  const others = stored.filter(
    (each) =>
      each.id !== candidate.id &&
      !isWaiting(each) &&
      each.state !== 'excluded' &&
      each.state !== 'superseded' &&
      !(each.state === 'refused' && each.prismInvoiceId === candidate.prismInvoiceId),
  )
  const used = others.find((each) => each.state === 'ready')
  if (used)
    return held(
      candidate.id,
      'reissue',
      `Invoice ${used.id} of the same usage month is in use; pick which one is to be.`,
    )
  const rivals = [...others, ...undecided].filter((each) => each.id !== candidate.id).map((each) => each.id)
  if (rivals.length > 0)
    return held(
      candidate.id,
      'candidates',
      `There is another invoice for the same usage month: ${[...new Set(rivals)].join(', ')}.`,
    )
  return ready(candidate.id)
}
