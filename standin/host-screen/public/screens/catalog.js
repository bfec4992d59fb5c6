/** The product catalog: a list to find items in, and a form for each. */
import { button, chip, h, toast } from '../dom.js'
import { money } from '../format.js'
import { openForm } from '../forms.js'
import { get, write } from '../requests.js'
import { listScreen, td, th } from './lists.js'

const fields = (isNew, choices) => [
  { name: 'identifier', label: 'Product ID', kind: 'text', required: true },
  { name: 'description', label: 'Description', kind: 'text', required: true },
  { name: 'vendorSku', label: 'Vendor SKU', kind: 'id' },
  { name: 'cost', label: 'Unit Cost', kind: 'number' },
  { name: 'price', label: 'Unit Price', kind: 'number' },
  ...(isNew ? newFields(choices) : []),
  { name: 'customerDescription', label: 'Customer Description', kind: 'longText', required: true },
  { name: 'taxableFlag', label: 'Taxable', kind: 'check' },
  { name: 'inactiveFlag', label: 'Inactive', kind: 'check' },
]

const newFields = ({ subcategories, productTypes }) =>
  [
    ['subcategory', 'Subcategory', subcategories],
    ['type', 'Product Type', productTypes],
  ].map(([name, label, records]) => ({
    name,
    label,
    kind: 'choice',
    required: true,
    isReference: true,
    choices: records.map(({ id, name: shown }) => ({ value: String(id), text: shown })),
  }))

export function catalog(member) {
  const list = listScreen({
    title: 'Product catalog',
    all: 'All products',
    columns: [
      th('Product ID'),
      th('Description'),
      th('Vendor SKU'),
      th('Unit Cost', 'number'),
      th('Unit Price', 'number'),
      h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Actions')),
    ],
    actions: [button('New product', () => void add(), 'primary', { 'data-focus': 'new-item' })],
    read: () => get('catalog'),
    text: ({ identifier, description, vendorSku }) => `${identifier} ${description} ${vendorSku ?? ''}`,
    empty: 'No product has this name or SKU.',
    row: (item) =>
      h(
        'tr',
        { 'data-item': item.id },
        td('', item.identifier, ' ', item.inactiveFlag && chip('Inactive', 'warn')),
        td('', item.description),
        td('mono', item.vendorSku ?? ''),
        td('number', money(item.cost)),
        td('number', money(item.price)),
        td(
          'number',
          button('Edit', () => void edit(item), 'small', {
            'aria-label': `Edit ${item.identifier}`,
            'data-focus': `item-${item.id}`,
          }),
        ),
      ),
  })
  const opened = list()

  async function saved(method, path, changes, done) {
    await write(method, path, member(), changes)
    toast(done)
    await (await opened).update()
    return true
  }
  async function add() {
    await openForm({
      title: 'New product',
      fields: fields(true, await get('choices')),
      values: {},
      save: (changes) => saved('POST', 'catalog', changes, 'The product was added.'),
    })
  }
  async function edit(item) {
    await openForm({
      title: `Edit product: ${item.identifier}`,
      fields: fields(false),
      values: item,
      save: (changes) => saved('PATCH', `catalog/${item.id}`, changes, 'The product was saved.'),
    })
  }
  return opened
}
