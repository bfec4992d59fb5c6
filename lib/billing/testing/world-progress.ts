/** What our side of a world remembers, and how far an agreement is by it: in memory what `lib/sync` has its database know. */
import { addMonths } from '../days.ts'
import { mayTakeOver, membershipOf } from '../moving.ts'
import { firstSyncOf, isBeforeStart, isElsewhere, type Start } from '../start.ts'
import type { FirstSync, MappedTenant, Period } from '../types.ts'
import type { At } from './world-connectwise.ts'
import type { WorldFile } from './world-prism.ts'

export interface Mapping {
  readonly tenant: string
  readonly agreement: At
  readonly firstPeriod: Period | null
  /** How a person chose that it begins. */
  readonly begin: FirstSync | null
}

export interface FormerMapping {
  readonly tenant: string
  readonly agreement: At
  readonly firstPeriod: Period | null
  readonly lastPeriod: Period
  /** Nothing of it is left there. */
  readonly isDone: boolean
}

/** A month of a subscription that is good, or that a person skipped. */
interface State {
  readonly id: string
  readonly period: Period
  readonly tenant: string
  readonly agreement: At
  readonly is: 'good' | 'skipped'
  readonly hash: string
}

export const stateKey = (id: string, period: Period): string => `${period} ${id}`

export class Memory {
  readonly mappings = new Map<string, Mapping>()
  readonly #former = new Map<string, FormerMapping>()
  readonly #states = new Map<string, State>()
  readonly starts: readonly [Map<string, Exclude<Start, undefined>>, Map<string, Exclude<Start, undefined>>] =
    [new Map(), new Map()]
  readonly confirmed = new Set<string>()
  /** In order of months. */
  files: readonly WorldFile[] = []
  /** How a customer begins of which nobody said it. */
  readonly begin: FirstSync
  readonly #beginsOldest: boolean

  constructor(begin: FirstSync, beginsOldest: boolean) {
    this.begin = begin
    this.#beginsOldest = beginsOldest
  }

  addFile(file: WorldFile): void {
    this.files = [...this.files, file].sort((a, b) => (a.period < b.period ? -1 : 1))
  }

  file(period: Period): WorldFile | undefined {
    return this.files.find((each) => each.period === period)
  }

  get newest(): Period | null {
    return this.files.at(-1)?.period ?? null
  }

