/** Partners of the stand-in's generator, lived through month by month: the situation of each agreement before it is planned. */
import type { Row } from '#standin/connectwise/records.ts'
import type { ConnectWiseSeed } from '#standin/connectwise/seed.ts'
import { type History, isListed, stateOn } from '#standin/prism/history.ts'
import { linesOfHistory, type InvoiceLine as PrismLine } from '#standin/prism/lines.ts'
import type { Partner } from '#standin/prism/seed.ts'
import { addMonths, firstDay, lastDay } from '../days.ts'
import { subscriptionKey } from '../keys.ts'
import { changesOf, plan } from '../plan.ts'
import { simulate } from '../simulate.ts'
import { tellsMore } from '../standing.ts'
import type {
  Addition,
  AgreementInvoice,
  Day,
  InvoiceLine,
  Money,
  Period,
  PeriodPlan,
  Product,
  Quantity,
  Situation,
  Subscription,
} from '../types.ts'
import { agreement, situation as situationOf } from './factories.ts'

export interface GeneratedMonth {
  readonly agreementId: number
  readonly period: Period
  readonly planned: PeriodPlan
  /** With all that is written of it. */
  readonly after: Situation
}

/** A tenant's agreement, and what happens to it beside what PRISM invoices. */
export interface Lived {
  readonly partner: Partner
  readonly connectWise: ConnectWiseSeed
  readonly tenantId: string
  readonly agreementId: number
  readonly months: number
  /** Whether a correction bills the rounding (J10), in a second round of each month; left out: no. */
  readonly exactAmounts?: boolean
}

/** All plans of an agreement's months. Every third gets a month's invoice again with a line less, every fourth an edit of a price. */
export function* monthsOf(lived: Lived): Generator<GeneratedMonth> {
  const { partner, agreementId, months } = lived
  const first = partner.firstUsage as Period
  let current = beginning(lived)
  for (let index = 0; index < months; index += 1) {
    const period = addMonths(first, index)
    const lines = linesIn(lived, period)
    const isReissued = agreementId % 3 === 2 && index === 1
    for (const all of isReissued ? [lines, lines.slice(1)] : [lines]) {
      const before: Situation = {
        ...current,
        ...listedOn(lived, period),
        usages: [{ period, invoiceId: period, lines: all }],
      }
      const [planned] = plan(before).periods
      if (planned === undefined) throw new Error('a usage gives a period')
      current = after(before, planned)
      if (lived.exactAmounts) current = corrected(before, current)
      yield { agreementId, period, planned, after: current }
    }
    current = edited(invoiced(current, period), agreementId % 4 === 1 && index === 1)
  }
}

/** With what a second round writes. */
const corrected = (before: Situation, written: Situation): Situation => {
  const { additions, owned, catalog } = written
  const [planned] = plan({ ...before, additions, owned, catalog }).periods
  return planned === undefined ? written : { ...written, ...simulate(written, changesOf(planned)) }
}

const beginning = ({ exactAmounts = false, connectWise, tenantId, agreementId }: Lived): Situation => {
  const { agreements = [], additions = [], catalog = [] } = connectWise.records
  const row = agreements.find(({ id }) => id === agreementId)
  return situationOf({
    agreement: agreement({
      id: agreementId,
      startDate: dayOf(row?.startDate) ?? ('2025-01-01' as Day),
      billStartDate: dayOf(row?.billStartDate),
      nextInvoiceDate: dayOf(row?.nextInvoiceDate),
      periodType: String(row?.periodType),
    }),
    additions: additions.filter((each) => each.agreementId === agreementId).map(toAddition),
    catalog: catalog.map((each) => ({
      id: each.id,
      identifier: String(each.identifier),
      vendorSku: typeof each.vendorSku === 'string' ? each.vendorSku : '',
      inactive: false,
      taxable: each.taxableFlag === true,
    })),
    tenants: [{ id: tenantId, name: tenantId, syncs: true }],
    invoices: [],
    latest: {},
    options: {
      ...situationOf().options,
      syncAzure: agreementId % 5 !== 4,
      annualTermsMonthly: agreementId % 2 === 0,
      exactAmounts,
    },
  })
}

const dayOf = (value: unknown): Day | null => (typeof value === 'string' ? (value.slice(0, 10) as Day) : null)

const toAddition = (row: Row): Addition => ({
  id: row.id,
  catalogItemId: (row.product as { id: number }).id,
  serialNumber: typeof row.serialNumber === 'string' ? row.serialNumber : '',
  quantity: String(row.quantity) as Quantity,
  lessIncluded: String(row.lessIncluded) as Quantity,
  unitCost: String(row.unitCost) as Money,
  unitPrice: String(row.unitPrice) as Money,
  effectiveDate: dayOf(row.effectiveDate),
  cancelledDate: dayOf(row.cancelledDate),
  billCustomer: 'Billable',
  taxable: row.taxableFlag === true,
  invoiceDescription: String(row.invoiceDescription),
  invoiceGrouping: null,
})

