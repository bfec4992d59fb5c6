/**
 * What ConnectWise has billed stays as it was billed (design.md 2a, "Days billed"): a day of an addition that an invoice covers
 * counts as in the last reading before that invoice, also where the addition was changed or deleted since; a day that none
 * covers yet counts as it is now. So an addition comes in pieces.
 */
import { type Held, hold, isCounted } from './additions.ts'
import { billHeld } from './bill.ts'
import { laterOf, monthEnd, nextDay } from './days.ts'
import { isZeroPair, money, type Pair, subtractPair, sumPairs, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import type { Addition, AgreementInvoice, Day, Finding, Period, Situation } from './types.ts'

/** The counted additions of an agreement, each as its pieces in order of days. */
export function heldAdditions({ additions, agreement, owned, invoices = [] }: Situation): Held[] {
  const ledger = new Map(owned.map((each) => [each.additionId, each]))
  const read = invoices.map(({ through, additions: then }) => ({ through, byId: byId(then) }))
  const now = byId(additions)
  const ids = new Set([...now.keys(), ...read.flatMap((each) => [...each.byId.keys()])])
  return [...ids].flatMap((id) => {
    const held = (addition: Addition): Held => hold(addition, agreement, ledger.get(id))
    const { pieces, from } = billedPieces(id, read, held)
    return withLive(pieces, now.get(id), held, from).filter(isCounted)
  })
}

type Reading = Pick<AgreementInvoice, 'through'> & { readonly byId: ReadonlyMap<number, Addition> }

const byId = (all: readonly Addition[]): ReadonlyMap<number, Addition> =>
  new Map(all.map((addition) => [addition.id, addition]))

/** What was billed of an addition, and the first day that is not billed yet (`null`: nothing is). */
function billedPieces(
  id: number,
  read: readonly Reading[],
  held: (addition: Addition) => Held,
): { pieces: Held[]; from: Day | null } {
  const pieces: Held[] = []
  let from: Day | null = null
  for (const { through, byId: then } of read) {
    const addition = then.get(id)
    if (addition === undefined) continue
    const piece = clipped(held(addition), from, through)
    if (piece !== null) pieces.push({ ...piece, writable: false })
    from = nextDay(through)
  }
  return { pieces, from }
}

/** Adds what is not billed yet, as it is now; changes of the addition are written through its last piece. */
function withLive(
  pieces: readonly Held[],
  now: Addition | undefined,
  held: (addition: Addition) => Held,
  from: Day | null,
): Held[] {
  if (now === undefined) return [...pieces]
  const live = clipped(held(now), from, null)
  const all = live === null ? [...pieces] : [...pieces, live]
  return all.map((piece, at) => ({ ...piece, addition: now, writable: at === all.length - 1 }))
}

/** The days of it from `from` to `through`, an end inside a month moved to the month's end as ConnectWise bills it; `null`: none. */
function clipped(held: Held, from: Day | null, through: Day | null): Held | null {
  const start = from === null ? held.start : laterOf(held.start, from)
  const billedTo = held.end === null ? null : through === null ? held.end : monthEnd(held.end)
  const end = through === null ? billedTo : billedTo === null || billedTo > through ? through : billedTo
  if (held.end !== null && held.end < held.start) return from === null && through === null ? held : null
  return end !== null && end < start ? null : { ...held, start, end }
}

/** Names each addition that ConnectWise has billed otherwise for a period than it would now. @param held additions in their pieces */
export function changedSinceBilled(
  { additions, agreement, invoices = [] }: Situation,
  held: readonly Held[],
  period: Period,
): Finding[] {
  if (invoices.length === 0) return []
  const now = byId(additions)
  const totalOf = (pieces: readonly Held[]): Pair => sumPairs(pieces.map((each) => billHeld(each, period)))
  return [...Map.groupBy(held, ({ id }) => id)].flatMap(([id, pieces]) => {
    const addition = now.get(id)
    const live = addition && hold(addition, agreement, undefined)
    const billed = totalOf(pieces)
    const would = live && isCounted(live) ? totalOf([live]) : zeroPair
    if (isZeroPair(subtractPair(billed, would))) return []
    return [findings.changedSinceBilled(id, period, money(billed.price), live ? money(would.price) : null)]
  })
}
