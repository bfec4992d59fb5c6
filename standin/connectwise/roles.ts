/**
 * What the API keys' security role allows (docs/facts/connectwise.md, "Authentication"). A role starts with
 * everything; a test or a person denies areas of it, whole or by level, and the refused call answers
 * ConnectWise's 403.
 */
import { json, ReplyError } from '../http/reply.ts'
import { forbidden } from './errors.ts'
import type { Collection } from './fields.ts'
import * as inferred from './inferred.ts'

export const levels = ['Inquire', 'Add', 'Edit', 'Delete'] as const
export type Level = (typeof levels)[number]

/** As ConnectWise's security roles screen names them; Table Setup is limited item by item. */
export const areas = [
  'Companies/Company Maintenance',
  'Companies/Contacts',
  'Finance/Agreements',
  'Finance/Invoicing',
  'General/Manage Hosted API',
  'Procurement/Product Catalog',
  'Procurement/Products',
  'System/Table Setup/Agreement Type',
  'System/Table Setup/Billing Cycle',
  'System/Table Setup/Category',
  'System/Table Setup/Company Status',
  'System/Table Setup/Company Type',
  'System/Table Setup/Currency',
  'System/Table Setup/Product Type',
  'System/Table Setup/Subcategories',
  'System/Table Setup/Tax Code',
  'System/Table Setup/UOM',
  'System/Member Maintenance',
  'System/Audit Trail',
  'System/Callbacks',
] as const
export type Area = (typeof areas)[number]

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
