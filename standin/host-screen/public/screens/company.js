import { card, chip, facts, h } from '../dom.js'
import { get } from '../requests.js'
import { agreementColumns, agreementRow } from './lists.js'
import { createRecordScreen } from './record.js'

export function company(id, member) {
  return createRecordScreen({
    screen: 'company',
    id,
    member,
    back: '#/companies',
    read: () => get(`companies/${id}`),
    render: ({ company: found, agreements }) => ({
      title: found.name,
      crumbs: [h('a', { href: '#/companies' }, 'Companies'), '/', h('span', null, found.identifier)],
      chips: [found.deletedFlag ? chip('Deleted', 'bad') : chip(found.status?.name ?? 'Active', 'good')],
      sections: [details(found), agreementTable(agreements)],
    }),
  })
}

function details(found) {
  return card(
    'Company',
    {},
    facts([
      ['Company id', found.identifier],
      ['Record', `#${found.id}`],
      ['Address', [found.addressLine1, found.addressLine2].filter(Boolean).join(', ')],
      ['City', [found.city, found.state, found.zip].filter(Boolean).join(' ')],
      ['Country', found.country?.name],
      ['Phone', found.phoneNumber],
      ['Website', found.website],
      ['Contact', found.defaultContact?.name],
      ['Types', found.types?.map(({ name }) => name).join(', ')],
    ]),
  )
}

function agreementTable(agreements) {
  if (agreements.length === 0)
    return card('Agreements', {}, h('p', { class: 'empty' }, 'This company has no agreement.'))
  const head = agreementColumns.map((column) => column.cloneNode(true))
  const table = h(
    'table',
    null,
    h('thead', null, h('tr', null, head)),
    h('tbody', null, agreements.map(agreementRow)),
  )
  return card('Agreements', {}, h('div', { class: 'scroll' }, table))
}
