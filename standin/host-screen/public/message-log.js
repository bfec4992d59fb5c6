/** The side panel that lists every message between the screen and its pods. */
import { h } from './dom.js'

const kept = 300
let count = 0
const list = h('ol', { 'aria-live': 'off' })

export function mountLog() {
  const panel = document.getElementById('log')
  const clear = h('button', { type: 'button', onclick: () => list.replaceChildren() }, 'Clear')
  panel.append(h('header', null, h('h2', null, 'Messages'), clear), list)
  const toggle = document.getElementById('messages')
  toggle.addEventListener('click', () => {
    panel.hidden = !panel.hidden
    toggle.setAttribute('aria-pressed', String(!panel.hidden))
  })
}

/**
 * @param {'from' | 'to' | 'ignored'} direction from the pod, to the pod, or from it and left unanswered
 * @param {string} pod the pod's title
 * @param {unknown} message as it was sent: a string, or what a wrong client sent instead
 * @param {string} [why] why it was ignored
 */
export function logMessage(direction, pod, message, why) {
  count += 1
  document.getElementById('message-count').textContent = String(count)
  const arrow = { from: '→ from', to: '← to', ignored: '✕ ignored from' }[direction]
  const time = new Date().toTimeString().slice(0, 8)
  const text =
    typeof message === 'string' ? withoutHash(message) : `(not a string) ${JSON.stringify(message)}`
  const line = h(
    'div',
    { class: 'line' },
    h('span', { class: direction }, `${arrow} ${pod}`),
    h('time', null, time),
  )
  list.prepend(h('li', null, line, why && h('div', { class: 'ignored' }, why), h('pre', null, text)))
  while (list.children.length > kept) list.lastChild.remove()
}

/** The member's hash proves who somebody is: it is not put on a screen that people take pictures of. */
function withoutHash(text) {
  return text.replace(/("memberHash":")[^"]*/, '$1…')
}
