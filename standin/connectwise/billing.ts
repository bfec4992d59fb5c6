/**
 * What ConnectWise puts on an agreement's invoice (docs/facts/connectwise.md, "Proration"), written from the
 * facts alone and without a look at the product's own prediction, so that the two can contradict each other.
 *
 * Pure: an agreement's terms, its additions, and which months of which addition were billed before go in, lines come out.
 */
import Big from 'big.js'
import { type BillingPeriod, daysBetween, periodOf } from './days.ts'
import * as inferred from './inferred.ts'

export interface AgreementTerms {
  readonly id: number
  readonly prorateFlag: boolean
  readonly periodType: string
  readonly invoicingCycle: string
  /** First billed day. */
  readonly billStart: string
  /** First day of the first period not invoiced. */
  readonly nextInvoiceDate: string
  /** Of a billing period; left out: one. */
  readonly months?: number
  /** Its billing cycle does not recur: `billing-once.ts`. */
  readonly isOnce?: boolean
}

export interface AdditionTerms {
  readonly id: number
  readonly serialNumber: string
  readonly product: { readonly id: number; readonly identifier: string }
  readonly description: string
  readonly billCustomer: string
  readonly quantity: Big
  readonly lessIncluded: Big
  readonly unitPrice: Big
  readonly unitCost: Big
  /** First active day. */
  readonly effective: string
  /** Last active day; `null`: open. */
  readonly cancelled: string | null
}

/** One addition in one month. Money and quantities are decimal strings; amounts have two decimals. */
export interface InvoiceLine {
  readonly additionId: number
  readonly serialNumber: string
  readonly productId: number
  readonly productIdentifier: string
  readonly description: string
  /** `YYYY-MM` of the period's first day: the month that the line is for. */
  readonly month: string
  readonly catchUp: boolean
  /** First and last billed day. */
  readonly first: string
  readonly last: string
  readonly days: number
  readonly daysInPeriod: number
  /** Quantity less what is included. */
  readonly quantity: string
  readonly unitPrice: string
  readonly unitCost: string
  readonly proratedUnitPrice: string
  readonly proratedUnitCost: string
  readonly price: string
  readonly cost: string
  /** How the price came about, in words and figures. */
  readonly arithmetic: string
  /** The note that ConnectWise prints below a prorated item, else empty. */
  readonly note: string
}

/** What is printed for an addition: the months it has on this invoice added up to one unit price. */
export interface PrintedLine {
  readonly additionId: number
  readonly description: string
  readonly quantity: string
  readonly unitPrice: string
  readonly price: string
}

export interface InvoiceDraft {
  readonly period: { readonly first: string; readonly last: string }
  readonly inAdvance: boolean
  readonly lines: readonly InvoiceLine[]
  readonly printed: readonly PrintedLine[]
  readonly price: string
  readonly cost: string
  readonly nextInvoiceDate: string
}

/** Whether an addition's period (by its first day) was billed before. */
export type WasBilled = (additionId: number, periodFirst: string) => boolean

/** The invoice of the agreement's next period, catch-up of earlier ones included. */
export function draftInvoice(
  agreement: AgreementTerms,
  additions: readonly AdditionTerms[],
  wasBilled: WasBilled,
  switched: inferred.Unknowns = inferred.unknowns,
): InvoiceDraft {
  const period = periodOf(agreement, agreement.nextInvoiceDate)
  const lines = [...additions]
    .sort((one, other) => one.id - other.id)
    .filter((addition) => addition.billCustomer !== 'DoNotBill')
    .flatMap((addition) => linesOf(agreement, addition, period, wasBilled, switched))
  return {
    period: { first: period.first, last: period.last },
    inAdvance: inferred.billsInAdvance(agreement),
    lines,
    printed: printedLines(lines),
    price: total(lines.map((line) => line.price)),
    cost: total(lines.map((line) => line.cost)),
    nextInvoiceDate: inferred.nextInvoiceDateAfter(period),
  }
}

/**
 * What can be billed at once where the agreement says `invoiceProratedAdditionsFlag`: the lines of periods that were
 * invoiced before the addition came. The next invoice date stays.
 */
export function draftProrated(
  agreement: AgreementTerms,
  additions: readonly AdditionTerms[],
  wasBilled: WasBilled,
  switched: inferred.Unknowns = inferred.unknowns,
): InvoiceDraft {
  const next = draftInvoice(agreement, additions, wasBilled, switched)
  const lines = next.lines.filter((line) => line.catchUp)
  return {
    ...next,
    lines,
    printed: printedLines(lines),
    price: total(lines.map((line) => line.price)),
    cost: total(lines.map((line) => line.cost)),
    nextInvoiceDate: agreement.nextInvoiceDate,
  }
}

/** The prorated unit of an addition that starts inside a period; `null` where it starts on its first day or is not prorated. */
export function proratedStart(
  agreement: AgreementTerms,
  addition: Pick<AdditionTerms, 'effective' | 'unitPrice' | 'unitCost'>,
): { readonly price: Big; readonly cost: Big } | null {
  const period = periodOf(agreement, addition.effective)
  if (!agreement.prorateFlag || addition.effective === period.first) return null
  const days = daysBetween(addition.effective, period.last)
  return {
    price: inferred.proratedUnit(addition.unitPrice, days, period.days),
    cost: inferred.proratedUnit(addition.unitCost, days, period.days),
  }
}