  get former(): FormerMapping[] {
    return [...this.#former.values()]
  }

  putFormer(former: FormerMapping): void {
    this.#former.set(`${former.agreement} ${former.tenant}`, former)
  }

  get states(): State[] {
    return [...this.#states.values()]
  }

  state(id: string, period: Period): State | undefined {
    return this.#states.get(stateKey(id, period))
  }

  putState(state: State): void {
    this.#states.set(stateKey(state.id, state.period), state)
  }

  /** The first month of a mapping that has none yet: that of the newest file, unless a person chose the oldest for the first ones. */
  firstPeriodOf({ tenant, firstPeriod }: Mapping): Period | null {
    const isMappedAnew = this.former.some((each) => each.tenant === tenant)
    const first = this.#beginsOldest && !isMappedAnew ? this.files.at(0) : this.files.at(-1)
    return firstPeriod ?? first?.period ?? null
  }
}

type Stay = Pick<MappedTenant, 'from' | 'until' | 'returns' | 'takesOver' | 'syncs'>

export interface Progress {
  readonly due: readonly Period[]
  readonly good: Record<string, Period[]>
  readonly goodElsewhere: Record<string, Period[]>
  readonly skipped: Record<string, Period[]>
  readonly synced: readonly string[]
  readonly tenants: readonly MappedTenant[]
  readonly stays: ReadonlyMap<string, Stay>
  readonly hashOf: (id: string, period: Period) => string
  /** Whether a month of a tenant that left is still to be synced here, or the file of its last one is to come. */
  readonly isOpen: (tenant: string) => boolean
}

const staysOf = (memory: Memory, at: At): Map<string, Stay> => {
  const stays = new Map<string, Stay>()
  for (const mapping of memory.mappings.values()) {
    const { tenant, agreement } = mapping
    if (agreement !== at) continue
    const from = memory.firstPeriodOf(mapping)
    const takesOver = memory.former.some(
      (each) => each.tenant === tenant && each.agreement !== at && addMonths(each.lastPeriod, 1) === from,
    )
    stays.set(tenant, { from, syncs: from !== null, ...(takesOver ? { takesOver } : {}) })
  }
  for (const { tenant, agreement, firstPeriod, lastPeriod } of memory.former) {
    if (agreement !== at) continue
    const back = stays.get(tenant)
    const stay = { from: firstPeriod, until: lastPeriod }
    stays.set(tenant, back ? { ...back, ...stay, returns: back.from ?? null } : { ...stay, syncs: true })
  }
  return stays
}

/** How far an agreement is (`lib/sync`: `progressOf`, `staysOf`, `beginningsOf`). */
export const progressOf = (memory: Memory, at: At): Progress => {
  const stays = staysOf(memory, at)
  const { files } = memory
  const periods = files.map(({ period }) => period)
  const newest = memory.newest
  const states = memory.states.filter(({ tenant }) => stays.has(tenant))
  const onFiles = files.flatMap(({ period, invoiced }) =>
    invoiced.filter(({ tenant }) => stays.has(tenant)).map((each) => ({ ...each, period })),
  )
  const hashes = new Map(onFiles.map((each) => [stateKey(each.id, each.period), each.hash]))
  const hashOf = (id: string, period: Period): string => hashes.get(stateKey(id, period)) ?? ''
  const stated = new Map(states.map((each) => [stateKey(each.id, each.period), each]))
  const applied = new Set(states.filter(({ agreement }) => agreement === at).map(({ period }) => period))
  const tenantOf = new Map<string, string>()
  const firstSeen = new Map<string, Period>()
  for (const { id, tenant, period } of [...states, ...onFiles]) {
    tenantOf.set(id, tenant)
    if (period < (firstSeen.get(id) ?? '9999-12')) firstSeen.set(id, period)
  }
  const good: Record<string, Period[]> = {}
  const goodElsewhere: Record<string, Period[]> = {}
  const skipped: Record<string, Period[]> = {}
  const note = (all: Record<string, Period[]>, id: string, period: Period): void => {
    all[id] = [...(all[id] ?? []), period]
  }
  for (const [id, first] of firstSeen)
    for (const period of periods) {
      const state = stated.get(stateKey(id, period))
      const hash = hashOf(id, period)
      const isGood =
        state === undefined ? hash === '' && first > period && applied.has(period) : state.hash === hash
      if (state?.is === 'skipped') note(skipped, id, period)
      else if (isGood) {
        note(good, id, period)
        if (state && state.agreement !== at) note(goodElsewhere, id, period)
      }
    }
  const starts = memory.starts[at]
  const isNotHere = (id: string, period: Period): boolean =>
    isElsewhere(starts.get(id), stays.get(tenantOf.get(id) ?? ''), period) ||
    (isBeforeStart(starts.get(id), period) && (good[id]?.some((each) => each > period) ?? false))
  const isDone = (id: string, period: Period): boolean =>
    good[id]?.includes(period) || skipped[id]?.includes(period) || isNotHere(id, period)
  const isOpenIn = (period: Period, ofTenant: string | null): boolean =>
    [...tenantOf].some(([id, tenant]) => {
      const stay = stays.get(tenant)
      const isTheirs = stay?.syncs === true && membershipOf(stay, period) === 'member'
      return isTheirs && (ofTenant === null || tenant === ofTenant) && !isDone(id, period)
    })
  const isNeeded = (period: Period): boolean =>
    period === newest &&
    ([...stays.values()].some((stay) => stay.syncs && mayTakeOver(stay, period)) ||
      memory.former.some((each) => each.agreement === at && !each.isDone))
  const missing = periods.filter((period) => isOpenIn(period, null) || isNeeded(period))
  const shown = [
    ...states.filter(({ agreement }) => agreement === at),
    ...onFiles.filter(({ id }) => starts.get(id) === 'elsewhere'),
  ]
  const last = shown
    .map(({ period }) => period)
    .sort()
    .at(-1)
  return {
    due: missing.length > 0 ? missing : periods.filter((period) => period === last),
    good,
    goodElsewhere,
    skipped,
    synced: [...new Set(states.filter(({ is }) => is === 'good').map(({ id }) => id))],
    tenants: [...stays].map(([id, stay]) => ({
      ...stay,
      id,
      name: id,
      ...firstSyncFor(memory, at, id, tenantOf),
    })),
    stays,
    hashOf,
    isOpen: (tenant) => {
      const until = stays.get(tenant)?.until
      return (
        (!!until && !periods.includes(until)) ||
        periods.some((period) => !!until && period <= until && isOpenIn(period, tenant))
      )
    },
  }
}

const firstSyncFor = (
  memory: Memory,
  at: At,
  tenant: string,
  tenantOf: ReadonlyMap<string, string>,
): Pick<MappedTenant, 'firstSync'> => {
  const mapping = memory.mappings.get(tenant)
  if (mapping?.agreement !== at) return {}
  const about = firstSyncOf(
    memory.states
      .filter((each) => each.agreement === at && each.tenant === tenant && each.is === 'good')
      .map(({ period }) => period),
    [...memory.starts[at]].flatMap(([id, start]) => (tenantOf.get(id) === tenant ? [start] : [])),
  )
  const { begin } = mapping
  return { firstSync: { begin: begin ?? memory.begin, isChosen: begin !== null, ...about } }
}
