/** One case of the sweep: a sync of May that is disturbed, what the scheduled job makes of it by itself, and one sync more. */
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import type { FaultRule } from '#standin/http/faults.ts'
import { cloneOf, type TestDatabase } from '../../../../scripts/testing/test-database.ts'
import { letTimePass } from '../killing.ts'
import { unhurried } from '../processes.ts'
import { program, writesTo } from '../world.ts'
import type { Base, Organisation } from './base.ts'
import { agreementsOf, connectWiseSeedOf } from './mappings.ts'
import { type Patience, type Process, startProcess } from './process.ts'

/** What goes wrong in a case. */
export interface Disturbance {
  /** By organisation, in the order of the base. */
  readonly rules: readonly (readonly FaultRule[])[]
  /** What happens besides while a rule strikes. */
  readonly onStrike?: (rule: FaultRule, now: Now) => unknown
  readonly patience?: Patience
  /** What happens before the scheduler's first call; it counts as dead afterwards. */
  readonly first?: (now: Now) => Promise<void>
  /** What happens beside the calls. */
  readonly beside?: (now: Now) => Promise<void>
}

/** What there is while a case goes on. */
export interface Now {
  readonly process: Process
  readonly database: TestDatabase
  readonly systems: readonly Systems[]
}

export interface Result {
  /** By organisation: what ConnectWise holds in the end. */
  readonly states: readonly State[]
  /** By organisation: requests that were to change something, in the order in which they came. */
  readonly writes: readonly (readonly string[])[]
  /** How many requests the rules struck. */
  readonly struck: number
  /** How many scheduled calls it took until two in a row asked ConnectWise nothing. */
  readonly calls: number
}

/** All that ConnectWise bills from, and each catalog item with its Vendor SKU; sorted, without the ids that it gave. */
export type State = readonly string[]

const atEase: Patience = { clientMs: unhurried.clientMs, settleMs: 60, drainMs: 10_000 }
/** An hour and some: whatever is looked at again by itself is due. */
const CALL_EVERY_MS = 61 * 60_000
const MOST_CALLS = 14
const QUIET_CALLS = 2
const BUDGET_MS = 180_000

/** A place for one case after the other: a database cloned for each, and its own ConnectWise. */
export interface Slot {
  run(disturbance: Disturbance): Promise<Result>
  close(): Promise<void>
}

export const openSlot = async (base: Base, template: TestDatabase): Promise<Slot> => {
  const systems: Systems[] = []
  for (const organisation of base.organisations) {
    const connectWise = createConnectWise({ seed: connectWiseSeedOf(organisation.customers) })
    systems.push({ organisation, connectWise, address: await connectWise.listen(0) })
  }
  let now: Now | null = null
  let disturbance: Disturbance | null = null
  for (const { connectWise } of systems)
    connectWise.faults.watch((rule) => (now === null ? undefined : disturbance?.onStrike?.(rule, now)))
  return {
    async run(next) {
      const database = await cloneOf(template)
      for (const [at, { organisation, connectWise }] of systems.entries()) {
        connectWise.store.restore(organisation.records)
        connectWise.staleReads.set({ ms: 0 })
        connectWise.faults.clear()
        connectWise.requests.reset()
        connectWise.faults.add(next.rules[at] ?? [])
      }
      const life = new Life(database, systems, next.patience ?? atEase, (process) => {
        now = { process, database, systems }
      })
      disturbance = next
      try {
        if (now !== null && next.first !== undefined) {
          await next.first(now)
          await letTimePass({ world: { db: life.db } })
        }
        const beside = now === null ? undefined : next.beside?.(now)
        const result = await life.live()
        await beside
        return result
      } finally {
        disturbance = null
        await life.end()
        await database.drop()
      }
    },
    async close() {
      await Promise.all(systems.map(({ connectWise }) => connectWise.close()))
    },
  }
}

export interface Systems {
  readonly organisation: Organisation
  readonly connectWise: ConnectWise
  readonly address: string
}

/** The processes of one case, one after the other, on one database. */
class Life {
  readonly #database: TestDatabase
  readonly #systems: readonly Systems[]
  readonly #patience: Patience
  readonly #onStart: (process: Process) => void
  readonly #started: Process[] = []
  #process: Process
  #now: (() => Date) | undefined

  constructor(
    database: TestDatabase,
    systems: readonly Systems[],
    patience: Patience,
    onStart: (process: Process) => void,
  ) {
    this.#database = database
    this.#systems = systems
    this.#patience = patience
    this.#onStart = onStart
    this.#process = this.#start()
  }

  get db() {
    return this.#process.db
  }

  async live(): Promise<Result> {
    const calls = await this.#callUntilQuiet()
    const states = this.#states()
    const writes = this.#systems.map(({ connectWise }) => writesTo(connectWise))
    const struck = this.#systems
      .flatMap(({ connectWise }) => connectWise.faults.list())
      .reduce((sum, rule) => sum + rule.struck, 0)
    await this.#syncOnceMore()
    return { states, writes, struck, calls }
  }

