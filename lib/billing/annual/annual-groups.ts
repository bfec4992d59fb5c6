/** What is done about each line of an annual invoice, by subscription and product. */
import { badTotal } from '../bad-lines.ts'
import { zeroPair } from '../decimal.ts'
import * as months from '../findings.ts'
import { subscriptionKey } from '../keys.ts'
import { type ProductLookup, productName } from '../products.ts'
import type { BadLine } from '../types.ts'
import type { AnnualGroup } from './annual-rows.ts'
import { type AnnualInvoice, type AnnualSituation, isDue } from './annual-situation.ts'
import { byHandFor } from './by-hand.ts'
import { isBilledBy, turnsByLine } from './carried.ts'
import { type Entry, entriesOf, type TurnsByLine } from './entries.ts'
import type { KnownLines } from './known-lines.ts'
import { amountOf, type IdentifiedLine, identityKey } from './line-identity.ts'
import { failedMoney } from './line-money.ts'
import { type LineOutcome, outcomeOf } from './line-outcome.ts'
import { billingDay } from './one-time-bill.ts'

/** What the plan of an invoice looks at. */
export interface InvoiceContext {
  readonly situation: AnnualSituation
  readonly invoice: AnnualInvoice
  readonly known: KnownLines
  /** Keys of lines that are billed once the whole plan is written, as far as that is known. */
  readonly billed: ReadonlySet<string>
  readonly lookup: ProductLookup
}

/** @param lines of the invoice, those that are planned. @param bad its lines that cannot be read, with a subscription's id */
export const annualGroups = (
  context: InvoiceContext,
  lines: readonly IdentifiedLine[],
  bad: readonly BadLine[],
): AnnualGroup[] => {
  const { situation, invoice, lookup } = context
  const turns = turnsByLine(situation)
  const entries = entriesOf(situation, invoice, lines, turns, lookup)
  const outcomes = outcomesOf(context, entries, turns)
  const badOf = Map.groupBy(bad, ({ subscriptionId }) => subscriptionKey(subscriptionId))
  const together = Map.groupBy(entries, ({ owner }) => `${owner.id} ${owner.product?.key ?? owner.name}`)
  const groups = [...together.values()].map((of): AnnualGroup => {
    const [{ owner }] = of as [Entry, ...Entry[]] // groupBy never makes an empty group
    const own = badOf.get(owner.id) ?? []
    const isFirst = entries.find((each) => each.owner.id === owner.id) === of[0]
    const stop = of.find((entry) => entry.stop !== null)?.stop
    return {
      ...owner,
      outcomes: of.flatMap((entry) => outcomes.get(entry) ?? []),
      stops: [
        ...own.slice(0, 1).map(months.lineUnreadable),
        ...(stop ? [stop] : []),
        ...(situation.failed?.[invoice.invoiceId]?.[owner.id] ?? []),
      ],
      bad: isFirst ? badTotal(own) : zeroPair,
    }
  })
  const there = new Set(groups.map(({ id }) => id))
  for (const [id, of] of badOf)
    if (!there.has(id)) groups.push(badGroup(of as [BadLine, ...BadLine[]], lookup))
  return groups
}

/** A subscription of which only lines that cannot be read are on the invoice. */
const badGroup = (lines: readonly [BadLine, ...BadLine[]], lookup: ProductLookup): AnnualGroup => {
  const [first] = lines
  const { subscriptionId, tenantId, offerName } = first
  const resolution = lookup.resolve(first, false)
  const product = 'product' in resolution ? resolution.product : null
  return {
    id: subscriptionKey(subscriptionId),
    subscriptionId,
    tenantId,
    product,
    name: product?.name ?? productName(offerName),
    outcomes: [],
    stops: [months.lineUnreadable(first)],
    bad: badTotal(lines),
  }
}

/** In order, as what a credit takes back may be carried by the same plan. */
const outcomesOf = (
  { situation, invoice, known, billed, lookup }: InvoiceContext,
  entries: readonly Entry[],
  turns: TurnsByLine,
): ReadonlyMap<Entry, LineOutcome> => {
  const { agreement, lineAnswers = [], tenants } = situation
  const answers = new Map(lineAnswers.map(({ line, says }) => [`${identityKey(line)} ${line.turn}`, says]))
  const syncing = new Set(tenants.filter(({ syncs }) => syncs).map(({ id }) => id))
  const isFresh = ({ is, turns: written, stop }: Entry): boolean =>
    written.length === 0 && stop === null && !answers.has(`${identityKey(is)} 1`)
  const fresh = entries.filter(isFresh).flatMap(({ of }) => of ?? [])
  const byHand = byHandFor(situation, fresh, lookup)
  const undoes = situation.undoes && new Map(situation.undoes.map((line) => [identityKey(line), line.turn]))
  const billedHere = new Set(billed)
  for (const [key, of] of turns) if (isBilledBy(of)) billedHere.add(key)
  const day = billingDay(agreement, invoice.issuedOn)
  const outcomes = new Map<Entry, LineOutcome>()
  for (const entry of entries) {
    const { of, is, owner, billedAs } = entry
    const key = identityKey(is)
    const origins = known.originsOf(is)
    const outcome =
      entry.stop !== null
        ? stopped(entry)
        : outcomeOf({
            is,
            of,
            turns: entry.turns,
            agreement,
            drafting: { product: billedAs, name: owner.name, day },
            said: (turn) => answers.get(`${key} ${turn}`) ?? null,
            mayWrite: isDue(invoice, situation) && (owner.tenantId === '' || syncing.has(owner.tenantId)),
            awaitsPick: invoice.awaitsPick === true,
            byHand,
            ...(undoes === undefined ? {} : { undoes: undoes.get(key) ?? null }),
            twiceOn: known.earlierWith(is),
            origins: origins.every((each) => billedHere.has(identityKey(each.is))) ? origins : [],
          })
    outcomes.set(entry, outcome)
    if (outcome.changes.some((change) => 'carries' in change && change.carries !== undefined))
      billedHere.add(key)
  }
  return outcomes
}

const stopped = ({ of, turns }: Entry): LineOutcome => {
  const failed = failedMoney(of === null ? zeroPair : amountOf(of.line), turns)
  return { of, changes: [], asked: null, findings: [], money: failed, failed }
}
