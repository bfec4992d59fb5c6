/** PRISM's API (docs/facts/prism.md, "Endpoints"), as far as the product reads it. */
import type { Clock } from '../http/clock.ts'
import type { Incoming } from '../http/incoming.ts'
import { json, jsonList, type Reply, text } from '../http/reply.ts'
import { createRouter, type Router } from '../http/router.ts'
import { addApiClients } from './api-clients.ts'
import {
  dayWithOffset,
  detailQuestion,
  type UsageQuestion,
  usageDetails,
  usageSummary,
} from './azure-usage.ts'
import { type Day, isDay } from './calendar.ts'
import type { Tenant } from './history.ts'
import type { PartnerBook } from './partner-book.ts'
import { priceListOn } from './price-list.ts'
import { customerShape, invoiceShape, meShape, subscriptionShape, tenantShape } from './shapes.ts'
import type { SignIn } from './sign-in.ts'
import type { PrismStore } from './store.ts'
import type { Tokens } from './tokens.ts'

export const tokenPath = '/core/connect/token'

export interface AzureSettling {
  /** While usage settles, a summary's total lags behind its records. */
  settling: boolean
}

/** Everything of PRISM's that a program calls, and the sign-in that a person sees. */
export function prismApi(
  { tokens, signIn, store }: { tokens: Tokens; signIn: SignIn; store: PrismStore },
  clock: Clock,
  azure: AzureSettling,
): Router {
  const router = createRouter()
  const get = (pattern: string, answer: (book: PartnerBook, params: Params, incoming: Incoming) => Reply) =>
    router.on('GET', pattern, (incoming, params) => answer(tokens.bookOf(incoming), params, incoming))

  router.on('POST', tokenPath, (incoming) => {
    const ofPerson = ['authorization_code', 'refresh_token'].includes(incoming.form().get('grant_type') ?? '')
    return ofPerson ? signIn.exchange(incoming) : tokens.issue(incoming)
  })
  signIn.addRoutes(router)
  addApiClients(router, store, tokens)
  get('/api/v1/me', (book) => json(meShape(book.partner)))
  get('/api/v1/me/customers', customers)
  get('/api/v1/me/invoice/:id/csv', invoiceCsv)
  get('/api/v2/me/pricing/:agreement/pricelist/:year/:month/:day', priceList)
  get('/api/v2/invoices', (book) => json({ Records: book.invoices().map(invoiceShape) }))
  get('/api/v2/contractagreements/:id/tenants', (book, { id }) => {
    if (!hasAgreement(book, id)) return notFound()
    const today = clock.today()
    return listOf(book, (tenant) =>
      same(tenant.contractAgreementId, id) ? [tenantShape(tenant, book, today)] : [],
    )
  })
  get('/api/v2/microsoftcsp/tenants', (book) => {
    const today = clock.today()
    return listOf(book, (tenant) => [tenantShape(tenant, book, today)])
  })
  get('/api/v2/microsoftcsp/tenants/:id', (book, { id }) => {
    const tenant = book.tenant(id ?? '')
    return tenant ? json(tenantShape(tenant, book, clock.today())) : notFound()
  })
  get('/api/v2/microsoftcsp/azure/usage/summary/:id', (book, { id }, { query }) => {
    const [first, last] = [dayWithOffset(query.get('startDate')), dayWithOffset(query.get('endDate'))]
    if (first === null || last === null) return invalidRequest()
    const question = usageQuestion(book, id, { first, last, today: clock.today() })
    if (question === null) return notFound()
    return usageSummary(question, query.get('aggregation') ?? 'ByResourceOnly', azure.settling)
  })
  router.on('POST', '/api/v2/microsoftcsp/azure/usage/detailed', (incoming) => {
    const book = tokens.bookOf(incoming)
    const asked = detailQuestion(incoming)
    if (asked === null) return invalidRequest()
    const question = usageQuestion(book, asked.subscriptionId, { ...asked, today: clock.today() })
    return question === null ? notFound() : usageDetails(question, asked.page, asked.pageSize)
  })
  get('/api/v2/microsoftcsp/subscriptions/:id', (book, { id }) => subscription(book, id, clock))
  return router
}

type Params = Readonly<Record<string, string>>

function customers(book: PartnerBook, _params: Params, incoming: Incoming): Reply {
  const all = incoming.query.get('includeDeactivatedCustomers')?.toLowerCase() === 'true'
  return listOf(book, (tenant) =>
    all || tenant.isActive !== false ? [customerShape(tenant, book.partner)] : [],
  )
}

/** What `shapes` makes of each tenant of the partner, one after the other. */
function listOf(book: PartnerBook, shapes: (tenant: Tenant) => readonly unknown[]): Reply {
  const made = function* () {
    for (const tenant of book.tenants()) yield* shapes(tenant)
  }
  return jsonList(made())
}

function invoiceCsv(book: PartnerBook, { id }: Params): Reply {
  const invoice = book.invoices().find((one) => String(one.id) === id)
  return invoice ? text(invoice.csv(), 'text/csv; charset=utf-8') : notFound()
}

/** Month and day are not zero-padded by real clients; padded ones are taken too. */
function priceList(book: PartnerBook, { agreement, year = '', month = '', day = '' }: Params): Reply {
  if (!hasAgreement(book, agreement)) return notFound()
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (!isDay(date)) return invalidRequest()
  return json(priceListOn(book.partner.products, date))
}

function subscription(book: PartnerBook, id: string | undefined, clock: Clock): Reply {
  const held = book.subscription(id ?? '')
  const shape = held ? subscriptionShape(held.history, held.tenant, book, clock.today()) : null
  return shape === null ? notFound() : json(shape)
}

function usageQuestion(
  book: PartnerBook,
  id: string | undefined,
  days: { readonly first: Day; readonly last: Day; readonly today: Day },
): UsageQuestion | null {
  const held = book.subscription(id ?? '')
  if (held?.history.kind !== 'azure') return null
  const { history, tenant } = held
  return { book, history, tenant, first: days.first, last: days.last, today: days.today }
}

function hasAgreement(book: PartnerBook, id: string | undefined): boolean {
  return book.partner.contractAgreements.some((agreement) => same(agreement.id, id))
}

function same(id: string, wanted: string | undefined): boolean {
  return id.toLowerCase() === wanted?.toLowerCase()
}

/** Error bodies are not known (docs/facts/prism.md, "Endpoints"). */
function invalidRequest(): Reply {
  return json({ Message: 'The request is invalid.' }, 400)
}

export function notFound(): Reply {
  return json({ Message: 'No HTTP resource was found that matches the request URI.' }, 404)
}
