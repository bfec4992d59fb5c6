import { button, card, chip, facts, h, toast } from '../dom.js'
import { billCustomers, day, money, month, quantity, statusKind } from '../format.js'
import { get, post, remove } from '../requests.js'
import { agreementForms } from './edit-agreement.js'
import { createRecordScreen } from './record.js'

export function agreement(id, member) {
  /** What was seen of each addition, so that what changed can be marked. */
  const seen = new Map()
  const openInvoices = new Set()
  let first = true

  return createRecordScreen({
    screen: 'agreement',
    id,
    member,
    back: '#/agreements',
    read: () => get(`agreements/${id}`),
    render: ({ agreement: found, additions, invoices }, save) => {
      const fresh = markFresh(additions)
      const forms = agreementForms({ agreementId: id, member, save })
      return {
        title: found.name,
        crumbs: [
          h('a', { href: '#/companies' }, 'Companies'),
          '/',
          h('a', { href: `#/companies/${found.company.id}` }, found.company.name),
          '/',
          h('span', null, 'Agreement'),
        ],
        chips: [chip(found.agreementStatus, statusKind(found.agreementStatus))],
        sections: [
          header(found, forms),
          additionTable(additions, fresh, forms),
          invoiceList(id, found, invoices, openInvoices),
        ],
      }
    },
  })

  function markFresh(additions) {
    const fresh = new Set()
    for (const addition of additions) {
      const text = JSON.stringify(addition)
      if (!first && seen.get(addition.id) !== text) fresh.add(addition.id)
      seen.set(addition.id, text)
    }
    first = false
    return fresh
  }
}

function header(found, { editAgreement }) {
  return card(
    'Agreement',
    {
      actions: [
        button('Edit', () => void editAgreement(found), '', {
          'aria-label': 'Edit agreement',
          'data-focus': 'agreement',
        }),
      ],
    },
    facts([
      ['Company', h('a', { href: `#/companies/${found.company.id}` }, found.company.name)],
      ['Type', found.type?.name],
      ['Billing Cycle', found.billingCycle?.name],
      ['Invoicing Cycle', found.invoicingCycle === 'ContractYear' ? 'Contract Year' : 'Calendar Year'],
      ['Bill', found.periodType === 'Future' ? 'In advance' : 'In arrears'],
      ['Prorate Agreement', found.prorateFlag ? 'Yes' : 'No'],
      ['Currency', found.currency?.currencyCode ?? found.currency?.name],
      ['Start Date', day(found.startDate)],
      ['End Date', found.noEndingDateFlag ? 'No Ending Date' : day(found.endDate)],
      ['Date Cancelled', found.cancelledFlag ? day(found.dateCancelled) || 'Cancelled' : ''],
      ['Billing Start Date', day(found.billStartDate)],
      ['Next Invoice Date', day(found.nextInvoiceDate)],
      ['Record', `#${found.id}`],
    ]),
  )
}

const number = (text) => h('th', { class: 'number', scope: 'col' }, text)
const column = (text) => h('th', { scope: 'col' }, text)
const signed = (value) => (Number(value) < 0 ? 'number negative' : 'number')

function additionTable(additions, fresh, forms) {
  const parts = {
    note: chip(`${additions.length}`),
    actions: [
      button('Add', () => void forms.addAddition(), '', {
        'aria-label': 'Add addition',
        'data-focus': 'new-addition',
      }),
    ],
  }
  if (additions.length === 0)
    return card('Additions', parts, h('p', { class: 'empty' }, 'This agreement has no additions.'))
  const head = [
    column('Product ID'),
    number('Quantity'),
    number('Unit Price'),
    column('Effective Date'),
    column('Cancelled Date'),
    number('Ext. Price'),
    h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Actions')),
  ]
  const rows = additions
    .toSorted(byProduct)
    .map((addition) => additionRow(addition, fresh.has(addition.id), forms))
  const table = h(
    'table',
    { class: 'additions' },
    h('thead', null, h('tr', null, head)),
    h('tbody', null, rows),
  )
  return card('Additions', parts, h('div', { class: 'scroll' }, table))
}

function byProduct(one, other) {
  const order = (one.serialNumber ?? '').localeCompare(other.serialNumber ?? '')
  return order || (one.effectiveDate ?? '').localeCompare(other.effectiveDate ?? '') || one.id - other.id
}

