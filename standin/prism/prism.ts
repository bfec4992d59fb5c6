/**
 * The PRISM stand-in: identity and API on one port, its control calls and its own small page.
 *
 * `PRISM_IDENTITY_URL` and `PRISM_API_URL` are both its address.
 */
import type { Server } from 'node:http'
import { type Clock, createClock } from '../http/clock.ts'
import type { Faults } from '../http/faults.ts'
import { json } from '../http/reply.ts'
import type { RequestLog } from '../http/request-log.ts'
import { createStandin } from '../http/standin.ts'
import { notFound, prismApi } from './api.ts'
import { addPrismControl } from './control-calls.ts'
import { prismPages } from './page.ts'
import type { PrismSeed } from './seed.ts'
import { createSignIn } from './sign-in.ts'
import { createStore, type PrismStore } from './store.ts'
import { createTokens, type Tokens, unauthorized } from './tokens.ts'

export interface PrismOptions {
  readonly seed: PrismSeed
  /** Months issued at the start and after a reset; left out: none. */
  readonly issuedAtStart?: number
  /** Life of a token in seconds; 3600 where left out. */
  readonly tokenLifeSeconds?: number
  /** Milliseconds since 1970, for the life of tokens alone; the real clock where left out. */
  readonly nowMs?: () => number
}

export interface Prism {
  readonly server: Server
  readonly store: PrismStore
  readonly tokens: Tokens
  readonly clock: Clock
  readonly faults: Faults
  readonly requests: RequestLog
  /** Listens on 127.0.0.1, port 0 for a free one; resolves to the address. */
  listen(port: number): Promise<string>
  close(): Promise<void>
}

export function createPrism(options: PrismOptions): Prism {
  const clock = createClock()
  const store = createStore(options.seed, clock)
  const tokens = createTokens(store, options.nowMs ?? Date.now)
  const signIn = createSignIn(store, tokens, options.nowMs ?? Date.now)
  const azure = { settling: false }
  const restart = (issued = options.issuedAtStart ?? 0) => {
    store.restart(issued)
    azure.settling = false
    signIn.reset()
    tokens.expireAll()
    tokens.lifeSeconds = options.tokenLifeSeconds ?? 3600
  }
  restart()

  const standin = createStandin({
    clock,
    api: prismApi({ tokens, signIn, store }, clock, azure),
    pages: prismPages(store, clock),
    control: (router) => addPrismControl(router, { store, tokens, signIn, clock, azure, restart }),
    reset: () => restart(),
    notFound,
    refusals: {
      '429': ({ retryAfter = 1 }) =>
        json({ Message: 'Too many requests.' }, 429, { 'retry-after': String(retryAfter) }),
      '403': () => json({ Message: 'Forbidden.' }, 403),
      '500': () => json({ Message: 'An error has occurred.' }, 500),
      'expired-token': unauthorized,
    },
  })
  const { server, faults, requests, listen, close } = standin
  return { server, store, tokens, clock, faults, requests, listen, close }
}

/** Starts a stand-in on a free port of 127.0.0.1 (or on `port`). */
export async function startPrism(options: PrismOptions & { readonly port?: number }) {
  const prism = createPrism(options)
  const url = await prism.listen(options.port ?? 0)
  return { ...prism, url }
}
