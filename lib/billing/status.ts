/** How a subscription, an agreement or a run came out, and which is worse. */

/** From the best to the worst. */
export const statuses = ['No Change', 'Success', 'Warning', 'Error'] as const
export type Status = (typeof statuses)[number]

/** The worst of them; `No Change` of none. */
export const worst = (all: readonly Status[]): Status =>
  statuses[Math.max(0, ...all.map((status) => statuses.indexOf(status)))] ?? 'Error'

/** Sorts the worst first. */
export const byUrgency = (a: Status, b: Status): number => statuses.indexOf(b) - statuses.indexOf(a)

/** What a finding makes of what it is about, where nothing is worse. */
export const statusOfSeverity = { error: 'Error', warning: 'Warning', note: 'No Change' } as const
