/** The sweep as the test runner sees it: one base for a file, and as many cases at a time as there are slots. */
import { afterAll, beforeAll, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../scripts/testing/test-database.ts'
import { type Base, prepareBase } from './base.ts'
import { type Disturbance, openSlot, type Result, type Slot } from './case.ts'
import type { Customer } from './mappings.ts'

/** `SWEEP=full`: every case alone, and many more of them. */
export const isFull = process.env.SWEEP === 'full'

/** Cases at a time: while one waits, others go on. */
const SLOTS = 6

export interface Suite {
  /** Runs one case in a slot that is free. */
  run(disturbance: Disturbance): Promise<Result>
  /** As without any disturbance. */
  readonly clean: Result
}

/** Keeps the log to what nobody foresaw, each kind once; returns what ends it. */
const onlyUnforeseen = (): (() => void) => {
  const known = new Set<string>()
  const quiet = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    if (typeof line !== 'string' || !line.includes('"event":"unexpected"')) return true
    const what = /"stack":"[^"]*/.exec(line)?.[0] ?? line
    if (!known.has(what) && !line.includes('"name":"Dead"')) console.log(line)
    known.add(what)
    return true
  })
  return () => quiet.mockRestore()
}

interface SuiteOptions {
  /** Where the cases' databases are; left out: on the tests' server. */
  readonly database?: () => Promise<TestDatabase>
  readonly slots?: number
}

/** Registers the hooks of a file; its tests may run at the same time. */
export const useSuite = (
  groups: readonly (readonly Customer[])[],
  { database = createTestDatabase, slots = SLOTS }: SuiteOptions = {},
): Suite => {
  const held = new AsyncDisposableStack()
  const free: Slot[] = []
  const waiting: ((slot: Slot) => void)[] = []
  let clean: Result | null = null

  const take = (): Promise<Slot> => {
    const slot = free.pop()
    return slot === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(slot)
  }
  const give = (slot: Slot): void => {
    const next = waiting.shift()
    if (next === undefined) free.push(slot)
    else next(slot)
  }
  const run = async (disturbance: Disturbance): Promise<Result> => {
    const slot = await take()
    try {
      return await slot.run(disturbance)
    } finally {
      give(slot)
    }
  }

  beforeAll(async () => {
    // Processes that die say a lot; whoever repeats one case wants to read all of it.
    if (process.env.SWEEP_CASE === undefined && process.env.SWEEP_SEED === undefined)
      held.defer(onlyUnforeseen())
    const template = await database()
    held.defer(() => template.drop())
    const base: Base = await prepareBase(template.url, groups)
    held.defer(() => base.close())
    for (let slot = 0; slot < slots; slot += 1) {
      const opened = await openSlot(base, template)
      held.defer(() => opened.close())
      free.push(opened)
    }
    clean = await run({ rules: [] })
  })
  afterAll(() => held.disposeAsync())

  return {
    run,
    get clean() {
      if (clean === null) throw new Error('There is no undisturbed run yet')
      return clean
    },
  }
}