function linesOf(
  agreement: AgreementTerms,
  addition: AdditionTerms,
  current: BillingPeriod,
  wasBilled: WasBilled,
  switched: inferred.Unknowns,
): InvoiceLine[] {
  return unbilledPeriods(agreement, addition, current, wasBilled, switched)
    .filter((period) => inferred.isActiveIn(addition, period, switched))
    .map((period) => lineFor(agreement, addition, period, period.first !== current.first, switched))
    .filter((line) => !new Big(line.quantity).eq(0))
    .filter((line) => switched.billsNegative || new Big(line.quantity).gt(0))
}

/** The current period and, where the agreement catches up, earlier ones since the addition's start; oldest first. */
function unbilledPeriods(
  agreement: AgreementTerms,
  addition: AdditionTerms,
  current: BillingPeriod,
  wasBilled: WasBilled,
  switched: inferred.Unknowns,
): BillingPeriod[] {
  const start = inferred.catchesUp(agreement, switched)
    ? later(addition.effective, agreement.billStart)
    : current.first
  const periods: BillingPeriod[] = []
  let period = periodOf(agreement, start)
  while (period.first <= current.first) {
    if (!wasBilled(addition.id, period.first)) periods.push(period)
    period = periodOf(agreement, period.dayAfter)
  }
  return periods
}

/** One addition in one period. */
export function lineFor(
  agreement: AgreementTerms,
  addition: AdditionTerms,
  period: BillingPeriod,
  catchUp: boolean,
  switched: inferred.Unknowns = inferred.unknowns,
): InvoiceLine {
  // The cancelled date does not shorten: it cannot bill an end inside a month (docs/facts/connectwise.md,
  // "Proration").
  const first = agreement.prorateFlag ? later(addition.effective, period.first) : period.first
  const last = switched.endsWhole ? period.last : earlier(addition.cancelled, period.last)
  const uncounted = !switched.countsFirstDay && first > period.first ? 1 : 0
  const days = daysBetween(first, last) - uncounted
  const quantity = inferred.billedQuantity(addition.quantity, addition.lessIncluded, switched)
  const unit = {
    price: inferred.proratedUnit(addition.unitPrice, days, period.days, switched),
    cost: inferred.proratedUnit(addition.unitCost, days, period.days, switched),
  }
  const charged = addition.billCustomer === 'NoCharge' ? inferred.noChargeFactor : 1
  const amount = (each: Big) => inferred.roundMoney(each.times(quantity).times(charged))
  return {
    additionId: addition.id,
    serialNumber: addition.serialNumber,
    productId: addition.product.id,
    productIdentifier: addition.product.identifier,
    description: addition.description,
    month: period.first.slice(0, 7),
    catchUp,
    first,
    last: period.last,
    days,
    daysInPeriod: period.days,
    quantity: quantity.toFixed(),
    unitPrice: shown(addition.unitPrice),
    unitCost: shown(addition.unitCost),
    proratedUnitPrice: shown(unit.price),
    proratedUnitCost: shown(unit.cost),
    price: amount(unit.price).toFixed(2),
    cost: amount(unit.cost).toFixed(2),
    arithmetic: arithmetic(addition, {
      days,
      of: period.days,
      unit: unit.price,
      quantity,
      total: amount(unit.price),
    }),
    note: days === period.days ? '' : `This item has been prorated with a start date of ${first}`,
  }
}

function arithmetic(
  addition: AdditionTerms,
  line: { days: number; of: number; unit: Big; quantity: Big; total: Big },
): string {
  const quantity = addition.lessIncluded.eq(0)
    ? addition.quantity.toFixed()
    : `(${addition.quantity.toFixed()} − ${addition.lessIncluded.toFixed()} included)`
  if (addition.billCustomer === 'NoCharge') return `no charge: ${quantity} × 0.00 = 0.00`
  const unit =
    line.days === line.of
      ? `${shown(addition.unitPrice)} for the whole period`
      : `${shown(addition.unitPrice)} × ${line.days}/${line.of} days = ${shown(line.unit)} a unit`
  return `${unit}; × ${quantity} = ${line.total.toFixed(2)}`
}

/** Lines as they are printed, the months of an addition added up. */
export function printedLines(lines: readonly InvoiceLine[]): PrintedLine[] {
  const byAddition = Map.groupBy(lines, (line) => line.additionId)
  return [...byAddition.values()].map((months) => {
    const [first] = months as [InvoiceLine, ...InvoiceLine[]] // groupBy never makes an empty group
    return {
      additionId: first.additionId,
      description: first.description,
      quantity: first.quantity,
      unitPrice: total(months.map((line) => line.proratedUnitPrice)),
      price: total(months.map((line) => line.price)),
    }
  })
}

/** The sum, with at least two decimals. */
export function total(amounts: readonly string[]): string {
  return shown(amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)))
}

/** At least two decimals, more where they say something. */
function shown(amount: Big): string {
  return amount.eq(amount.round(2)) ? amount.toFixed(2) : amount.toFixed()
}

function earlier(one: string | null, other: string): string {
  return one === null || one > other ? other : one
}

function later(one: string, other: string): string {
  return one > other ? one : other
}
