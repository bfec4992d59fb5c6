/** One partner's records in PRISM: subscriptions as they are and invoices as they were issued. */
import { type Day, firstDay, type Month, nextMonth } from './calendar.ts'
import { type CsvFormat, csvPieces } from './csv.ts'
import { type History, type LicenceHistory, stateOn, withQuantity } from './history.ts'
import { type InvoiceLine, linesOfMonth } from './lines.ts'
import type { ContractAgreement, Partner } from './seed.ts'

export interface Invoice {
  readonly id: number
  readonly programName: string
  readonly usage: Month
  readonly billingPeriodStart: Day
  /** The file, BOM and line ends included; the same text each time. */
  readonly csv: () => AsyncIterable<string>
}

export interface PartnerBook {
  readonly partner: Partner
  readonly histories: () => readonly History[]
  readonly invoices: () => readonly Invoice[]
  /** Usage month of the next standard invoice. */
  readonly nextUsage: () => Month
  /** Issues the standard invoice (one per contract agreement) and the extra ones of the next month. */
  readonly issueNext: (format: CsvFormat) => readonly Invoice[]
  /** Adds an invoice with any text as its file. */
  readonly addInvoice: (invoice: NewInvoice) => Invoice
  /** Puts another file under an invoice's id. Returns false where there is no such invoice. */
  readonly replaceCsv: (id: number, csv: string) => boolean
  /** Sets a subscription's quantity from a day on; see `QuantityRefusal` for what is refused. */
  readonly setQuantity: (change: QuantityChange) => QuantityRefusal | null
}

export interface NewInvoice {
  readonly programName: string
  readonly usage: Month
  readonly billingPeriodStart: Day
  readonly csv: string
}

export interface QuantityChange {
  readonly subscriptionId: string
  readonly quantity: number
  readonly from: Day
  /** Decides where a subscription id has several products. */
  readonly productId?: string
}

export type QuantityRefusal = 'not-found' | 'not-licences' | 'not-running' | 'already-invoiced'

/** `takeId` gives the next invoice id; ids are unique among all partners. */
export function openPartnerBook(partner: Partner, takeId: () => number): PartnerBook {
  const products = new Map(partner.products.map((product) => [product.productId, product]))
  const tenants = new Map(partner.tenants.map((tenant) => [tenant.tenantId, tenant]))
  let histories = partner.histories
  let invoices: readonly Invoice[] = []
  let nextUsage = partner.firstUsage

  /** The lines are made anew at each download, from the histories as they are now: issued files never change. */
  function standard(agreement: ContractAgreement, format: CsvFormat): Invoice {
    const usage = nextUsage
    const ofAgreement = histories.filter(
      (history) => tenants.get(history.tenantId)?.contractAgreementId === agreement.id,
    )
    const lines = () => linesOfMonth(ofAgreement, products, usage)
    return invoice(agreement, partner.programName, usage, lines, format)
  }

  function invoice(
    agreement: ContractAgreement,
    programName: string,
    usage: Month,
    lines: () => Iterable<InvoiceLine>,
    format: CsvFormat,
  ): Invoice {
    const context = { resellerName: partner.name, agreementNumber: agreement.number, tenants }
    const csv = () => csvPieces(lines(), context, format)
    return { id: takeId(), programName, usage, billingPeriodStart: firstDay(nextMonth(usage)), csv }
  }

  function extras(format: CsvFormat): Invoice[] {
    const agreement = partner.contractAgreements[0]
    if (agreement === undefined) return []
    return partner.extraInvoices
      .filter((extra) => extra.usage === nextUsage)
      .map((extra) => invoice(agreement, extra.programName, extra.usage, () => extra.lines, format))
  }

  return {
    partner,
    histories: () => histories,
    invoices: () => invoices,
    nextUsage: () => nextUsage,
    issueNext(format) {
      const issued = partner.contractAgreements.map((agreement) => standard(agreement, format))
      issued.push(...extras(format))
      invoices = [...invoices, ...issued]
      nextUsage = nextMonth(nextUsage)
      return issued
    },
    addInvoice({ csv, ...record }) {
      const added = { ...record, id: takeId(), csv: () => once(csv) }
      invoices = [...invoices, added]
      return added
    },
    replaceCsv(id, csv) {
      const found = invoices.some((one) => one.id === id)
      invoices = invoices.map((one) => (one.id === id ? { ...one, csv: () => once(csv) } : one))
      return found
    },
    setQuantity(change) {
      const history = find(histories, change)
      if (history === undefined) return 'not-found'
      if (history.kind !== 'licences') return 'not-licences'
      const state = stateOn(history, change.from)
      if (state === null || state.status === 'Deleted') return 'not-running'
      if (change.from < firstDay(nextUsage)) return 'already-invoiced'
      const changed: LicenceHistory = withQuantity(history, change.quantity, change.from)
      histories = histories.map((one) => (one === history ? changed : one))
      return null
    },
  }
}

/** The subscription's history of the product, or its first. */
function find(histories: readonly History[], change: QuantityChange): History | undefined {
  const wanted = change.subscriptionId.toLowerCase()
  const ofId = histories.filter((history) => history.subscriptionId.toLowerCase() === wanted)
  const product = change.productId?.toLowerCase()
  if (product === undefined) return ofId[0]
  return ofId.find((history) => stateOn(history, change.from)?.productId.toLowerCase() === product)
}

async function* once(csv: string): AsyncGenerator<string> {
  yield csv
}
