/** The ConnectWise stand-in as a server: REST, control calls and the host screen on one port. */

import { hostScreen } from '../host-screen/host-screen.ts'
import { type Clock, createClock } from '../http/clock.ts'
import type { Incoming } from '../http/incoming.ts'
import { json } from '../http/reply.ts'
import { createRouter } from '../http/router.ts'
import { createStandin, type Standin, type Tls } from '../http/standin.ts'
import { addApiRoutes, codebases } from './api.ts'
import { createAuditTrail } from './audit-trail.ts'
import { checkKeys } from './auth.ts'
import { type CallbackOptions, type Callbacks, keyPath, sendCallbacks } from './callbacks.ts'
import { addControl } from './control.ts'
import { errorReply, forbidden, refuse, serverError, tooManyRequests } from './errors.ts'
import * as inferred from './inferred.ts'
import { createRateLimit } from './rate-limit.ts'
import { createRole } from './roles.ts'
import { offerScreens } from './screens.ts'
import { billedThroughOf, type ConnectWiseSeed, withSetUp } from './seed.ts'
import { createStaleReads, type StaleReads } from './stale-reads.ts'
import { createStore, type Store } from './store.ts'
import { createUnknowns } from './unknowns.ts'

export interface ConnectWiseOptions {
  readonly seed: ConnectWiseSeed
  readonly clock?: Clock
  /** Where the host screen finds the PRISM stand-in's control calls. */
  readonly prismUrl?: string
  /** Speaks https, as a real one does. */
  readonly tls?: Tls
  readonly callbackTiming?: CallbackOptions['timing']
}

export interface ConnectWise extends Standin {
  readonly store: Store
  readonly callbacks: Callbacks
  readonly staleReads: StaleReads
}

/** `listen(port)` resolves to the address; `store` is the live records, for tests to look at. */
export function createConnectWise({
  seed,
  clock = createClock(),
  prismUrl,
  tls,
  callbackTiming,
}: ConnectWiseOptions): ConnectWise {
  const { site } = seed
  const records = withSetUp(seed.records)
  const store = createStore(records, { now: () => clock.now(), billedThrough: billedThroughOf(records) })
  store.reset()

  const role = createRole(site.denied)
  const unknowns = createUnknowns(site.unknowns)
  offerScreens(store, unknowns.now())
  const staleReads = createStaleReads(store)
  const auditTrail = createAuditTrail(store, () => clock.now())
  let address = 'http://127.0.0.1'
  const callbacks = sendCallbacks({
    store,
    clock,
    site,
    address: () => address,
    ...(callbackTiming && { timing: callbackTiming }),
  })
  const api = createRouter()
  addApiRoutes(api, { store, clock, site, role, auditTrail, staleReads, unknowns })
  api.on('GET', keyPath, () => json({ signing_key: callbacks.signingKey }))
  const pages = hostScreen({ store, clock, site, prismUrl: prismUrl ?? null })
  const limit = createRateLimit(site.requestsPerMinute)

  const guard = (incoming: Incoming): void => {
    if (/^\/login\//i.test(incoming.path)) return
    const [codebase = ''] = incoming.path.split('/').filter(Boolean)
    if (!codebases.some((known) => known === codebase.toLowerCase()))
      throw refuse(404, 'NotFound', 'The resource was not found')
    if (site.isUiHost) throw refuse(inferred.uiHostStatus, 'Security', 'SSL is required.')
    limit.count()
    if (!provesItself(incoming.path) && !asksInfo(incoming)) checkKeys(incoming, site)
  }

  const standin = createStandin({
    ...(tls && { tls }),
    api,
    pages,
    clock,
    guard,
    unseen: (ms, run) => staleReads.hide(ms, run),
    headers: { 'api-current-version': inferred.apiVersion },
    control: (control) => addControl(control, { store, clock, role, callbacks, staleReads, unknowns }),
    reset: () => {
      staleReads.set({ ms: 0 })
      store.reset()
      role.deny(site.denied ?? [])
      unknowns.reset()
      offerScreens(store, unknowns.now())
      auditTrail.reset()
      callbacks.reset()
    },
    refusals: {
      '429': (rule) => tooManyRequests(rule.retryAfter ?? 1),
      '500': ({ message }) => serverError(message),
      '403': forbidden,
      'expired-token': () => errorReply(401, 'Unauthorized', inferred.badKeysMessage),
    },
    notFound: () => errorReply(404, 'NotFound', 'The resource was not found'),
    methodNotAllowed: () =>
      errorReply(405, 'MethodNotAllowed', 'The method is not allowed for this resource.'),
  })
  return {
    ...standin,
    store,
    callbacks,
    staleReads,
    listen: async (port) => {
      address = await standin.listen(port)
      return address
    },
    close: () => {
      callbacks.close()
      return standin.close()
    },
  }
}

/** Listens on a free port of 127.0.0.1; `url` is its address. */
export async function startConnectWise(
  options: ConnectWiseOptions,
): Promise<ConnectWise & { readonly url: string }> {
  const connectWise = createConnectWise(options)
  const url = await connectWise.listen(0)
  return { ...connectWise, url }
}

/**
 * A callback's key needs no keys (docs/facts/connectwise.md, "Limits and callbacks"); a member proves itself
 * by its hash.
 */
function provesItself(path: string): boolean {
  return /\/apis\/3\.0\/system\/(myMembers\/info|callbackKeys\/current)\/?$/i.test(path)
}

/** System info needs no keys (docs/facts/connectwise.md, "Base URL and company info"). */
function asksInfo({ path, header }: Incoming): boolean {
  const isInfo = /\/apis\/3\.0\/system\/info\/?$/i.test(path)
  return isInfo && (header('authorization') === '' || !inferred.infoChecksKeys)
}