  async end(): Promise<void> {
    for (const each of this.#started) await each.close().catch(() => undefined)
  }

  #start(): Process {
    const addresses = new Map(
      this.#systems.map(({ organisation, address }) => [
        organisation.id,
        { prism: organisation.prism, connectWise: address },
      ]),
    )
    const process = startProcess(this.#database.url, addresses, this.#patience)
    if (this.#now !== undefined) process.worker = { ...process.worker, now: this.#now }
    this.#started.push(process)
    this.#onStart(process)
    return process
  }

  /** What the scheduler does: it calls again and again. Throws where it never comes to rest. */
  async #callUntilQuiet(): Promise<number> {
    const began = Date.now()
    let quiet = 0
    for (let call = 1; call <= MOST_CALLS; call += 1) {
      const late = (call - 1) * CALL_EVERY_MS
      this.#now = () => new Date(Date.now() + late)
      this.#process.worker = { ...this.#process.worker, now: this.#now }
      const before = this.#requests()
      await this.#enqueue()
      await this.#drain()
      // One look may find another one's lease and leave it at that; the next does not.
      quiet = this.#requests() === before ? quiet + 1 : 0
      if (quiet === QUIET_CALLS) return call
      if (Date.now() - began > 10 * BUDGET_MS) break
    }
    throw new Error('The scheduled call does not come to rest')
  }

  async #enqueue(): Promise<void> {
    for (const { organisation } of this.#systems)
      await this.#insist(() => enqueueDetect(this.#process.db, { organisationId: organisation.id, program }))
  }

  /** Drains until nothing is left, in another process where one died on the way. */
  async #drain(): Promise<void> {
    const until = performance.now() + BUDGET_MS
    while (performance.now() < until) {
      const process = this.#process
      const left = await this.#oneDrain(process)
      if (left === 0 && !process.isDead()) return
      if (process.isDead()) {
        // What it had sent strikes now, and is not to be the next one's death.
        await process.ended()
        this.#process = this.#start()
      }
      // A process that is silent for long counts as dead; nobody is alive here but who is in hand.
      await this.#insist(() => letTimePass({ world: { db: this.#process.db } }))
    }
    throw new Error('The jobs do not end')
  }

  /** How many jobs are left; `null` where the process died, or its database was away. */
  async #oneDrain(process: Process): Promise<number | null> {
    const died = async (): Promise<null> => {
      while (!process.isDead()) await pause(20)
      return null
    }
    const drained = drain(process.worker, { budgetMs: this.#patience.drainMs }).then(
      ({ jobsLeft }) => jobsLeft,
      () => null,
    )
    return Promise.race([drained, died()])
  }

  /** While the database is away, whoever asks asks again. */
  async #insist(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries += 1)
      try {
        await work()
        return
      } catch (error) {
        if (tries === 400) throw error
        await pause(50)
      }
  }

  async #syncOnceMore(): Promise<void> {
    const before = this.#states()
    const writes = this.#systems.map(({ connectWise }) => writesTo(connectWise).length)
    for (const { organisation } of this.#systems)
      await requestSync(this.#process.db, {
        organisationId: organisation.id,
        program,
        trigger: 'hand',
        actor: 'Ann',
      })
    await this.#drain()
    for (const [at, { connectWise }] of this.#systems.entries()) {
      const more = writesTo(connectWise).slice(writes[at])
      if (more.length > 0) throw new Error(`One sync more writes: ${more.join(', ')}`)
    }
    if (!isDeepStrictEqual(this.#states(), before)) throw new Error('One sync more changes something')
  }

  /** Without the list by which a look sees whether the agreements are still fit: it is asked for each time. */
  #requests(): number {
    return this.#systems.reduce((sum, { connectWise }) => {
      const { total, byRoute } = connectWise.requests.report()
      const lists = Object.entries(byRoute).filter(([route]) => /^GET .*\/finance\/agreements$/.test(route))
      return lists.reduce((rest, [, count]) => rest - count, sum + total)
    }, 0)
  }

  #states(): State[] {
    return this.#systems.map(({ connectWise, organisation }) => stateOf(connectWise, organisation))
  }
}

/** (product, serial number, dates, quantity, prices) of each addition, and the catalog; as the stand-in holds them. */
const stateOf = ({ store }: ConnectWise, { customers }: Organisation): State => {
  const skuOf = (id: unknown): unknown => store.get('catalog', Number(id))?.vendorSku
  const additions = agreementsOf(customers).flatMap((agreementId) =>
    store.additionsOf(agreementId).map((row) => {
      const { product, serialNumber, effectiveDate, cancelledDate, quantity, unitCost, unitPrice } = row
      const { id } = (product ?? {}) as { id?: number }
      return [
        agreementId,
        skuOf(id),
        serialNumber,
        effectiveDate,
        cancelledDate ?? 'open',
        quantity,
        unitCost,
        unitPrice,
      ]
        .map(String)
        .join(' ')
    }),
  )
  const catalog = store.all('catalog').map(({ vendorSku }) => `catalog ${String(vendorSku)}`)
  return [...additions, ...catalog].sort()
}
