/**
 * ConnectWise's side of the host API for one iframe (docs/facts/host-api.md, "Messages"): JSON strings in
 * both directions, a MessageFrameID after "ready", responses under lower-cased names, events that must be
 * answered by their _id.
 */
import { variants } from './variants.js'

let frames = 0
let events = 0

/**
 * @param {object} options
 * @param {HTMLIFrameElement} options.iframe
 * @param {string} options.title the pod's title, for the log
 * @param {string} options.origin the setup's Origin; without one the API does not work
 * @param {object} options.screenObject `{screen, id, hostedAs}`
 * @param {Record<string, (args: any) => unknown>} options.requests by lower-cased name; a result that is not undefined is
 *   sent back as the response's data
 * @param {() => void} options.onReady
 * @param {string} [options.variant] a name of variants.js
 * @param {(direction: 'from' | 'to' | 'ignored', pod: string, message: unknown, why?: string) => void} options.log
 */
export function createHostedFrame({
  iframe,
  title,
  origin,
  screenObject,
  requests,
  onReady,
  log,
  variant = 'standard',
}) {
  frames += 1
  const frameId = `f-${frames}`
  const waiting = new Map()
  let ready = false

  function send(message) {
    for (const { data, afterMs = 0 } of variants[variant].post(message)) {
      const post = () => {
        log('to', title, data)
        iframe.contentWindow?.postMessage(data, origin)
      }
      if (afterMs > 0) setTimeout(post, afterMs)
      else post()
    }
  }

  /** Sends an event; resolves to the pod's answer. A pod that never said ready has nothing to answer. */
  function fire(name) {
    if (!ready) return Promise.resolve({ result: 'success' })
    events += 1
    const _id = String(events)
    const answer = new Promise((resolve) => waiting.set(_id, resolve))
    send({ event: name, _id, data: { screenObject } })
    return answer
  }

  function receive(event) {
    if (event.source !== iframe.contentWindow) return
    const problem = whyIgnored(event, origin)
    const message = problem === null ? parse(event.data) : null
    const more = problem ?? (message === null ? 'not the JSON of an object' : whyUnknown(message))
    if (more !== null) return log('ignored', title, event.data, more)
    log('from', title, event.data)
    if (message.message === 'ready') return start()
    if (message.event !== undefined) return settle(message)
    void respond(message)
  }

  function whyUnknown(message) {
    if (message.message === 'ready') return null
    if (message.frameID !== frameId) return `its frameID is not ${frameId}`
    if (message.event !== undefined)
      return waiting.has(String(message._id)) ? null : 'nothing waits for this _id'
    if (typeof message.hosted_request !== 'string') return 'it has no hosted_request'
    return requests[message.hosted_request.toLowerCase()] ? null : 'no such request'
  }

  function start() {
    ready = true
    send({ MessageFrameID: frameId })
    onReady()
    void fire('onLoad')
  }

  function settle(message) {
    waiting.get(String(message._id))(message)
    waiting.delete(String(message._id))
  }

  async function respond(message) {
    const name = message.hosted_request.toLowerCase()
    const data = await requests[name](message.args ?? {})
    if (data !== undefined) send({ response: name, data })
  }

  window.addEventListener('message', receive)
  return { fire, title, close: () => window.removeEventListener('message', receive) }
}

function whyIgnored(event, origin) {
  if (origin === '') return 'the hosted setup has no Origin'
  if (origin !== '*' && event.origin !== origin)
    return `it came from ${event.origin}, the setup's Origin is ${origin}`
  return typeof event.data === 'string' ? null : 'messages are JSON strings'
}

function parse(text) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
