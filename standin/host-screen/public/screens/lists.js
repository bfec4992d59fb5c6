/** The lists: companies, agreements, hosted setups. */
import { card, chip, h } from '../dom.js'
import { day, statusKind } from '../format.js'
import { get } from '../requests.js'

const heading = (text, ...more) => h('div', { class: 'title' }, h('h1', null, text), ...more)

/** A list screen: `read` gives the rows, `row` one table row; `text` is what the search looks in. */
export function listScreen({
  title,
  all = `All ${title.toLowerCase()}`,
  columns,
  actions = [],
  read,
  row,
  text,
  empty,
}) {
  return async () => {
    let rows = await read()
    const body = h('tbody', null)
    const search = h('input', {
      class: 'search',
      type: 'search',
      placeholder: 'Search',
      'aria-label': 'Search',
      oninput: fill,
    })
    const table = h('table', null, h('thead', null, h('tr', null, columns)), body)
    function fill() {
      const wanted = search.value.trim().toLowerCase()
      const found = rows.filter((one) => text(one).toLowerCase().includes(wanted))
      const none = h('tr', null, h('td', { class: 'empty', colspan: columns.length }, empty))
      body.replaceChildren(...(found.length > 0 ? found.map(row) : [none]))
    }
    fill()
    const update = async () => {
      rows = await read()
      fill()
    }
    return {
      element: h(
        'div',
        null,
        heading(title, search),
        card(all, { actions }, h('div', { class: 'scroll' }, table)),
      ),
      update,
    }
  }
}

export const th = (text, name = '') => h('th', { class: name, scope: 'col' }, text)
export const td = (name, ...children) => h('td', { class: name }, children)

export const companies = listScreen({
  title: 'Companies',
  columns: [th('Company'), th('Id'), th('City'), th('Phone'), th('Agreements', 'number')],
  read: () => get('companies'),
  text: ({ name, identifier, city }) => `${name} ${identifier} ${city ?? ''}`,
  empty: 'No company has this name.',
  row: (company) =>
    h(
      'tr',
      null,
      td(
        '',
        h('a', { href: `#/companies/${company.id}` }, company.name),
        company.deletedFlag && ' (deleted)',
      ),
      td('', company.identifier),
      td('', [company.city, company.state].filter(Boolean).join(', ')),
      td('', company.phoneNumber ?? ''),
      td('number', company.agreementCount),
    ),
})

export const agreementColumns = [
  th('Agreement'),
  th('Company'),
  th('Status'),
  th('Invoiced'),
  th('Next invoice'),
  th('Additions', 'number'),
]

export function agreementRow(agreement) {
  return h(
    'tr',
    null,
    td('', h('a', { href: `#/agreements/${agreement.id}` }, agreement.name)),
    td('', h('a', { href: `#/companies/${agreement.company.id}` }, agreement.company.name)),
    td('', chip(agreement.agreementStatus, statusKind(agreement.agreementStatus))),
    td('', agreement.periodType === 'Future' ? 'in advance' : 'in arrears'),
    td('day', day(agreement.nextInvoiceDate)),
    td('number', agreement.additionCount),
  )
}

export const agreements = listScreen({
  title: 'Agreements',
  columns: agreementColumns,
  read: () => get('agreements'),
  text: ({ name, company }) => `${name} ${company.name}`,
  empty: 'No agreement has this name.',
  row: agreementRow,
})

export const setups = listScreen({
  title: 'Hosted setups',
  columns: [th('Description'), th('Screen'), th('Display'), th('Origin'), th('URL')],
  read: () => get('setups'),
  text: ({ description, url }) => `${description} ${url}`,
  empty: 'Nothing is installed. Pods are installed by POST /system/connectwisehostedsetups.',
  row: (setup) =>
    h(
      'tr',
      null,
      td('', setup.description),
      td('', setup.screen),
      td('', `${setup.type}${setup.podHeight ? `, ${setup.podHeight} px` : ''}`),
      td('mono', setup.origin ?? 'none'),
      td('mono', setup.url),
    ),
})
