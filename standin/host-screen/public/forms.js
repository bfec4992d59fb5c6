/** A form in a dialog: labelled fields, ConnectWise's refusal above them and at the field it names. */
import { button, h, keepingFocus } from './dom.js'

/**
 * @typedef {object} FormField
 * @property {string} name as the API has it
 * @property {string} label as ConnectWise's screen has it
 * @property {'text' | 'id' | 'longText' | 'number' | 'date' | 'check' | 'choice' | 'shown'} kind
 * @property {boolean} [required]
 * @property {{value: string, text: string}[]} [choices] of a `choice`
 * @property {boolean} [isReference] a `choice` among records: its value is `{id}`
 */

let forms = 0

/**
 * Opens the form; resolves when it is closed, to whether it was saved.
 * @param {object} options
 * @param {string} options.title
 * @param {FormField[]} options.fields
 * @param {Record<string, unknown>} options.values by field; dates as ConnectWise sends them
 * @param {(changes: Record<string, unknown>) => Promise<boolean>} options.save writes the fields that differ from `values`;
 *   false where it was held back and the form stays open
 * @param {boolean} [options.isNew] a new record: everything that has a value is written
 */
export function openForm(options) {
  return keepingFocus(() => inDialog(options))
}

function inDialog({ title, fields, values, save, isNew = false }) {
  forms += 1
  const inputs = fields.map((field) => inputOf(field, values[field.name], `form-${forms}-${field.name}`))
  const problem = h('div', { class: 'problem', role: 'alert' })
  const submit = h('button', { type: 'submit', class: 'button primary' }, 'Save')
  return new Promise((resolve) => {
    const close = (saved) => {
      dialog.close()
      dialog.remove()
      resolve(saved)
    }
    const form = h(
      'form',
      { class: 'form', novalidate: true, onsubmit: (event) => void onSubmit(event) },
      h('h2', { id: `form-${forms}` }, title),
      problem,
      h(
        'div',
        { class: 'fields' },
        inputs.map(({ element }) => element),
      ),
      h(
        'div',
        { class: 'actions' },
        button('Cancel', () => close(false)),
        submit,
      ),
    )
    async function onSubmit(event) {
      event.preventDefault()
      for (const input of inputs) input.mark('')
      problem.replaceChildren()
      submit.disabled = true
      try {
        if (await save(changesOf(inputs, isNew))) return close(true)
      } catch (error) {
        showRefusal(error, inputs, problem)
      } finally {
        submit.disabled = false
      }
    }
    const dialog = h(
      'dialog',
      { class: 'wide', 'aria-labelledby': `form-${forms}`, oncancel: () => close(false) },
      form,
    )
    document.body.append(dialog)
    dialog.showModal()
  })
}

function changesOf(inputs, isNew) {
  const isMeant = ({ field, value, hasChanged }) =>
    field.kind !== 'shown' && (isNew ? ![null, false].includes(value()) : hasChanged())
  return Object.fromEntries(inputs.filter(isMeant).map(({ field, value }) => [field.name, value()]))
}

/** Every message once: at its field where the form has it, else above. */
function showRefusal(error, inputs, problem) {
  const named = (error.fields ?? []).map((one) => ({
    message: one.message,
    input: inputs.find(({ field }) => field.name === String(one.field ?? '').split('/')[0]),
  }))
  problem.append(h('strong', null, error.message))
  const others = named.filter(({ input }) => input === undefined).map(({ message }) => h('li', null, message))
  if (others.length > 0) problem.append(h('ul', null, others))
  for (const { message, input } of named) input?.mark(message)
  named.find(({ input }) => input !== undefined)?.input.control.focus()
}

/** One field: its element, what it holds as the API takes it, and where its own refusal goes. */
function inputOf(field, value, id) {
  const control = controlOf(field, value, id)
  const note = h('span', { class: 'note', id: `${id}-note` })
  const star = field.required && h('span', { 'aria-hidden': 'true' }, ' *')
  const label = h('label', { class: 'label', for: id }, field.label, star)
  const read = () => valueOf(field, control)
  const before = JSON.stringify(read())
  return {
    field,
    control,
    element: h('div', { class: `field ${field.kind}-field` }, label, control, note),
    value: read,
    hasChanged: () => JSON.stringify(read()) !== before,
    mark(message) {
      note.textContent = message
      if (message === '') {
        control.removeAttribute('aria-invalid')
        control.removeAttribute('aria-describedby')
        return
      }
      control.setAttribute('aria-invalid', 'true')
      control.setAttribute('aria-describedby', note.id)
    },
  }
}

function controlOf({ kind, required, choices = [] }, value, id) {
  const common = { id, 'aria-required': required ? 'true' : null }
  switch (kind) {
    case 'shown':
      return h('output', { id }, String(value ?? '') || '–')
    case 'check':
      return h('input', { ...common, type: 'checkbox', checked: value === true })
    case 'longText':
      return h('textarea', { ...common, rows: 3 }, String(value ?? ''))
    case 'number':
      return h('input', { ...common, type: 'number', step: 'any', value: value ?? '' })
    case 'date':
      return h('input', { ...common, type: 'date', value: String(value ?? '').slice(0, 10) })
    case 'choice': {
      const chosen = String(value?.id ?? value ?? '')
      const known = chosen === '' || choices.some((choice) => choice.value === chosen)
      const all = [
        ...(chosen === '' ? [{ value: '', text: '' }] : []),
        ...(known ? [] : [{ value: chosen, text: String(value?.name ?? value?.identifier ?? chosen) }]),
        ...choices,
      ]
      return h(
        'select',
        common,
        all.map(({ value: one, text }) => h('option', { value: one, selected: one === chosen }, text)),
      )
    }
    default:
      return h('input', { ...common, type: 'text', value: value ?? '' })
  }
}

/** What an emptied field is to the API: null. Numbers that are none are left for ConnectWise to refuse. */
function valueOf({ kind, isReference }, control) {
  if (kind === 'check') return control.checked
  const text = kind === 'longText' ? control.value : (control.value ?? '').trim()
  if (text === '') return null
  if (kind === 'number') return Number(text)
  if (kind === 'date') return `${text}T00:00:00Z`
  return isReference ? { id: Number(text) } : text
}
