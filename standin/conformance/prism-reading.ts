/**
 * What docs/facts/prism.md says of PRISM's answers, each as a check on one account. Messages hold names of
 * fields and forms of values, never a customer's data.
 */
import { type CsvError, parse } from 'csv-parse/sync'
import type { Account } from './prism-account.ts'

export interface AccountFact {
  readonly title: string
  /** How it is known; a mismatch of what is inferred corrects the facts. */
  readonly mark: 'seen' | 'inferred' | 'unknown'
  /** Never tried on a real account: failed sign-ins may lock it. */
  readonly onlyStandIn?: true
  readonly check: (account: Account) => Promise<void>
}

type Json = Readonly<Record<string, unknown>>

const customersPath = '/api/v1/me/customers?includeDeactivatedCustomers=true'
const invoicesPath = '/api/v2/invoices'

export const prismFacts: readonly AccountFact[] = [
  {
    title: 'a token is a Bearer with its life in seconds (2)',
    mark: 'seen',
    async check(account) {
      const { status, body } = await account.token()
      equal('status', status, 200)
      equal('token_type', String(body.token_type).toLowerCase(), 'bearer')
      holds('expires_in is a number of seconds', typeof body.expires_in === 'number' && body.expires_in > 0)
    },
  },
  {
    title: 'a wrong secret is refused with 400 invalid_client (2)',
    mark: 'inferred',
    onlyStandIn: true,
    async check(account) {
      const { status, body } = await account.token({ client_secret: 'wrong' })
      equal('status and error', `${status} ${String(body.error)}`, '400 invalid_client')
    },
  },
  {
    title: 'a token that is none is refused with 401 (8)',
    mark: 'inferred',
    async check(account) {
      equal('status', (await account.get('/api/v1/me', 'Bearer none')).status, 401)
    },
  },
  {
    title: 'me answers an object (3)',
    mark: 'unknown',
    async check(account) {
      holds('an object', isJson(await account.json('/api/v1/me')))
    },
  },
  {
    title: 'customers are a bare array with their program agreements (4.1)',
    mark: 'seen',
    async check(account) {
      for (const customer of await rows(account, customersPath)) {
        has(
          customer,
          'CustomerId',
          'CustomerName',
          'IsActive',
          'CustomerActingRole',
          'CustomerProgramAgreements',
        )
        for (const agreement of list(customer.CustomerProgramAgreements, 'CustomerProgramAgreements'))
          has(agreement, 'Id', 'ProgramName', 'ContractAgreementId')
      }
    },
  },
  {
    title: 'tenants of a contract agreement are a bare array, each with its subscriptions (4.2)',
    mark: 'seen',
    async check(account) {
      for (const tenant of await tenants(account)) {
        has(tenant, 'TenantId', 'TenantStatus', 'TenantDomain', 'CustomerId', 'CustomerName')
        for (const subscription of list(tenant.Subscriptions, 'Subscriptions')) {
          has(
            subscription,
            'SubscriptionId',
            'Status',
            'ProductId',
            'ProductName',
            'Quantity',
            'FirstPurchased',
          )
          has(subscription, 'DisplayTemplate', 'Unit', 'BillingCycle', 'BillingCycleDuration')
          matches(
            'FirstPurchased',
            subscription.FirstPurchased,
            /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
          )
        }
      }
    },
  },
  {
    title: 'a tenant’s id is the id of its agreement among the customers (4.1)',
    mark: 'seen',
    async check(account) {
      const ids = new Set(
        (await rows(account, customersPath)).flatMap((customer) =>
          list(customer.CustomerProgramAgreements, 'CustomerProgramAgreements').map(({ Id }) => lower(Id)),
        ),
      )
      const strangers = (await tenants(account)).filter(({ TenantId }) => !ids.has(lower(TenantId)))
      equal('tenants without a customer’s agreement', strangers.length, 0)
    },
  },
  {
    title: 'invoices come as {Records}, with usage month and an invoice month of its own (4.3)',
    mark: 'seen',
    async check(account) {
      for (const invoice of await invoices(account)) {
        has(invoice, 'InvoiceId', 'ProgramName', 'UsageYear', 'UsageMonth', 'BillingPeriodStart')
        matches(
          'BillingPeriodStart',
          invoice.BillingPeriodStart,
          /^\d{4}-\d\d-\d\dT00:00:00(Z|[+-]\d\d:\d\d)$/,
        )
      }
    },
  },
  {
    title: 'BillingPeriodStart is the month after the usage month, for the monthly program (4.3)',
    mark: 'inferred',
    async check(account) {
      const monthly = (await invoices(account)).filter(
        ({ ProgramName }) => ProgramName === 'Microsoft CSP Indirect',
      )
      for (const { UsageYear, UsageMonth, BillingPeriodStart } of monthly) {
        const next = new Date(Date.UTC(Number(UsageYear), Number(UsageMonth), 1)).toISOString().slice(0, 7)
        equal('month of BillingPeriodStart', String(BillingPeriodStart).slice(0, 7), next)
      }
    },
  },
  {
    title: 'the price list of a day groups products with price and retail price (4.4)',
    mark: 'seen',
    async check(account) {
      for (const product of await priceList(account)) {
        has(product, 'ProductId', 'ProductSku', 'ProductName', 'ProductUnit')
        has(product, 'Price', 'UnitPrice', 'RetailPrice', 'RetailUnitPrice')
      }
    },
  },
  {
    title: 'a subscription’s product is on a price list by its id or its SKU, case ignored (4.4)',
    mark: 'inferred',
    async check(account) {
      const known = new Set(
        (await priceList(account)).flatMap(({ ProductId, ProductSku }) => [
          lower(ProductId),
          lower(ProductSku),
        ]),
      )
      const active = (await tenants(account)).flatMap((tenant) =>
        list(tenant.Subscriptions, 'Subscriptions').filter(({ Status }) => Status === 'Active'),
      )
      const found = active.filter(({ ProductId }) => known.has(lower(ProductId)))
      holds(
        `most products are listed (${found.length} of ${active.length}; retired ones are not)`,
        found.length * 2 >= active.length,
      )
    },
  },
  {
    title: 'an invoice file starts with a BOM and has the 19 columns in order (5)',
    mark: 'seen',
    async check(account) {
      const text = await newestFile(account)
      holds('a byte order mark', text.startsWith('\uFEFF'))
      equal('header', text.slice(1).split(/\r?\n/, 1)[0], header)
    },
  },
  {
    title: 'its dates have seven decimals and an offset; the end is not before the start (5)',
    mark: 'seen',
    async check(account) {
      for (const line of await newestLines(account)) {
        matches('ChargeStartDate', line.ChargeStartDate, timestamp)
        matches('ChargeEndDate', line.ChargeEndDate, timestamp)
        holds('end on or after start', String(line.ChargeEndDate) >= String(line.ChargeStartDate))
      }
    },
  },
  {
    title: 'its ratios are the days by those of the month, cut at nine decimals (5)',
    mark: 'seen',
    async check(account) {
      for (const line of await newestLines(account)) {
        const { days, ofDays } = span(line)
        const billionths = (BigInt(days) * 1_000_000_000n) / BigInt(ofDays)
        const cut = (Number(billionths) / 1e9).toFixed(9).replace(/\.?0+$/, '')
        equal(`ratio of ${days} of ${ofDays} days`, line.BillableRatio, cut)
      }
    },
  },
  {
    title: 'its sub-totals are unit price x quantity x days, rounded half up, to the cent (5.1)',
    mark: 'inferred',
    async check(account) {
      for (const line of await newestLines(account)) {
        closeTo('SubTotal', Number(line.SubTotal), amount(line, line.UnitPrice))
        closeTo('SubTotalRrp', Number(line.SubTotalRrp), amount(line, line.UnitPriceRrp))
      }
    },
  },
  {
    title: 'its amounts have no trailing zeros and no exponent (5)',
    mark: 'seen',
    async check(account) {
      for (const line of await newestLines(account))
        for (const column of ['UnitPrice', 'UnitPriceRrp', 'Quantity', 'SubTotal', 'SubTotalRrp'])
          matches(column, line[column], /^-?\d+(\.\d*[1-9])?$/)
    },
  },
  {
    title: 'lines of one subscription and offer follow each other without overlap (5.2)',
    mark: 'seen',
    async check(account) {
      const groups = Map.groupBy(
        await newestLines(account),
        ({ SubscriptionId, OfferName }) => `${lower(SubscriptionId)} ${String(OfferName)}`,
      )
      for (const lines of groups.values()) {
        const sorted = [...lines].sort((a, b) =>
          String(a.ChargeStartDate).localeCompare(String(b.ChargeStartDate)),
        )
        for (const [index, line] of sorted.slice(1).entries())
          holds('no overlap', String(line.ChargeStartDate) > String(sorted[index]?.ChargeEndDate))
      }
    },
  },
  {
    title:
      'its PrimaryDomainName is the domain of the tenant that lists the subscription, for most lines (5)',
    mark: 'inferred',
    async check(account) {
      const domains = new Map(
        (await tenants(account)).flatMap((tenant) =>
          list(tenant.Subscriptions, 'Subscriptions').map(
            ({ SubscriptionId }) => [lower(SubscriptionId), lower(tenant.TenantDomain)] as const,
          ),
        ),
      )
      const listed = (await newestLines(account)).filter(({ SubscriptionId }) =>
        domains.has(lower(SubscriptionId)),
      )
      const same = listed.filter(
        ({ SubscriptionId, PrimaryDomainName }) =>
          domains.get(lower(SubscriptionId)) === lower(PrimaryDomainName),
      )
      // A renamed customer and a moved subscription are the exceptions.
      holds(
        `${same.length} of ${listed.length} lines`,
        listed.length > 0 && same.length * 10 >= listed.length * 9,
      )
    },
  },
  {
    title: 'an unknown invoice is an error, not an empty file (3)',
    mark: 'inferred',
    async check(account) {
      const { status } = await account.get('/api/v1/me/invoice/0/csv')
      holds(`an error status (${status})`, status >= 400)
    },
  },
]

