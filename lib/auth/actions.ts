/** What can be done, and which role may: the one table of it. */

/**
 * An owner sets up, a clerk maps and syncs, a viewer looks. A verified ConnectWise member may look; where the organisation
 * allows members to sync, also map and sync. Being a member gives no other rights (docs/facts/host-api.md,
 * "Proving a member").
 */
export type Role = PersonRole | 'member' | 'syncing-member'
export type PersonRole = (typeof personRoles)[number]
export const personRoles = ['owner', 'clerk', 'viewer'] as const

const OWNER = ['owner'] as const satisfies readonly Role[]
const STAFF = ['owner', 'clerk'] as const satisfies readonly Role[]
const PEOPLE = ['owner', 'clerk', 'viewer'] as const satisfies readonly Role[]

const actions = {
  'connections.read': STAFF,
  'connections.write': OWNER,
  'preflight.read': PEOPLE,
  'preflight.fix': OWNER,
  'program.read': [...PEOPLE, 'member'],
  'program.write': OWNER,
  'products.read': [...PEOPLE, 'member'],
  'products.sync': STAFF,
  'customers.read': [...PEOPLE, 'member'],
  'customers.map': [...STAFF, 'syncing-member'],
  'customers.sync': [...STAFF, 'syncing-member'],
  'customers.reset': OWNER,
  'invoices.read': PEOPLE,
  'invoices.decide': STAFF,
  'runs.read': [...PEOPLE, 'member'],
  'runs.stop': [...STAFF, 'syncing-member'],
  'pods.read': [...PEOPLE, 'member'],
  'pods.install': OWNER,
  'organisation.write': OWNER,
  'people.read': OWNER,
  'people.write': OWNER,
  'tokens.read': OWNER,
  'tokens.write': OWNER,
  'audit.read': OWNER,
  'own-account.write': PEOPLE,
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof actions

/** Only for somebody who signed in: a token must not make people or tokens, nor end a person's sessions. */
const personal: readonly Action[] = ['people.write', 'tokens.write', 'own-account.write']

export function mayDo(role: Role, action: Action, via: Principal['via'] = 'hand'): boolean {
  if (via === 'api' && personal.includes(action)) return false
  const allowed: readonly Role[] = actions[action]
  return allowed.includes(role) || (role === 'syncing-member' && allowed.includes('member'))
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
}
