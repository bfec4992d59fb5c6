/** What becomes of a person's answer: whether a sync that uses it comes by itself, and where none does, what brings one. */

export const follows = [
  /** The next scheduled call syncs it. */
  'soon',
  /** A person stopped the last sync: none begins before the next invoice. */
  'stopped',
  /** No customer of it has Sync on. */
  'sync-off',
  /** Sync of the whole program is off. */
  'program-off',
  /** PRISM or ConnectWise is not connected. */
  'not-connected',
  /** No contract agreement of PRISM is picked (F14). */
  'agreement-unclear',
] as const
export type Follows = (typeof follows)[number]

/** A sentence, with the button that syncs where nothing does by itself. */
export const followsText: Readonly<Record<Follows, string>> = {
  soon: 'It is synced by itself within minutes.',
  stopped: 'Its last sync was stopped by a person, so none begins by itself: press Sync now.',
  'sync-off': 'Sync is off for the customer: no sync uses it before it is switched on, under Edit mapping.',
  'program-off':
    'Sync of the program is off: no sync uses it before it is switched on, on the program’s page.',
  'not-connected':
    'PRISM and ConnectWise are not both connected: no sync uses it before they are, under Connections.',
  'agreement-unclear':
    'No contract agreement of PRISM is picked: no sync uses it before one is, with Pick one under To do.',
}