const header =
  'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,' +
  'UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,' +
  'BillingCycle,TermDurationNumber,TermDurationUnit'
const timestamp = /^\d{4}-\d\d-\d\dT00:00:00\.\d{7}\+00:00$/

const rows = async (account: Account, path: string): Promise<readonly Json[]> =>
  list(await account.json(path), path)
const invoices = async (account: Account): Promise<readonly Json[]> => {
  const answer = await account.json(invoicesPath)
  return list(isJson(answer) ? answer.Records : answer, 'Records')
}

async function contractAgreement(account: Account): Promise<string> {
  const agreements = (await rows(account, customersPath)).flatMap((customer) =>
    list(customer.CustomerProgramAgreements, 'CustomerProgramAgreements'),
  )
  const id = agreements[0]?.ContractAgreementId
  if (typeof id !== 'string' && typeof id !== 'number')
    throw new Error('No customer has a program agreement: nothing can be read of this account')
  return String(id)
}

async function tenants(account: Account): Promise<readonly Json[]> {
  return rows(account, `/api/v2/contractagreements/${await contractAgreement(account)}/tenants`)
}

/** Of the newest invoice's month, which every account may read. */
async function priceList(account: Account): Promise<readonly Json[]> {
  const { UsageYear, UsageMonth } = await newest(account)
  const day = `${Number(UsageYear)}/${Number(UsageMonth)}/1`
  const path = `/api/v2/me/pricing/${await contractAgreement(account)}/pricelist/${day}/?excludeTieredProducts=true`
  const answer = await account.json(path)
  return list(isJson(answer) ? answer.ProductGroups : null, 'ProductGroups').flatMap((group) =>
    list(group.Products, 'Products'),
  )
}

