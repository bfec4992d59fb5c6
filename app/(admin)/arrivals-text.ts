/** What the site says of syncs that end while one looks at it. */
import type { ShownRun } from '#app/api/schemas/runs.ts'
import { monthName } from '#lib/billing/format.ts'

/** Pages whose content is stored, so that reading them again costs nothing elsewhere, and loses nothing that is half done. */
const kept = /^\/($|todo$|history$|going-live$|programs\/[^/]+(\/customers|\/months\/[^/]+)?$)/
export const isKeptFresh = (path: string): boolean => kept.test(path)

/** Another one wherever a run was added, or one has ended. */
export const refreshKeyOf = (runs: readonly ShownRun[]): string =>
  runs.map(({ id, state, status }) => `${id} ${state} ${status}`).join()

/** The newest run that has ended since; `null`: none has. */
export function arrivedIn(before: readonly ShownRun[], now: readonly ShownRun[]): ShownRun | null {
  const ended = new Set(before.filter(({ state }) => state === 'finished').map(({ id }) => id))
  return now.find(({ id, state }) => state === 'finished' && !ended.has(id)) ?? null
}

/** `A sync of customers for April 2026 ended: Success` */
export function arrivedText({ kind, lastPeriod, status }: ShownRun): string {
  const what =
    kind === 'products'
      ? 'products'
      : lastPeriod === null
        ? 'customers'
        : `customers for ${monthName(lastPeriod)}`
  return `A sync of ${what} ended: ${status ?? 'nothing to do'}`
}
