/** What a verified ConnectWise member may, from nothing to everything that a pod offers; each right holds those before it. */
export const memberRights = ['none', 'look', 'look-with-cost', 'map-and-sync'] as const
export type MemberRight = (typeof memberRights)[number]
