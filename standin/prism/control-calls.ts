/** What a test or a person can do to PRISM from outside; documented in README.md. */
import type { Clock } from '../http/clock.ts'
import type { Incoming } from '../http/incoming.ts'
import { json, noContent, ReplyError, text } from '../http/reply.ts'
import type { Router } from '../http/router.ts'
import { adjustedLine } from './adjusted-line.ts'
import type { AzureSettling } from './api.ts'
import { generate } from './api-clients.ts'
import { firstDay, isDay, nextMonth } from './calendar.ts'
import { stateOn } from './history.ts'
import type { PartnerBook, QuantityRefusal } from './partner-book.ts'
import { invoiceShape } from './shapes.ts'
import type { SignIn } from './sign-in.ts'
import type { PrismStore } from './store.ts'
import type { Tokens } from './tokens.ts'

export interface PrismControl {
  readonly store: PrismStore
  readonly tokens: Tokens
  readonly signIn: SignIn
  readonly clock: Clock
  readonly azure: AzureSettling
  readonly restart: (issued?: number) => void
}

export function addPrismControl(
  router: Router,
  { store, tokens, signIn, clock, azure, restart }: PrismControl,
): void {
  const bookFor = (incoming: Incoming) => bookOf(store, incoming)
  router
    .on('GET', '/control/state', (incoming) => json(state(bookFor(incoming), clock)))
    .on('POST', '/control/restart', (incoming) => {
      restart(wholeNumber(fields(incoming), 'issued'))
      return noContent
    })
    .on('POST', '/control/invoices/next', (incoming) => {
      const book = bookFor(incoming)
      const usage = book.nextUsage()
      const issued = store.issueNext(book)
      return json(
        {
          invoiceId: issued[0]?.id ?? null,
          usage,
          nextUsage: book.nextUsage(),
          issued: issued.map(invoiceShape),
        },
        201,
      )
    })
    .on('POST', '/control/invoices', (incoming) => {
      const book = bookFor(incoming)
      return json(invoiceShape(book.addInvoice(newInvoice(book, fields(incoming)))), 201)
    })
    .on('GET', '/control/invoices/:id/csv', (incoming, { id }) => {
      const invoice = bookFor(incoming)
        .invoices()
        .find((one) => String(one.id) === id)
      if (invoice === undefined) return refuse(`No invoice ${id}.`, 404)
      return text(invoice.csv(), 'text/csv; charset=utf-8')
    })
    .on('PUT', '/control/invoices/:id/csv', (incoming, { id }) => {
      return bookFor(incoming).replaceCsv(Number(id), incoming.body)
        ? noContent
        : refuse(`No invoice ${id}.`, 404)
    })
    .on('POST', '/control/invoices/:id/adjustments', (incoming, { id }) => {
      const body = fields(incoming)
      const { lines, replaces = false } = body
      if (!Array.isArray(lines) || typeof replaces !== 'boolean') return refuse('lines is a list.')
      const book = bookFor(incoming)
      const adjusted = book.adjust(
        Number(id),
        lines.map((each) => adjustedLine(book, each as Fields)),
        { replaces, format: store.format },
      )
      return adjusted === undefined ? refuse(`No invoice ${id}.`, 404) : json(invoiceShape(adjusted), 201)
    })
    .on('PUT', '/control/csv-format', (incoming) => {
      const { bom = true, crlf = false } = fields(incoming)
      if (typeof bom !== 'boolean' || typeof crlf !== 'boolean')
        return refuse('bom and crlf are true or false.')
      store.format = { bom, lineEnd: crlf ? '\r\n' : '\n' }
      return json({ bom, crlf })
    })
    .on('POST', '/control/subscriptions/:id/quantity', (incoming, { id = '' }) =>
      setQuantity(bookFor(incoming), id, incoming),
    )
    .on('PUT', '/control/subscriptions/:id/tenant', (incoming, { id = '' }) => {
      const tenantId = words(fields(incoming), 'tenantId') ?? refuse('tenantId names the tenant.')
      const isMoved = bookFor(incoming).moveSubscription(id, tenantId)
      return isMoved ? json({ subscriptionId: id, tenantId }) : refuse('No such subscription or tenant.', 404)
    })
    .on('PUT', '/control/tenants/:id', (incoming, { id = '' }) => {
      const body = fields(incoming)
      const [name, domain] = [words(body, 'name'), words(body, 'domain')]
      const names = { ...(name === undefined ? {} : { name }), ...(domain === undefined ? {} : { domain }) }
      const { tenantId, ...tenant } =
        bookFor(incoming).renameTenant(id, names) ?? refuse('There is no such tenant.', 404)
      return json({ tenantId, name: tenant.name, domain: tenant.domain })
    })
    .on('PUT', '/control/azure', (incoming) => {
      const { settling } = fields(incoming)
      if (typeof settling !== 'boolean') return refuse('settling is true or false.')
      azure.settling = settling
      return json({ settling })
    })
    .on('POST', '/control/clients', (incoming) =>
      generate(store, bookFor(incoming).partner.customerId, incoming.json()),
    )
    .on('POST', '/control/sign-in/rotate-key', () => {
      signIn.rotateKey()
      return noContent
    })
    .on('POST', '/control/tokens/expire', () => {
      tokens.expireAll()
      return noContent
    })
    .on('PUT', '/control/tokens', (incoming) => {
      tokens.lifeSeconds = wholeNumber(fields(incoming), 'lifeSeconds')
      return json({ lifeSeconds: tokens.lifeSeconds })
    })
}