async function newest(account: Account): Promise<Json> {
  const monthly = (await invoices(account)).filter(
    ({ ProgramName }) => ProgramName === 'Microsoft CSP Indirect',
  )
  const sorted = [...monthly].sort((a, b) =>
    String(b.BillingPeriodStart).localeCompare(String(a.BillingPeriodStart)),
  )
  if (sorted[0] === undefined) throw new Error('No invoice is issued: nothing can be read of a file')
  return sorted[0]
}

const files = new WeakMap<Account, Promise<string>>()

/** Asked for once an account. `text()` would drop the byte order mark. */
function newestFile(account: Account): Promise<string> {
  const known = files.get(account) ?? readFile(account)
  files.set(account, known)
  return known
}

async function readFile(account: Account): Promise<string> {
  const { InvoiceId } = await newest(account)
  const response = await account.get(`/api/v1/me/invoice/${String(InvoiceId)}/csv`)
  if (response.status !== 200) throw new Error(`The newest invoice file answered ${response.status}`)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
}

async function newestLines(account: Account): Promise<readonly Json[]> {
  const lines = linesOf(await newestFile(account))
  if (typeof lines === 'string') throw new Error(`The newest invoice file cannot be read: ${lines}`)
  return lines
}

/** The lines, or what is wrong with the file: the parser's own error holds a customer's row. */
function linesOf(text: string): readonly Json[] | string {
  try {
    return parse<Json>(text, { bom: true, columns: true })
  } catch (error) {
    const { code, lines } = error as CsvError
    return `${code} at line ${String(lines)}`
  }
}

