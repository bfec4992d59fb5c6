/** What can be done, and which role may. Roles are finer in a later issue; this table is where they then change. */

const actions = {
  'connections.read': ['owner', 'clerk'],
  'connections.write': ['owner'],
  'program.read': ['owner', 'clerk', 'technician', 'member'],
  'program.write': ['owner'],
  'customers.read': ['owner', 'clerk', 'technician', 'member'],
  'customers.map': ['owner', 'clerk', 'syncing-member'],
  'customers.sync': ['owner', 'clerk', 'syncing-member'],
  'customers.reset': ['owner'],
  'invoices.read': ['owner', 'clerk', 'technician'],
  'invoices.decide': ['owner', 'clerk'],
  'runs.read': ['owner', 'clerk', 'technician', 'member'],
  'runs.stop': ['owner', 'clerk', 'syncing-member'],
  'pods.read': ['owner', 'clerk', 'technician', 'member'],
  'pods.install': ['owner'],
  'organisation.write': ['owner'],
} as const satisfies Record<string, readonly Role[]>

/**
 * A verified ConnectWise member may look; where the organisation allows members to sync, also map and sync.
 * Being a member gives no other rights (facts "Hosted API" 6).
 */
export type Role = 'owner' | 'clerk' | 'technician' | 'member' | 'syncing-member'
export type Action = keyof typeof actions

export function mayDo(role: Role, action: Action): boolean {
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
}
