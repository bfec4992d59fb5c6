/** The side panel that lists every message between the screen and its pods. */
import { h, toast } from './dom.js'
import { chosenVariant, variants } from './variants.js'

const kept = 300
const arrows = { from: '→', to: '←', ignored: '✕' }
const words = { from: 'from', to: 'to', ignored: 'ignored from' }
const filter = { text: '', direction: 'all' }

let count = 0
const list = h('ol', { 'aria-live': 'off' })
/** What is listed, newest first. */
const entries = []

export function mountLog() {
  const panel = document.getElementById('log')
  const search = h('input', {
    type: 'search',
    placeholder: 'Filter',
    'aria-label': 'Filter messages',
    oninput: ({ target }) => refilter({ text: target.value.trim().toLowerCase() }),
  })
  const direction = select('Direction', { all: 'All', from: 'From pods', to: 'To pods', ignored: 'Ignored' })
  direction.addEventListener('change', () => refilter({ direction: direction.value }))
  const titles = Object.fromEntries(Object.entries(variants).map(([name, { title }]) => [name, title]))
  const host = select('How the screen speaks', titles)
  host.value = chosenVariant()
  host.addEventListener('change', () => {
    location.search = host.value === 'standard' ? '' : `?host=${host.value}`
  })
  panel.append(
    h(
      'header',
      null,
      h('h2', null, 'Messages'),
      h('button', { type: 'button', onclick: () => void copy() }, 'Copy'),
      h('button', { type: 'button', onclick: clear }, 'Clear'),
      h('div', { class: 'filters' }, search, direction),
      h('label', null, 'Screen speaks', host),
    ),
    list,
  )
  const toggle = document.getElementById('messages')
  toggle.addEventListener('click', () => {
    panel.hidden = !panel.hidden
    toggle.setAttribute('aria-pressed', String(!panel.hidden))
  })
}

function select(label, options) {
  const choices = Object.entries(options).map(([value, text]) => h('option', { value }, text))
  return h('select', { 'aria-label': label }, choices)
}

/**
 * @param {'from' | 'to' | 'ignored'} direction from the pod, to the pod, or from it and left unanswered
 * @param {string} pod the pod's title
 * @param {unknown} message as it was sent: a string, or an object
 * @param {string} [why] why it was ignored
 */
export function logMessage(direction, pod, message, why) {
  count += 1
  document.getElementById('message-count').textContent = String(count)
  const text = withoutHash(typeof message === 'string' ? message : JSON.stringify(message))
  const time = new Date().toTimeString().slice(0, 8)
  const entry = { direction, pod, time, text, isObject: typeof message !== 'string', why }
  entry.element = elementOf(entry)
  entry.element.hidden = !isWanted(entry)
  entries.unshift(entry)
  list.prepend(entry.element)
  for (const { element } of entries.splice(kept)) element.remove()
}

/** One line to skim; opened, the message over several lines. */
function elementOf({ direction, pod, time, text, isObject, why }) {
  const said = h('span', { class: direction }, `${arrows[direction]} ${words[direction]} ${pod}`)
  const parsed = json(text)
  return h(
    'li',
    null,
    h(
      'details',
      null,
      h(
        'summary',
        null,
        h('div', { class: 'line' }, said, h('time', null, time)),
        why && h('div', { class: 'ignored' }, why),
        h('code', null, isObject ? `(object) ${text}` : text),
      ),
      h('pre', null, parsed === undefined ? text : JSON.stringify(parsed, null, 2)),
    ),
  )
}

function refilter(change) {
  Object.assign(filter, change)
  for (const entry of entries) entry.element.hidden = !isWanted(entry)
}

function isWanted({ direction, pod, text, why = '' }) {
  const fits = filter.direction === 'all' || filter.direction === direction
  return fits && `${pod} ${text} ${why}`.toLowerCase().includes(filter.text)
}

function clear() {
  entries.length = 0
  list.replaceChildren()
}

/** What is shown, oldest first, as JSON for a report. */
async function copy() {
  const shown = entries
    .filter(({ element }) => !element.hidden)
    .map(({ direction, pod, time, text, why }) => ({
      time,
      direction,
      pod,
      message: json(text) ?? text,
      why,
    }))
    .toReversed()
  try {
    await navigator.clipboard.writeText(JSON.stringify(shown, null, 2))
    toast(`${shown.length} messages are copied.`)
  } catch {
    toast('The browser does not allow copying here.', 'error')
  }
}

function json(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The member's hash proves who somebody is: it is not put on a screen that people take pictures of. */
function withoutHash(text) {
  return text.replace(/("memberHash":")[^"]*/, '$1…')
}
