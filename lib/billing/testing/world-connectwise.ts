/** ConnectWise's side of a world: two agreements with their additions, invoiced by the stand-in's engine, which was written without ours. */
import {
  type InvoiceLine as BilledLine,
  draftInvoice,
  type InvoiceDraft,
} from '#standin/connectwise/billing.ts'
import { addMonths, firstDay, lastDay, periodOf } from '../days.ts'
import { subscriptionKey } from '../keys.ts'
import { simulateChange } from '../simulate.ts'
import type {
  Addition,
  Agreement,
  AgreementInvoice,
  Change,
  Day,
  Money,
  OwnedAddition,
  Period,
  Quantity,
} from '../types.ts'
import { engineTerms } from './engine-terms.ts'
import { agreement, catalogItem } from './factories.ts'
import { offers, subscriptionIdOf, units } from './world-prism.ts'
import { firstPeriod, hasSerial, type WorldStory } from './world-story.ts'

export type { BilledLine }

/** An item of which PRISM has no product. */
export const supportItem = 90
/** Of each offer its number from 1 on, then Azure. */
export const worldCatalog = [
  ...offers.map((name, i) => catalogItem(i + 1, name)),
  catalogItem(80, 'Azure plan'),
  { ...catalogItem(supportItem, 'Support'), vendorSku: '' },
]

/** Which of the two agreements. */
export type At = 0 | 1

export interface Cabinet {
  agreement: Agreement
  additions: readonly Addition[]
  owned: readonly OwnedAddition[]
  readonly invoices: AgreementInvoice[]
  readonly billed: BilledLine[]
  /** The last serial number of each addition, deleted ones included. */
  readonly serials: Map<number, string>
}

export const cabinetOf = (story: WorldStory, at: At): Cabinet => {
  const { advance, ends } = story.agreements[at]
  const additions = byHand(story, at)
  return {
    agreement: agreement({
      id: at,
      name: `Agreement ${at}`,
      startDate: '2025-01-01' as Day,
      periodType: advance ? 'Future' : 'Current',
      endDate: ends === null ? null : lastDay(addMonths(firstPeriod, ends)),
      nextInvoiceDate: firstDay(addMonths(firstPeriod, advance ? 1 : 0)),
    }),
    additions,
    owned: [],
    invoices: [],
    billed: [],
    serials: new Map(additions.map((each) => [each.id, subscriptionKey(each.serialNumber)])),
  }
}

/** What people had added before anything was synced. */
const byHand = (story: WorldStory, at: At): Addition[] => {
  const additions: Addition[] = [additionOf(1 + at * 1000, supportItem, '', 4)]
  story.tenants.forEach((tenant, index) => {
    if (tenant.agreement !== at) return
    tenant.subscriptions.forEach((each, i) => {
      if (each.byHand === null || each.kind === 'azure') return
      const serial = hasSerial(tenant, each) ? subscriptionIdOf(index, i) : ''
      const id = 10 + at * 1000 + index * 100 + i
      additions.push(additionOf(id, each.offer + 1, serial, each.byHand.quantity))
    })
  })
  return additions
}

const additionOf = (id: number, catalogItemId: number, serialNumber: string, quantity: number): Addition => {
  const [cost, price] = units[catalogItemId - 1] ?? [4, 6]
  return {
    id,
    catalogItemId,
    serialNumber,
    quantity: `${quantity}` as Quantity,
    lessIncluded: '0' as Quantity,
    unitCost: `${cost}` as Money,
    unitPrice: `${price}` as Money,
    effectiveDate: firstDay(firstPeriod),
    cancelledDate: null,
    billCustomer: 'Billable',
    taxable: true,
    invoiceDescription: '',
    invoiceGrouping: null,
  }
}

/** Applies changes to what ConnectWise and our ledger hold. */
export const applyTo = (cabinet: Cabinet, changes: readonly Change[]): void => {
  for (const change of changes) {
    // ConnectWise never gives an id twice.
    const highest = Math.max(...cabinet.serials.keys())
    const isDeleted = cabinet.additions.every(({ id }) => id !== highest)
    const ghosts = isDeleted ? [additionOf(highest, supportItem, '', 0)] : []
    const additions = [...cabinet.additions, ...ghosts]
    const { owned } = cabinet
    const after = simulateChange({ additions, owned, catalog: worldCatalog }, change)
    cabinet.additions = after.additions.filter((each) => !ghosts.includes(each))
    cabinet.owned = after.owned
    for (const each of cabinet.additions) cabinet.serials.set(each.id, subscriptionKey(each.serialNumber))
  }
}

// ───────────────────────────── its invoices ─────────────────────────────

type Billing = Pick<Cabinet, 'agreement' | 'additions' | 'billed'>

const draft = ({ agreement: at, additions, billed }: Billing): InvoiceDraft => {
  const done = new Set(billed.map(({ additionId, month }) => `${additionId} ${month}-01`))
  return draftInvoice(
    {
      id: at.id,
      prorateFlag: true,
      periodType: at.periodType,
      invoicingCycle: at.invoicingCycle,
      billStart: at.startDate,
      nextInvoiceDate: at.nextInvoiceDate ?? at.startDate,
    },
    additions.filter((each) => !isAllBilled(each, at, done)).map((each) => engineTerms(each, at.startDate)),
    (id, first) => done.has(`${id} ${first}`),
  )
}

/** One that ended and has no month left to bill: the engine would look at each month of it in vain. */
const isAllBilled = (
  { id, effectiveDate, cancelledDate }: Addition,
  { startDate }: Agreement,
  done: ReadonlySet<string>,
): boolean => {
  if (cancelledDate === null) return false
  const last = periodOf(cancelledDate)
  for (let month = periodOf(effectiveDate ?? startDate); month <= last; month = addMonths(month, 1))
    if (!done.has(`${id} ${month}-01`)) return false
  return true
}

/** Invoices the agreement's next month. */
export const invoice = (cabinet: Cabinet): void => {
  const made = draft(cabinet)
  cabinet.invoices.push({ through: made.period.last as Day, additions: cabinet.additions })
  cabinet.billed.push(...made.lines)
  cabinet.agreement = { ...cabinet.agreement, nextInvoiceDate: made.nextInvoiceDate as Day }
}

/** What ConnectWise's engine has invoiced for a month, and would with its next invoices, were nothing changed any more. */
export const engineLines = (cabinet: Cabinet, month: Period): BilledLine[] => {
  const billing = { ...cabinet, billed: [...cabinet.billed] }
  do {
    const made = draft(billing)
    billing.billed.push(...made.lines)
    billing.agreement = { ...billing.agreement, nextInvoiceDate: made.nextInvoiceDate as Day }
  } while ((billing.agreement.nextInvoiceDate ?? '') <= firstDay(month))
  return billing.billed.filter((each) => each.month === month)
}
