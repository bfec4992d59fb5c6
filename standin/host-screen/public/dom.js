/** Elements, toasts and dialogs. No framework: `h('td', { class: 'number' }, '12')`. */

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined | EventListener> | null} [attributes] `on…` functions are listeners; `false` and `null` are left out.
 * @param {...unknown} children nodes or texts; arrays are flattened, `null` and `false` left out
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(
    ...children.flat(3).filter((child) => child !== null && child !== false && child !== undefined),
  )
  return element
}

export function chip(text, kind = '') {
  return h('span', { class: `chip ${kind}` }, text)
}

export function card(title, { actions = [], note = null } = {}, ...children) {
  const head = h('header', null, h('h2', null, title), note, h('div', { class: 'actions' }, actions))
  return h('section', { class: 'card' }, head, children)
}

/** `attributes` may name it more fully (`aria-label`), or find it again after a new reading (`data-focus`). */
export function button(text, onclick, kind = '', attributes = {}) {
  return h('button', { type: 'button', class: `button ${kind}`, onclick, ...attributes }, text)
}

/** Does `work`, and puts the focus back to where it was: to the element that has the same `data-focus` by then. */
export async function keepingFocus(work) {
  const key = document.activeElement?.dataset?.focus
  const result = await work()
  const again = key === undefined ? null : document.querySelector(`[data-focus="${key}"]`)
  if (again !== document.activeElement) again?.focus()
  return result
}

/** A definition list of `[label, value]`; entries without a value are left out. */
export function facts(entries) {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined && value !== '')
  return h(
    'dl',
    { class: 'facts' },
    shown.map(([label, value]) => h('div', null, h('dt', null, label), h('dd', null, value))),
  )
}

const toastMs = 6000

export function toast(text, kind = '') {
  const shown = h('div', { class: `toast ${kind}` }, text)
  document.getElementById('toasts')?.append(shown)
  setTimeout(() => shown.remove(), toastMs)
}

/** Asks in a dialog; resolves to the chosen answer's value, `null` where it was closed. `abort` closes it from outside. */
export function ask({ title, body, answers, abort }) {
  return new Promise((resolve) => {
    const close = (value) => {
      dialog.close()
      dialog.remove()
      resolve(value)
    }
    const buttons = answers.map(({ text, value, kind }) => button(text, () => close(value), kind))
    const dialog = h(
      'dialog',
      { oncancel: () => close(null) },
      h('h2', null, title),
      body,
      h('div', { class: 'actions' }, buttons),
    )
    abort?.addEventListener('abort', () => close(null), { once: true })
    document.body.append(dialog)
    dialog.showModal()
  })
}
