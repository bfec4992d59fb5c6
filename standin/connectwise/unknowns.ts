/** The switches of `inferred.ts` as they stand in one running stand-in. */
import { json, ReplyError } from '../http/reply.ts'
import * as inferred from './inferred.ts'

export interface UnknownSwitches {
  now(): inferred.Unknowns
  /** Sets those that are named. Throws the 400 for one that is none. */
  set(values: unknown): void
  reset(): void
}

export function createUnknowns(seeded: Partial<inferred.Unknowns> = {}): UnknownSwitches {
  let state: inferred.Unknowns = { ...inferred.unknowns, ...seeded }
  return {
    now: () => state,
    set(values) {
      const given = Object.entries(values ?? {})
      if (!given.every(([name, value]) => name in inferred.unknowns && typeof value === 'boolean')) {
        const message = 'A switch is one of those listed, true or false.'
        throw new ReplyError(json({ message, switches: inferred.unknowns }, 400))
      }
      state = { ...state, ...Object.fromEntries(given) }
    },
    reset() {
      state = { ...inferred.unknowns, ...seeded }
    },
  }
}