/** Charged days and days of the month. */
function span(line: Json): { readonly days: number; readonly ofDays: number } {
  const [start, end] = [String(line.ChargeStartDate).slice(0, 10), String(line.ChargeEndDate).slice(0, 10)]
  const [year = 0, month = 0] = start.split('-').map(Number)
  const days = (Date.parse(end) - Date.parse(start)) / 86_400_000 + 1
  return { days, ofDays: new Date(Date.UTC(year, month, 0)).getUTCDate() }
}

/** In whole units of 10^-8, so that a half-cent is exact. */
function amount(line: Json, unit: unknown): number {
  const { days, ofDays } = span(line)
  const scaled = (text: unknown): bigint => {
    const [whole = '', decimals = ''] = String(text).split('.')
    return BigInt(whole + decimals.padEnd(8, '0'))
  }
  const product = scaled(unit) * scaled(line.Quantity) * BigInt(days)
  const centsTimesTwo = (product * 2n) / (BigInt(ofDays) * 10n ** 14n)
  return Number((centsTimesTwo + 1n) / 2n) / 100
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown, what: string): readonly Json[] {
  if (!Array.isArray(value) || !value.every(isJson)) throw new Error(`${what} is no array of objects`)
  return value
}

function has(row: Json, ...names: readonly string[]): void {
  const missing = names.filter((name) => !(name in row))
  if (missing.length > 0)
    throw new Error(`without ${missing.join(', ')}; there are ${Object.keys(row).join(', ')}`)
}

function holds(what: string, fact: boolean): void {
  if (!fact) throw new Error(`not so: ${what}`)
}

/** A re-computation may differ by a cent (5.1); the message tells the difference, not the amounts. */
function closeTo(what: string, observed: number, expected: number): void {
  const difference = observed - expected
  if (!(Math.abs(difference) < 0.011)) throw new Error(`${what} differs by ${difference.toFixed(2)}`)
}

function equal(what: string, observed: unknown, expected: unknown): void {
  if (observed !== expected)
    throw new Error(`${what}: observed ${String(observed)}, expected ${String(expected)}`)
}

/** The message shows the form alone: digits as 9, letters as a. */
function matches(what: string, value: unknown, form: RegExp): void {
  if (typeof value === 'string' && form.test(value)) return
  const shape = String(value).replace(/\d/g, '9').replace(/[a-z]/gi, 'a')
  throw new Error(`${what} has the form ${shape}, expected ${String(form)}`)
}

function lower(value: unknown): string {
  return String(value).toLowerCase()
}
