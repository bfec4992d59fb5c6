/**
 * What is done about one line of an annual invoice, by what was written of it before (docs/billing-rules.md, "Annual invoices"): it is
 * carried once; what a person changed stays; what a person deleted, and what may be billed already, is asked.
 */
import { type CountedAddition, hold } from '../additions.ts'
import { amount, isZeroPair, type Pair, quantity, zeroPair } from '../decimal.ts'
import type { AskedLine, CarriedLine, Change, CreateChange, Finding, Reconciliation, Term } from '../types.ts'
import * as findings from './annual-findings.ts'
import type { ByHand } from './by-hand.ts'
import { isCarriedBy, type Turn } from './carried.ts'
import { createOfLine, createTakingBack, type Drafting } from './line-addition.ts'
import { amountOf, type IdentifiedLine, isCredit } from './line-identity.ts'
import { failedMoney, isEdited, moneyOf, type Part, writtenTotal } from './line-money.ts'
import { billOnce } from './one-time-bill.ts'

export interface LineOutcome {
  /** `null`: the invoice does not have it any more. */
  readonly of: IdentifiedLine | null
  readonly changes: readonly Change[]
  readonly asked: AskedLine | null
  readonly findings: readonly Finding[]
  /** Once the changes are written. */
  readonly money: Reconciliation
  /** Where they are not, as something stops the subscription. */
  readonly failed: Reconciliation
}

/** What is known around the line. */
export interface LineContext {
  readonly is: Omit<CarriedLine, 'turn'>
  readonly of: IdentifiedLine | null
  /** The first one first. */
  readonly turns: readonly Turn[]
  readonly drafting: Drafting
  readonly agreement: Parameters<typeof hold>[1]
  /** A person's word on the next addition of the line. */
  readonly said: (turn: number) => 'carry' | 'leave' | null
  /** These terms are switched on for the invoice, and its customer syncs. */
  readonly mayWrite: boolean
  readonly awaitsPick: boolean
  readonly byHand: ByHand
  /** The turn whose addition an undo takes back; `null`: this line stays as it is. Left out: it is no undo. */
  readonly undoes?: number | null
  /** The invoice, issued before, that has the same line. */
  readonly twiceOn: string | null
  /** The lines that a credit takes back, where all of them are billed here; else none. */
  readonly origins: readonly IdentifiedLine[]
}

export const outcomeOf = (context: LineContext): LineOutcome => {
  const { of, turns } = context
  const latest = turns.at(-1)
  const odd = turns.find((turn) => turn.unreadable !== null)
  if (odd !== undefined) return unreadable(context, odd)
  if (context.undoes !== undefined) return undone(context, context.undoes)
  const isWanted = of !== null
  if (isWanted !== isCarriedBy(turns)) return of === null ? takenBack(context) : carried(context, of)
  return latest !== undefined && latest.held === null ? missing(context, latest) : settled(context)
}

const nextTurn = (turns: readonly Turn[], by: 1 | 2): number => (turns.at(-1)?.is.turn ?? 0) + by
const chargedBy = (of: IdentifiedLine | null): Pair => (of === null ? zeroPair : amountOf(of.line))

/** Without what was deleted and then carried again. */
const partsOf = (turns: readonly Turn[]): readonly Turn[] =>
  turns.filter(({ held, is }, at) => held !== null || turns[at + 1]?.is.turn !== is.turn + 2)

const partOf = (change: CreateChange, { agreement }: LineContext): Part => {
  const { sku: _, catalogItemId, ...fields } = change.addition
  const addition = { ...fields, id: -1, catalogItemId: catalogItemId ?? 0 }
  return { lots: change.lots, held: hold(addition, agreement, undefined) }
}

const keepsOf = (turns: readonly Turn[]): Change[] =>
  turns.flatMap(({ held }): Change[] =>
    held?.addition
      ? [{ kind: 'keep', reason: { rule: 'unchanged' }, additionId: held.id, addition: held.addition }]
      : [],
  )

const editedIn = (turns: readonly Turn[]): Finding[] =>
  turns
    .filter(isEdited)
    .map(({ additionId, lots, held }) =>
      findings.lineEdited(
        additionId,
        amount(writtenTotal(lots)),
        held === null ? null : amount(billOnce(held)),
      ),
    )

/** Nothing is to be written. */
const settled = (context: LineContext): LineOutcome => {
  const { of, turns } = context
  const parts = partsOf(turns)
  return {
    of,
    changes: keepsOf(parts),
    asked: null,
    findings: editedIn(parts),
    money: moneyOf(chargedBy(of), parts),
    failed: moneyOf(chargedBy(of), parts),
  }
}

/** What was written stays, and one more addition of the line is. */
const written = (context: LineContext, change: CreateChange): LineOutcome => {
  const { of, turns } = context
  const parts = partsOf(turns)
  // What it takes the place of is gone.
  const kept = parts.filter(({ held, is }) => held !== null || is.turn + 2 !== change.carries?.turn)
  return {
    of,
    changes: [...keepsOf(kept), change],
    asked: null,
    findings: editedIn(kept),
    money: moneyOf(chargedBy(of), [...kept, partOf(change, context)]),
    failed: failedMoney(chargedBy(of), kept),
  }
}

/** Nothing more is written: what is open of the line has a name. */
const open = ({ of, turns }: LineContext, term: Term, found: readonly Finding[] = []): LineOutcome => {
  const kept = partsOf(turns).filter(({ held }) => held !== null)
  const money = moneyOf(chargedBy(of), kept, term)
  return {
    of,
    changes: keepsOf(kept),
    asked: null,
    findings: [...found, ...editedIn(kept)],
    money,
    failed: money,
  }
}