const linesIn = ({ partner, tenantId }: Lived, month: Period): InvoiceLine[] => {
  const products = new Map(partner.products.map((each) => [each.productId, each]))
  return partner.portfolio
    .histories(tenantId)
    .flatMap((history) => linesOfHistory(history, products, month))
    .map((line, index) => toLine(line, index + 2))
}

/** A row of PRISM's file, as the product reads it. */
export const toLine = (line: PrismLine, row: number): InvoiceLine => ({
  row,
  tenantId: line.tenantId,
  subscriptionId: line.subscriptionId,
  offerName: line.offerName,
  first: line.first as Day,
  last: line.last as Day,
  description: 'Actual usage for period',
  quantity: line.quantity as Quantity,
  unitCost: line.unitPrice as Money,
  unitPrice: line.unitPriceRrp as Money,
  cost: line.subTotal as Money,
  price: line.subTotalRrp as Money,
  billingCycle: line.term.billingCycle,
  termDuration: line.term.number,
  termUnit: line.term.unit,
})

/** What PRISM lists when the month's invoice has come. */
const listedOn = (
  { partner, tenantId }: Lived,
  period: Period,
): Pick<Situation, 'subscriptions' | 'products'> => {
  const day = lastDay(period)
  const known = partner.products.filter(({ listedFrom }) => listedFrom === undefined || listedFrom <= day)
  const products = known.map((each): Product => {
    const price = each.prices.findLast(({ from }) => from <= day) ?? each.prices[0]
    return {
      productId: each.productId,
      sku: each.sku,
      name: each.name,
      unitCost: (price?.cost ?? '0') as Money,
      unitPrice: (price?.rrp ?? '0') as Money,
      current: isListed(each, day),
    }
  })
  const listed = partner.portfolio
    .histories(tenantId)
    .flatMap((history) => subscriptionOf(history, partner, day) ?? [])
  return { products, subscriptions: [...new Map(listed.reverse().map((each) => [each.id, each])).values()] }
}

const subscriptionOf = (history: History, { products }: Partner, day: Day): Subscription | null => {
  const state = stateOn(history, day)
  const product = products.find(({ productId }) => productId === state?.productId)
  if (state === null || product === undefined) return null
  const isBySku = history.kind === 'licences' && history.shownBySku === true
  return {
    id: history.subscriptionId,
    tenantId: history.tenantId,
    productId: isBySku ? product.sku : product.productId,
    productName: product.name,
    displayTemplate: history.kind === 'azure' ? 'Azure' : 'Licence',
    billingCycle: history.kind === 'annual' ? 'Annual' : 'Monthly',
    listedQuantity: `${state.status === 'Deleted' ? 0 : state.quantity}` as Quantity,
  }
}

const after = (before: Situation, planned: PeriodPlan): Situation => {
  const good = { ...before.good }
  for (const { kind, status, subscriptionId } of planned.subscriptions) {
    const id = subscriptionKey(subscriptionId)
    if (kind === 'subscription' && status !== 'Error') good[id] = [...(good[id] ?? []), planned.period]
  }
  const latest = { ...before.latest }
  for (const line of before.usages.flatMap(({ lines }) => lines)) {
    const id = subscriptionKey(line.subscriptionId)
    if (tellsMore(line, latest[id], before.options.annualTermsMonthly)) latest[id] = line
  }
  return { ...simulate(before, changesOf(planned)), good, latest, previous: before.usages[0] ?? null }
}

const invoiced = (current: Situation, period: Period): Situation => {
  const through = lastDay(current.agreement.periodType === 'Future' ? addMonths(period, 1) : period)
  const invoice: AgreementInvoice = { through, additions: current.additions }
  const nextInvoiceDate = firstDay(addMonths(through.slice(0, 7) as Period, 1))
  return {
    ...current,
    invoices: [...(current.invoices ?? []), invoice],
    agreement: { ...current.agreement, nextInvoiceDate },
  }
}

const edited = (current: Situation, isNow: boolean): Situation => {
  const open = current.additions.find(({ cancelledDate }) => cancelledDate === null)
  if (!isNow || open === undefined) return current
  const price = `${Number(open.unitPrice) + 1}` as Money
  return {
    ...current,
    additions: current.additions.map((each) => (each === open ? { ...each, unitPrice: price } : each)),
  }
}
