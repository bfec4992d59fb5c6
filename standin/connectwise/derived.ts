/** What ConnectWise computes: status by date, and an addition's extended, margin and prorate fields. */
import Big from 'big.js'
import { type AdditionTerms, type AgreementTerms, proratedStart } from './billing.ts'
import { dayOf } from './days.ts'
import type { Collection } from './fields.ts'
import * as inferred from './inferred.ts'
import type { Row } from './records.ts'
import type { Reading } from './store.ts'
import { textOf } from './text-of.ts'

interface Context {
  readonly store: Reading
  readonly today: string
}

/** Names of the fields that are computed. */
const computed: Readonly<Partial<Record<Collection, ReadonlySet<string>>>> = {
  agreements: new Set(['agreementStatus']),
  additions: new Set([
    'billedQuantity',
    'extPrice',
    'extCost',
    'margin',
    'proratePrice',
    'prorateCost',
    'extendedProratePrice',
    'extendedProrateCost',
    'agreementStatus',
    'additionStatus',
  ]),
  catalog: new Set(['dateEntered', 'calculatedPrice', 'calculatedCost']),
}

/**
 * Fields to lay over a stored row before it is shown.
 * @param only those that are needed: a list is filtered by few, and has many rows
 */
export function computedFields(
  collection: Collection,
  row: Row,
  context: Context,
  only?: ReadonlySet<string>,
): Record<string, unknown> {
  const names = computed[collection]
  if (names === undefined || (only !== undefined && ![...only].some((name) => names.has(name)))) return {}
  if (collection === 'agreements')
    return { agreementStatus: inferred.agreementStatus(datesOf(row), context.today) }
  if (collection === 'additions') return computedAddition(row, context)
  if (collection === 'catalog')
    return {
      dateEntered: context.store.stampOf('catalog', row.id)?.dateEntered,
      calculatedPrice: row.calculatedPriceFlag === true ? row.price : null,
      calculatedCost: row.calculatedCostFlag === true ? row.cost : null,
    }
  return {}
}

function computedAddition(row: Row, { store, today }: Context): Record<string, unknown> {
  const agreement = store.get('agreements', Number(row.agreementId))
  if (agreement === undefined) return {}
  const addition = additionTerms(row, agreement, store)
  const prorated = proratedStart(agreementTerms(agreement, store), addition)
  const quantity = inferred.billedQuantity(addition.quantity, addition.lessIncluded)
  const status = inferred.additionStatus(
    { effective: dayOf(row.effectiveDate), cancelled: dayOf(row.cancelledDate) },
    datesOf(agreement),
    today,
  )
  const [extPrice, extCost] = [quantity.times(addition.unitPrice), quantity.times(addition.unitCost)]
  return {
    billedQuantity: quantity.toNumber(),
    extPrice: money(extPrice),
    extCost: money(extCost),
    margin: money(extPrice.minus(extCost)),
    ...(prorated && {
      proratePrice: money(prorated.price),
      prorateCost: money(prorated.cost),
      extendedProratePrice: money(prorated.price.times(quantity)),
      extendedProrateCost: money(prorated.cost.times(quantity)),
    }),
    agreementStatus: status,
    additionStatus: status,
  }
}

/** An agreement's row as the billing engine takes it. One that was never billed has its bill start as next invoice date. */
export function agreementTerms(row: Row, store: Reading): AgreementTerms {
  const cycle = store.get('billingCycles', (row.billingCycle as { id?: number } | undefined)?.id ?? -1)
  const billStart = billStartOf(row)
  return {
    id: row.id,
    prorateFlag: row.prorateFlag === true,
    periodType: textOf(row.periodType) || 'Current',
    invoicingCycle: textOf(row.invoicingCycle) || 'CalendarYear',
    billStart,
    nextInvoiceDate: dayOf(row.nextInvoiceDate) ?? billStart,
    months: inferred.monthsOfCycle[textOf(cycle?.billingOptions)] ?? 1,
    isOnce: inferred.cyclesOfOnce.includes(textOf(cycle?.billingOptions)),
  }
}

/** An addition's row as the billing engine takes it; without an effective date it runs from the agreement's start. */
export function additionTerms(row: Row, agreement: Row, store: Reading): AdditionTerms {
  const productId = (row.product as { id?: number } | undefined)?.id ?? 0
  const product = store.get('catalog', productId)
  return {
    id: row.id,
    serialNumber: textOf(row.serialNumber),
    product: { id: productId, identifier: textOf(product?.identifier) },
    description: textOf(row.invoiceDescription ?? row.description ?? product?.customerDescription),
    billCustomer: String(row.billCustomer),
    quantity: decimal(row.quantity),
    lessIncluded: decimal(row.lessIncluded),
    unitPrice: decimal(row.unitPrice),
    unitCost: decimal(row.unitCost),
    effective: dayOf(row.effectiveDate) ?? billStartOf(agreement),
    cancelled: dayOf(row.cancelledDate),
  }
}

export function datesOf(agreement: Row): inferred.AgreementDates {
  return {
    startDate: dayOf(agreement.startDate),
    endDate: dayOf(agreement.endDate),
    noEndingDateFlag: agreement.noEndingDateFlag === true,
    cancelledFlag: agreement.cancelledFlag === true,
    dateCancelled: dayOf(agreement.dateCancelled),
  }
}

export function billStartOf(agreement: Row): string {
  return dayOf(agreement.billStartDate) ?? dayOf(agreement.startDate) ?? '1970-01-01'
}

function decimal(value: unknown): Big {
  return new Big(typeof value === 'number' ? value : 0)
}

function money(amount: Big): number {
  return inferred.roundMoney(amount).toNumber()
}