/** The same until a person answers. @param change what a yes would write */
const asks = (
  context: LineContext,
  why: AskedLine['why'],
  turn: number,
  change: CreateChange,
  finding: Finding,
): LineOutcome => ({
  ...open(context, 'waiting', [finding]),
  asked: {
    line: { ...context.is, turn },
    row: context.of?.line.row ?? null,
    why,
    finding,
    changes: [change],
  },
})

/** What a run wrote is given back, however the line stands; it is billed otherwise from then on, until a person says another thing. */
const undone = (context: LineContext, turn: number | null): LineOutcome => {
  const { is, of, turns, drafting } = context
  const latest = turns.at(-1)
  const held = latest?.is.turn === turn ? latest.held : null
  if (latest === undefined || held === null || isZeroPair(billOnce(held)))
    return open(context, 'billedElsewhere')
  const product = {
    ...drafting.product,
    catalogItemId: held.addition?.catalogItemId ?? drafting.product.catalogItemId,
    taxable: held.taxable,
  }
  const next = { ...is, turn: latest.is.turn + 1 }
  const change = createTakingBack(held, latest.lots, next, { ...drafting, product }, 'undone')
  const result = written(context, change)
  const kept = partsOf(turns).filter((turn) => turn.held !== null)
  return { ...result, money: moneyOf(chargedBy(of), [...kept, partOf(change, context)], 'billedElsewhere') }
}

const unreadable = (context: LineContext, { unreadable: addition }: Turn): LineOutcome => {
  const { of, turns } = context
  const failed = failedMoney(chargedBy(of), turns)
  const found = addition === null ? [] : [findings.unreadable(addition)]
  return { of, changes: [], asked: null, findings: found, money: failed, failed }
}

/** The invoice has it, and it is not carried. */
const carried = (context: LineContext, of: IdentifiedLine): LineOutcome => {
  const { turns, drafting, said, byHand, twiceOn, origins, mayWrite, awaitsPick } = context
  const turn = nextTurn(turns, 1)
  const change = createOfLine(of, turn, drafting, origins)
  const answer = said(turn)
  if (answer === 'leave') return open(context, 'billedElsewhere')
  if (!mayWrite || awaitsPick) return open(context, 'waiting')
  if (answer === 'carry') return written(context, change)
  const bills = byHand.bills(of)
  if (turns.length === 0 && bills !== null) return adopted(context, of, bills)
  if (twiceOn !== null) return asks(context, 'twice', turn, change, findings.lineTwiceOn(of.line, twiceOn))
  const mayBill = turns.length === 0 ? byHand.mayBill(of) : []
  if (mayBill.length > 0)
    return asks(
      context,
      'by-hand',
      turn,
      change,
      findings.mayBeBilled(
        of.line,
        mayBill.map(({ id }) => id),
      ),
    )
  if (isCredit(of.line) && origins.length === 0)
    return asks(context, 'credit', turn, change, findings.creditOfNothing(of.line))
  return written(context, change)
}

/** A person's addition bills it to the cent: it becomes ours as it is. */
const adopted = (context: LineContext, of: IdentifiedLine, held: CountedAddition): LineOutcome => {
  const unit = amount(held.unit)
  const lots = [{ quantity: quantity(held.quantity), origin: 'adopted' as const, prism: unit, set: unit }]
  const { addition } = held
  const money = moneyOf(amountOf(of.line), [{ lots, held }])
  return {
    of,
    changes:
      addition === null
        ? []
        : [
            {
              kind: 'keep',
              reason: { rule: 'adopt' },
              additionId: held.id,
              addition,
              lots,
              carries: { ...of.is, turn: 1 },
            },
          ],
    asked: null,
    findings: [],
    money,
    failed: money,
  }
}

/** Neither is it charged any more nor does its last addition bill anything. */
const gone = (context: LineContext): LineOutcome => {
  const money = moneyOf(zeroPair, partsOf(context.turns).slice(0, -1))
  return { of: null, changes: keepsOf(context.turns), asked: null, findings: [], money, failed: money }
}

/** It is carried, and the corrected invoice does not have it. */
const takenBack = (context: LineContext): LineOutcome => {
  const { is, turns, drafting, said, mayWrite, awaitsPick } = context
  const latest = turns.at(-1)
  const turn = nextTurn(turns, 1)
  if (latest === undefined) return settled(context)
  if (latest.held === null || isZeroPair(billOnce(latest.held))) return gone(context)
  if (said(turn) === 'leave') return open(context, 'nobodys')
  if (!mayWrite || awaitsPick) return open(context, 'waiting')
  return written(context, createTakingBack(latest.held, latest.lots, { ...is, turn }, drafting))
}

/** Somebody deleted the last addition of it: whether it was invoiced by then is not known, so it is never created by itself. */
const missing = (context: LineContext, latest: Turn): LineOutcome => {
  const { of, turns, drafting, said, origins, mayWrite, awaitsPick } = context
  if (of === null || !mayWrite) return settled(context)
  const turn = nextTurn(turns, 2)
  const answer = said(turn)
  if (answer === 'leave') return open(context, 'billedElsewhere')
  const found = findings.lineMissing(latest.additionId, amount(writtenTotal(latest.lots)))
  if (awaitsPick) return open(context, 'waiting', [found])
  const change = createOfLine(of, turn, drafting, origins)
  return answer === 'carry' ? written(context, change) : asks(context, 'missing', turn, change, found)
}
