/**
 * What ConnectWise has billed stays as it was billed (docs/billing-rules.md, "Days billed"): a day of an
 * addition that an invoice covers counts as in the last reading before that invoice, also where the addition
 * was changed or deleted since; a day that none covers yet counts as it is now. An invoice covers a month of
 * an addition that was active in it, as a whole (docs/facts/connectwise.md, "Proration"). So an addition
 * comes in pieces.
 */
import { type CountedAddition, hold, isCounted, isEverActive } from './additions.ts'
import { billHeld } from './bill.ts'
import { firstDay, laterOf, monthEnd, nextDay, periodOf, previousDay } from './days.ts'
import { decimal, isZeroPair, money, type Pair, subtractPair, sumPairs, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import type { Addition, AgreementInvoice, Day, Finding, Period, Situation } from './types.ts'

/** The counted additions of an agreement, each as its pieces in order of days; what is in doubt as it was read before the invoice. */
export function heldAdditions({
  additions,
  agreement,
  owned,
  invoices = [],
}: Pick<Situation, 'additions' | 'agreement' | 'owned' | 'invoices'>): CountedAddition[] {
  const ledger = new Map(owned.map((each) => [each.additionId, each]))
  const read = invoices.map(({ through, additions: then }) => ({ through, byId: additionsById(then) }))
  const now = additionsById(additions)
  const ids = new Set(now.keys())
  for (const { byId: then } of read) for (const id of then.keys()) ids.add(id)
  const held = (addition: Addition): CountedAddition => hold(addition, agreement, ledger.get(addition.id))
  const counted: CountedAddition[] = []
  for (const id of ids)
    for (const piece of withLive(billedPieces(id, read, held), now.get(id), held))
      if (isCounted(piece)) counted.push(piece)
  return counted
}

type Reading = Pick<AgreementInvoice, 'through'> & { readonly byId: ReadonlyMap<number, Addition> }

export const additionsById = (all: readonly Addition[]): ReadonlyMap<number, Addition> =>
  new Map(all.map((addition) => [addition.id, addition]))

/** What was billed of an addition: each invoice bills the months up to its own in which it was active and that none billed before. */
function billedPieces(
  id: number,
  read: readonly Reading[],
  held: (addition: Addition) => CountedAddition,
): CountedAddition[] {
  const pieces: CountedAddition[] = []
  for (const { through, byId: then } of read) {
    const addition = then.get(id)
    if (addition === undefined) continue
    const whole = held(addition)
    if (isOnNoInvoice(addition) || !isEverActive(whole)) continue
    const last = whole.end === null ? through : earlierOf(monthEnd(whole.end), through)
    for (const { start, end } of withoutMonthsOf(pieces, { start: whole.start, end: last }))
      pieces.push({ ...whole, start, end, billed: true, writable: false })
  }
  return pieces
}

/** Adds what is not billed yet, as it is now; changes of the addition are written through the last piece of that. */
function withLive(
  billed: readonly CountedAddition[],
  now: Addition | undefined,
  held: (addition: Addition) => CountedAddition,
): CountedAddition[] {
  if (now === undefined) return [...billed].sort(byStartOfPiece)
  const whole = held(now)
  if (billed.length === 0) return [whole]
  const live = withoutMonthsOf(billed, whole).map(({ start, end }) => ({ ...whole, start, end }))
  const written = live.at(-1) ?? billed.at(-1)
  return [...billed, ...live]
    .map((piece) => ({ ...piece, addition: now, writable: piece === written }))
    .sort(byStartOfPiece)
}

/** One without a quantity to bill is on no invoice [inferred], so that nothing of it is billed. */
export const isOnNoInvoice = ({ quantity, lessIncluded, billCustomer }: Addition): boolean =>
  billCustomer === 'DoNotBill' || decimal(quantity).eq(lessIncluded)

type Span = Pick<CountedAddition, 'start' | 'end'>

/** What is left of a span without the months in which one of the pieces is; an end of `null` is open. */
function withoutMonthsOf(pieces: readonly Span[], span: Span): Span[] {
  let left = span.end === null || span.start <= span.end ? [span] : []
  for (const { start, end } of pieces) {
    if (end === null) return []
    const [first, last] = [firstDay(periodOf(start)), monthEnd(end)]
    const rest: Span[] = []
    for (const each of left) {
      if (each.start < first) rest.push({ start: each.start, end: earliestEnd(each.end, previousDay(first)) })
      if (each.end === null || each.end > last)
        rest.push({ start: laterOf(each.start, nextDay(last)), end: each.end })
    }
    left = rest
  }
  return left
}

const earlierOf = (a: Day, b: Day): Day => (a < b ? a : b)
const earliestEnd = (a: Day | null, b: Day): Day => (a === null ? b : earlierOf(a, b))
const byStartOfPiece = (a: CountedAddition, b: CountedAddition): number =>
  a.start < b.start ? -1 : a.start > b.start ? 1 : 0

/** Whether nothing of it is left to look at: it was deleted, or cancelled before the window, after ConnectWise had billed it. */
export const isBilledAndOver = (
  pieces: readonly CountedAddition[],
  { first }: { readonly first: Day },
): boolean =>
  pieces.every(({ addition, billed, writable }) => {
    const end = addition?.cancelledDate ?? null
    return billed && (!writable || (end !== null && end < first))
  })

/**
 * Names each addition that ConnectWise has billed otherwise for a period than it would now; one of which nothing is billed is as it was.
 * @param additions those of the agreement now, by id. @param held additions in their pieces
 */
export function changedSinceBilled(
  {
    situation: { agreement },
    additions,
  }: {
    readonly situation: Pick<Situation, 'agreement'>
    readonly additions: ReadonlyMap<number, Addition>
  },
  held: readonly CountedAddition[],
  period: Period,
): Finding[] {
  if (!held.some((each) => each.billed)) return []
  const totalOf = (pieces: readonly CountedAddition[]): Pair =>
    sumPairs(pieces.map((each) => billHeld(each, period)))
  return [...Map.groupBy(held, ({ id }) => id)].flatMap(([id, pieces]) => {
    const addition = additions.get(id)
    const live = addition && hold(addition, agreement, undefined)
    const billed = totalOf(pieces)
    const would = live && isCounted(live) ? totalOf([live]) : zeroPair
    if (isZeroPair(subtractPair(billed, would))) return []
    return [findings.changedSinceBilled(id, period, money(billed.price), live ? money(would.price) : null)]
  })
}