/** `?partner=` names a CustomerId; without it the first partner is meant. */
export function bookOf(store: PrismStore, incoming: Incoming): PartnerBook {
  const partner = incoming.query.get('partner')
  return (
    store.book(partner === null ? undefined : Number(partner)) ??
    refuse(`No partner ${partner ?? 'at all'}.`, 404)
  )
}

const refusals: Readonly<Record<QuantityRefusal, string>> = {
  'not-found': 'There is no such subscription.',
  'not-licences': 'Only the quantity of licences can be changed.',
  'not-running': 'The subscription is not running on that day.',
  'already-invoiced': 'That day has been invoiced; an issued invoice does not change.',
}

function setQuantity(book: PartnerBook, subscriptionId: string, incoming: Incoming) {
  const body = fields(incoming)
  const { from, productId } = body
  if (!isDay(from)) return refuse('from is a day (YYYY-MM-DD).')
  const product = typeof productId === 'string' ? { productId } : {}
  const quantity = wholeNumber(body, 'quantity')
  const refused = book.setQuantity({ subscriptionId, quantity, from, ...product })
  if (refused !== null) return refuse(refusals[refused], refused === 'not-found' ? 404 : 409)
  return json({ subscriptionId, quantity, from })
}

function newInvoice(book: PartnerBook, body: Fields) {
  const { csv, programName = book.partner.programName } = body
  const usage = `${String(body.usageYear)}-${String(body.usageMonth).padStart(2, '0')}`
  if (!isDay(firstDay(usage))) return refuse('usageYear and usageMonth are numbers, such as 2026 and 4.')
  if (typeof csv !== 'string' || typeof programName !== 'string')
    return refuse('csv and programName are texts.')
  const billingPeriodStart = body.billingPeriodStart ?? firstDay(nextMonth(usage))
  if (!isDay(billingPeriodStart)) return refuse('billingPeriodStart is a day (YYYY-MM-DD).')
  return { programName, usage, billingPeriodStart, csv }
}

/** What a person sees of a partner. */
function state(book: PartnerBook, clock: Clock) {
  const { partner } = book
  return {
    today: clock.today(),
    partner: { customerId: partner.customerId, name: partner.name },
    contractAgreements: partner.contractAgreements,
    nextUsage: book.nextUsage(),
    invoices: book.invoices().map(invoiceShape),
    tenants: Array.from(book.tenants(), (tenant) => ({
      tenantId: tenant.tenantId,
      name: tenant.name,
      domain: tenant.domain,
      subscriptions: book.histories(tenant.tenantId).map((history) => ({
        subscriptionId: history.subscriptionId,
        kind: history.kind,
        ...stateOn(history, clock.today()),
      })),
    })),
  }
}

type Fields = Readonly<Record<string, unknown>>

function fields(incoming: Incoming): Fields {
  const body = incoming.body === '' ? {} : incoming.json()
  return typeof body === 'object' && body !== null ? (body as Fields) : refuse('The body is a JSON object.')
}

/** A text that is not empty; `undefined` where the field is left out. */
function words(body: Fields, name: string): string | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  return typeof value === 'string' && value.trim() !== '' ? value : refuse(`${name} is a text.`)
}

function wholeNumber(body: Fields, name: string): number {
  const value = body[name]
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? value
    : refuse(`${name} is a whole number, 0 or more.`)
}

function refuse(message: string, status = 400): never {
  throw new ReplyError(json({ message }, status))
}
