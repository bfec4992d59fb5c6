/**
 * The month's equation over PRISM's whole file (J5; docs/billing-rules.md, "The month"): file = billed + each named term, to
 * the cent, price and cost. `db/months` asks the database the same for pages; who closes a month has both, and they must agree.
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
import type { Amount } from '#lib/billing/types.ts'
import { type MonthBill, totalOf } from './bill.ts'
import { closed, type MonthTerm, TermSums, type Terms } from './terms.ts'

/** Why no plan has the lines of a customer, where none has. */
export type Standing = Extract<
  MonthTerm,
  'unmapped' | 'neverMapped' | 'syncOff' | 'beforeStart' | 'failed' | 'notSynced'
>

/** A customer on the file. */
export interface Invoiced {
  readonly tenantId: string
  /** All its lines, those that cannot be read as far as their amount can be. */
  readonly lines: Amount
  /** The agreement that it is mapped to for the month, with its Sync on; `null`: none. */
  readonly agreementId: number | null
  readonly standing: Standing
}

export type OfNobody = Extract<MonthTerm, 'unclaimed' | 'contested' | 'nobodysLines' | 'badLines'>

export interface MonthFacts {
  /** The file's total as it was loaded, and what can be read of lines that cannot be. */
  readonly total: Amount
  readonly customers: readonly Invoiced[]
  readonly nobodys: Readonly<Record<OfNobody, Amount>>
  readonly bills: readonly (MonthBill & { readonly agreementId: number })[]
}

/** What is billed by one agreement, or what one customer's, or nobody's, lines come to that no agreement bills. */
export interface Part {
  /** `agreement/12`, `customer/<id>` or `lines/unclaimed`. */
  readonly bill: string
  readonly tenantIds: readonly string[]
  readonly invoiced: Amount
  readonly billed: Amount
  readonly terms: Terms
}

export interface Equation {
  /** Of the whole file. */
  readonly invoiced: Amount
  readonly billed: Amount
  /** invoiced - billed is their sum, exactly. */
  readonly terms: Terms
}

/** Its own check: what the terms leave of the file's total is unexplained, whatever the parts say. */
export const equationOf = (invoiced: Amount, billed: Amount, terms: Terms): Equation => ({
  invoiced,
  billed,
  terms: closed(pair(invoiced), pair(billed), new TermSums().addAll(terms)),
})

export const monthOf = ({
  total,
  customers,
  nobodys,
  bills,
}: MonthFacts): { parts: Part[]; equation: Equation } => {
  const named = new Map<string, number>()
  for (const bill of [...bills].sort((a, b) => b.agreementId - a.agreementId))
    for (const id of bill.tenantIds) named.set(id, bill.agreementId)
  const known = new Set(bills.map(({ agreementId }) => agreementId))
  const agreementOf = ({ tenantId, agreementId }: Invoiced): number | null =>
    named.get(tenantId) ?? (agreementId !== null && known.has(agreementId) ? agreementId : null)
  const byAgreement = Map.groupBy(customers, agreementOf)
  const parts = [
    ...bills.map((bill) => ofAgreement(bill, byAgreement.get(bill.agreementId) ?? [])),
    ...(byAgreement.get(null) ?? []).map(ofCustomer),
    ...ofNobody(nobodys, bills),
  ]
  const terms = parts.reduce((sums, part) => sums.addAll(part.terms), new TermSums()).terms
  return { parts, equation: equationOf(total, totalOf(parts.map(({ billed }) => billed)), terms) }
}

/** What of its customers' lines the plan does not have is taken up by no sync so far; less, where it had more of an earlier file. */
const ofAgreement = (
  { agreementId, invoiced, taken, billed, terms, tenantIds }: MonthFacts['bills'][number],
  customers: readonly Invoiced[],
): Part => {
  const lines = sumPairs([...customers.map((each) => pair(each.lines)), pair(taken)])
  return {
    bill: `agreement/${agreementId}`,
    tenantIds: customers.length === 0 ? tenantIds : customers.map(({ tenantId }) => tenantId).sort(),
    invoiced: amount(lines),
    billed,
    terms: new TermSums().addAll(terms).add('notSynced', subtractPair(lines, pair(invoiced))).terms,
  }
}

const ofCustomer = ({ tenantId, lines, standing }: Invoiced): Part => ({
  bill: `customer/${tenantId}`,
  tenantIds: [tenantId],
  invoiced: lines,
  billed: amount(zeroPair),
  terms: new TermSums().add(standing, pair(lines)).terms,
})

/** What agreements took of what is contested is theirs. */
const ofNobody = (nobodys: MonthFacts['nobodys'], bills: MonthFacts['bills']): Part[] => {
  const taken = bills.map((bill) => pair(bill.taken)).reduce(addPair, zeroPair)
  const left = (term: OfNobody): Pair =>
    term === 'contested' ? subtractPair(pair(nobodys.contested), taken) : pair(nobodys[term])
  return (Object.keys(nobodys) as OfNobody[]).flatMap((term) => {
    const value = left(term)
    if (isZeroPair(value)) return []
    const invoiced = amount(value)
    return [
      {
        bill: `lines/${term}`,
        tenantIds: [],
        invoiced,
        billed: amount(zeroPair),
        terms: { [term]: invoiced },
      },
    ]
  })
}
