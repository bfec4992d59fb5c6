/** The roles, as people read them. */
export const ROLES = { owner: 'Owner', clerk: 'Clerk', viewer: 'Viewer' } as const

export const ROLE_HINT = 'An owner sets up, a clerk maps and syncs, a viewer looks.'
