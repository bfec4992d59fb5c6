/** One partner's records in PRISM: subscriptions as they are and invoices as they were issued. */
import { type Day, firstDay, type Month, nextMonth } from './calendar.ts'
import { type CsvFormat, csvPieces, csvRows } from './csv.ts'
import { type History, type Product, stateOn, type Tenant, withQuantity } from './history.ts'
import { type InvoiceLine, linesOfMonth, type Products } from './lines.ts'
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
  /** The tenants as they are called now, each once. */
  readonly tenants: () => Iterable<Tenant>
  readonly tenant: (tenantId: string) => Tenant | undefined
  /** A tenant's subscriptions as they are, with what a person changed. */
  readonly histories: (tenantId: string) => readonly History[]
  /** The history of a subscription (the first, where two products share the id), and its tenant. */
  readonly subscription: (subscriptionId: string) => Holding | undefined
  readonly invoices: () => readonly Invoice[]
  /** Usage month of the next standard invoice. */
  readonly nextUsage: () => Month
  /** Issues the standard invoice (one per contract agreement) and the extra ones of the next month. */
  readonly issueNext: (format: CsvFormat) => readonly Invoice[]
  /** Adds an invoice with any text as its file. */
  readonly addInvoice: (invoice: NewInvoice) => Invoice
  /** Puts another file under an invoice's id. Returns false where there is no such invoice. */
  readonly replaceCsv: (id: number, csv: string) => boolean
  /** The invoice with lines beside its own: under its id, or issued again under another. Nothing where there is no such invoice. */
  readonly adjust: (id: number, lines: readonly AdjustedLine[], how: AdjustHow) => Invoice | undefined
  /** Sets a subscription's quantity from a day on; see `QuantityRefusal` for what is refused. */
  readonly setQuantity: (change: QuantityChange) => QuantityRefusal | null
  /** Lists a subscription under another tenant; invoices issued from now on name that one. False where there is no such one. */
  readonly moveSubscription: (subscriptionId: string, tenantId: string) => boolean
  /** Calls a tenant otherwise; invoices issued from now on do, too. Returns it; nothing where there is no such one. */
  readonly renameTenant: (tenantId: string, names: TenantNames) => Tenant | undefined
}

export type TenantNames = Partial<Pick<Tenant, 'name' | 'domain'>>

/** A subscription and who has it. */
export interface Holding {
  readonly tenant: Tenant
  readonly history: History
}

export interface NewInvoice {
  readonly programName: string
  readonly usage: Month
  readonly billingPeriodStart: Day
  readonly csv: string
}

/** A credit or a charge beside the usage, with whose it says that it is. */
export interface AdjustedLine {
  readonly customer: Required<TenantNames>
  readonly line: InvoiceLine
}

export interface AdjustHow {
  readonly replaces: boolean
  readonly format: CsvFormat
}

export interface QuantityChange {
  readonly subscriptionId: string
  readonly quantity: number
  readonly from: Day
  /** Decides where a subscription id has several products. */
  readonly productId?: string
}

/** The histories of the tenants of which a person changed one, by tenant id; never changed, only replaced. */
type Edited = ReadonlyMap<string, readonly History[]>
/** Tenants that were renamed, by id in lower case. */
type Renamed = ReadonlyMap<string, Tenant>

export type QuantityRefusal = 'not-found' | 'not-licences' | 'not-running' | 'already-invoiced'

