/**
 * Callbacks (docs/facts/connectwise.md, "Limits and callbacks"): when a record changes, each matching
 * callback entry gets a signed POST; it is tried again after 2 s and 4 s, and an entry that fails on three
 * days is switched off.
 *
 * This stand-in posts to addresses of this machine only, so that no test reaches a stranger.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../http/clock.ts'
import type { Site } from './auth.ts'
import * as inferred from './inferred.ts'
import type { Change, Row } from './records.ts'
import { tableOf } from './resources.ts'
import { show } from './show.ts'
import type { Store } from './store.ts'

export interface Delivery {
  readonly callbackId: number
  readonly url: string
  readonly type: string
  readonly action: Change['action']
  readonly recordId: number
  /** One of each try: the status answered, or why there was none. */
  readonly tries: (number | string)[]
  state: 'sending' | 'delivered' | 'failed' | 'not sent'
}

export interface Callbacks {
  /** The newest 500. */
  readonly deliveries: readonly Delivery[]
  /** What `key_url` answers: the key whose SHA-256 signs. */
  readonly signingKey: string
  reset(): void
  /** Gives up what is under way. */
  close(): void
}

export interface CallbackOptions {
  readonly store: Store
  readonly clock: Clock
  readonly site: Site
  /** The address of this stand-in, for `key_url`. */
  readonly address: () => string
  /** Waits before the second and third try, and the patience with each, in milliseconds. */
  readonly timing?: { readonly waits: readonly number[]; readonly timeoutMs: number }
}

const standardTiming = { waits: [2_000, 4_000], timeoutMs: 5_000 }
const failingDays = 3
const kept = 500
const apiPath = '/v4_6_release/apis/3.0'
export const keyPath = `${apiPath}/system/callbackKeys/current`

export function sendCallbacks(options: CallbackOptions): Callbacks {
  const { store, clock, timing = standardTiming } = options
  const signingKey = randomBytes(32).toString('base64')
  const deliveries: Delivery[] = []
  const failedOn = new Map<number, Set<string>>()
  let closing = new AbortController()

  store.watch((change) => {
    const type = inferred.callbackTypes[change.collection]
    if (type === undefined) return
    for (const entry of store.all('callbacks')) {
      if (!wants(entry, type, change) || inferred.suppressesItself(entry, change)) continue
      const { action, recordId } = inferred.callbackOf(change)
      const url = `${String(entry.url)}${recordId}&action=${action}`
      const delivery: Delivery = {
        callbackId: entry.id,
        url,
        type,
        action,
        recordId,
        tries: [],
        state: 'sending',
      }
      deliveries.push(delivery)
      if (deliveries.length > kept) deliveries.shift()
      void deliver(delivery, bodyOf(change, delivery, options), closing.signal)
    }
  })

  async function deliver(delivery: Delivery, body: string, signal: AbortSignal): Promise<void> {
    if (!isLoopback(delivery.url)) {
      delivery.tries.push('This stand-in posts to addresses of this machine only.')
      delivery.state = 'not sent'
      return
    }
    for (const pause of [0, ...timing.waits]) {
      if (!(await waited(pause, signal))) return
      const outcome = await post(delivery.url, body, signingKey, timing.timeoutMs, signal)
      delivery.tries.push(outcome)
      if (typeof outcome === 'number' && outcome < 300) {
        delivery.state = 'delivered'
        failedOn.delete(delivery.callbackId)
        return
      }
    }
    delivery.state = 'failed'
    noteFailure(delivery.callbackId)
  }

  function noteFailure(callbackId: number): void {
    const days = failedOn.get(callbackId) ?? new Set<string>()
    failedOn.set(callbackId, days.add(clock.today()))
    const entry = store.get('callbacks', callbackId)
    if (days.size >= failingDays && entry) store.put('callbacks', { ...entry, inactiveFlag: true }, 'system')
  }

  return {
    deliveries,
    signingKey,
    reset() {
      closing.abort()
      closing = new AbortController()
      deliveries.length = 0
      failedOn.clear()
    },
    close: () => closing.abort(),
  }
}

function wants(entry: Row, type: string, change: Change): boolean {
  if (entry.inactiveFlag === true || !same(entry.type, type)) return false
  // objectId 1 at the level Owner means all (docs/facts/connectwise.md, "Limits and callbacks").
  if (same(entry.level, 'Owner')) return Number(entry.objectId) === 1
  return same(entry.level, type) && Number(entry.objectId) === inferred.callbackOf(change).recordId
}

/** `Entity` is a JSON string inside the JSON, as seen. */
function bodyOf(
  change: Change,
  delivery: Delivery,
  { store, clock, site, address }: CallbackOptions,
): string {
  const { collection } = inferred.callbackOf(change)
  const row = store.get(collection, delivery.recordId)
  const entity =
    row && show(tableOf(collection), row, { store, today: clock.today(), apiUrl: address() + apiPath })
  return JSON.stringify({
    Action: delivery.action,
    CompanyId: site.companyId,
    Entity: entity === undefined ? null : JSON.stringify(entity),
    FromUrl: new URL(address()).host,
    ID: delivery.recordId,
    MemberId: change.by,
    Metadata: { key_url: address() + keyPath },
    Type: delivery.type,
  })
}

/** Base64 of HMAC-SHA256 with the SHA-256 of the signing key. */
export function signatureOf(body: string, signingKey: string): string {
  const key = createHash('sha256').update(signingKey).digest()
  return createHmac('sha256', key).update(body).digest('base64')
}

async function post(
  url: string,
  body: string,
  signingKey: string,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<number | string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-content-signature': signatureOf(body, signingKey) },
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), closing]),
      redirect: 'manual',
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    return error instanceof Error ? error.name : 'no answer'
  }
}

/** False where the stand-in is closing. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal, ref: false })
    return true
  } catch {
    return false
  }
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}

function same(one: unknown, other: string): boolean {
  return String(one).toLowerCase() === other.toLowerCase()
}
