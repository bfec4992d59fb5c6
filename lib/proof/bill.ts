/**
 * A month of an agreement as figures: what its plans say that PRISM invoiced of it and what it bills, with each term between. A
 * month that is not the agreement's newest is planned again in part, so what an earlier plan said of other subscriptions stays.
 */
import {
  addPair,
  amount,
  isZeroPair,
  type Pair,
  pair,
  subtractPair,
  sumPairs,
  zeroPair,
} from '#lib/billing/decimal.ts'
import { noSubscription, type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import { reconcileIgnored, totalReconciliation } from '#lib/billing/reconcile.ts'
import type { Amount, Period, PeriodPlan, SubscriptionPlan } from '#lib/billing/types.ts'
import { closed, ignoredTerms, type MonthTerm, TermSums, type Terms, termsOf } from './terms.ts'

/** What a plan says of a subscription and product, of a customer's lines that are ignored, or of what is no customer's. */
export interface BillRow {
  readonly kind: 'subscription' | 'ignored' | 'other'
  readonly subscriptionId: SubscriptionKey
  /** `''`: the agreement's. */
  readonly tenantId: string
  readonly invoiced: Amount
  /** Of that, lines of which it is not known whose they are: planned where it does not matter. */
  readonly taken: Amount
  readonly billed: Amount
  readonly terms: Terms
  readonly isFailing: boolean
  readonly isWaiting: boolean
}

export interface MonthBill {
  /** Of lines of its customers, ignored ones included, and of those that it took. */
  readonly invoiced: Amount
  readonly taken: Amount
  readonly billed: Amount
  /** invoiced - billed is their sum, exactly. */
  readonly terms: Terms
  /** Subscriptions that could not be synced, and that wait for a person. */
  readonly failing: number
  readonly waiting: number
  /** Whose lines it has, in order. */
  readonly tenantIds: readonly string[]
}

export interface RowsInput {
  readonly plan: PeriodPlan
  /** By subscription, the sum of its lines on the invoice that have no customer. */
  readonly unowned: ReadonlyMap<SubscriptionKey, Amount>
  /** What earlier plans of the month said. */
  readonly before: readonly BillRow[]
  /** Whether what was said of a subscription holds while the plan does not have it: of all, where it is of a part of the month. */
  readonly stays: (id: SubscriptionKey) => boolean
  /** Lines of subscriptions that begin later here, or are billed elsewhere: a plan need not have them. */
  readonly unplanned: readonly Unplanned[]
  /** Whose usage is in the plan's one row of Azure, which names no subscription. */
  readonly azure: ReadonlySet<SubscriptionKey>
}

export interface Unplanned {
  readonly subscriptionId: SubscriptionKey
  readonly tenantId: string
  readonly term: Extract<MonthTerm, 'beforeStart' | 'billedElsewhere'>
  readonly lines: Amount
}

const zeroAmount = amount(zeroPair)
const has = ({ findings }: SubscriptionPlan, code: string): boolean =>
  findings.some((each) => each.code === code)

/** What is known of the month once a plan of it was made. */
export const rowsAfter = ({ plan, unowned, before, stays, unplanned, azure }: RowsInput): BillRow[] => {
  const hasAzure = plan.subscriptions.some((row) => row.kind === 'azure' && !isZeroPair(pair(row.invoiced)))
  const isInAzure = (id: SubscriptionKey): boolean => hasAzure && azure.has(id)
  const earlier = before.filter(
    ({ kind, subscriptionId: id }) => kind === 'subscription' && stays(id) && !isInAzure(id),
  )
  const known = new Set(earlier.map(({ subscriptionId }) => subscriptionId))
  const open = new Map([...unowned].map(([id, value]) => [id, pair(value)]))
  const takeOf = (id: SubscriptionKey): Pair => {
    const value = open.get(id) ?? zeroPair
    open.delete(id)
    return value
  }
  // Annual invoices are bills of their own, of another file. What a customer takes over begins after the month.
  const rows = plan.subscriptions
    .filter(
      (row) =>
        row.kind !== 'annual' && !(has(row, 'takes-over') && known.has(subscriptionKey(row.subscriptionId))),
    )
    .map((row) => rowOf(row, takeOf(subscriptionKey(row.subscriptionId))))
  const planned = new Set([...rows, ...plan.ignored].map((each) => subscriptionKey(each.subscriptionId)))
  const kept = earlier.filter(({ subscriptionId }) => !planned.has(subscriptionId))
  return [
    ...rows,
    ...plan.ignored.map((line): BillRow => {
      const taken = takeOf(subscriptionKey(line.subscriptionId))
      return {
        ...nothing,
        kind: 'ignored',
        tenantId: line.tenantId,
        invoiced: line.amount,
        taken: amount(taken),
        terms: new TermSums().add(ignoredTerms[line.reason], pair(line.amount)).terms,
      }
    }),
    ...besideRows(plan),
    ...kept,
    ...unplanned
      .filter(
        ({ subscriptionId: id }) =>
          !planned.has(id) && !kept.some((row) => row.subscriptionId === id) && !isInAzure(id),
      )
      .map(
        ({ subscriptionId, tenantId, term, lines }): BillRow => ({
          ...nothing,
          kind: 'subscription',
          subscriptionId,
          tenantId,
          invoiced: lines,
          terms: new TermSums().add(term, pair(lines)).terms,
        }),
      ),
  ]
}

/** A customer's stay on an agreement: its first and last month there; `null`: without a first or last one. */
export interface Stay {
  readonly tenantId: string
  readonly from: Period | null
  readonly until: Period | null
}

/** Rows that count: what is of a customer whose months are, or were, none of the agreement's in this one does not. */
export const rowsHere = (rows: readonly BillRow[], month: Period, stays: readonly Stay[]): BillRow[] => {
  const byTenant = Map.groupBy(stays, ({ tenantId }) => tenantId)
  const isIn = ({ from, until }: Stay): boolean =>
    (from === null || from <= month) && (until === null || until >= month)
  return rows.filter(({ kind, tenantId }) => kind === 'other' || (byTenant.get(tenantId)?.some(isIn) ?? true))
}

export const billOf = (rows: readonly BillRow[]): MonthBill => {
  const [invoiced, taken, billed] = (['invoiced', 'taken', 'billed'] as const).map((figure) =>
    sumPairs(rows.map((row) => pair(row[figure]))),
  ) as [Pair, Pair, Pair]
  const sums = rows.reduce((all, { terms }) => all.addAll(terms), new TermSums())
  const named = rows.flatMap((row) => {
    const own = subtractPair(pair(row.invoiced), pair(row.taken))
    return row.tenantId === '' || isZeroPair(own) ? [] : row.tenantId
  })
  return {
    invoiced: amount(invoiced),
    taken: amount(taken),
    billed: amount(billed),
    terms: closed(invoiced, billed, sums),
    failing: rows.filter(({ isFailing }) => isFailing).length,
    waiting: rows.filter(({ isWaiting }) => isWaiting).length,
    tenantIds: [...new Set(named)].sort(),
  }
}

const nothing = {
  subscriptionId: noSubscription,
  tenantId: '',
  invoiced: zeroAmount,
  taken: zeroAmount,
  billed: zeroAmount,
  isFailing: false,
  isWaiting: false,
} as const

/** @param unowned of its lines, what has no customer */
const rowOf = (row: SubscriptionPlan, unowned: Pair): BillRow => {
  const { kind, subscriptionId, tenantId, status, waits, reconciliation } = row
  const told = {
    kind: kind === 'subscription' && subscriptionId !== '' ? kind : 'other',
    subscriptionId: subscriptionKey(subscriptionId),
    tenantId,
    billed: reconciliation.billed,
    isFailing: status === 'Error',
    isWaiting: waits !== undefined,
  } as const
  if (!has(row, 'line-contested'))
    return {
      ...told,
      invoiced: reconciliation.invoiced,
      taken: amount(unowned),
      terms: termsOf(reconciliation).terms,
    }
  // Whoever has a claim has a row of it: its lines without a customer are counted once, as lines of nobody's.
  const here = subtractPair(pair(reconciliation.invoiced), unowned)
  const difference = subtractPair(here, pair(reconciliation.billed))
  const { terms } = new TermSums().add('contested', difference)
  return { ...told, invoiced: amount(here), taken: zeroAmount, terms }
}

/** What a plan's totals have beside its rows and its ignored lines: lines of its customers that name no subscription. */
const besideRows = ({ totals, subscriptions, ignored }: PeriodPlan): BillRow[] => {
  const rows = totalReconciliation([
    ...subscriptions.map(({ reconciliation }) => reconciliation),
    ...ignored.map((line) => reconcileIgnored(pair(line.amount))),
  ])
  const sums = termsOf(totals)
  for (const [term, value] of Object.entries(termsOf(rows).terms) as [MonthTerm, Amount][])
    sums.add(term, subtractPair(zeroPair, pair(value)))
  const [invoiced, billed] = (['invoiced', 'billed'] as const).map((figure) =>
    subtractPair(pair(totals[figure]), pair(rows[figure])),
  ) as [Pair, Pair]
  const { terms } = sums
  if (isZeroPair(invoiced) && isZeroPair(billed) && Object.keys(terms).length === 0) return []
  return [{ ...nothing, kind: 'other', invoiced: amount(invoiced), billed: amount(billed), terms }]
}

/** A sum of several. */
export const totalOf = (amounts: readonly Amount[]): Amount =>
  amount(amounts.map(pair).reduce(addPair, zeroPair))
