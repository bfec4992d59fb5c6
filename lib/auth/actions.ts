/** What can be done, and which role may: the one table of it. */
import type { MemberRight } from '#lib/base/member-rights.ts'

/**
 * An owner sets up, a clerk maps and syncs, a viewer looks. A verified ConnectWise member may look at the record that is shown,
 * with the cost or without it, or also map and sync it, as the owner says (`memberRole`). Being a member gives no other rights
 * (docs/facts/host-api.md, "Proving a member").
 */
export type Role = PersonRole | MemberRole
export type MemberRole = (typeof memberRoles)[number]
export type PersonRole = (typeof personRoles)[number]
export const personRoles = ['owner', 'clerk', 'viewer'] as const
/** Each may what those before it may. */
export const memberRoles = ['member', 'costing-member', 'syncing-member'] as const

/** The role of a right; `null`: none, so that nobody is signed in. */
export const memberRole = (right: MemberRight): MemberRole | null =>
  ({
    none: null,
    look: 'member',
    'look-with-cost': 'costing-member',
    'map-and-sync': 'syncing-member',
  })[right] as MemberRole | null

const OWNER = ['owner'] as const satisfies readonly Role[]
const STAFF = ['owner', 'clerk'] as const satisfies readonly Role[]
const PEOPLE = ['owner', 'clerk', 'viewer'] as const satisfies readonly Role[]

const actions = {
  'connections.read': STAFF,
  'connections.write': OWNER,
  'preflight.read': PEOPLE,
  'preflight.fix': OWNER,
  'program.read': PEOPLE,
  'program.write': OWNER,
  'program.stop': STAFF,
  'products.read': PEOPLE,
  'products.sync': STAFF,
  'companies.find': STAFF,
  'customers.find': [...PEOPLE, 'syncing-member'],
  'customers.read': [...PEOPLE, 'member'],
  'customers.map': [...STAFF, 'syncing-member'],
  'customers.sync': [...STAFF, 'syncing-member'],
  /** As answering is: what stays of a customer leaves the inbox (J3). */
  'customers.mute': [...STAFF, 'syncing-member'],
  /** Many at once, by a file or a selection. */
  'customers.many': STAFF,
  'customers.skip': STAFF,
  /** What customers pay (J11). */
  'prices.read': PEOPLE,
  'prices.write': STAFF,
  /** Of the whole program at once. */
  'customers.confirm': STAFF,
  'customers.reset': OWNER,
  /** Answers carry what rhipe charges; without it nothing of it leaves the server. */
  'cost.read': [...PEOPLE, 'costing-member'],
  'invoices.read': PEOPLE,
  'invoices.decide': STAFF,
  /** Accepts differences, closes a month and opens it again (J5). */
  'months.close': STAFF,
  'runs.read': PEOPLE,
  'runs.stop': [...STAFF, 'syncing-member'],
  'runs.undo': [...STAFF, 'syncing-member'],
  'session.read': PEOPLE,
  'pods.read': [...PEOPLE, 'member'],
  'pods.install': OWNER,
  'organisation.write': OWNER,
  /** Takes all of its data out, or deletes it. */
  'organisation.leave': OWNER,
  'people.read': OWNER,
  'people.write': OWNER,
  'tokens.read': OWNER,
  'tokens.write': OWNER,
  'audit.read': OWNER,
  'own-account.write': PEOPLE,
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof actions

/** Only for somebody who signed in: a token must not make people or tokens, end a person's sessions, or take all there is. */
const personal: readonly Action[] = [
  'people.write',
  'tokens.write',
  'own-account.write',
  'organisation.leave',
]

export function mayDo(role: Role, action: Action, via: Principal['via'] = 'hand'): boolean {
  if (via === 'api' && personal.includes(action)) return false
  const allowed: readonly Role[] = actions[action]
  return rolesWithin(role).some((each) => allowed.includes(each))
}

const rolesWithin = (role: Role): readonly Role[] => {
  const rank = memberRoles.findIndex((each) => each === role)
  return rank < 0 ? [role] : memberRoles.slice(0, rank + 1)
}

/** Who asks, proved; every verb takes the organisation from here and from nowhere else. */
export interface Principal {
  readonly organisationId: string
  readonly role: Role
  /** How the record names who did it: an e-mail, `API token “billing”`, `ConnectWise member jdoe`. */
  readonly actor: string
  readonly via: 'hand' | 'pod' | 'api'
  /** Of a person who signed in; `null` for tokens and ConnectWise members. */
  readonly userId: string | null
  /** Of a ConnectWise member; `null` for everybody else. */
  readonly pod: PodVisit | null
}

/** What a member's session is for. */
export interface PodVisit {
  /** In lower case. */
  readonly memberId: string
  /** The record of the screen that the session was asked for; nothing else can be acted on. `null`: it only looks. */
  readonly record: ShownRecord | null
}

/** A record that a ConnectWise screen shows. */
export interface ShownRecord {
  readonly type: 'agreement' | 'company'
  readonly id: number
}