/** `takeId` gives the next invoice id; ids are unique among all partners. */
export function openPartnerBook(partner: Partner, takeId: () => number): PartnerBook {
  const { portfolio } = partner
  let edited: Edited = new Map()
  let renamed: Renamed = new Map()
  /** Tenants of subscriptions that were moved, by subscription id in lower case. */
  const movedTo = new Map<string, string>()
  let invoices: readonly Invoice[] = []
  let nextUsage = partner.firstUsage

  function tenantAs(names: Renamed, tenantId: string): Tenant | undefined {
    return names.get(tenantId.toLowerCase()) ?? portfolio.tenant(tenantId)
  }

  /** The lines are made anew at each download, from histories and names as they are now: issued files never change. */
  function standard(agreement: ContractAgreement, format: CsvFormat): Invoice {
    const usage = nextUsage
    const asEdited = edited
    const histories = function* () {
      for (const { tenantId, contractAgreementId } of portfolio.tenants())
        if (contractAgreementId === agreement.id) yield* historiesOf(tenantId, asEdited)
    }
    const lines = () => linesOfMonth(histories(), productsById(partner.products), usage)
    return invoice(agreement, partner.programName, usage, lines, format)
  }

  function invoice(
    agreement: ContractAgreement,
    programName: string,
    usage: Month,
    lines: () => Iterable<InvoiceLine>,
    format: CsvFormat,
  ): Invoice {
    const asNamed = renamed
    const context = {
      resellerName: partner.name,
      agreementNumber: agreement.number,
      tenant: (tenantId: string) => tenantAs(asNamed, tenantId),
    }
    const csv = () => csvPieces(lines(), context, format)
    return { id: takeId(), programName, usage, billingPeriodStart: firstDay(nextMonth(usage)), csv }
  }

  function extras(format: CsvFormat): Invoice[] {
    const agreement = partner.contractAgreements[0]
    if (agreement === undefined) return []
    return partner.extraInvoices
      .filter((extra) => extra.usage === nextUsage)
      .map((extra) => {
        const made = invoice(agreement, extra.programName, extra.usage, () => extra.lines, format)
        return extra.issuedOn === undefined ? made : { ...made, billingPeriodStart: extra.issuedOn }
      })
  }

  function historiesOf(tenantId: string, edits: Edited): readonly History[] {
    return edits.get(tenantId) ?? portfolio.histories(tenantId)
  }

  /** All histories under a subscription's id. */
  function ofSubscription(subscriptionId: string): Holding[] {
    const wanted = subscriptionId.toLowerCase()
    const holder = movedTo.get(wanted) ?? portfolio.tenantOf(subscriptionId)?.tenantId
    const tenant = holder === undefined ? undefined : tenantAs(renamed, holder)
    if (tenant === undefined) return []
    return historiesOf(tenant.tenantId, edited)
      .filter((history) => history.subscriptionId.toLowerCase() === wanted)
      .map((history) => ({ tenant, history }))
  }

  return {
    partner,
    *tenants() {
      for (const tenant of portfolio.tenants()) yield tenantAs(renamed, tenant.tenantId) ?? tenant
    },
    tenant: (tenantId) => tenantAs(renamed, tenantId),
    histories: (tenantId) => historiesOf(tenantId, edited),
    subscription: (subscriptionId) => ofSubscription(subscriptionId)[0],
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
    adjust(id, lines, { replaces, format }) {
      const before = invoices.find((one) => one.id === id)
      if (before === undefined) return undefined
      const rows = lines
        .map(({ customer, line }) =>
          csvRows(
            [line],
            {
              resellerName: partner.name,
              agreementNumber: partner.contractAgreements[0]?.number ?? '',
              tenant: () => customer,
            },
            format,
          ),
        )
        .join('')
      const adjusted = { ...before, id: replaces ? id : takeId(), csv: () => followedBy(before.csv, rows) }
      invoices = replaces ? invoices.map((one) => (one.id === id ? adjusted : one)) : [...invoices, adjusted]
      return adjusted
    },
    setQuantity(change) {
      const holding = meant(ofSubscription(change.subscriptionId), change)
      if (holding === undefined) return 'not-found'
      const { tenant, history } = holding
      if (history.kind !== 'licences') return 'not-licences'
      const state = stateOn(history, change.from)
      if (state === null || state.status === 'Deleted') return 'not-running'
      if (change.from < firstDay(nextUsage)) return 'already-invoiced'
      const changed = historiesOf(tenant.tenantId, edited).map((one) =>
        one === history ? withQuantity(history, change.quantity, change.from) : one,
      )
      edited = new Map(edited).set(tenant.tenantId, changed)
      return null
    },
    moveSubscription(subscriptionId, tenantId) {
      const holdings = ofSubscription(subscriptionId)
      const to = portfolio.tenant(tenantId)
      const from = holdings[0]?.tenant.tenantId
      if (to === undefined || from === undefined) return false
      if (from === to.tenantId) return true
      const moving = new Set(holdings.map(({ history }) => history))
      const stay = historiesOf(from, edited).filter((history) => !moving.has(history))
      const come = [...moving].map((history) => ({ ...history, tenantId: to.tenantId }))
      const there = [...historiesOf(to.tenantId, edited), ...come]
      edited = new Map(edited).set(from, stay).set(to.tenantId, there)
      movedTo.set(subscriptionId.toLowerCase(), to.tenantId)
      return true
    },
    renameTenant(tenantId, names) {
      const tenant = tenantAs(renamed, tenantId)
      if (tenant === undefined) return undefined
      const called = { ...tenant, ...names }
      renamed = new Map(renamed).set(tenantId.toLowerCase(), called)
      return called
    },
  }
}

const indexes = new WeakMap<readonly Product[], Products>()

/** One index for all partners that share a price list. */
function productsById(products: readonly Product[]): Products {
  const index = indexes.get(products) ?? new Map(products.map((product) => [product.productId, product]))
  indexes.set(products, index)
  return index
}

/** The history of the product, or the first. */
function meant(holdings: readonly Holding[], change: QuantityChange): Holding | undefined {
  const product = change.productId?.toLowerCase()
  if (product === undefined) return holdings[0]
  return holdings.find(({ history }) => stateOn(history, change.from)?.productId.toLowerCase() === product)
}

async function* followedBy(csv: Invoice['csv'], rows: string): AsyncGenerator<string> {
  let last = ''
  for await (const part of csv()) {
    last = part || last
    yield part
  }
  // A file that was put in may end without the end of its line.
  if (!last.endsWith('\n')) yield '\n'
  yield rows
}

async function* once(csv: string): AsyncGenerator<string> {
  yield csv
}
