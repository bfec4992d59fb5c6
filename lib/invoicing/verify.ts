/**
 * Looks, on a ConnectWise instance, at which of the rules hold that no source states (J13): it reads agreements, their additions, their
 * invoices and forecasts, and writes nothing there.
 */
import { isOneTimeCycle } from '#lib/billing/annual/one-time-rules.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { AgreementInvoice } from '#lib/billing/types.ts'
import type {
  AgreementRecord,
  ConnectWiseClient,
  InvoiceHeader,
  InvoiceProduct,
  ListedAdditions,
} from '#lib/connectwise/values.ts'
import {
  evidenceOf,
  type Invoiced,
  type InvoicedOnce,
  type RuleEvidence,
  type Sample,
} from '#lib/proof/evidence.ts'
import { monthsOfInvoices } from '#lib/proof/invoice-months.ts'
import { itemsOf, nextInvoiceOf } from './read.ts'

export interface VerifyInput {
  readonly connectWise: Pick<
    ConnectWiseClient,
    | 'everyAgreement'
    | 'agreementsByIds'
    | 'additions'
    | 'invoicesOfAgreement'
    | 'invoiceProducts'
    | 'forecast'
    | 'nextInvoice'
  >
  /** Those to look at; `null`: any that bill by the month and prorate, and One-Time ones that do not. */
  readonly agreementIds: readonly number[] | null
  /** Of these, One-Time agreements. */
  readonly oneTimeIds?: readonly number[]
  /** At most so many agreements, and so many invoices of each. */
  readonly most: number
  readonly invoices: number
  /** What was read of an agreement before its invoices, where that is known. */
  readonly read?: (agreementId: number) => Promise<readonly AgreementInvoice[]>
  /** Told after each agreement. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface Verified {
  readonly rules: readonly RuleEvidence[]
  readonly agreements: number
  readonly invoices: number
  /** False: the role may not read invoices, so that nothing can be told. */
  readonly mayRead: boolean
}

export const verify = async (input: VerifyInput): Promise<Verified> => {
  const { connectWise, agreementIds, oneTimeIds = [], most, onProgress } = input
  const { records } =
    agreementIds === null
      ? await connectWise.everyAgreement()
      : await connectWise.agreementsByIds([...agreementIds.slice(0, most), ...oneTimeIds.slice(0, fewOnce)])
  const monthly = records.filter(({ billsMonthly, prorate }) => billsMonthly && prorate).slice(0, most)
  const once = records.filter(isOnce).slice(0, fewOnce)
  const found: Invoiced[] = []
  const foundOnce: InvoicedOnce[] = []
  let mayRead = true
  const agreements = [...monthly, ...once]
  for (const [at, agreement] of agreements.entries()) {
    const listed = await connectWise.invoicesOfAgreement(agreement.id, input.invoices)
    if (listed === null) {
      mayRead = false
      break
    }
    const { records: headers } = listed
    if (headers.length > 0 && isOnce(agreement)) foundOnce.push(await lookAtOnce(input, agreement, headers))
    else if (headers.length > 0) found.push(await lookAt(input, agreement, headers))
    onProgress?.(at + 1, agreements.length)
  }
  const all = [...found, ...foundOnce]
  return {
    rules: evidenceOf(found, foundOnce),
    agreements: all.length,
    invoices: all.reduce((sum, { samples }) => sum + samples.length, 0),
    mayRead,
  }
}

/** One rule is told by them. */
const fewOnce = 3
const isOnce = ({ billingCycle, prorate }: AgreementRecord): boolean =>
  isOneTimeCycle(billingCycle) && !prorate

/** Additions that were changed since an invoice are unsure of it, and those that are gone by now are not known. */
const lookAtOnce = async (
  { connectWise, invoices, read }: VerifyInput,
  { id, name, startDate }: AgreementRecord,
  headers: readonly InvoiceHeader[],
): Promise<InvoicedOnce> => {
  const [listed, known] = await Promise.all([connectWise.additions(id), read?.(id) ?? []])
  const samples: InvoicedOnce['samples'][number][] = []
  for (const header of [...headers].sort((a, b) => a.id - b.id)) {
    const { date } = header
    if (date === null) continue
    const then = known.find(({ through }) => through >= date)
    const products = await connectWise.invoiceProducts(header.id)
    samples.push({
      ...sampleOf(name, { ...header, period: periodOf(date) }, products),
      day: date,
      additions: then?.additions ?? listed.additions,
      unsure: then === undefined ? changedSince(listed, header) : new Set(),
    })
  }
  return { name, startDate, hasAll: headers.length < invoices, samples }
}

const sampleOf = (
  agreement: string,
  header: InvoiceHeader & Pick<Sample, 'period'>,
  products: readonly InvoiceProduct[] | null,
): Omit<Sample, 'additions' | 'unsure'> => ({
  name: `${header.number || `Invoice ${header.id}`} of ${agreement}`,
  period: header.period,
  agreementAmount: header.agreementAmount,
  productTotal: header.productTotal,
  subtotal: header.subtotal,
  items: products === null ? null : itemsOf(products),
})

const lookAt = async (
  { connectWise, read }: VerifyInput,
  agreement: AgreementRecord,
  headers: readonly InvoiceHeader[],
): Promise<Invoiced> => {
  const { id, name, startDate, nextInvoiceDate } = agreement
  const [listed, known, parts] = await Promise.all([
    connectWise.additions(id),
    read?.(id) ?? [],
    nextInvoiceOf(connectWise, id),
  ])
  const forecast = await connectWise.forecast(id)
  const oldest = [...monthsOfInvoices(headers, [], nextInvoiceDate)].sort((a, b) => a.id - b.id)
  const samples: Sample[] = []
  for (const header of oldest) {
    const products = await connectWise.invoiceProducts(header.id)
    const then = known.find(({ through }) => periodOf(through) === header.period)
    samples.push({
      ...sampleOf(name, header, products),
      additions: then?.additions ?? listed.additions,
      unsure: then === undefined ? changedSince(listed, header) : new Set(),
    })
  }
  const through = invoicedThrough({ nextInvoiceDate })
  const isOneUnbilled = forecast?.unbilledPeriods === 0 || forecast?.unbilledPeriods === 1
  return {
    name,
    startDate,
    own: parts?.own ?? null,
    samples,
    next:
      through === null || !isOneUnbilled
        ? null
        : {
            period: addMonths(periodOf(through), 1),
            additions: parts?.additions ?? null,
            current: listed.additions,
          },
  }
}

/** Items of additions that were changed, or may have been deleted, after an invoice was made. */
const changedSince = ({ additions, changedAt }: ListedAdditions, { madeAt }: InvoiceHeader): Set<number> => {
  const made = madeAt === null ? Number.NaN : Date.parse(madeAt)
  return new Set(
    additions.flatMap(({ id, catalogItemId }) => {
      const changed = Date.parse(changedAt?.get(id) ?? '')
      return changed <= made ? [] : [catalogItemId]
    }),
  )
}
