/** A process of the product inside the tests' own, that can die: its connections are gone, and nothing that it goes on with has an effect. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Database, openDatabase } from '#db/client.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import type { Clients, Worker } from '#lib/jobs/worker.ts'
import { type Addresses, clientsOf, settlesSoon, workerOf } from '../processes.ts'

/** How patient the process is, in milliseconds. */
export interface Patience {
  /** How long its ConnectWise client waits for an answer. */
  readonly clientMs: number
  /** What it takes that time for: unknown outcomes are settled after twice this, and reads are repeated for as long. */
  readonly settleMs: number
  /** How long one call goes on taking jobs. */
  readonly drainMs: number
}

export interface Process {
  readonly db: Database
  /** Replace `now` to let its clock go on. */
  worker: Worker
  isDead(): boolean
  die(): void
  /** Resolves once nothing that it sent is under way: until then a request of a dead one may still take effect. */
  ended(): Promise<void>
  close(): Promise<void>
}

const LONGEST_CLOSE_MS = 5_000

class Dead extends Error {
  override readonly name = 'Dead'
}

/** Starts one; `addresses` are those of each organisation's systems. */
export const startProcess = (
  databaseUrl: string,
  addresses: ReadonlyMap<string, Addresses>,
  { clientMs, settleMs }: Pick<Patience, 'clientMs' | 'settleMs'>,
): Process => {
  const opened = openDatabase(databaseUrl)
  let dead = false
  const check = (): void => {
    if (dead) throw new Dead()
  }
  const underWay = new Set<Promise<unknown>>()
  const mine = <C extends object>(client: C): C => mortal(client, check, underWay)
  const clients = new Map<string, Clients>()
  for (const [id, each] of addresses) {
    const { prism, connectWise, currency } = clientsOf(each, clientMs)
    clients.set(id, { prism: mine(prism), connectWise: mine(connectWise), currency })
  }
  const [someAddresses] = addresses.values()
  if (someAddresses === undefined) throw new Error('A process serves an organisation')
  const base = workerOf(opened.db, someAddresses, { clientMs, settleMs, leaseMs: settlesSoon.leaseMs })
  return {
    db: opened.db,
    worker: {
      ...base,
      clients: async (id) => {
        check()
        const of = clients.get(id)
        if (of === undefined) throw new Error(`There is no organisation ${id}`)
        return of
      },
      settings: { ...base.settings, parallel: 3 },
    },
    isDead: () => dead,
    die() {
      dead = true
      cutConnections(opened.pool)
    },
    async ended() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    async close() {
      const closing = closeQueue(opened.db).then(() => opened.close())
      // What a dead one still holds is never given back, and its connections are gone anyway.
      await Promise.race([closing.catch(() => undefined), pause(dead ? 0 : LONGEST_CLOSE_MS)])
    },
  }
}

/** A client whose calls throw, and whose answers are lost, once `check` throws. @param underWay its calls that have no answer yet */
const mortal = <C extends object>(client: C, check: () => void, underWay: Set<Promise<unknown>>): C =>
  new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...input: unknown[]): unknown => {
        check()
        const answer: unknown = Reflect.apply(value, target, input)
        if (!(answer instanceof Promise)) return answer
        underWay.add(answer)
        return answer.finally(() => {
          underWay.delete(answer)
          check()
        })
      }
    },
  })

interface DriversPool {
  readonly _clients: readonly { readonly connection: { readonly stream: { destroy(): void } } }[]
  connect(callback?: (error: Error) => void): Promise<never> | void
}

/** As the system does with a dead process's: without a word, and there are no new ones. */
const cutConnections = (pool: unknown): void => {
  const driver = pool as DriversPool
  driver.connect = (callback) => {
    if (callback === undefined) return Promise.reject(new Dead())
    callback(new Dead())
  }
  for (const { connection } of driver._clients) connection.stream.destroy()
}
