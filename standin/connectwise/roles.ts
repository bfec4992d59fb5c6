/**
 * What the API keys' security role allows (docs/facts/connectwise.md, "Authentication"). A role starts with
 * everything; a test or a person denies areas of it, whole or by level, and the refused call answers
 * ConnectWise's 403.
 */
import { json, ReplyError } from '../http/reply.ts'
import { type Area, areas, type Level, levels } from './areas.ts'
import { forbidden } from './errors.ts'
import type { Collection } from './fields.ts'
import * as inferred from './inferred.ts'

export interface Role {
  /** Throws the 403 where the role does not allow it. */
  require(collection: Collection, level: Level): void
  allows(area: Area, level: Level): boolean
  /** What is denied now: `Finance/Agreements` or `Finance/Agreements:Edit`. */
  denied(): readonly string[]
  /** Denies exactly these from now on. Throws a 400 that names an entry which is none. */
  deny(entries: readonly unknown[]): void
}

export function createRole(initially: readonly string[] = []): Role {
  let denied: ReadonlySet<string> = new Set()
  const role: Role = {
    require(collection, level) {
      if (!inferred.areasOf[collection].every((area) => role.allows(area, level)))
        throw new ReplyError(forbidden())
    },
    allows: (area, level) => !denied.has(area) && !denied.has(`${area}:${level}`),
    denied: () => [...denied],
    deny(entries) {
      for (const entry of entries) {
        const [area, level, ...rest] = String(entry).split(':')
        const known =
          areas.some((one) => one === area) && (level === undefined || levels.some((one) => one === level))
        if (known && rest.length === 0) continue
        const message = `${JSON.stringify(entry)} is no permission. One is an area, or an area and a level such as Finance/Agreements:Edit.`
        throw new ReplyError(json({ message, areas, levels }, 400))
      }
      denied = new Set(entries.map(String))
    },
  }
  role.deny(initially)
  return role
}
