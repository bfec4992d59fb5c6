/** PRISM's own page: a person looks at tenants and invoices, changes quantities and issues the next month. */
import type { Clock } from '../http/clock.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Reply, text } from '../http/reply.ts'
import { createRouter, type Router } from '../http/router.ts'
import { addDays, type Day, firstDay } from './calendar.ts'
import { bookOf } from './control-calls.ts'
import { type History, priceOn, stateOn, type Tenant } from './history.ts'
import { escaped, pageScript, pageStyle } from './page-assets.ts'
import type { Invoice, PartnerBook } from './partner-book.ts'
import type { PrismStore } from './store.ts'

/** A page longer than this is no use to a person. */
const shownTenants = 200

export function prismPages(store: PrismStore, clock: Clock): Router {
  const show = (incoming: Incoming): Reply =>
    text(page(bookOf(store, incoming), clock.today()), 'text/html; charset=utf-8')
  return createRouter().on('GET', '/', show)
}

function page(book: PartnerBook, today: Day): string {
  const { partner } = book
  const tenants = firstOf(book.tenants(), shownTenants)
  const left = partner.portfolio.size - tenants.length
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PRISM stand-in · ${escaped(partner.name)}</title>
<style>${pageStyle}</style>
</head>
<body data-partner="${partner.customerId}">
<header>
  <div><span class="brand">PRISM</span> <span class="badge">stand-in</span></div>
  <div class="quiet">${escaped(partner.name)} · today is ${shownDay(today)}</div>
</header>
<main>
<section class="card">
  <div class="head">
    <h1>Invoices</h1>
    <button class="primary" id="issue">Issue ${shownMonth(book.nextUsage())} usage</button>
  </div>
  <p id="said" role="status"></p>
  ${invoiceTable(book.invoices())}
</section>
<section class="card">
  <div class="head"><h1>Client credentials</h1></div>
  <form id="generate">
    <label class="quiet">Client name <input name="ClientName" required></label>
    <label class="quiet">E-mail <input name="Email" type="email" required></label>
    <button>Generate</button>
  </form>
  <p id="credentials" role="status"></p>
</section>
<section class="card">
  <div class="head"><h1>Tenants and subscriptions</h1><input id="search" type="search" placeholder="Search" aria-label="Search tenants"></div>
  <p class="quiet">A new quantity holds from the day beside it, on the invoices issued from now on.</p>
  ${tenants.map((tenant) => tenantBlock(tenant, book, today)).join('\n')}
  ${left > 0 ? `<p class="quiet">${left} more tenants are not shown.</p>` : ''}
</section>
</main>
<script>${pageScript}</script>
</body>
</html>
`
}

function firstOf(tenants: Iterable<Tenant>, count: number): Tenant[] {
  const found: Tenant[] = []
  for (const tenant of tenants) {
    if (found.length === count) break
    found.push(tenant)
  }
  return found
}

function invoiceTable(invoices: readonly Invoice[]): string {
  if (invoices.length === 0) return '<p class="quiet">No invoice has been issued yet.</p>'
  const rows = invoices.toReversed().map(
    (
      invoice,
    ) => `<tr><td>${invoice.id}</td><td>${escaped(invoice.programName)}</td><td>${shownMonth(invoice.usage)}</td>
<td>${shownDay(invoice.billingPeriodStart)}</td><td><a href="/control/invoices/${invoice.id}/csv" download="${invoice.id}.csv">CSV</a></td></tr>`,
  )
  return `<table><thead><tr><th>Invoice</th><th>Program</th><th>Usage</th><th>Billing period from</th><th>File</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`
}

function tenantBlock(tenant: Tenant, book: PartnerBook, today: Day): string {
  const rows = book
    .histories(tenant.tenantId)
    .map((history) => subscriptionRow(history, book, today))
    .join('')
  return `<details data-name="${escaped(`${tenant.name} ${tenant.domain}`.toLowerCase())}">
<summary><b>${escaped(tenant.name)}</b> <span class="quiet">${escaped(tenant.domain)}</span></summary>
<table><thead><tr><th>Product</th><th>Subscription</th><th>Status</th><th class="num">Cost</th><th class="num">RRP</th><th class="num">Quantity</th><th>Change</th></tr></thead>
<tbody>${rows}</tbody></table></details>`
}

function subscriptionRow(history: History, book: PartnerBook, today: Day): string {
  const state = stateOn(history, today)
  if (state === null) return ''
  const product = book.partner.products.find((one) => one.productId === state.productId)
  if (product === undefined) return ''
  const price = priceOn(product, today)
  const editable = history.kind === 'licences' && state.status !== 'Deleted'
  const amounts =
    history.kind === 'licences'
      ? `<td class="num">${price.cost}</td><td class="num">${price.rrp}</td><td class="num">${state.quantity}</td>`
      : `<td class="num quiet" colspan="3">${history.kind === 'azure' ? 'by usage' : 'paid for the year'}</td>`
  return `<tr><td>${escaped(product.name)}</td><td class="id">${history.subscriptionId}</td>
<td><span class="status ${state.status.toLowerCase()}">${state.status}</span></td>${amounts}
<td>${editable ? quantityForm(history.subscriptionId, state, book) : ''}</td></tr>`
}

function quantityForm(
  subscriptionId: string,
  state: { productId: string; quantity: number },
  book: PartnerBook,
): string {
  const firstOpen = firstDay(book.nextUsage())
  return `<form data-subscription="${subscriptionId}" data-product="${state.productId}">
<input name="quantity" type="number" min="0" step="1" value="${state.quantity}" aria-label="New quantity" required>
<span class="quiet">from</span> <input name="from" type="date" min="${firstOpen}" value="${addDays(firstOpen, 14)}" aria-label="From" required>
<button>Change</button></form>`
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `1 Sep 2026`. */
function shownDay(day: Day): string {
  return `${Number(day.slice(8))} ${shownMonth(day)}`
}

/** `Sep 2026`, of a day or a month. */
function shownMonth(day: string): string {
  return `${monthNames[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`
}
