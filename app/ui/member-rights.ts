import type { MemberRight } from '#lib/base/member-rights.ts'

/** What a member of ConnectWise may, in the words of the pages. */
export const memberRightNames: Readonly<Record<MemberRight, string>> = {
  none: 'Nothing',
  look: 'Look',
  'look-with-cost': 'Look, with cost',
  'map-and-sync': 'Map and sync',
}
