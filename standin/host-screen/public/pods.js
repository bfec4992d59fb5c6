/** The pods and tabs installed for a record's screen, and what they may ask of it. */
import { ask, h } from './dom.js'
import { createHostedFrame } from './hosted-frame.js'
import { logMessage } from './message-log.js'
import { get } from './requests.js'
import { chosenVariant } from './variants.js'

const standardHeight = 300

/**
 * The hosted side of one open record.
 * @param {object} options
 * @param {string} options.screen lower-cased name: `company`, `agreement`
 * @param {number} options.id
 * @param {() => string} options.member identifier of the signed-in member
 * @param {() => Promise<void>} options.refresh reads the record again
 * @param {(dirty: boolean) => void} options.onDirty
 */
export function createHostedRecord({ screen, id, member, refresh, onDirty }) {
  const open = new Map()
  const dirty = new Set()

  const isDirty = () => dirty.size > 0
  const setDirty = (key, value) => {
    if (value) dirty.add(key)
    else dirty.delete(key)
    onDirty(isDirty())
  }

  /** Asks before a dirty record is thrown away. */
  async function mayDiscard(what) {
    if (!isDirty()) return true
    const answers = [
      { text: 'Keep editing', value: false },
      { text: what, value: true, kind: 'primary' },
    ]
    const body = h('p', null, 'There are changes that are not saved. They will be lost.')
    return (await ask({ title: 'Unsaved changes', body, answers })) === true
  }

  async function reload() {
    if (!(await mayDiscard('Refresh'))) return
    dirty.clear()
    onDirty(false)
    await refresh()
    for (const { frame } of open.values()) void frame.fire('onLoad')
  }

  function requestsOf(key, hostedAs) {
    return {
      getmemberauthentication: () => get(`members/${encodeURIComponent(member())}/authentication`),
      getscreenobject: () => ({ screen, id, hostedAs }),
      setdirty: ({ dirty: value }) => setDirty(key, value === true),
      openscreen: openScreen,
      ...(hostedAs === 'pod' && { refreshscreen: () => void reload() }),
    }
  }

  /** The iframe of a setup in a frame of its own. Its address has the tokens filled in. */
  function mount(setup) {
    const hostedAs = setup.type.toLowerCase()
    const key = `${setup.id} ${setup.url} ${setup.origin ?? ''}`
    const state = h('span', { class: 'state' }, 'waiting for "ready"')
    const src = setup.url.replaceAll('[cw_id]', String(id)).replaceAll('[cw_screen]', screen)
    const height = setup.podHeight ?? standardHeight
    const iframe = h('iframe', { title: setup.description, style: `height: ${height}px` })
    const frame = createHostedFrame({
      iframe,
      title: setup.description,
      origin: setup.origin ?? '',
      screenObject: { screen, id, hostedAs },
      requests: requestsOf(key, hostedAs),
      log: logMessage,
      variant: chosenVariant(),
      onReady: () => {
        state.textContent = 'connected'
        state.classList.add('answered')
      },
    })
    // Listening comes before loading, so that no "ready" is missed.
    iframe.src = src
    const title = h('h2', null, setup.description)
    const origin = h('span', { class: 'origin' }, setup.origin ?? 'no Origin set')
    const element = h('section', { class: 'card pod' }, h('header', null, title, state, origin), iframe)
    open.set(key, { frame, element, hostedAs })
    return element
  }

  /** Puts the setups into `place`; frames that are there already stay as they are. */
  function show(setups, place) {
    const wanted = new Map(setups.map((setup) => [`${setup.id} ${setup.url} ${setup.origin ?? ''}`, setup]))
    for (const [key, { frame, element }] of open) {
      if (wanted.has(key) || !place.contains(element)) continue
      frame.close()
      element.remove()
      open.delete(key)
      setDirty(key, false)
    }
    for (const [key, setup] of wanted) if (!open.has(key)) place.append(mount(setup))
  }

  /**
   * `beforeSave` goes to pods; one that does not answer blocks saving until the person gives up. Then `write` takes place, the
   * record is read again and every frame gets `onLoad`. False where nothing was written; throws the refusal of `write`.
   */
  async function save(write = () => Promise.resolve()) {
    const pods = [...open.values()].filter(({ hostedAs }) => hostedAs === 'pod')
    const errors = await answersOf(pods, 'beforeSave')
    if (errors === null) return false
    if (errors.length > 0) {
      const body = h(
        'ul',
        null,
        errors.map((error) => h('li', null, error)),
      )
      await ask({ title: 'Not saved', body, answers: [{ text: 'Close', value: null, kind: 'primary' }] })
      return false
    }
    await write()
    dirty.clear()
    onDirty(false)
    await refresh()
    for (const { frame } of open.values()) void frame.fire('onLoad')
    return true
  }

  async function mayLeave() {
    const errors = await answersOf([...open.values()], 'beforeBack')
    return errors !== null && errors.length === 0 && mayDiscard('Leave')
  }

  function close() {
    for (const { frame } of open.values()) frame.close()
    open.clear()
  }

  return { show, save, reload, mayLeave, isDirty, close }
}

const patienceMs = 700

/** The errors that pods answer an event with; `null` where the person stopped waiting for one of them. */
async function answersOf(pods, event) {
  const answers = Promise.all(pods.map(({ frame }) => frame.fire(event)))
  const first = await Promise.race([
    answers,
    new Promise((resolve) => setTimeout(resolve, patienceMs, 'slow')),
  ])
  const all = first === 'slow' ? await waitVisibly(answers, event) : first
  if (all === null) return null
  return all.flatMap(({ result, errors }) => (result === 'failure' ? (errors ?? ['The pod refused.']) : []))
}

async function waitVisibly(answers, event) {
  const answered = new AbortController()
  const stopped = ask({
    title: 'Waiting for a pod',
    body: h('p', null, `A pod has not answered ${event} yet. Nothing happens until it does.`),
    answers: [{ text: 'Stop waiting', value: null }],
    abort: answered.signal,
  })
  const all = await Promise.race([answers, stopped])
  answered.abort()
  return all
}

/** Knows `ticket` and `company` only, as the client library does; there are no tickets here. */
function openScreen({ screen, id, newTab }) {
  if (String(screen).toLowerCase() !== 'company') return
  const address = `#/companies/${Number(id)}`
  if (newTab) window.open(address, '_blank', 'noopener')
  else location.hash = address
}
