/** The forms of the agreement screen: the agreement itself and its additions, labelled as ConnectWise labels them. */
import { ask, h, toast } from '../dom.js'
import { billCustomers, day } from '../format.js'
import { openForm } from '../forms.js'
import { get, write } from '../requests.js'

const text = (name, label, more = {}) => ({ name, label, kind: 'text', ...more })
const number = (name, label) => ({ name, label, kind: 'number' })
const date = (name, label) => ({ name, label, kind: 'date' })
const check = (name, label) => ({ name, label, kind: 'check' })
const choice = (name, label, pairs) => ({
  name,
  label,
  kind: 'choice',
  choices: pairs.map(([value, shown]) => ({ value: String(value), text: shown })),
})
const reference = (name, label, records, shown = ({ name: own }) => own) => ({
  ...choice(
    name,
    label,
    records.map((record) => [record.id, shown(record)]),
  ),
  isReference: true,
})

const billCustomer = choice('billCustomer', 'Bill Customer', Object.entries(billCustomers))

const additionFields = [
  number('quantity', 'Quantity'),
  number('lessIncluded', 'Less Included'),
  number('unitPrice', 'Unit Price'),
  number('unitCost', 'Unit Cost'),
  date('effectiveDate', 'Effective Date'),
  date('cancelledDate', 'Cancelled Date'),
  { ...billCustomer, required: true },
  { name: 'serialNumber', label: 'Serial Number', kind: 'id' },
  check('taxableFlag', 'Taxable'),
  { name: 'invoiceDescription', label: 'Invoice Description', kind: 'longText' },
]

/**
 * @param {object} options
 * @param {number} options.agreementId
 * @param {() => string} options.member
 * @param {(write: () => Promise<unknown>) => Promise<boolean>} options.save asks the pods, writes, and reads again
 */
export function agreementForms({ agreementId, member, save }) {
  const path = `agreements/${agreementId}`
  const saving = (method, at, done) => (changes) =>
    save(async () => {
      await write(method, at, member(), changes)
      toast(done)
    })

  return {
    async addAddition() {
      const [{ products }, { today }] = await Promise.all([get('choices'), get('version')])
      const product = reference(
        'product',
        'Product ID',
        products,
        ({ identifier, description }) => `${identifier}: ${description}`,
      )
      await openForm({
        title: 'Add addition',
        fields: [{ ...product, required: true }, ...additionFields],
        values: { billCustomer: 'Billable', effectiveDate: today },
        isNew: true,
        save: saving('POST', `${path}/additions`, 'The addition was added.'),
      })
    },
    editAddition(addition) {
      return openForm({
        title: `Edit addition: ${addition.product.identifier}`,
        fields: [{ name: 'product', label: 'Product ID', kind: 'shown' }, ...additionFields],
        values: { ...addition, product: addition.product.identifier },
        save: saving('PATCH', `${path}/additions/${addition.id}`, 'The addition was saved.'),
      })
    },
    async deleteAddition(addition) {
      const what = `${addition.quantity} × ${addition.product.identifier}, effective ${day(addition.effectiveDate)}`
      const answer = await ask({
        title: 'Delete addition',
        body: h('p', null, `${what} will be deleted. To end it, set its Cancelled Date instead.`),
        answers: [
          { text: 'Keep it', value: null },
          { text: 'Delete', value: true, kind: 'primary' },
        ],
      })
      if (answer !== true) return
      try {
        await saving('DELETE', `${path}/additions/${addition.id}`, 'The addition was deleted.')()
      } catch (error) {
        toast(error.message, 'bad')
      }
    },
    async editAgreement(found) {
      const { billingCycles, currencies } = await get('choices')
      await openForm({
        title: `Edit agreement: ${found.name}`,
        fields: [
          text('name', 'Agreement Name', { required: true }),
          { name: 'agreementStatus', label: 'Status', kind: 'shown' },
          date('startDate', 'Start Date'),
          date('endDate', 'End Date'),
          check('noEndingDateFlag', 'No Ending Date'),
          check('cancelledFlag', 'Cancelled'),
          date('dateCancelled', 'Date Cancelled'),
          text('reasonCancelled', 'Reason Cancelled'),
          date('billStartDate', 'Billing Start Date'),
          { name: 'nextInvoiceDate', label: 'Next Invoice Date', kind: 'shown' },
          reference('billingCycle', 'Billing Cycle', billingCycles),
          choice('invoicingCycle', 'Invoicing Cycle', [
            ['CalendarYear', 'Calendar Year'],
            ['ContractYear', 'Contract Year'],
          ]),
          choice('periodType', 'Bill', [
            ['Current', 'In arrears'],
            ['Future', 'In advance'],
          ]),
          reference('currency', 'Currency', currencies),
          check('prorateFlag', 'Prorate Agreement'),
        ],
        values: { ...found, nextInvoiceDate: day(found.nextInvoiceDate) },
        save: saving('PATCH', path, 'The agreement was saved.'),
      })
    },
  }
}