function additionRow(addition, isFresh, { editAddition, deleteAddition }) {
  const ended = addition.agreementStatus === 'Cancelled'
  const unbilled = addition.billCustomer !== 'Billable' && chip(billCustomers[addition.billCustomer], 'warn')
  const included = addition.lessIncluded
    ? h('span', { class: 'below' }, `${quantity(addition.lessIncluded)} included`)
    : null
  const named = (what) => ({
    'aria-label': `${what} ${addition.product.identifier}, effective ${day(addition.effectiveDate)}`,
    'data-focus': `${what} ${addition.id}`,
  })
  return h(
    'tr',
    { class: `${ended ? 'ended' : ''} ${isFresh ? 'fresh' : ''}`, 'data-addition': addition.id },
    h(
      'td',
      null,
      addition.product.identifier,
      ' ',
      unbilled,
      h('span', { class: 'below' }, addition.description ?? ''),
      addition.serialNumber && h('span', { class: 'below mono' }, addition.serialNumber),
    ),
    h('td', { class: signed(addition.quantity) }, quantity(addition.quantity), included),
    h(
      'td',
      { class: 'number' },
      money(addition.unitPrice),
      h('span', { class: 'below' }, `cost ${money(addition.unitCost)}`),
    ),
    h('td', { class: 'day' }, day(addition.effectiveDate)),
    h('td', { class: 'day' }, day(addition.cancelledDate) || h('span', { class: 'below' }, 'open')),
    h('td', { class: signed(addition.extPrice) }, money(addition.extPrice)),
    h(
      'td',
      { class: 'edits' },
      button('Edit', () => void editAddition(addition), 'small', named('Edit')),
      button('Delete', () => void deleteAddition(addition), 'small', named('Delete')),
    ),
  )
}

function invoiceList(id, found, invoices, openInvoices) {
  const next = month((found.nextInvoiceDate ?? found.billStartDate ?? '').slice(0, 7))
  const act = (work, done) => async (event) => {
    event.target.disabled = true
    try {
      toast(done(await work()))
    } catch (error) {
      toast(error.message, 'bad')
    }
    event.target.disabled = false
  }
  const issue = act(
    () => post(`agreements/${id}/invoice`),
    (invoice) => `${invoice.number} for ${month(invoice.period.first.slice(0, 7))}: ${money(invoice.price)}`,
  )
  const withdraw = act(
    () => remove(`agreements/${id}/invoices/last`),
    (invoice) =>
      `${invoice.number} deleted; the next invoice date is ${day(invoice.nextInvoiceDateBefore)} again`,
  )
  const actions = [
    invoices.length > 0 && button('Delete last', withdraw),
    button(`Invoice ${next}`, issue, 'primary'),
  ]
  const empty = h('p', { class: 'empty' }, `Nothing was invoiced here yet. ${next} is the next period.`)
  const list = invoices.toReversed().map((invoice) => invoiceDetails(invoice, openInvoices))
  return card('Invoices', { actions }, list.length > 0 ? list : empty)
}

function invoiceDetails(invoice, openInvoices) {
  const period = `${day(invoice.period.first)} – ${day(invoice.period.last)}`
  const summary = h(
    'summary',
    null,
    h('strong', null, invoice.number),
    h('span', null, period),
    h('span', null, `${invoice.lines.length} ${invoice.lines.length === 1 ? 'line' : 'lines'}`),
    h('span', { class: 'number' }, money(invoice.price)),
  )
  const remember = (event) => {
    if (event.target.open) openInvoices.add(invoice.id)
    else openInvoices.delete(invoice.id)
  }
  const open = openInvoices.has(invoice.id)
  return h('details', { class: 'invoice', open, ontoggle: remember }, summary, invoiceTable(invoice))
}

function invoiceTable(invoice) {
  if (invoice.lines.length === 0) return h('p', { class: 'empty' }, 'There was nothing to bill.')
  const head = [column('Month'), column('Item'), number('Quantity'), number('Price'), number('Cost')]
  const rows = invoice.lines.map((line) =>
    h(
      'tr',
      null,
      h('td', { class: 'day' }, month(line.month), line.catchUp && h('span', { class: 'below' }, 'catch-up')),
      h('td', null, line.productIdentifier, h('span', { class: 'below arithmetic' }, line.arithmetic)),
      h('td', { class: signed(line.quantity) }, quantity(line.quantity)),
      h('td', { class: signed(line.price) }, money(line.price)),
      h('td', { class: signed(line.cost) }, money(line.cost)),
    ),
  )
  const total = h(
    'tr',
    null,
    h('td', { colspan: 3 }, 'Total'),
    h('td', { class: 'number' }, money(invoice.price)),
    h('td', { class: 'number' }, money(invoice.cost)),
  )
  const table = h(
    'table',
    null,
    h('thead', null, h('tr', null, head)),
    h('tbody', null, rows),
    h('tfoot', null, total),
  )
  return h('div', { class: 'scroll' }, table)
}
